"""Measures of labelled rows agree with scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from dlnlp.scoring.evaluation import (
    confident_errors,
    evaluate,
    operating_point,
    wilson_interval,
)


def answers(rows: int, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.integers(0, classes, rows), rng.dirichlet(np.ones(classes), rows)


def names(classes: int) -> list[str]:
    return [f"{k + 1} stars" for k in range(classes)]


@given(st.integers(1, 60), st.integers(2, 5), st.integers(0, 1000))
def test_measures_are_those_of_scikit_learn(rows: int, classes: int, seed: int) -> None:
    labels, said = answers(rows, classes, seed)
    found = evaluate(labels, said, names(classes))
    predicted = said.argmax(axis=1)
    assert found.accuracy.value == pytest.approx(metrics.accuracy_score(labels, predicted))
    every = list(range(classes))
    expected = metrics.confusion_matrix(labels, predicted, labels=every)
    assert found.confusion.tolist() == expected.tolist()
    scores = metrics.precision_recall_fscore_support(
        labels, predicted, labels=every, zero_division=np.nan
    )
    for each, precision, recall, f1, support in zip(found.per_class, *scores, strict=True):
        assert each.support == support
        for mine, theirs in ((each.precision, precision), (each.recall, recall)):
            assert (mine is None) == np.isnan(theirs)
            assert mine is None or mine.value == pytest.approx(theirs)
        assert (each.f1 is None) == np.isnan(f1) and (each.f1 is None or each.f1 == f1)
    present = np.unique(labels)
    recall = metrics.recall_score(labels, predicted, labels=present, average="macro")
    assert found.mean_recall == pytest.approx(recall)
    loss = metrics.log_loss(labels, np.maximum(said, 1e-12), labels=every)
    assert found.log_loss == pytest.approx(loss, rel=1e-6)


def test_the_interval_is_wilsons() -> None:
    # Newcombe (1998), table I: 81 of 263 and 0 of 20.
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    with pytest.raises(ValueError, match="nothing"):
        wilson_interval(0, 0)


def test_calibration_by_hand() -> None:
    said = np.array([[0.1, 0.9], [0.05, 0.95], [0.45, 0.55], [0.42, 0.58]])
    found = evaluate(np.array([1, 0, 1, 1]), said, ["bad", "good"])
    assert [(b.cases, b.came_true) for b in found.calibration] == [(2, 1.0), (2, 0.5)]
    assert [b.probability for b in found.calibration] == pytest.approx([0.565, 0.925])
    assert found.calibration_error == pytest.approx((2 * 0.435 + 2 * 0.425) / 4)


def test_errors_come_from_the_most_confident_on() -> None:
    said = np.array([[0.6, 0.4], [0.01, 0.99], [0.2, 0.8], [0.3, 0.7]])
    found = evaluate(np.array([1, 0, 1, 0]), said, ["bad", "good"])
    assert confident_errors(found, 9).tolist() == [1, 3, 0]
    assert confident_errors(found, 2).tolist() == [1, 3]


@given(st.integers(0, 100), st.floats(0, 1))
def test_a_threshold_calls_the_second_class(seed: int, threshold: float) -> None:
    labels, said = answers(40, 2, seed)
    point = operating_point(evaluate(labels, said, ["bad", "good"]), threshold)
    called = (said[:, 1] >= threshold).astype(int)
    assert point.accuracy == pytest.approx(metrics.accuracy_score(labels, called))
    for mine, measure in (
        (point.precision, metrics.precision_score),
        (point.recall, metrics.recall_score),
    ):
        theirs = measure(labels, called, zero_division=np.nan)
        assert (mine is None) == np.isnan(theirs) and (mine is None or mine == theirs)


def test_half_is_the_prediction_itself_and_more_classes_have_no_threshold() -> None:
    labels, said = answers(50, 2, 3)
    found = evaluate(labels, said, ["bad", "good"])
    assert operating_point(found, 0.5).accuracy == found.accuracy.value
    with pytest.raises(ValueError, match="two classes, and not 3"):
        operating_point(evaluate(*answers(5, 3, 0), names(3)), 0.5)


@pytest.mark.parametrize(("labels", "shape"), [([], (0, 2)), ([1], (1, 3)), ([1, 0], (1, 2))])
def test_what_does_not_fit_is_refused(labels: list[int], shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="give each row its label"):
        evaluate(np.array(labels, int), np.zeros(shape), ["bad", "good"])
