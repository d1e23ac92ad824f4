"""Gradients and leave-one-out as shades: signs, one scale, what the numbers add up to."""

import numpy as np
import pytest

from dlnlp.ui.han.attribution_text import attribution_data, attribution_detail, gap_warning, sums
from dlnlp.ui.han.methods import HanAttribution
from dlnlp.ui.text.highlighted_text import Selection
from tests.ui.text.attention_results import make_result

RESULT = make_result("Good film. It is bad <b>.", unknown=["film"])
WORDS = np.array([2.0, 0.0, 0.5, -0.25, -1.0, 0.25], np.float32)


def attribution(method="gradient_x_input", **more) -> HanAttribution:
    return HanAttribution(method, WORDS, np.array([2.0, -0.5], np.float32), **more)


def words_of(data) -> list[dict]:
    return [p for row in data["rows"] for p in row["spans"] if not isinstance(p, str)]


def test_shades_are_signed_and_on_one_scale_of_the_document() -> None:
    data = attribution_data(RESULT, attribution(), "5 stars")
    assert [w["v"] for w in words_of(data)] == [1, 0, 0.25, -0.125, -0.5, 0.125]
    assert [row["v"] for row in data["rows"]] == [1, -0.25]
    scale = data["scale"]
    assert scale["kind"] == "diverging" and scale["low"] == "−2.00 against 5 stars"
    assert data["rows"][1]["label"] == "−0.50" and words_of(data)[4]["n"][0] == "−1.000"
    assert words_of(data)[1]["m"] is True and words_of(data)[1]["n"][-1] == "UNK (film)"


def test_attention_is_drawn_as_shares() -> None:
    shares = HanAttribution("product", np.full(6, 1 / 6, np.float32), np.full(2, 0.5, np.float32))
    data = attribution_data(RESULT, shares, "5 stars")
    assert data["scale"]["kind"] == "sequential" and data["rows"][0]["label"] == "50.0 %"


def test_all_zeros_have_no_shade() -> None:
    nothing = HanAttribution("delete", np.zeros(6, np.float32), np.zeros(2, np.float32))
    assert {w["v"] for w in words_of(attribution_data(RESULT, nothing, "x"))} == {0}


def test_rows_say_what_their_number_is() -> None:
    titles = {
        method: attribution_data(RESULT, attribution(method), "x")["row_columns"][0]
        for method in ("gradient_x_input", "delete", "product")
    }
    assert titles == {
        "gradient_x_input": "Sum of its words",
        "delete": "Change without the sentence",
        "product": "Sentence attention",
    }


def test_a_click_tells_number_and_rank_by_size() -> None:
    word = attribution_detail(RESULT, attribution(), Selection(row=1, span=4))
    assert word == [("Gradient × input", "−1.000"), ("Rank by size", "2 of 6")]
    row = attribution_detail(RESULT, attribution("unknown"), Selection(row=1, span=None))
    assert row == [("Change without the sentence", "−0.500"), ("Rank by size", "2 of 2")]


def test_the_sum_and_its_gap_are_told() -> None:
    told = sums(attribution("integrated_gradients", gap=0.01), 1.2, "5 stars")
    # All words 1.5 = 1.2 - empty + gap, hence empty = -0.29.
    assert "All words +1.50" in told and "from −0.29" in told and "+1.20" in told
    assert told.endswith("The gap: +0.0100.")
    assert "need not add up" in sums(attribution("delete"), 1.2, "5 stars")
    assert sums(HanAttribution("within", WORDS, WORDS[:2]), 1.2, "5 stars") == ""


@pytest.mark.parametrize("method", ["gradient_x_input", "delete"])
def test_texts_of_the_rows_are_the_text(method) -> None:
    rows = attribution_data(RESULT, attribution(method), "x")["rows"]
    pieces = [p if isinstance(p, str) else p["t"] for row in rows for p in row["spans"]]
    assert "".join(pieces).replace(" ", "") == RESULT.text.replace(" ", "")


def test_a_large_gap_is_told() -> None:
    words = float(WORDS.sum())
    for gap, told in ((None, False), (0.001, False), (0.5 * words, True), (-0.5 * words, True)):
        found = HanAttribution("integrated_gradients", WORDS, WORDS[:2], gap)
        assert bool(gap_warning(found)) is told
