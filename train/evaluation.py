"""Measures of a classifier, with confidence intervals, and its calibration."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from dlnlp.inference.softmax import softmax
from dlnlp.scoring.evaluation import wilson_interval

Z95 = 1.959963984540054
BINS = 15  # of confidence, for every measure of calibration
OFF = 0.05  # calibration error of a source above which the card says how it is mended


def mean_recall(labels: NDArray[Any], predictions: NDArray[Any], num_classes: int) -> float:
    """Recall averaged over the classes that occur.

    Args:
        labels: int ``[n]``.
        predictions: int ``[n]``.
        num_classes: C.
    """
    of_class = np.bincount(labels, minlength=num_classes)
    right = np.bincount(labels[predictions == labels], minlength=num_classes)
    occurs = of_class > 0
    return float(np.mean(right[occurs] / of_class[occurs]))


def bootstrap_interval(
    measure: Callable[[NDArray[Any], NDArray[Any]], float],
    labels: NDArray[Any],
    predictions: NDArray[Any],
    *,
    repeats: int = 1000,
    seed: int = 0,
) -> tuple[float, float]:
    """95 % percentile interval of a measure over documents drawn with replacement.

    Args:
        measure: takes labels and predictions of the drawn documents, int ``[n]`` each.
        labels: int ``[n]``.
        predictions: int ``[n]``.
        repeats: number of draws.
        seed: seed of the draws.
    """
    rng = np.random.default_rng(seed)
    values = []
    for _ in range(repeats):
        drawn = rng.integers(0, len(labels), len(labels))
        values.append(measure(labels[drawn], predictions[drawn]))
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def reliability(
    probabilities: NDArray[Any], labels: NDArray[Any], bins: int = BINS, cases: str = "documents"
) -> list[dict[str, float]]:
    """Accuracy and mean confidence in bins of equal confidence width: the calibration plot.

    Args:
        probabilities: float ``[n, C]``.
        labels: int ``[n]``.
        bins: number of bins of equal width; empty ones are left out.
        cases: key of the number of cases in a bin.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        {
            cases: int(np.sum(place == b)),
            "share_it_says": float(confidence[place == b].mean()),
            "share_it_is_right": float(right[place == b].mean()),
        }
        for b in np.unique(place)
    ]


def calibration_error(probabilities: NDArray[Any], labels: NDArray[Any], bins: int = BINS) -> float:
    """Expected calibration error of the top class over equal-width bins (Guo et al. 2017).

    Args:
        probabilities: float ``[n, C]``.
        labels: int ``[n]``.
        bins: number of bins.
    """
    gaps = [
        row["documents"] * abs(row["share_it_is_right"] - row["share_it_says"])
        for row in reliability(probabilities, labels, bins)
    ]
    return float(np.sum(gaps)) / len(labels)


def temperature_of_classes(logits: NDArray[Any], labels: NDArray[Any]) -> float:
    """The divisor of the logits with the lowest log loss, 0.05 to 20 (Guo et al. 2017).

    Args:
        logits: float ``[n, C]``.
        labels: int ``[n]``.
    """
    rows, classes = np.arange(len(labels)), labels.astype(np.int64)
    below = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)

    def loss(log_temperature: float) -> float:
        cooled = below / np.exp(log_temperature)
        return float(np.mean(np.log(np.exp(cooled).sum(axis=1)) - cooled[rows, classes]))

    found = minimize_scalar(loss, bounds=(np.log(0.05), np.log(20)), method="bounded")
    return float(np.exp(found.x))


def measures(labels: NDArray[Any], logits: NDArray[Any]) -> dict[str, float]:
    """Point estimates for the progress line of an epoch.

    Args:
        labels: int ``[n]``.
        logits: float ``[n, C]``.
    """
    predictions = logits.argmax(axis=1)
    probabilities = softmax(logits)
    picked = probabilities[np.arange(len(labels)), labels]
    return {
        "loss": float(-np.mean(np.log(np.maximum(picked, 1e-12)))),
        "accuracy": float(np.mean(predictions == labels)),
        "mean_recall": mean_recall(labels, predictions, logits.shape[1]),
        "within_one": float(np.mean(np.abs(predictions - labels.astype(int)) <= 1)),
    }


def temperatures_of_groups(
    labels: NDArray[Any], logits: NDArray[Any], groups: Sequence[str]
) -> dict[str, float]:
    """The temperature of each group of documents; see :func:`temperature_of_classes`.

    Args:
        labels: int ``[n]``.
        logits: float ``[n, C]``.
        groups: the group of each document.
    """
    names = np.array(groups)
    return {
        str(name): temperature_of_classes(logits[names == name], labels[names == name])
        for name in sorted(set(groups))
    }


def report(
    labels: NDArray[Any],
    logits: NDArray[Any],
    groups: Sequence[str] | None = None,
    temperatures: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """Everything that a model card says of one split.

    Args:
        labels: int ``[n]``.
        logits: float ``[n, C]``.
        groups: source of each document, for a table a source.
        temperatures: of each source, from other documents: of a source that is off by more than
            :data:`OFF` the table says it, and what would be left with it.

    Returns:
        ``metrics`` name -> value, low, high (95 %); ``confusion`` rows true, columns predicted;
        ``per_class`` recall and precision; ``per_source`` where groups are given.
    """
    classes = logits.shape[1]
    labels = labels.astype(np.int64)
    predictions = logits.argmax(axis=1)
    probabilities = softmax(logits)
    hits = predictions == labels

    def proportion(found: NDArray[np.bool_]) -> dict[str, float]:
        low, high = wilson_interval(int(found.sum()), len(found))
        return {"value": float(found.mean()), "low": low, "high": high}

    def recall(true: NDArray[Any], guessed: NDArray[Any]) -> float:
        return mean_recall(true, guessed, classes)

    low, high = bootstrap_interval(recall, labels, predictions)
    metrics: dict[str, Any] = {
        "accuracy": proportion(hits),
        "mean_recall": {"value": recall(labels, predictions), "low": low, "high": high},
    }
    if classes > 2:
        metrics["within_one"] = proportion(np.abs(predictions - labels) <= 1)
    metrics["calibration_error"] = {"value": calibration_error(probabilities, labels)}
    metrics["log_loss"] = {"value": measures(labels, logits)["loss"]}
    confusion = np.zeros((classes, classes), np.int64)
    np.add.at(confusion, (labels, predictions), 1)
    result: dict[str, Any] = {
        "documents": len(labels),
        "metrics": metrics,
        "confusion": confusion.tolist(),
        "per_class": {
            "recall": [_ratio(confusion[k, k], confusion[k].sum()) for k in range(classes)],
            "precision": [_ratio(confusion[k, k], confusion[:, k].sum()) for k in range(classes)],
        },
    }
    if groups is not None:
        names = np.array(groups)
        result["per_source"] = {
            name: _of_source(
                labels[names == name], logits[names == name], (temperatures or {}).get(name)
            )
            for name in sorted(set(groups))
        }
    return result


def _of_source(
    labels: NDArray[Any], logits: NDArray[Any], temperature: float | None
) -> dict[str, float]:
    found = {"documents": len(labels)} | measures(labels, logits)
    del found["loss"]
    found["calibration_error"] = calibration_error(softmax(logits), labels)
    if temperature is not None and found["calibration_error"] > OFF:
        left = calibration_error(softmax(logits / temperature), labels)
        found |= {"temperature": temperature, "calibration_error_with_it": left}
    return found


def limits_of_sources(per_source: Mapping[str, Mapping[str, float]]) -> list[str]:
    """What a card's limits say of sources that are off by more than :data:`OFF`; maybe nothing.

    Args:
        per_source: as :func:`report` makes it.
    """
    off = {name: row for name, row in per_source.items() if row["calibration_error"] > OFF}
    if not off:
        return []
    told = [
        f"{name} ({row['calibration_error']:.2f}"
        + (f"; {row['calibration_error_with_it']:.2f} with a temperature of its own of "
           f"{row['temperature']:.2f})" if "temperature" in row else ")")
        for name, row in off.items()
    ]  # fmt: skip
    return [f"By source its probabilities are off by more than {OFF} on test: {', '.join(told)}."]


def _ratio(part: int, whole: int) -> float | None:
    return float(part / whole) if whole else None
