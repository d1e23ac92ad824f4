"""The prediction states the probability, its threshold and its calibration."""

from dataclasses import replace

import numpy as np
import pytest

from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.ui.kim_cnn.answer import calibration_error, calibration_note
from dlnlp.ui.text.answers import answer_of, prediction
from tests.ui.kim_cnn.kim_results import make_explained

RESULT = make_explained().result


def with_logit(logit: float) -> SentimentResult:
    return replace(RESULT, logits=np.array([0, logit], np.float32))


def test_no_certainty_is_claimed() -> None:
    def told(logit: float) -> str:
        return prediction(answer_of(with_logit(logit)))

    assert told(40.0).endswith("> 99.9 %") and told(-40.0).endswith("< 0.1 %")
    assert told(0.0) == "Probability of a positive review: 50.0 %"


def test_answer_has_the_log_odds_of_the_result() -> None:
    answer = answer_of(with_logit(1.25))
    assert answer.log_odds[1] == pytest.approx(1.25)
    assert answer.probabilities[1] == pytest.approx(0.77729986)


def test_calibration_comes_from_the_card() -> None:
    card = {
        "temperature": 1.307,
        "metrics": {"test": {"expected_calibration_error": {"value": 0.0123, "low": 0.01}}},
    }
    assert calibration_error(card) == 0.0123
    note = calibration_note(card)
    assert "1.31" in note and "1.2 points" in note and "50 %" in note
    assert calibration_error({"metrics": {"test": {"expected_calibration_error": 0.02}}}) == 0.02


@pytest.mark.parametrize(
    "card", [{}, {"metrics": None}, {"metrics": {"test": 3}}, {"metrics": {"test": {"a": {}}}}]
)
def test_a_card_without_calibration_claims_none(card: dict) -> None:
    assert calibration_error(card) is None
    assert "temperature" not in calibration_note(card) and "differ" not in calibration_note(card)
