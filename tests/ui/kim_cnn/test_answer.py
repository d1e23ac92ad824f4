"""The prediction states the probability, its threshold and its calibration."""

import re
from dataclasses import replace

import numpy as np
import pytest

from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.ui.kim_cnn.answer import (
    answer_of,
    calibration_error,
    calibration_note,
    gauge_html,
    prediction,
)
from tests.ui.kim_cnn.kim_results import make_explained

RESULT = make_explained().result


def with_logit(logit: float) -> SentimentResult:
    return replace(RESULT, logits=np.array([0, logit], np.float32))


@pytest.mark.parametrize("logit", [-30.0, -1.0, -0.001, 0.0, 0.4, 5.0, 30.0])
def test_the_bar_reaches_from_the_threshold_to_the_probability(logit: float) -> None:
    result = with_logit(logit)
    gauge = gauge_html(result)
    left, width = map(float, re.findall(r"left:([\d.]+)%;width:([\d.]+)%", gauge)[0])
    percent = 100 * float(result.probabilities[1])
    assert left == pytest.approx(min(percent, 50), abs=0.01)
    assert left + width == pytest.approx(max(percent, 50), abs=0.02)
    assert ("43,127,217" in gauge) == (percent >= 50)


def test_no_certainty_is_claimed() -> None:
    assert prediction(with_logit(40.0)).endswith("> 99.9 %")
    assert prediction(with_logit(-40.0)).endswith("< 0.1 %")
    assert prediction(with_logit(0.0)) == "Probability of a positive review: 50.0 %"
    assert "> 99.9" not in gauge_html(with_logit(40.0))  # escaped in the label


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
