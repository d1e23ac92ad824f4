"""Anything at all through text, links, pictures and tables: a sensible view, or one sentence."""

import base64
import csv
import io
import re
import struct
import zlib

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from dlnlp import artifacts
from dlnlp.explain.attention import EmptyTextError, TextTooLongError
from dlnlp.images import ImageError, Steps, preprocess, read_image
from dlnlp.inference import HanPredictor, KimCnnPredictor, load_predictor
from dlnlp.scoring.csv_writing import table_csv
from dlnlp.ui.digits import digit_strokes
from dlnlp.ui.permalink import LinkError, build_link, decode_text, encode_text
from dlnlp.ui.schedules.schedule_view import View, from_query, to_query

FORMULA_STARTS = "=+-@＝＋－＠"
NUMBER = re.compile(r"[+-]?[0-9.,]+([eE][+-]?[0-9]+)?%?")


@pytest.fixture(scope="module")
def predictors() -> list[HanPredictor | KimCnnPredictor]:
    return [load_predictor(artifacts.WEIGHTS / name) for name in ("han_stars", "kim_cnn")]


# Text ---------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.text(alphabet=st.characters(), max_size=300))
@example("\ud800 lone surrogate")
@example("\0\x1b[31m\u202e\u200b\ufeff")
@example("<script>alert(1)</script> " * 20)
@example("a\u0300" * 300)
def test_any_text_is_read_or_refused_in_a_sentence(
    predictors: list[HanPredictor | KimCnnPredictor], text: str
) -> None:
    for predictor in predictors:
        try:
            result = predictor.predict(text)
        except EmptyTextError as error:
            assert str(error).endswith(".")
            continue
        assert np.isfinite(result.probabilities).all()
        assert result.probabilities.sum() == pytest.approx(1, abs=1e-5)
        for start, end in result.token_spans.tolist():
            assert 0 <= start < end <= len(text)


def test_a_megabyte_is_read_in_part_or_refused(
    predictors: list[HanPredictor | KimCnnPredictor],
) -> None:
    for predictor in predictors:
        for text in ("x" * 1_000_000, "good film. " * 90_000, "\n" * 1_000_000):
            try:
                assert predictor.predict(text).text == text
            except (EmptyTextError, TextTooLongError) as error:
                assert str(error).endswith(".")


# Links --------------------------------------------------------------------------------------------


@given(st.text(max_size=2_000), st.text(max_size=200))
def test_a_text_comes_back_from_its_link(text: str, like: str) -> None:
    encoded = encode_text(text, like)
    if encoded is not None:
        assert decode_text(encoded, like) == text


@given(st.text(min_size=20, max_size=400), st.data())
def test_a_cut_or_tampered_link_is_refused_or_a_text(text: str, data: st.DataObject) -> None:
    encoded = encode_text(text)
    if encoded is None:  # lone surrogates
        return
    place = data.draw(st.integers(0, len(encoded) - 1))
    other = data.draw(st.sampled_from("Ab9_-=%é\0"))
    for damaged in (encoded[:place], encoded[:place] + other + encoded[place + 1 :]):
        try:
            # zlib's checksum lets no other text through.
            assert decode_text(damaged) == text
        except LinkError as error:
            assert str(error).count("\n") == 0 and "link" in str(error)


def test_a_link_that_unfolds_to_megabytes_is_refused() -> None:
    bomb = base64.urlsafe_b64encode(zlib.compress(b"a" * 3_000_000, 9)).decode().rstrip("=")
    assert len(bomb) <= 4_000, "short enough for a link"
    with pytest.raises(LinkError):
        decode_text(bomb)


@given(st.text(max_size=5_000))
def test_links_stay_short_enough_for_browsers(text: str) -> None:
    link = build_link("http://localhost/han", {"model": "han_stars"}, text)
    assert link is None or (len(link) <= 4_000 and link.isascii())


@given(
    st.dictionaries(
        st.sampled_from(["data", "batch", "epochs", "unit", "s", "race"]),
        st.lists(st.text(max_size=60), max_size=6),
    )
)
def test_any_schedules_link_makes_a_view_that_can_be_linked_again(
    query: dict[str, list[str]],
) -> None:
    view = from_query(query)
    assert isinstance(view, View) and view.choices
    again: dict[str, list[str]] = {}
    for name, value in to_query(view):
        again.setdefault(name, []).append(value)
    assert to_query(from_query(again)) == to_query(view)


@given(st.one_of(st.text(max_size=200), st.binary(max_size=200).map(lambda raw: raw.hex())))
def test_any_drawing_link_is_a_drawing_or_refused(text: str) -> None:
    try:
        drawing = digit_strokes.decode(text)
    except LinkError as error:
        assert str(error).endswith(".")
    else:
        assert digit_strokes.rasterize(drawing).dtype == np.uint8


# Pictures -----------------------------------------------------------------------------------------


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checked)

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@given(st.integers(5_001, 2**31 - 1), st.integers(5_001, 2**31 - 1))
@settings(max_examples=20)
def test_a_picture_that_claims_to_be_huge_is_refused_before_it_is_decoded(
    width: int, height: int
) -> None:
    with pytest.raises(ImageError, match="pixels|damaged"):
        read_image(png_header(width, height))


def picture(kind: str) -> bytes:
    pixels = np.full((40, 40), 255, np.uint8)
    pixels[8:32, 18:22] = 0
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
@settings(max_examples=15)
@given(data=st.data())
def test_a_cut_or_damaged_picture_is_read_or_refused(kind: str, data: st.DataObject) -> None:
    whole = picture(kind)
    place = data.draw(st.integers(0, len(whole) - 1))
    damaged = bytearray(whole)
    damaged[place] ^= data.draw(st.integers(1, 255))
    for content in (whole[:place], bytes(damaged)):
        try:
            prepared = preprocess(read_image(content), Steps())
        except ImageError as error:
            assert str(error).endswith((".", ")."))
        else:
            assert prepared.image.shape == (28, 28) and np.isfinite(prepared.image).all()


# Tables -------------------------------------------------------------------------------------------

CELLS = st.text(alphabet=st.characters(codec="utf-8"), max_size=20)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
@example([("=1+1", "+1"), ("-1", "@a"), ("\t=1", "\r=1"), ("  =cmd|' /C calc'!A0", "ok")])
def test_no_cell_of_a_download_is_a_formula(rows: list[tuple[str, str]]) -> None:
    text = table_csv(["a", "b"], rows).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert len(read) == 1 + len(rows)
    for row in read:
        for cell in row:
            formula = cell.lstrip().startswith(tuple(FORMULA_STARTS)) or cell[:1] in set("\t\r\n")
            assert not formula or NUMBER.fullmatch(cell), cell
    for row, given_row in zip(read[1:], rows, strict=True):
        for cell, given_cell in zip(row, given_row, strict=True):
            assert cell.removeprefix("'") == given_cell.replace("\0", "").removeprefix("'")
