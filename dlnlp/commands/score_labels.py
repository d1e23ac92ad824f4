"""True labels beside the texts of a table: gathered while rows are scored, then measured."""

import argparse
import json
import os
from array import array
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dlnlp import temporary
from dlnlp.commands.label_column import LabelColumn, add_label_column
from dlnlp.commands.options import output_name

if TYPE_CHECKING:  # imports the networks' side
    from dlnlp.scoring.evaluation import Evaluation
    from dlnlp.scoring.recalibration import Kind, Recalibration
    from dlnlp.scoring.recalibration_report import Trial
    from dlnlp.scoring.score import ScoredRow


def add_label_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that name the column of true labels and what becomes of it."""
    group = parser.add_argument_group(
        "true labels",
        "Accuracy with its 95 % interval, precision, recall and F1 of each class, confusion "
        "matrix and calibration, of the rows whose label means a class.",
    )
    add_label_column(group)
    group.add_argument(
        "--evaluation",
        type=output_name(".json"),
        metavar="FILE.json",
        help="write the measures as JSON",
    )
    group.add_argument(
        "--slices",
        nargs="*",
        metavar="COLUMN",
        help="also where the accuracy is lower than in the rest: by class, by length, by common "
        "words, and by these columns (default: all that hold categories or numbers)",
    )
    group.add_argument(
        "--slice-word",
        action="append",
        default=[],
        metavar="NGRAM",
        help="one more slice: the texts that contain this word or these words in a row",
    )
    group.add_argument(
        "--recalibrate",
        choices=["temperature", "priors"],
        help="add columns of recalibrated answers, by a temperature alone or with class priors, "
        "fitted on the true labels; what that changes is told, measured by cross-validation",
    )


def usage_problem(options: argparse.Namespace) -> str | None:
    """Error message for arguments that contradict each other; None when they do not."""
    asked = options.slices is not None
    if options.label_column is None:
        for name in ("label", "evaluation", "slices", "slice_word", "recalibrate"):
            if getattr(options, name) not in (None, []) or (name == "slices" and asked):
                option = name.replace("_", "-")
                return f"--{option} needs --label-column NAME: the column of true labels."
    if options.slice_word and not asked:
        return "--slice-word needs --slices: the other slices that it is told with."
    if options.evaluation == "-":
        return "--evaluation writes a file: give it a name."
    tables = (os.path.realpath(name) for name in (options.input, options.output))
    if options.evaluation and os.path.realpath(options.evaluation) in tables:
        return f"{options.evaluation} is the table itself: give --evaluation another name."
    return None


class TrueLabels(LabelColumn):
    """The labels of scored rows, and what the network said of them.

    Args:
        header: names of the table's columns.
        class_names: of the network.
        text_column: index of the texts.
        options: the arguments of `add_label_arguments`.

    Attributes:
        slices: what is kept for slices, where they are asked for.

    Raises:
        TableError: there is no such column or class.
    """

    def __init__(
        self,
        header: Sequence[str],
        class_names: Sequence[str],
        text_column: int,
        options: argparse.Namespace,
    ) -> None:
        super().__init__(header, class_names, options)
        self._recalibrate: Kind | None = options.recalibrate
        self._labels, self._lines = array("q"), array("q")
        self._probabilities = array("f")
        self.slices = None
        if options.slices is not None:
            from dlnlp.commands.score_slices import SliceCounts

            self.slices = SliceCounts(
                header,
                options.slices,
                options.slice_word,
                text_column,
                self.place,
                len(self.class_names),
            )

    def add(self, row: "ScoredRow") -> None:
        """Take in a row that was scored.

        Raises:
            TableError: the column has more distinct values than labels have.
        """
        code = self.code(row.fields)
        self._labels.append(code)
        self._lines.append(row.line)
        self._probabilities.extend(row.probabilities)
        if self.slices is not None:
            predicted = max(range(len(self.class_names)), key=row.probabilities.__getitem__)
            self.slices.add(row.fields, code, predicted)

    @property
    def value_classes(self) -> NDArray[np.int64]:
        """The class of each value, in the order of their first rows, int64 ``[V]``; -1: none."""
        return np.array([-1 if c is None else c for c in self.meanings.values()] or [-1], np.int64)

    @property
    def labels(self) -> NDArray[np.int64]:
        """The class of each row, int64 ``[n]``; -1 where its label means none."""
        return self.value_classes[np.array(self._labels, np.int64)]

    @property
    def lines(self) -> NDArray[np.int64]:
        """Where each row starts in the file, int64 ``[n]``."""
        return np.array(self._lines, np.int64)

    @property
    def answers(self) -> NDArray[np.float32]:
        """What the network says of each row, float32 ``[n, C]``."""
        return np.array(self._probabilities, np.float32).reshape(-1, len(self.class_names))

    @cached_property
    def evaluation(self) -> "Evaluation | None":
        """Of the rows whose label means a class; None without any. After the last row."""
        from dlnlp.scoring.evaluation import evaluate

        used = self.labels >= 0
        if not used.any():
            return None
        return evaluate(self.labels[used], self.answers[used], self.class_names)

    @cached_property
    def trials(self) -> "tuple[Trial, ...]":
        """Kinds of recalibration, tried where one is asked for and there are enough rows."""
        from dlnlp.scoring.recalibration import LEAST
        from dlnlp.scoring.recalibration_report import trials

        if self._recalibrate is None or self.evaluation is None:
            return ()
        return trials(self.evaluation) if len(self.evaluation.labels) >= LEAST else ()

    @property
    def recalibration(self) -> "Recalibration | None":
        """What was asked for, fitted on all labelled rows; None where there are too few."""
        fitted = {trial.kind: trial.fitted for trial in self.trials}
        return fitted.get(self._recalibrate) if self._recalibrate else None


def write_evaluation(name: str, measures: Mapping[str, Any]) -> None:
    """Write the measures as a JSON file, whole or not at all."""
    text = json.dumps(measures, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    with temporary.beside(Path(name)) as fresh:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(name)
