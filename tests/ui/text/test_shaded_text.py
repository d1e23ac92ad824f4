"""One renderer for every method: what the text view is told to draw."""

import json
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.explain.attribution import METHODS, Additive
from dlnlp.explain.shading import ends, percent, shades
from dlnlp.ui.text.highlighted_text import HighlightedTextData
from dlnlp.ui.text.method_text import MethodText
from dlnlp.ui.text.shaded_text import gap_warning, sums, view_data
from tests.ui.text.attributions import make_attribution

TEXT = "  The  SOUND is (very) wonderful!\n\nBut the battery, alas. It died.  Twice.  "
NAMES = MethodText("Switch", "Number", "explained")
WORDS, ROWS = [2.0, 0.0, 0.5, -0.25, -1.0, 0.25], [2.0, -0.5]


def view(text: str = TEXT, method: str = "gradient_x_input", **more: object) -> HighlightedTextData:
    return view_data(make_attribution(text, method, **more), NAMES, at_most="two sentences")


def words(data: HighlightedTextData) -> list[dict]:
    return [piece for row in data["rows"] for piece in row["spans"] if not isinstance(piece, str)]


def drawn(data: HighlightedTextData) -> str:
    pieces = [piece for row in data["rows"] for piece in row["spans"]]
    return "".join(piece if isinstance(piece, str) else piece["text"] for piece in pieces)


@pytest.mark.parametrize("method", METHODS)
@given(
    text=st.text(alphabet="ab cé.,!\n\t漢🙂\0<&$_`", max_size=60).filter(
        lambda t: any(c.isalpha() for c in t)
    )
)
def test_no_character_is_lost_and_the_data_is_plain_json(method: str, text: str) -> None:
    data = view(text, method)
    assert "".join(drawn(data).split()) == "".join(text.split())
    assert len(json.dumps(data, allow_nan=False)) > 2
    for word in words(data):
        assert len(word["numbers"]) == len(data["columns"])
    for row in data["rows"]:
        assert len(row["numbers"]) == len(data["row_columns"])


def test_case_and_inner_spaces_are_as_pasted() -> None:
    assert drawn(view()).startswith("The  SOUND is (very) wonderful!\n\nBut")


@pytest.mark.parametrize("method", METHODS)
def test_shades_share_one_scale_across_sentences(method: str) -> None:
    attribution = make_attribution(TEXT, method)
    values = attribution.words.astype(np.float64)
    found = np.array([word["shade"] for word in words(view(TEXT, method))])
    if METHODS[method].scale == "score":
        expected = (values - values.min()) / (values.max() - values.min())
    else:
        expected = values / np.abs(values).max()
    np.testing.assert_allclose(found, expected, atol=6e-4)
    assert np.abs(found).max() == 1


def test_signed_numbers_have_a_diverging_scale_that_names_the_class() -> None:
    data = view("Good film. It is bad <b>.", words=WORDS, sentences=ROWS, unknown=["film"])
    assert [word["shade"] for word in words(data)] == [1, 0, 0.25, -0.125, -0.5, 0.125]
    assert [row["shade"] for row in data["rows"]] == [1, -0.25]
    assert data["scale"] == {
        "kind": "diverging",
        "title": "Word: number",
        "low": "−2.00 against 5 stars",
        "high": "+2.00 for 5 stars",
        "numbers": ("−2.00", "+2.00"),
    }
    assert data["row_scale"] is not None and data["row_scale"]["high"] == "+2.00 for 5 stars"
    assert data["rows"][1]["label"] == "−0.50" and words(data)[4]["numbers"][0] == "−1.000"


def test_shares_scores_and_lengths_say_where_their_scale_begins() -> None:
    share, score, length = (
        view(TEXT, name)["scale"] for name in ("within", "raw", "gradient_norm")
    )
    attention = make_attribution(TEXT, "within")
    assert share["low"] == "0"
    assert share["high"] == f"{percent(float(attention.words.max()))} (largest here)"
    raw = make_attribution(TEXT, "raw").words
    assert (score["low"], score["high"]) == (f"{raw.min():.2f}", f"{raw.max():.2f}")
    assert length["kind"] == "sequential" and length["low"] == "0"


def test_unknown_words_are_marked_and_explained() -> None:
    data = view("Good frobnication.", unknown=["frobnication"])
    good, unknown = words(data)
    assert "marked" not in good
    assert unknown["marked"] and unknown["numbers"][-1] == "UNK (frobnication)"
    assert "UNK" in data["mark_note"]
    assert view("Good.")["mark_note"] == ""


def test_more_columns_stand_between_the_number_and_what_the_network_saw() -> None:
    attribution = make_attribution("Good. Bad.", "delete", words=[1, -1], sentences=[1, -1])
    data = view_data(
        attribution,
        NAMES,
        columns={"more": ["a", "b"]},
        row_columns={"other": ["c", "d"]},
    )
    assert data["columns"] == ["Number", "more", "The network saw"]
    assert [word["numbers"] for word in words(data)] == [
        ["+1.000", "a", "good"],
        ["−1.000", "b", "bad"],
    ]
    assert data["row_columns"] == ["Sum of its words", "other", "Words"]
    assert [row["numbers"] for row in data["rows"]] == [["+1.000", "c", "1"], ["−1.000", "d", "1"]]


def test_text_that_is_not_read_or_not_drawn_is_told_apart() -> None:
    attribution = make_attribution("One two. Three four. Five six. Seven.", sentences=None)
    data = view_data(attribution, NAMES, max_tokens=4)
    assert len(data["rows"]) == 2
    (rest,) = data["rest"]
    assert rest["text"] == "Five six. Seven." and "not drawn" in rest["note"]


def test_all_zeros_have_no_shade() -> None:
    data = view("Good. Bad.", "delete", words=[0, 0], sentences=[0, 0])
    assert {word["shade"] for word in words(data)} == {0}
    assert {row["shade"] for row in data["rows"]} == {0}


def test_one_word_has_the_full_shade() -> None:
    for method in METHODS:
        attribution = make_attribution("Good", method)
        assert 0.5 <= np.abs(shades(attribution, attribution.words)).item() <= 1


def test_three_thousand_words_take_a_moment() -> None:
    attribution = make_attribution("good bad film okay fine. " * 600)
    start = time.process_time()  # of this process: a busy machine cannot fail the test
    view_data(attribution, NAMES)
    assert time.process_time() - start < 0.5


def test_two_attributions_on_one_scale_have_comparable_shades() -> None:
    first = make_attribution(words=WORDS, sentences=ROWS)
    second = make_attribution(words=[value / 4 for value in WORDS], sentences=[8.0, 1.0])
    scales = (ends(first, first.words, second.words), ends(first, first.sentences, [8.0, 1.0]))
    views = [view_data(each, NAMES, scales=scales) for each in (first, second)]
    assert [words(data)[0]["shade"] for data in views] == [1, 0.25]
    assert [data["rows"][0]["shade"] for data in views] == [0.25, 1]
    assert views[0]["scale"] == views[1]["scale"]


def test_the_sum_and_its_gap_are_told() -> None:
    def told(method: str, additive: Additive | None = None) -> str:
        return sums(
            make_attribution(method=method, words=WORDS, sentences=ROWS, additive=additive),
            "the log odds of 5 stars",
            1.2,
        )

    integrated = told("integrated_gradients", Additive(bias=-0.29, total=1.2))
    assert integrated == (
        "All words +1.50: from −0.29 for an empty text to the log odds of 5 stars, +1.20. "
        "The gap: +0.0100."
    )
    exact = told("evidence", Additive(bias=-0.3, total=1.2))
    assert exact == "All words +1.50, biases −0.30: together the log odds of 5 stars, +1.20."
    assert "need not add up" in told("delete") and told("within") == ""


def test_a_large_gap_is_told() -> None:
    for gap, told in ((0.001, False), (0.75, True), (-0.75, True)):
        additive = Additive(bias=0.0, total=1.5 - gap)
        found = make_attribution(method="integrated_gradients", words=WORDS, additive=additive)
        assert bool(gap_warning(found)) is told
    assert gap_warning(make_attribution(method="delete")) == ""


def test_percent() -> None:
    assert [percent(x) for x in (0.1234, 0.00123, 0.0, 1e-6)] == [
        "12.3 %",
        "0.12 %",
        "0.00 %",
        "< 0.01 %",
    ]
