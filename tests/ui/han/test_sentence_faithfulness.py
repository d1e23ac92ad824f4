"""What the page says of the faithfulness of sentences follows the record."""

import pytest

from dlnlp.ui.han.sentence_faithfulness import sentence_answer, sentence_rows


def agreement(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.01, "high": value + 0.01, "same_sign": 0.8}


def made(written: float, attended: float) -> dict:
    falls = {"value": 0.2, "low": 0.19, "high": 0.21, "by_cut": [0.1, 0.2, 0.15, 0.3]}
    names = ("attention", "written", "random")
    return {
        "cuts": [1, 2, 0.2, 0.5],
        "measures": {name: {"comprehensiveness": falls, "sufficiency": falls} for name in names},
        "correlation": {"attention": agreement(0.5), "written": agreement(written)},
        "correlation_of_classes": {
            "written": agreement(written),
            "attended": agreement(attended),
        },
    }


def test_a_row_holds_every_cut_and_the_correlation_where_there_is_one() -> None:
    attention, written, random = sentence_rows(made(0.84, 0.7))
    assert attention["sentences by"] == "Sentence attention"
    assert [written[f"top {cut}"] for cut in ("1", "2", "20 %", "50 %")] == [
        *("+10.0", "+20.0", "+15.0", "+30.0")
    ]
    assert written["correlation with leave-one-out"] == "+0.84"
    assert random["correlation with leave-one-out"] == ""


@pytest.mark.parametrize(("written", "more"), [(0.84, "says more"), (0.71, "says no more")])
def test_the_answer_claims_what_the_intervals_allow(written: float, more: str) -> None:
    told = sentence_answer(made(written, 0.7))
    assert f"**{written:.2f}**" in told and "0.70" in told and more in told
