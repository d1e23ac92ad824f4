"""Anything at all through text, links, pictures and tables: a sensible view, or one sentence."""

import base64
import csv
import io
import re
import struct
import zlib
from urllib.parse import parse_qsl

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from dlnlp import artifacts
from dlnlp.images import ImageError, Steps, preprocess, read_image
from dlnlp.inference import HanPredictor, KimCnnPredictor, load_predictor
from dlnlp.inference.text_result import EmptyTextError, TextTooLongError
from dlnlp.tables.csv_writing import table_csv
from dlnlp.ui.han.methods import HAN
from dlnlp.ui.mnist_cnn import strokes
from dlnlp.ui.mnist_cnn.drawing_canvas import GRID, MARGIN, THICKEST, THINNEST, Stroke
from dlnlp.ui.schedules.choice import Choice
from dlnlp.ui.schedules.kind import Run, Value
from dlnlp.ui.schedules.kinds import KINDS
from dlnlp.ui.schedules.view import (
    MOST_STEPS,
    PARTS,
    RACE_BOUNDS,
    UNITS,
    RaceSettings,
    View,
    from_query,
    to_query,
)
from dlnlp.ui.shell.permalink import LinkError, decode_text, encode_text

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


@settings(max_examples=20)
@given(st.text(alphabet=st.characters(), max_size=300))
@example("<script>alert(1)")
@example("\0\x1b[31m\u202e\u200b\ufeff")
def test_a_word_behind_any_text_is_read(
    predictors: list[HanPredictor | KimCnnPredictor], text: str
) -> None:
    for predictor in predictors:
        whole = f"{text} good"
        result = predictor.predict(whole)
        start, end = result.token_spans[-1].tolist()
        assert (whole[start:end], result.tokens[-1]) == ("good", "good")
        assert bool(result.token_known[-1])


def test_a_megabyte_is_read_in_part_or_refused(
    predictors: list[HanPredictor | KimCnnPredictor],
) -> None:
    for predictor in predictors:
        for text, first in (("x" * 1_000_000, "x"), ("good film. " * 90_000, "good")):
            result = predictor.predict(text)
            assert result.text == text and result.tokens[0].startswith(first)
            read_to = len(text) if result.cut_from is None else result.cut_from
            assert 0 < result.token_spans.max() <= read_to
            assert np.isfinite(result.probabilities).all()
        with pytest.raises(EmptyTextError, match=r"\.$"):
            predictor.predict("\n" * 1_000_000)
        with pytest.raises(TextTooLongError, match=r"1,000,001 characters.*\.$"):
            predictor.predict("x" * 1_000_001)


# Links --------------------------------------------------------------------------------------------

FITS = 2_800  # bytes that fit into a link however badly they compress: base64 makes 4 of 3


@given(st.text(max_size=2_000), st.text(max_size=200))
@example("x" * 2_000, "")
@example("\U0001f600" * (FITS // 4), "\U0001f600")
def test_a_text_comes_back_from_its_link(text: str, like: str) -> None:
    encoded = encode_text(text, like)
    if encoded is None:
        assert len(text.encode()) > FITS
    else:
        assert decode_text(encoded, like) == text


def test_what_no_browser_sends_has_no_link() -> None:
    assert encode_text("\ud800 lone surrogate") is None


@given(st.text(min_size=20, max_size=400), st.data())
def test_a_cut_or_tampered_link_is_refused_or_a_text(text: str, data: st.DataObject) -> None:
    encoded = encode_text(text)
    assert encoded is not None and decode_text(encoded) == text
    place = data.draw(st.integers(0, len(encoded) - 1))
    with pytest.raises(LinkError, match="link"):
        decode_text(encoded[:place])
    other = data.draw(st.sampled_from("Ab9_-=%é\0"))
    try:
        # zlib's checksum lets no other text through.
        assert decode_text(encoded[:place] + other + encoded[place + 1 :]) == text
    except LinkError as error:
        assert str(error).count("\n") == 0 and "link" in str(error)


def test_a_link_that_unfolds_to_megabytes_is_refused() -> None:
    bomb = base64.urlsafe_b64encode(zlib.compress(b"a" * 3_000_000, 9)).decode().rstrip("=")
    assert len(bomb) <= 4_000, "short enough for a link"
    with pytest.raises(LinkError):
        decode_text(bomb)


@given(st.text(max_size=5_000))
def test_links_stay_short_enough_for_browsers(text: str) -> None:
    link = HAN.url({"model": "han_stars"}, text)
    if link is None:
        assert len(text.encode()) > FITS
        return
    assert len(link) <= 4_000 and link.isascii()
    address, _, query = link.partition("?")
    parameters = dict(parse_qsl(query, strict_parsing=True))
    assert (address, parameters["model"]) == ("/han", "han_stars")
    assert decode_text(parameters["text"]) == text


@st.composite
def schedule_choices(draw: st.DrawFn) -> Choice:
    kind = draw(st.sampled_from(sorted(KINDS)))
    values: dict[str, Value] = {}
    for parameter in KINDS[kind].parameters:
        if parameter.options:
            values[parameter.name] = draw(st.sampled_from(parameter.options))
        else:
            values[parameter.name] = draw(st.floats(parameter.low, parameter.high))
    return Choice(kind, values)


SCHEDULE_VIEWS = st.builds(
    View,
    run=st.builds(Run, st.integers(1, 10_000), st.integers(1, 500), st.integers(1, 99)),
    unit=st.sampled_from(UNITS),
    choices=st.lists(schedule_choices(), min_size=1, max_size=4).map(lambda c: dict(enumerate(c))),
    race=st.builds(RaceSettings, st.integers(1, 200), st.integers(16, 256), st.integers(1, 5)),
    log_rate=st.booleans(),
    part=st.sampled_from(PARTS),
)
SCHEDULE_FIELDS = {
    "data": "run", "batch": "run", "epochs": "run", "unit": "unit", "s": "choices", "race": "race",
    "log": "log_rate", "part": "part",
}  # fmt: skip

# Any number for any parameter of the first kind that comes to hand.
SPOILED_CHOICES = st.builds(
    "{}~{}_{}".format,
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(["peak", "warmup", "momentum", "divisor", "up", "share"]),
    st.floats(),
)


def linked(view: View) -> dict[str, list[str]]:
    query: dict[str, list[str]] = {}
    for name, value in to_query(view):
        query.setdefault(name, []).append(value)
    return query


def schedule_settings(view: View) -> dict[str, object]:
    """All that a view says, schedules with the digits that a link keeps."""
    choices = [
        [choice.kind]
        + [
            f"{value:.12g}" if isinstance(value, float) else value
            for value in (choice.get(parameter.name) for parameter in KINDS[choice.kind].parameters)
        ]
        for choice in view.choices.values()
    ]
    fields = {name: getattr(view, name) for name in ("run", "unit", "race", "log_rate", "part")}
    return {**fields, "choices": choices}


@given(
    SCHEDULE_VIEWS,
    st.dictionaries(
        st.sampled_from(sorted(SCHEDULE_FIELDS)),
        st.lists(st.text(max_size=60) | SPOILED_CHOICES, max_size=6),
    ),
)
def test_any_schedules_link_makes_a_view_that_can_be_linked_again(
    sound: View, spoiled: dict[str, list[str]]
) -> None:
    """What is not spoiled is as it was; what is spoiled is within its bounds."""
    view = from_query(linked(sound) | spoiled)
    found, wanted = schedule_settings(view), schedule_settings(sound)
    for name in wanted.keys() - {SCHEDULE_FIELDS[name] for name in spoiled}:
        assert found[name] == wanted[name], name
    assert 1 <= len(view.choices) <= 4
    for choice in view.choices.values():
        for parameter in KINDS[choice.kind].parameters:
            value = choice.get(parameter.name)
            if isinstance(value, float):
                assert parameter.low <= value <= parameter.high
            else:
                assert value in (*parameter.options, parameter.default)
    assert 1 <= view.run.steps <= MOST_STEPS
    for name, (low, high) in RACE_BOUNDS.items():
        assert low <= getattr(view.race, name) <= high
    assert view.unit in UNITS and view.part in PARTS
    assert schedule_settings(from_query(linked(view))) == found


@given(st.one_of(st.text(max_size=200), st.binary(max_size=200).map(lambda raw: raw.hex())))
def test_any_text_as_a_drawing_link_is_refused(text: str) -> None:
    # None of these carries zlib's checksum; chance would have to meet four bytes.
    with pytest.raises(LinkError, match=r"link.*\.$"):
        strokes.decode(text)


@st.composite
def _strokes(draw: st.DrawFn) -> Stroke:
    places = draw(st.lists(st.tuples(*[st.integers(-MARGIN, GRID + MARGIN)] * 2), min_size=1))
    pressed = st.lists(st.integers(1, 100), min_size=len(places), max_size=len(places))
    pressure = draw(st.one_of(st.just([]), pressed))
    points = tuple(value for place in places for value in place)
    return Stroke(draw(st.integers(THINNEST, THICKEST)), points, tuple(pressure))


@given(st.lists(_strokes(), max_size=5).map(tuple), st.data())
def test_any_drawing_comes_back_from_its_link_and_has_ink(
    drawing: tuple[Stroke, ...], data: st.DataObject
) -> None:
    encoded = strokes.encode(drawing)
    assert strokes.decode(encoded) == drawing
    pixels = strokes.rasterize(drawing, side := 100)
    assert pixels.shape == (side, side) and pixels.dtype == np.uint8
    inside = np.zeros(pixels.shape, bool)  # every pixel that a piece's round end may touch
    rows, columns = (np.indices(pixels.shape) + 0.5) * GRID / side
    for stroke in drawing:
        for x, y in zip(stroke.points[::2], stroke.points[1::2], strict=True):
            inside |= np.hypot(columns - x, rows - y) < stroke.width / 2 + 2 * GRID / side
            if not stroke.pressure and 0 <= x < GRID and 0 <= y < GRID:
                assert pixels[y * side // GRID, x * side // GRID] < 255, (x, y)
    if all(len(stroke.points) == 2 for stroke in drawing):
        assert (pixels[~inside] == 255).all(), "there is ink where nobody drew"
    place = data.draw(st.integers(0, len(encoded) - 1))
    with pytest.raises(LinkError, match=r"link.*\.$"):
        strokes.decode(encoded[:place])


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
    # Decoding it would find it damaged; claims beyond what PNG allows are refused by Pillow.
    with pytest.raises(ImageError, match="pixels"):
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
    bar = preprocess(read_image(whole), Steps()).image
    assert bar.shape == (28, 28) and bar[:, 12:16].max() > 0.9 and bar[:, :8].max() < 0.1
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
            if given_cell[:1].isalnum():
                assert cell == given_cell.replace("\0", ""), "nothing to disarm"
