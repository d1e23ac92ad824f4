"""Recalibration finds what was planted, agrees with scipy, and is measured on other rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from dlnlp.inference.softmax import softmax
from dlnlp.scoring import recalibration
from dlnlp.scoring.evaluation import evaluate
from dlnlp.scoring.recalibration import (
    HIGHEST,
    KINDS,
    LEAST,
    LOWEST,
    Recalibration,
    fit,
    out_of_fold,
)
from train.evaluation import temperature_of_classes


def planted(
    rows: int, classes: int, temperature: float, weights: np.ndarray, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Labels drawn from honest probabilities, and what a network says that is off as planted."""
    rng = np.random.default_rng(seed)
    honest = softmax(rng.normal(0, 1.5, (rows, classes)))
    labels = (rng.random((rows, 1)) > honest.cumsum(axis=1)).sum(axis=1).clip(0, classes - 1)
    return labels, softmax(temperature * (np.log(honest) - np.log(weights)))


def log_loss(said: np.ndarray, labels: np.ndarray) -> float:
    return float(-np.log(said[np.arange(len(labels)), labels]).mean())


@pytest.mark.parametrize("temperature", [0.5, 1.0, 1.4, 3.0])
@pytest.mark.parametrize("classes", [2, 5])
def test_a_planted_temperature_is_found(temperature: float, classes: int) -> None:
    labels, said = planted(20_000, classes, temperature, np.ones(classes))
    found = fit(said, labels, "temperature")
    assert found.temperature == pytest.approx(temperature, rel=0.05)
    assert found.weights == (1.0,) * classes
    assert found.temperature == pytest.approx(
        temperature_of_classes(np.log(said), labels), rel=1e-3
    )


@pytest.mark.parametrize("weights", [(3.0, 1.0), (1.0, 1.0), (0.2, 1, 1, 1, 4)])
def test_planted_priors_are_found_with_the_temperature(weights: tuple[float, ...]) -> None:
    labels, said = planted(20_000, len(weights), 1.7, np.array(weights))
    found = fit(said, labels, "priors")
    assert found.temperature == pytest.approx(1.7, rel=0.05)
    expected = np.array(weights) / np.exp(np.log(weights).mean())
    assert found.weights == pytest.approx(expected.tolist(), rel=0.1)
    # By label shift the weights are new priors over old ones: the mean is the labels' share.
    shares = np.bincount(labels, minlength=len(weights)) / len(labels)
    assert found.apply(said).mean(axis=0) == pytest.approx(shares, abs=1e-3)


@given(st.integers(0, 10_000), st.integers(2, 5), st.floats(0.3, 4))
@settings(max_examples=25)
def test_no_other_optimiser_does_better(seed: int, classes: int, temperature: float) -> None:
    labels, said = planted(LEAST, classes, temperature, np.ones(classes), seed)
    logits = np.log(said)

    def loss(point: np.ndarray, ridge: float = 0.05) -> float:
        scores = point[0] * logits + point[1:]
        distance = ((point - np.eye(classes + 1)[0]) ** 2).sum()
        return float(
            -np.log(softmax(scores)[np.arange(len(labels)), labels]).sum() + ridge * distance
        )

    found = fit(said, labels, "priors")
    mine = np.array([1 / found.temperature, *np.log(found.weights)])
    theirs = optimize.minimize(loss, np.eye(classes + 1)[0], method="BFGS")
    if 1 / HIGHEST < theirs.x[0] < 1 / LOWEST:
        assert loss(mine) <= theirs.fun + 1e-4 * abs(theirs.fun)


@given(st.integers(0, 10_000), st.integers(2, 6), st.floats(LOWEST, HIGHEST))
def test_a_temperature_changes_no_order_of_classes(
    seed: int, classes: int, temperature: float
) -> None:
    said = np.random.default_rng(seed).dirichlet(np.ones(classes), 30)
    found = Recalibration(temperature, (1.0,) * classes).apply(said)
    assert found.sum(axis=1) == pytest.approx(np.ones(30))
    order = said.argsort(axis=1)
    assert (np.diff(np.take_along_axis(found, order, axis=1), axis=1) >= 0).all()


def test_nothing_is_changed_by_one() -> None:
    said = np.random.default_rng(0).dirichlet(np.ones(4), 30)
    assert Recalibration(1.0, (1.0,) * 4).apply(said) == pytest.approx(said)


@pytest.mark.parametrize("kind", KINDS)
def test_extreme_answers_give_finite_numbers(kind: recalibration.Kind) -> None:
    labels = np.arange(60) % 2
    for said in (
        np.eye(3)[labels].astype(np.float32),  # always right, of course
        np.eye(3)[1 - labels],  # always wrong
        np.full((60, 3), 1 / 3),
    ):
        found = fit(said, labels, kind)
        assert LOWEST <= found.temperature <= HIGHEST
        assert np.isfinite(found.apply(said)).all() and min(found.weights) > 0


def test_each_row_is_recalibrated_by_the_other_folds(monkeypatch: pytest.MonkeyPatch) -> None:
    labels, said = planted(200, 2, 2.0, np.ones(2))
    said[:, 0] = np.linspace(0.01, 0.99, 200)  # a mark of each row
    said[:, 1] = 1 - said[:, 0]
    seen: list[set[float]] = []
    monkeypatch.setattr(
        recalibration, "fit", lambda p, y, k: seen.append(set(p[:, 0])) or fit(p, y, k)
    )
    found = out_of_fold(said, labels, "temperature")
    assert found.shape == (200, 2) and len(seen) == recalibration.FOLDS
    left_out = [set(said[:, 0]) - fold for fold in seen]
    assert sum(map(len, left_out)) == 200 and set.union(*left_out) == set(said[:, 0])


def test_what_it_changes_is_measured_honestly() -> None:
    names = ["a", "b", "c", "d", "e"]
    labels, said = planted(3_000, 5, 2.0, np.ones(5))
    before = evaluate(labels, said, names)
    after = evaluate(labels, out_of_fold(said, labels, "temperature"), names)
    assert after.calibration_error < before.calibration_error / 2
    assert after.log_loss < before.log_loss and after.accuracy == before.accuracy
    # Where labels say nothing, numbers fitted to them do not help on other rows.
    noise = np.random.default_rng(3).integers(0, 5, 60)
    honest = np.full((60, 5), 0.2)
    fitted = out_of_fold(honest, noise, "priors")
    assert log_loss(fitted, noise) > log_loss(honest, noise)


def test_too_few_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="label at least 50"):
        out_of_fold(np.full((49, 2), 0.5), np.zeros(49, int), "temperature")
