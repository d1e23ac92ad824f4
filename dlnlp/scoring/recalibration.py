"""Probabilities made honest on labelled rows: a temperature, and class priors.

    p'(c) ~ w_c p(c)^(1/T)

The temperature T makes all answers more careful (above 1) or bolder (Guo et al. 2017) and changes
no prediction. The weight w_c is how many times as frequent class c is here as where the network
learned: the adjustment to new class priors of Saerens, Latinne & Decaestecker (2002).
They estimate the priors from answers without labels; here there are labels, and T and w are
those of the least log loss (Alexandari, Kundaje & Shrikumar 2020), so that the mean of p'(c) is the
share of the labels that are c. What they change is measured by cross-validation: each row by
numbers that were fitted on other rows.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from dlnlp.inference.softmax import softmax

Kind = Literal["temperature", "priors"]
KINDS: tuple[Kind, ...] = ("temperature", "priors")
"""The temperature alone, or with the weights of the classes."""
LEAST = 50
"""Labelled rows that it takes."""
FOLDS = 10
LOWEST, HIGHEST = 0.05, 20.0
_SMALLEST = 1e-30
# Of the squared distance from the network's own answers: next to nothing beside 50 rows, and yet
# no class that occurs nowhere gets a weight of 0.
_RIDGE = 0.1
_STEPS = 100


@dataclass(frozen=True, slots=True)
class Recalibration:
    """What is done to the network's probabilities.

    Attributes:
        temperature: divisor of the logits, above 1 where the network is over-confident.
        weights: of the C classes, their product 1; all 1 where only the temperature was fitted.
    """

    temperature: float
    weights: tuple[float, ...]

    def apply(self, probabilities: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        """Recalibrated probabilities, float64 ``[n, C]`` that add up to 1, of float ``[n, C]``."""
        return softmax(_logits(probabilities) / self.temperature + np.log(self.weights))


def _logits(probabilities: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    return np.log(np.maximum(np.asarray(probabilities, np.float64), _SMALLEST))


def fit(
    probabilities: NDArray[np.floating[Any]], labels: NDArray[np.integer[Any]], kind: Kind
) -> Recalibration:
    """The recalibration with the least log loss, by Newton's method.

    Args:
        probabilities: what the network says, float ``[n, C]``.
        labels: true class of each row, int ``[n]``.
        kind: what is fitted.

    Returns:
        The temperature is between `LOWEST` and `HIGHEST`.
    """
    logits = _logits(probabilities)
    logits -= logits.mean(axis=1, keepdims=True)
    classes = logits.shape[1]
    true = np.eye(classes)[labels]
    # One factor of the logits, then the logarithm of each weight.
    free = np.arange(1 + classes) < (1 if kind == "temperature" else 1 + classes)
    start = np.concatenate([[1.0], np.zeros(classes)])
    found = _newton(logits, true, start, free)
    factor = float(np.clip(found[0], 1 / HIGHEST, 1 / LOWEST))
    if factor != found[0]:
        found[0], free[0] = factor, False
        found = _newton(logits, true, found, free)
    logs = found[1:] - found[1:].mean()
    return Recalibration(1 / factor, tuple(np.exp(logs).tolist()))


def _newton(
    logits: NDArray[np.float64],
    true: NDArray[np.float64],
    start: NDArray[np.float64],
    free: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Minimise the log loss, which is convex, over the free parameters."""
    at = start.copy()
    home = np.concatenate([[1.0], np.zeros(len(start) - 1)])

    def loss(point: NDArray[np.float64]) -> float:
        scores = point[0] * logits + point[1:]
        top = scores.max(axis=1)
        total = np.log(np.exp(scores - top[:, None]).sum(axis=1)) + top
        return float((total - (scores * true).sum(axis=1)).sum() + _distance(point))

    def _distance(point: NDArray[np.float64]) -> float:
        return float(_RIDGE / 2 * ((point - home) ** 2).sum())

    value = loss(at)
    for _ in range(_STEPS if free.any() else 0):
        said = softmax(at[0] * logits + at[1:])
        # Of each row and class, how its score grows with each parameter is its logit, and 1.
        mean = (said * logits).sum(axis=1)
        spread = said * (logits - mean[:, None])
        gradient = np.concatenate([[((said - true) * logits).sum()], (said - true).sum(axis=0)])
        gradient += _RIDGE * (at - home)
        curvature = np.empty((len(at), len(at)))
        curvature[0, 0] = (spread * logits).sum()
        curvature[0, 1:] = curvature[1:, 0] = spread.sum(axis=0)
        curvature[1:, 1:] = np.diag(said.sum(axis=0)) - said.T @ said
        curvature += _RIDGE * np.eye(len(at))
        step = np.zeros(len(at))
        step[free] = np.linalg.solve(curvature[np.ix_(free, free)], gradient[free])
        decrease = float(gradient @ step)
        if decrease < 1e-9 * max(1.0, value):
            break
        size = 1.0
        while size > 1e-8 and loss(at - size * step) > value - 1e-4 * size * decrease:
            size /= 2
        at = at - size * step
        value = loss(at)
    return at


def out_of_fold(
    probabilities: NDArray[np.floating[Any]],
    labels: NDArray[np.integer[Any]],
    kind: Kind,
    seed: int = 0,
) -> NDArray[np.float64]:
    """Each row recalibrated by what was fitted on the rows of the other folds.

    Args:
        probabilities: what the network says, float ``[n, C]``.
        labels: true class of each row, int ``[n]``.
        kind: what is fitted.
        seed: of the folds.

    Returns:
        float64 ``[n, C]``.

    Raises:
        ValueError: there are fewer than `LEAST` rows.
    """
    if len(labels) < LEAST:
        raise ValueError(
            f"{len(labels):,} labelled rows are too few to recalibrate: label at least {LEAST}"
        )
    folds = np.random.default_rng(seed).permutation(len(labels)) % FOLDS
    found = np.empty(np.shape(probabilities))
    for fold in range(FOLDS):
        left_out = folds == fold
        fitted = fit(probabilities[~left_out], labels[~left_out], kind)
        found[left_out] = fitted.apply(probabilities[left_out])
    return found
