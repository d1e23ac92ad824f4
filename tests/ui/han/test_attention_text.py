"""What the text view is told to draw."""

import json
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.ui.han.attention_text import SHADINGS, detail, percent, view_data
from dlnlp.ui.text.highlighted_text import HighlightedTextData, Selection
from tests.ui.text.attention_results import make_result

TEXT = "  The  SOUND is (very) wonderful!\n\nBut the battery, alas. It died.  Twice.  "


def words(data: HighlightedTextData) -> list[dict]:
    return [piece for row in data["rows"] for piece in row["spans"] if not isinstance(piece, str)]


def drawn(data: HighlightedTextData) -> str:
    return "".join(
        piece if isinstance(piece, str) else piece["t"]
        for row in data["rows"]
        for piece in row["spans"]
    )


@given(
    st.text(alphabet="ab cé.,!\n\t漢🙂\0<&$_`", max_size=60).filter(
        lambda t: any(c.isalpha() for c in t)
    )
)
def test_no_character_is_lost_but_white_space_at_row_ends(text: str) -> None:
    data = view_data(make_result(text), "within")
    assert "".join(drawn(data).split()) == "".join(text.split())


def test_case_and_inner_spaces_are_as_pasted() -> None:
    data = view_data(make_result(TEXT), "within")
    assert drawn(data).startswith("The  SOUND is (very) wonderful!\n\nBut")


@pytest.mark.parametrize("shading", SHADINGS)
def test_shades_share_one_scale_across_sentences(shading: str) -> None:
    result = make_result(TEXT)
    values = {
        "within": result.word_attention,
        "product": result.word_attention * result.sentence_attention[result.token_sentence],
        "raw": result.word_scores,
    }[shading]
    shades = np.array([word["v"] for word in words(view_data(result, shading))])
    low = values.min() if shading == "raw" else 0
    np.testing.assert_allclose(shades, (values - low) / (values.max() - low), atol=6e-4)
    assert shades.max() == 1


def test_legend_states_the_scale() -> None:
    result = make_result(TEXT)
    within, raw = view_data(result, "within"), view_data(result, "raw")
    assert within["scale"]["low"] == "0"
    assert percent(float(result.word_attention.max())) in within["scale"]["high"]
    assert raw["scale"]["low"] == f"{result.word_scores.min():.2f}"
    assert raw["row_scale"] is not None
    assert raw["row_scale"]["high"] == f"{result.sentence_scores.max():.2f}"


def test_numbers_of_a_word() -> None:
    result = make_result("good bad film. one")
    word = words(view_data(result, "within"))[1]
    attention, sentence = float(result.word_attention[1]), float(result.sentence_attention[0])
    assert word["n"] == [
        percent(attention),
        f"{attention * 3:.2f} ×",
        percent(sentence),
        percent(attention * sentence),
        f"{result.word_scores[1]:.3f}",
        "bad",
    ]


def test_unknown_words_are_marked_and_explained() -> None:
    data = view_data(make_result("Good frobnication.", unknown=["frobnication"]), "within")
    good, unknown = words(data)
    assert "m" not in good
    assert unknown["m"] and unknown["n"][-1] == "UNK (frobnication)"
    assert "UNK" in data["mark_note"]
    assert view_data(make_result("Good."), "within")["mark_note"] == ""


def test_cut_off_text_is_shown_with_the_reason() -> None:
    data = view_data(make_result("One. Two. Three four.", sentences=2), "within")
    assert drawn(data) == "One.Two."
    assert [rest["text"] for rest in data["rest"]] == ["Three four."]
    assert "at most 2 sentences" in data["rest"][0]["note"]


def test_undrawn_text_is_told_apart_from_unread_text() -> None:
    result = make_result("One two. Three four. Five six. Seven.", sentences=3)
    data = view_data(result, "within", max_tokens=4)
    assert len(data["rows"]) == 2
    assert [rest["text"] for rest in data["rest"]] == ["Five six.", "Seven."]
    assert "not drawn" in data["rest"][0]["note"] and "Not read" in data["rest"][1]["note"]


def test_long_rest_is_bounded() -> None:
    data = view_data(make_result("One. " + "x" * 900_000, sentences=1), "within")
    assert len(json.dumps(data)) < 10_000


def test_one_word_has_the_full_shade() -> None:
    for shading in SHADINGS:
        (word,) = words(view_data(make_result("Good"), shading))
        assert 0.5 <= word["v"] <= 1


def test_data_is_plain_json() -> None:
    data = view_data(make_result(TEXT), "product")
    assert json.loads(json.dumps(data)) == data


def test_three_thousand_words_take_a_moment() -> None:
    result = make_result("good bad film okay fine. " * 600)
    start = time.process_time()  # of this process: a busy machine cannot fail the test
    view_data(result, "within")
    assert time.process_time() - start < 0.5


def test_detail_of_a_word_ranks_it() -> None:
    result = make_result("good bad film. one two")
    best = int(result.word_importance.argmax())
    row = int(result.token_sentence[best])
    title, facts = detail(result, Selection(row=row, span=best))
    assert result.tokens[best] in title
    assert dict(facts)["Rank in the review"] == "1 of 5"
    assert dict(facts)["Rank in its sentence"].startswith("1 of ")


def test_detail_of_a_sentence() -> None:
    result = make_result("good bad film. one two")
    title, facts = detail(result, Selection(row=1, span=None))
    assert title == "Sentence 2: one two"
    assert dict(facts)["Words"] == "2"
    assert dict(facts)["Heaviest word"] in ("one", "two")


def test_percent() -> None:
    assert [percent(x) for x in (0.1234, 0.00123, 0.0, 1e-6)] == [
        "12.3 %",
        "0.12 %",
        "0.00 %",
        "< 0.01 %",
    ]
