"""Measures by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from train.evaluation import (
    bootstrap_interval,
    calibration_error,
    limits_of_sources,
    mean_recall,
    measures,
    reliability,
    report,
    temperatures_of_groups,
    wilson_interval,
)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # Newcombe (1998), table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_wilson_interval_has_published_values(
    successes: int, trials: int, low: float, high: float
) -> None:
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_wilson_interval_needs_a_trial() -> None:
    with pytest.raises(ValueError, match="proportion of nothing"):
        wilson_interval(0, 0)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_interval_holds_the_proportion(case: tuple[int, int]) -> None:
    successes, trials = case
    low, high = wilson_interval(successes, trials)
    assert 0 <= low <= successes / trials + 1e-12
    assert successes / trials - 1e-12 <= high <= 1


LABELS = np.array([0, 0, 0, 0, 1, 1, 2])
PREDICTIONS = np.array([0, 0, 0, 1, 1, 2, 1])


def test_mean_recall_weighs_classes_alike_and_leaves_out_absent_ones() -> None:
    assert mean_recall(LABELS, PREDICTIONS, 3) == pytest.approx((3 / 4 + 1 / 2 + 0) / 3)
    assert mean_recall(LABELS, PREDICTIONS, 5) == pytest.approx((3 / 4 + 1 / 2 + 0) / 3)


def test_bootstrap_interval_is_that_of_resampled_documents() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 400)
    predictions = np.where(rng.random(400) < 0.8, labels, 1 - labels)

    def accuracy(true: np.ndarray, guessed: np.ndarray) -> float:
        return float(np.mean(true == guessed))

    low, high = bootstrap_interval(accuracy, labels, predictions)
    share = accuracy(labels, predictions)
    half = 1.96 * np.sqrt(share * (1 - share) / 400)
    assert (low, high) == pytest.approx((share - half, share + half), abs=0.006)
    assert bootstrap_interval(accuracy, labels, predictions) == (low, high)
    assert bootstrap_interval(accuracy, labels, predictions, seed=1) != (low, high)


def test_calibration_error_by_hand() -> None:
    # Ten bins: .65 and .65 (both right), .95 (right), 1.0 (wrong; in the last bin).
    confident = np.array([0.65, 0.65, 0.95, 1.0])
    probabilities = np.stack([confident, 1 - confident], axis=1)
    labels = np.array([0, 0, 0, 1])
    expected = 2 / 4 * abs(1 - 0.65) + 2 / 4 * abs(0.5 - 0.975)
    assert calibration_error(probabilities, labels, bins=10) == pytest.approx(expected)
    assert calibration_error(np.eye(3), np.arange(3)) == 0


def test_reliability_compares_confidence_with_what_is_right() -> None:
    probabilities = np.array([[0.95, 0.05], [0.9, 0.1], [0.55, 0.45], [0.4, 0.6]])
    rows = reliability(probabilities, np.array([0, 1, 0, 0]), bins=5, cases="digits")
    assert [row["digits"] for row in rows] == [1, 1, 2]
    assert rows[-1]["share_it_is_right"] == 0.5
    assert rows[-1]["share_it_says"] == pytest.approx(0.925)


def logits_of(predictions: np.ndarray, classes: int = 3, confidence: float = 2.0) -> np.ndarray:
    return confidence * np.eye(classes, dtype=np.float32)[predictions]


def test_measures_by_hand() -> None:
    found = measures(LABELS, logits_of(PREDICTIONS))
    right, wrong = np.exp(2) / (np.exp(2) + 2), 1 / (np.exp(2) + 2)
    assert found == pytest.approx(
        {
            "loss": -(4 * np.log(right) + 3 * np.log(wrong)) / 7,
            "accuracy": 4 / 7,
            "mean_recall": (3 / 4 + 1 / 2 + 0) / 3,
            "within_one": 1.0,
        }
    )
    far = measures(np.array([0, 2], np.uint8), logits_of(np.array([2, 0])))
    assert (far["within_one"], far["accuracy"]) == (0, 0)


def test_report_holds_the_tables_of_a_model_card() -> None:
    groups = ["b", "a", "b", "b", "a", "b", "b"]
    found = report(LABELS.astype(np.int8), logits_of(PREDICTIONS), groups)
    assert found["documents"] == 7
    assert found["confusion"] == [[3, 1, 0], [0, 1, 1], [0, 1, 0]]
    assert found["per_class"]["recall"] == [0.75, 0.5, 0.0]
    assert found["per_class"]["precision"] == [1.0, pytest.approx(1 / 3), 0.0]
    metrics = found["metrics"]
    assert set(metrics) == {
        "accuracy", "mean_recall", "within_one", "calibration_error", "log_loss",
    }  # fmt: skip
    low, high = wilson_interval(4, 7)
    assert metrics["accuracy"] == {"value": pytest.approx(4 / 7), "low": low, "high": high}
    assert metrics["within_one"]["value"] == 1
    assert metrics["mean_recall"]["value"] == pytest.approx(5 / 12)
    assert metrics["mean_recall"]["low"] < 5 / 12 < metrics["mean_recall"]["high"]
    assert metrics["log_loss"]["value"] == measures(LABELS, logits_of(PREDICTIONS))["loss"]
    assert found["per_source"] == {
        "a": {
            "documents": 2, "accuracy": 1.0, "mean_recall": 1.0, "within_one": 1.0,
            "calibration_error": pytest.approx(1 - np.exp(2) / (np.exp(2) + 2)),
        },
        "b": {
            "documents": 5,
            "accuracy": pytest.approx(2 / 5),
            "mean_recall": pytest.approx((2 / 3 + 0 + 0) / 3),
            "within_one": 1.0,
            "calibration_error": pytest.approx(np.exp(2) / (np.exp(2) + 2) - 2 / 5),
        },
    }  # fmt: skip


def test_a_source_that_is_off_tells_what_a_temperature_of_its_own_leaves() -> None:
    random = np.random.default_rng(0)
    labels = random.integers(0, 3, 4000)
    sure = random.random(4000) < 0.5  # half of them are of a source where it is too sure
    right = np.where(random.random(4000) < np.where(sure, 0.6, 0.95), labels, (labels + 1) % 3)
    logits = 4.0 * np.eye(3)[right]
    groups = ["too sure" if each else "well" for each in sure]
    temperatures = temperatures_of_groups(labels[:2000], logits[:2000], groups[:2000])
    assert temperatures["too sure"] > 1.5
    found = report(labels[2000:], logits[2000:], groups[2000:], temperatures)["per_source"]
    assert found["too sure"]["temperature"] == temperatures["too sure"]
    assert found["too sure"]["calibration_error"] > 0.3
    assert found["too sure"]["calibration_error_with_it"] < 0.05
    assert "temperature" not in found["well"]
    (limit,) = limits_of_sources(found)
    assert "too sure (0.3" in limit and "well" not in limit
    assert limits_of_sources({"well": found["well"]}) == []


def test_report_of_two_classes_has_no_neighbours_and_an_unused_class_no_ratio() -> None:
    found = report(np.array([0, 0]), logits_of(np.array([0, 0]), classes=2))
    assert "within_one" not in found["metrics"]
    assert "per_source" not in found
    assert found["per_class"] == {"recall": [1.0, None], "precision": [1.0, None]}
