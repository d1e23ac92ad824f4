"""Predictions in words, and their log odds."""

import numpy as np

from dlnlp.ui.text.answers import make_answer, prediction

STARS = ("1 star", *(f"{k} stars" for k in range(2, 6)))


def softmax(logits: np.ndarray) -> np.ndarray:
    exponentials = np.exp(logits - logits.max())
    return exponentials / exponentials.sum()


def test_log_odds_are_those_of_the_probabilities() -> None:
    logits = np.array([0.3, -1.2, 2.0, 0.0, 1.1])
    answer = make_answer(STARS, softmax(logits), logits)
    p = answer.probabilities
    np.testing.assert_allclose(answer.log_odds, np.log(p / (1 - p)), atol=1e-12)


def test_log_odds_of_two_classes_are_the_difference_of_the_logits() -> None:
    answer = make_answer(("no", "yes"), [0.0, 1.0], [0.0, 400.0])
    np.testing.assert_allclose(answer.log_odds, [-400, 400])


def test_verdicts() -> None:
    two = make_answer(("negative", "positive"), [0.16, 0.84], [0, 1.66])
    assert prediction(two) == "Probability of a positive review: 84.0 %"
    five = make_answer(STARS, [0, 0, 0.25, 0.5, 0.25], np.zeros(5))
    assert prediction(five) == "4.0 stars expected; most likely 4 stars, 50.0 %"


def test_no_verdict_is_certain() -> None:
    two = make_answer(("negative", "positive"), [0, 1], [0, 0])
    assert prediction(two) == "Probability of a positive review: > 99.9 %"
    five = make_answer(STARS, [0, 0, 0, 0.003, 0.997], np.zeros(5))
    assert prediction(five) == "5.0 stars expected; most likely 5 stars, 99.7 %"


def test_classes_of_ones_own_are_named_without_stars() -> None:
    topics = make_answer(("banks", "chess", "wine"), [0.1, 0.7, 0.2], np.zeros(3))
    assert prediction(topics) == "Most likely chess, 70.0 %"
    spam = make_answer(("ham", "spam"), [0.9, 0.1], [0, -2.2])
    assert prediction(spam) == "Most likely ham, 90.0 %"
