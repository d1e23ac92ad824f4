"""An evaluation as JSON, and as lines of text for a terminal."""

from typing import Any

import numpy as np

from dlnlp.cards import Measure
from dlnlp.scoring.evaluation import Evaluation, OperatingPoint, operating_point

THRESHOLDS = 101
"""Points of the curve over thresholds, from 0 to 1."""


def measure_as_json(found: Measure | None) -> dict[str, float | None] | None:
    """A share with its interval, ready for JSON."""
    if found is None:
        return None
    return {"value": found.value, "low": found.low, "high": found.high}


def threshold_curve(evaluation: Evaluation) -> list[OperatingPoint]:
    """What each threshold makes of the answers; empty where there are more than two classes."""
    if len(evaluation.class_names) != 2:
        return []
    return [operating_point(evaluation, at) for at in np.linspace(0, 1, THRESHOLDS).tolist()]


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """All measures, ready for JSON; shares are between 0 and 1, None where there is nothing."""
    return {
        "rows": len(evaluation.labels),
        "class_names": list(evaluation.class_names),
        "accuracy": measure_as_json(evaluation.accuracy),
        "mean_recall": evaluation.mean_recall,
        "calibration_error": evaluation.calibration_error,
        "log_loss": evaluation.log_loss,
        "per_class": [
            {
                "class": each.name,
                "support": each.support,
                "predicted": each.predicted,
                "precision": measure_as_json(each.precision),
                "recall": measure_as_json(each.recall),
                "f1": each.f1,
            }
            for each in evaluation.per_class
        ],
        "confusion": evaluation.confusion.tolist(),
        "calibration": [
            {"cases": part.cases, "probability": part.probability, "observed": part.came_true}
            for part in evaluation.calibration
        ],
        "thresholds": [point_as_json(point) for point in threshold_curve(evaluation)],
    }


def point_as_json(point: OperatingPoint) -> dict[str, float | None]:
    """An operating point, ready for JSON; None where there is nothing."""
    return {
        "threshold": point.threshold,
        "accuracy": point.accuracy,
        "precision": point.precision,
        "recall": point.recall,
    }


def point_in_words(point: OperatingPoint, name: str) -> str:
    """An operating point as a sentence.

    Args:
        point: of two classes.
        name: the second class.
    """

    def percent(value: float | None) -> str:
        return "none" if value is None else f"{100 * value:.1f} %"

    return (
        f"From {100 * point.threshold:g} % on “{name}”: accuracy {percent(point.accuracy)}, "
        f"precision {percent(point.precision)}, recall {percent(point.recall)}."
    )


def in_words(evaluation: Evaluation) -> list[str]:
    """The measures as lines of text of fixed width, for a terminal."""

    def percent(found: Measure | None) -> str:
        return "–" if found is None else f"{100 * found.value:.1f} %"

    width = max(len("class"), *map(len, evaluation.class_names))
    lines = [
        f"accuracy               {evaluation.accuracy.percent}, {len(evaluation.labels):,} rows",
        f"mean per-class recall  {100 * evaluation.mean_recall:.1f} %",
        f"calibration error      {100 * evaluation.calibration_error:.1f} %",
        f"log loss               {evaluation.log_loss:.4f}",
        "",
        f"{'class':<{width}}  precision   recall       F1  support",
    ]
    for each in evaluation.per_class:
        f1 = "–" if each.f1 is None else f"{100 * each.f1:.1f} %"
        lines.append(
            f"{each.name:<{width}}  {percent(each.precision):>9}  {percent(each.recall):>7}  "
            f"{f1:>7}  {each.support:>7,}"
        )
    columns = [max(len(name), 7) for name in evaluation.class_names]
    lines += ["", "confusion matrix: rows are true labels, columns predicted labels"]
    head = "  ".join(f"{n:>{w}}" for n, w in zip(evaluation.class_names, columns, strict=True))
    lines.append(f"{'':<{width}}  {head}")
    for name, counts in zip(evaluation.class_names, evaluation.confusion.tolist(), strict=True):
        cells = "  ".join(f"{count:>{w},}" for count, w in zip(counts, columns, strict=True))
        lines.append(f"{name:<{width}}  {cells}")
    return lines
