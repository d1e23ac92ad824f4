"""The score of what is no digit: measures by hand, scale, threshold, file."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dlnlp.inference.out_of_distribution import (
    METHODS,
    OutOfDistributionScore,
    features,
    measure,
    whitened_classes,
)

RNG = np.random.default_rng(0)
LABELS = RNG.integers(3, size=3_000)
# Three clouds with one covariance, long in one direction.
SPREAD = np.array([[2.0, 0.0], [1.5, 0.4]])
CENTRES = np.array([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]])
EMBEDDINGS = CENTRES[LABELS] + RNG.standard_normal((3_000, 2)) @ SPREAD


def test_measures_worked_out_by_hand() -> None:
    logits = np.log(np.array([[1.0, 2.0, 5.0], [0.25, 0.5, 0.25]]))
    nothing = np.zeros((1, 1), np.float32)
    energy = measure("energy", logits, logits, nothing, nothing)
    np.testing.assert_allclose(energy, [-np.log(8), 0], atol=1e-12)
    largest = measure("largest_logit", logits, logits, nothing, nothing)
    np.testing.assert_allclose(largest, [-np.log(5), np.log(2)])


def test_the_distance_is_mahalanobis_from_the_nearest_class() -> None:
    means, whitening = whitened_classes(EMBEDDINGS, LABELS, 3)
    points = np.array([[0.0, 0.0], [9.0, 3.0], [4.0, 4.0]])
    found = measure("distance", np.zeros((3, 3)), points, means, whitening)
    within = EMBEDDINGS - np.stack([EMBEDDINGS[LABELS == k].mean(0) for k in range(3)])[LABELS]
    covariance = within.T @ within / 3_000
    covariance += 0.01 * np.trace(covariance) / 2 * np.eye(2)  # the ridge
    expected = [
        min(
            np.sqrt((point - centre) @ np.linalg.inv(covariance) @ (point - centre))
            for centre in CENTRES
        )
        for point in points
    ]
    np.testing.assert_allclose(found, expected, atol=0.1)  # the means are estimated


def test_what_is_learned_is_linear_in_the_differences_from_the_nearest_class() -> None:
    means, whitening = whitened_classes(EMBEDDINGS, LABELS, 3)
    logits, point = np.array([[2.0, 9.0, -1.0]]), np.array([[8.0, 1.0]])  # near the second class
    found = features(logits, point, means, whitening)[0]
    apart = point[0] @ whitening - means[1]
    distance = measure("distance", logits, point, means, whitening)
    np.testing.assert_allclose(found, [*apart, *apart**2, *distance, -1, 2, 9, 1], atol=1e-5)
    coefficients = np.arange(9, dtype=np.float32)
    value = measure("learned", logits, point, means, whitening, coefficients)
    assert value == pytest.approx(found @ np.arange(9))


def test_units_that_never_fire_do_not_count_for_all() -> None:
    dead = np.concatenate([EMBEDDINGS, np.zeros((3_000, 1))], axis=1)
    means, whitening = whitened_classes(dead, LABELS, 4)  # the fourth class has no digit
    assert np.isfinite(means).all() and np.isfinite(whitening).all()
    near = measure("distance", np.zeros((1, 4)), np.array([[0, 0, 0.1]]), means, whitening)
    assert near < 1


def scored(digits, others, false_alarms=0.01, method="energy"):
    nothing = np.zeros((1, 1), np.float32)
    return OutOfDistributionScore.scaled(method, digits, others, false_alarms, nothing, nothing)


def test_scale_and_threshold_come_from_both_groups() -> None:
    digits, others = RNG.normal(-8, 1, 5_000), RNG.normal(-2, 1, 5_000)
    score = scored(digits, others)
    # A lone logit l has the energy -l.
    values = score(-np.median(digits).reshape(1, 1), np.zeros((1, 1)))
    assert values == pytest.approx(0.05, abs=1e-4)
    values = score(-np.median(others).reshape(1, 1), np.zeros((1, 1)))
    assert values == pytest.approx(0.95, abs=1e-4)
    above = score(-digits[:, None], np.zeros((5_000, 1))) > score.threshold
    assert 0.007 <= above.mean() <= 0.01
    assert (score(-others[:, None], np.zeros((5_000, 1))) > score.threshold).mean() > 0.97


@pytest.mark.parametrize("others", [np.zeros(9), np.full(9, -3.0)])
def test_others_that_do_not_lie_above_still_give_a_score(others) -> None:
    score = scored(np.zeros(9), others)
    values = score(np.array([[1e9], [0.0], [-1e9]]), np.zeros((3, 1)))
    assert (np.diff(values) >= 0).all() and values.min() >= 0 and values.max() == 1
    assert 0 < score.threshold < 1


def test_it_comes_back_from_its_file(tmp_path: Path) -> None:
    means, whitening = whitened_classes(EMBEDDINGS, LABELS, 3)
    logits = RNG.standard_normal((5, 3))
    coefficients = RNG.standard_normal(2 * 2 + 3 + 2).astype(np.float32)
    for method in METHODS:
        score = OutOfDistributionScore(method, 1.5, 0.7, 0.25, means, whitening, coefficients)
        score.save(tmp_path / "not_a_digit.npz")
        again = OutOfDistributionScore.load(tmp_path / "not_a_digit.npz")
        assert (again.method, again.threshold) == (method, 0.25)
        expected = score(logits, EMBEDDINGS[:5])
        np.testing.assert_array_equal(again(logits, EMBEDDINGS[:5]), expected)
        assert expected.dtype == np.float32


def test_what_cannot_score_is_refused(tmp_path: Path) -> None:
    score = scored(np.zeros(9), np.ones(9))
    for wrong in (
        {"method": "mood"},
        {"method": "learned"},
        {"spread": 0.0},
        {"threshold": 1.5},
        {"centre": float("nan")},
        {"means": np.zeros((10, 3), np.float32)},
    ):
        with pytest.raises(ValueError, match="fit it again"):
            replace(score, **wrong)
    np.savez(tmp_path / "x.npz", method="energy")
    with pytest.raises(ValueError, match=r"x\.npz holds no array centre"):
        OutOfDistributionScore.load(tmp_path / "x.npz")
