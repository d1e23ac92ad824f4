"""How good answers are where the true labels are known: measures with intervals, and errors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.cards import CalibrationBin, Measure

_Z95 = 1.959963984540054
_BINS = 10


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """95 % score interval of a proportion (Wilson 1927).

    Raises:
        ValueError: there are no trials.
    """
    if trials < 1:
        raise ValueError("a proportion of nothing has no interval")
    p, z2 = successes / trials, _Z95**2
    centre = (p + z2 / (2 * trials)) / (1 + z2 / trials)
    half = _Z95 / (1 + z2 / trials) * np.sqrt(p * (1 - p) / trials + z2 / (4 * trials**2))
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def proportion(successes: int, trials: int) -> Measure | None:
    """A share with its interval; None of nothing."""
    if not trials:
        return None
    return Measure(successes / trials, *wilson_interval(successes, trials))


@dataclass(frozen=True, slots=True)
class ClassMeasures:
    """What is measured of one class.

    Attributes:
        name: of the class.
        support: rows whose true label it is.
        predicted: rows that the network calls so.
        precision: of these, how many are right; None where there are none.
        recall: of the rows of the class, how many are found; None where there are none.
        f1: harmonic mean of both, 2 TP / (2 TP + FP + FN); None where all three are 0.
    """

    name: str
    support: int
    predicted: int
    precision: Measure | None
    recall: Measure | None
    f1: float | None


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Measures of n labelled rows of C classes.

    Attributes:
        class_names: C names.
        labels: true class of each row, int64 ``[n]``.
        probabilities: what the network says, float64 ``[n, C]``.
        predictions: the most probable class, int64 ``[n]``.
        accuracy: share of the rows that are right.
        mean_recall: recall averaged over the classes that occur.
        confusion: counts, rows true, columns predicted, int64 ``[C, C]``.
        per_class: C measures.
        calibration: bins of equal width of the probability of the predicted class.
        calibration_error: mean gap between said and observed over these bins (Guo et al. 2017).
        log_loss: mean negative logarithm of the probability of the true class, in nats.
    """

    class_names: tuple[str, ...]
    labels: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    predictions: NDArray[np.int64]
    accuracy: Measure
    mean_recall: float
    confusion: NDArray[np.int64]
    per_class: tuple[ClassMeasures, ...]
    calibration: tuple[CalibrationBin, ...]
    calibration_error: float
    log_loss: float


def evaluate(
    labels: NDArray[np.integer[Any]],
    probabilities: NDArray[np.floating[Any]],
    class_names: Sequence[str],
) -> Evaluation:
    """Measure answers against true labels.

    Args:
        labels: true class of each row, int ``[n]``.
        probabilities: float ``[n, C]``, rows that add up to 1.
        class_names: C names.

    Raises:
        ValueError: there is no row, or the shapes do not fit.
    """
    true = np.asarray(labels, np.int64)
    said = np.asarray(probabilities, np.float64)
    classes = len(class_names)
    if not len(true) or said.shape != (len(true), classes):
        raise ValueError(
            f"{len(true)} labels and probabilities of shape {said.shape} are not at least one row "
            f"of {classes} classes: give each row its label and its probabilities"
        )
    predicted = said.argmax(axis=1)
    confusion = np.zeros((classes, classes), np.int64)
    np.add.at(confusion, (true, predicted), 1)
    bins = _calibration(said.max(axis=1), predicted == true)
    gaps = sum(part.cases * abs(part.came_true - part.probability) for part in bins)
    per_class = tuple(_class(name, place, confusion) for place, name in enumerate(class_names))
    found = [each.recall.value for each in per_class if each.recall is not None]
    right = int(np.trace(confusion))
    accuracy = Measure(right / len(true), *wilson_interval(right, len(true)))
    of_true = np.maximum(said[np.arange(len(true)), true], 1e-12)
    return Evaluation(
        class_names=tuple(class_names),
        labels=true,
        probabilities=said,
        predictions=predicted,
        accuracy=accuracy,
        mean_recall=float(np.mean(found)),
        confusion=confusion,
        per_class=per_class,
        calibration=bins,
        calibration_error=gaps / len(true),
        log_loss=float(-np.log(of_true).mean()),
    )


def _class(name: str, place: int, confusion: NDArray[np.int64]) -> ClassMeasures:
    right = int(confusion[place, place])
    support, predicted = int(confusion[place].sum()), int(confusion[:, place].sum())
    return ClassMeasures(
        name=name,
        support=support,
        predicted=predicted,
        precision=proportion(right, predicted),
        recall=proportion(right, support),
        f1=2 * right / (support + predicted) if support + predicted else None,
    )


def _calibration(
    confidence: NDArray[np.float64], right: NDArray[np.bool_]
) -> tuple[CalibrationBin, ...]:
    place = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    return tuple(
        CalibrationBin(
            int(np.count_nonzero(place == b)),
            float(confidence[place == b].mean()),
            float(right[place == b].mean()),
        )
        for b in np.unique(place)
    )


def confident_errors(evaluation: Evaluation, most: int) -> NDArray[np.int64]:
    """Places of the wrong rows, the most confident first, int64 ``[k]``, at most `most`."""
    wrong = np.flatnonzero(evaluation.predictions != evaluation.labels)
    said = evaluation.probabilities[wrong].max(axis=1)
    return np.asarray(wrong[np.argsort(-said, kind="stable")][:most], np.int64)


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """Two classes, the second called from a threshold on.

    Attributes:
        threshold: least probability of the second class for which it is called.
        accuracy: share of right rows.
        precision: of the rows that are called so, how many are right; None where there are none.
        recall: of the second class, how many are found; None where there are none.
    """

    threshold: float
    accuracy: float
    precision: float | None
    recall: float | None


def operating_point(evaluation: Evaluation, threshold: float) -> OperatingPoint:
    """What a threshold makes of the answers.

    Args:
        evaluation: of two classes.
        threshold: 0 to 1.

    Raises:
        ValueError: there are more classes.
    """
    if len(evaluation.class_names) != 2:
        raise ValueError(f"a threshold parts two classes, and not {len(evaluation.class_names)}")
    called, true = evaluation.probabilities[:, 1] >= threshold, evaluation.labels == 1
    hits = int(np.count_nonzero(called & true))
    return OperatingPoint(
        threshold=threshold,
        accuracy=float((called == true).mean()),
        precision=hits / int(called.sum()) if called.any() else None,
        recall=hits / int(true.sum()) if true.any() else None,
    )
