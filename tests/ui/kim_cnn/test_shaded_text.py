"""What the text view of the Kim CNN is told to draw."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.ui.kim_cnn.explaining import Explained
from dlnlp.ui.kim_cnn.methods import METHODS, Attribution, Method
from dlnlp.ui.kim_cnn.shaded_text import (
    detail,
    region_text,
    row_words,
    strongest_regions,
    view_data,
)
from dlnlp.ui.text.highlighted_text import HighlightedTextData, Selection
from tests.ui.kim_cnn.kim_results import TEXT, make_explained


def attribution_of(explained: Explained, method: Method = "evidence") -> Attribution:
    words = explained.evidence.words
    return Attribution(method, words if METHODS[method].signed else np.abs(words))


def view(explained: Explained, method: Method = "evidence", **options: int) -> HighlightedTextData:
    attribution = attribution_of(explained, method)
    return view_data(explained.result, attribution, explained.evidence, explained.rows, **options)


def words(data: HighlightedTextData) -> list[dict]:
    return [piece for row in data["rows"] for piece in row["spans"] if not isinstance(piece, str)]


def drawn(data: HighlightedTextData) -> str:
    pieces = [piece for row in data["rows"] for piece in row["spans"]]
    return "".join(piece if isinstance(piece, str) else piece["t"] for piece in pieces)


@given(
    st.text(alphabet="ab cé.,!\n\t漢🙂\0<&$_`", max_size=60).filter(
        lambda t: any(c.isalpha() for c in t)
    )
)
def test_no_character_is_lost_but_white_space_at_row_ends(text: str) -> None:
    data = view(make_explained(text))
    assert "".join(drawn(data).split()) == "".join(text.split())
    json.dumps(data, allow_nan=False)


def test_a_row_a_sentence() -> None:
    explained = make_explained()
    starts = [row["spans"][0]["t"] for row in view(explained)["rows"]]
    assert starts == ["The", "But", "It", "Great"]
    inside = [index for words in row_words(explained.rows, 99) for index in words]
    assert inside == list(range(99))


@pytest.mark.parametrize("method", [name for name, text in METHODS.items() if text.signed])
def test_signed_methods_have_one_scale_symmetric_about_zero(method: Method) -> None:
    explained = make_explained()
    data, values = view(explained, method), explained.evidence.words
    top = np.abs(values).max()
    np.testing.assert_allclose([word["v"] for word in words(data)], values / top, atol=6e-4)
    assert min(word["v"] for word in words(data)) < 0 < max(word["v"] for word in words(data))
    assert data["scale"]["kind"] == "diverging"
    assert data["scale"]["low"] == f"−{top:.2f} negative"
    assert data["scale"]["high"] == f"+{top:.2f} positive"


def test_the_norm_has_a_sequential_scale_from_zero() -> None:
    data = view(make_explained(), "gradient_norm")
    assert data["scale"]["kind"] == "sequential" and data["scale"]["low"] == "0"
    assert all(0 <= word["v"] <= 1 for word in words(data))
    assert not words(data)[0]["n"][0].startswith(("+", "−"))


def test_rows_carry_the_sum_of_their_words() -> None:
    explained = make_explained()
    data = view(explained)
    sums = [
        explained.evidence.words[part.start : part.stop].sum()
        for part in row_words(explained.rows, len(explained.result.tokens))
    ]
    shades = np.array([row["v"] for row in data["rows"]])
    np.testing.assert_allclose(shades, sums / np.abs(sums).max(), atol=6e-4)
    for row, total in zip(data["rows"], sums, strict=True):
        assert row["label"].replace("−", "-").replace("±", "") == f"{total:+.2f}"
    assert data["row_scale"] is not None and data["row_scale"]["kind"] == "diverging"


def test_words_say_their_numbers_their_region_and_what_the_network_saw() -> None:
    explained = make_explained()
    data = view(explained, "delete")
    regions = strongest_regions(explained.result, explained.evidence)
    for word, region in zip(words(data), regions, strict=True):
        assert len(word["n"]) == len(data["columns"])
        if region is None:
            assert word["n"][2] == "none"
        else:
            text = region_text(explained.result, region.start, region.stop)
            assert word["n"][2].startswith(f"“{text[:60]}”")
    (zither,) = [word for word in words(data) if word["t"] == "zither"]
    assert zither["m"] and zither["n"][3] == "UNK (zither)"
    assert "UNK" in data["mark_note"]
    # With the exact evidence as the method, it is not said twice.
    assert all(word["n"][1] == "" for word in words(view(explained)))


def test_the_strongest_region_of_a_word_covers_it() -> None:
    explained = make_explained()
    for index, region in enumerate(strongest_regions(explained.result, explained.evidence)):
        covering = [part for part in explained.evidence.regions if part.start <= index < part.stop]
        assert (region is None) == (not covering)
        if region is not None:
            strongest = max(abs(part.contribution) for part in covering)
            assert abs(region.contribution) == strongest


def test_what_is_not_read_or_not_drawn_is_said() -> None:
    explained = make_explained("The film is good. " * 30)
    assert len(explained.result.tokens) == 60
    (rest,) = view(explained)["rest"]
    assert "at most 60 words" in rest["note"] and rest["text"].startswith("The film is good.")
    not_drawn, not_read = view(explained, max_tokens=7)["rest"]
    assert "not drawn" in not_drawn["note"] and "Not read" in not_read["note"]
    assert len(words(view(explained, max_tokens=7))) == 4  # whole rows only


def test_a_text_that_moves_nothing_has_no_shade() -> None:
    explained = make_explained("good")
    still = Attribution("delete", np.zeros(1, np.float32))
    data = view_data(explained.result, still, explained.evidence, explained.rows)
    assert words(data)[0]["v"] == 0 and data["rows"][0]["v"] == 0


def test_detail_of_a_word_and_of_a_sentence() -> None:
    explained = make_explained()
    attribution = attribution_of(explained, "unknown")
    arguments = (explained.result, attribution, explained.evidence, explained.rows)
    title, facts = detail(*arguments, Selection(row=0, span=4))
    assert title == "“good”"
    named = dict(facts)
    assert named["Change when masked"].replace("−", "-") == f"{attribution.words[4]:+.3f}"
    rank = 1 + (np.abs(attribution.words) > abs(attribution.words[4])).sum()
    assert named["Rank by size"] == f"{rank} of {len(explained.result.tokens)}"
    assert named["The network saw"] == "good"
    title, facts = detail(*arguments, Selection(row=1, span=None))
    assert title.startswith("Sentence 2: But the")
    assert "Heaviest word" in dict(facts)


def test_region_text_is_one_line_as_pasted() -> None:
    result = make_explained(TEXT).result
    assert region_text(result, 0, 4) == "The film is VERY"
    assert region_text(result, 4, 7) == "good! But"
    assert region_text(result, 3, 3) == ""
