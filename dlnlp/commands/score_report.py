"""What the scoring command tells of a labelled table: lines of text, and the same for JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dlnlp.commands.score_labels import TrueLabels
from dlnlp.scoring import evaluation_report, recalibration_report
from dlnlp.scoring.evaluation import Evaluation, confident_errors, operating_point
from dlnlp.scoring.recalibration import LEAST, Kind
from dlnlp.tables.reader import TableError

_ERRORS, _TOLD = 20, 5  # most confident errors in the JSON file, and told


def report(
    labels: TrueLabels, model: str, threshold: float | None, recalibrate: Kind | None
) -> tuple[list[str], dict[str, Any]]:
    """The measures as lines of text to print, and as a dictionary for JSON.

    Args:
        labels: of all rows.
        model: name of the network.
        threshold: of the second of two classes; None for none.
        recalibrate: what the scored table was recalibrated by.

    Raises:
        TableError: no label means a class.
    """
    meanings, evaluation, names = labels.meanings, labels.evaluation, labels.class_names
    if evaluation is None:
        listed = ", ".join(repr(value[:20]) for value in list(meanings)[:5]) or "nothing"
        example = f"{next(iter(meanings), '1')[:20]}={names[0]}"
        raise TableError(
            f"no value of its column {labels.column!r} ({listed}) could be taken for a class: "
            f"say what each means, as --label {example}",
            "--label",
        )
    told = {value: None if place is None else names[place] for value, place in meanings.items()}
    words = ", ".join(f"{value or 'empty'} = {name or 'left out'}" for value, name in told.items())
    classes = labels.labels
    left_out = int(np.count_nonzero(classes < 0))
    lines = [f"labels of {labels.column!r}: {words}", *evaluation_report.in_words(evaluation)]
    if left_out:
        lines.insert(1, f"{left_out:,} scored rows have no label that means a class")
    about = {"model": model, "label_column": labels.column, "labels": told, "left_out": left_out}
    errors = _errors(evaluation, labels.lines[classes >= 0].tolist())
    found = {
        **about,
        **evaluation_report.as_json(evaluation),
        "most_confident_errors": errors,
    }
    lines += ["", *_told_errors(errors)]
    if threshold is not None:
        point = operating_point(evaluation, threshold)
        found["operating_point"] = evaluation_report.point_as_json(point)
        lines += ["", evaluation_report.point_in_words(point, names[1])]
    if labels.slices is not None:
        right = labels.answers.argmax(axis=1) == classes
        slices, found["slices"] = labels.slices.report(labels.value_classes, classes, right, names)
        lines += ["", *slices]
    if recalibrate is not None:
        found["recalibration"] = recalibration_report.as_json(labels.trials)
        lines += [""]
        if labels.trials:
            written = recalibration_report.TITLES[recalibrate]
            lines += recalibration_report.in_words(evaluation, labels.trials)
            lines += [f"written in the columns called recalibrated: {written}"]
        else:
            lines += [
                f"too few labelled rows to recalibrate ({len(evaluation.labels):,}, and at least "
                f"{LEAST} are needed): these columns are empty"
            ]
    return lines, found


def _errors(evaluation: Evaluation, lines: Sequence[int]) -> list[dict[str, Any]]:
    names = evaluation.class_names
    return [
        {
            "line": lines[place],
            "label": names[evaluation.labels[place]],
            "predicted": names[evaluation.predictions[place]],
            "probability": float(evaluation.probabilities[place].max()),
        }
        for place in confident_errors(evaluation, _ERRORS)
    ]


def _told_errors(errors: Sequence[Mapping[str, Any]]) -> list[str]:
    if not errors:
        return ["no errors"]
    return [
        "the most confident errors",
        *(
            f"line {error['line']:,}: true label {error['label']}, predicted {error['predicted']} "
            f"({100 * error['probability']:.1f} %)"
            for error in errors[:_TOLD]
        ),
    ]
