"""What recalibration changes on labelled rows, each row by numbers fitted on other rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.scoring.evaluation import Evaluation, evaluate
from dlnlp.scoring.evaluation_report import measure_as_json
from dlnlp.scoring.recalibration import (
    FOLDS,
    HIGHEST,
    KINDS,
    LOWEST,
    Kind,
    Recalibration,
    fit,
    out_of_fold,
)

TITLES: dict[Kind, str] = {
    "temperature": "temperature",
    "priors": "temperature and class priors",
}
_Z95 = 1.959963984540054


@dataclass(frozen=True, eq=False)
class Trial:
    """One kind of recalibration.

    Attributes:
        kind: what is fitted.
        fitted: on all labelled rows: what is applied to other rows.
        evaluation: of the labelled rows by cross-validation.
        change: of the mean log loss, in nats: below 0 it helps.
        reach: half the width of its 95 % interval.
    """

    kind: Kind
    fitted: Recalibration
    evaluation: Evaluation
    change: float
    reach: float

    @property
    def helps(self) -> bool:
        """Whether the log loss falls beyond chance."""
        return self.change + self.reach < 0


def trials(evaluation: Evaluation) -> tuple[Trial, ...]:
    """Try each kind on labelled rows.

    Raises:
        ValueError: there are too few rows.
    """
    labels, said = evaluation.labels, evaluation.probabilities
    found = []
    for kind in KINDS:
        recalibrated = out_of_fold(said, labels, kind)
        changes = _losses(recalibrated, labels) - _losses(said, labels)
        found.append(
            Trial(
                kind,
                fit(said, labels, kind),
                evaluate(labels, recalibrated, evaluation.class_names),
                float(changes.mean()),
                float(_Z95 * changes.std(ddof=1) / np.sqrt(len(changes))),
            )
        )
    return tuple(found)


def _losses(said: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(-np.log(np.maximum(said[np.arange(len(labels)), labels], 1e-12)))


def confidence(evaluation: Evaluation) -> str:
    """How sure the network is and how often it is right, as a sentence."""
    said = float(evaluation.probabilities.max(axis=1).mean())
    gap = said - evaluation.accuracy.value
    inside = (evaluation.accuracy.low or 0.0) <= said <= (evaluation.accuracy.high or 1.0)
    how = (
        "the two agree within the interval of the accuracy"
        if inside
        else f"it is {'over' if gap > 0 else 'under'}-confident by {100 * abs(gap):.1f} points"
    )
    return (
        f"On average the network gives its label {100 * said:.1f} % and is right in "
        f"{100 * evaluation.accuracy.value:.1f} %: {how}."
    )


def numbers(fitted: Recalibration, class_names: Sequence[str]) -> str:
    """The temperature and the weights, as text."""
    words = f"temperature {fitted.temperature:.2f}"
    if fitted.temperature >= HIGHEST:
        words += " (the highest that is tried: the probabilities hardly tell these labels apart)"
    elif fitted.temperature <= LOWEST:
        words += " (the lowest that is tried)"
    if len(set(fitted.weights)) > 1:
        weights = ", ".join(
            f"{name} × {weight:.2f}"
            for name, weight in zip(class_names, fitted.weights, strict=True)
        )
        words += f"; {weights}"
    return words


def in_words(evaluation: Evaluation, tried: Sequence[Trial]) -> list[str]:
    """The measures without and with each kind as lines of text, for a terminal."""
    rows = [("as the network says", evaluation)]
    rows += [(TITLES[trial.kind], trial.evaluation) for trial in tried]
    lines = [
        f"recalibration, measured by cross-validation in {FOLDS} folds",
        confidence(evaluation),
        f"{'':<28}  calibration error  log loss  accuracy",
    ]
    for name, found in rows:
        lines.append(
            f"{name:<28}  {100 * found.calibration_error:>15.1f} %  {found.log_loss:>8.4f}"
            f"  {100 * found.accuracy.value:>6.1f} %"
        )
    return lines + [f"fitted: {numbers(trial.fitted, evaluation.class_names)}" for trial in tried]


def as_json(tried: Sequence[Trial]) -> dict[str, Any]:
    """Each kind with what was fitted and what it changes, ready for JSON."""
    return {
        trial.kind: {
            "temperature": trial.fitted.temperature,
            "weights": list(trial.fitted.weights),
            "cross_validated": {
                "folds": FOLDS,
                "accuracy": measure_as_json(trial.evaluation.accuracy),
                "calibration_error": trial.evaluation.calibration_error,
                "log_loss": trial.evaluation.log_loss,
                "log_loss_change": {
                    "value": trial.change,
                    "low": trial.change - trial.reach,
                    "high": trial.change + trial.reach,
                },
            },
        }
        for trial in tried
    }
