"""True labels beside the texts of a table: gathered while rows are scored, then measured."""

import argparse
import json
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dlnlp import temporary
from dlnlp.commands.options import output_name
from dlnlp.scoring.label_values import MOST_VALUES, guess_classes
from dlnlp.tables.header import find_column
from dlnlp.tables.reader import TableError

if TYPE_CHECKING:  # imports the networks' side
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
        "--evaluation", type=output_name, metavar="FILE.json", help="write the measures as JSON"
    )


def add_label_column(group: argparse._ArgumentGroup) -> None:
    """Add the arguments that name the column of true labels and say what they mean."""
    group.add_argument("--label-column", metavar="NAME", help="column of true labels")
    group.add_argument(
        "--label",
        action="append",
        default=[],
        metavar="VALUE=CLASS",
        help="what a value of that column means, such as 0=negative; VALUE= leaves such rows out "
        "(default: guessed, and told)",
    )


def usage_problem(options: argparse.Namespace) -> str | None:
    """Error message for arguments that contradict each other; None when they do not."""
    if options.label_column is None:
        for name in ("label", "evaluation"):
            if getattr(options, name):
                return f"--{name} needs --label-column NAME: the column of true labels."
    if options.evaluation == "-":
        return "--evaluation writes a file: give it a name."
    if options.evaluation and options.evaluation in (options.input, options.output):
        return f"{options.evaluation} is the table itself: give --evaluation another name."
    return None


class TrueLabels:
    """The labels of scored rows, and what the network said of them.

    Args:
        header: names of the table's columns.
        column: the one of true labels.
        class_names: of the network.
        meanings: what the user said of values, as ``VALUE=CLASS``.

    Raises:
        TableError: there is no such column or class.
    """

    def __init__(
        self,
        header: Sequence[str],
        column: str,
        class_names: Sequence[str],
        meanings: Sequence[str],
    ) -> None:
        self.column, self.class_names = column, tuple(class_names)
        self._place = find_column(header, column, "--label-column")
        self._said = dict(map(self._meaning, meanings))
        self._codes: dict[str, int] = {}
        self._labels, self._probabilities = array("q"), array("f")

    def _meaning(self, text: str) -> tuple[str, int | None]:
        value, equals, name = text.rpartition("=")
        names = {each.casefold(): place for place, each in enumerate(self.class_names)}
        if not equals or (name and name.casefold() not in names):
            raise TableError(
                f"{text!r} is no VALUE=CLASS: choose a class of {', '.join(self.class_names)}",
                "--label",
            )
        return value, names[name.casefold()] if name else None

    def add(self, row: "ScoredRow") -> None:
        """Take in a row that was scored.

        Raises:
            TableError: the column has more distinct values than labels have.
        """
        self._labels.append(self.code(row.fields))
        self._probabilities.extend(row.probabilities)

    def code(self, fields: Sequence[str]) -> int:
        """The place of a row's label among the values of the column, in order of occurrence.

        Raises:
            TableError: the column has more distinct values than labels have.
        """
        value = fields[self._place].strip()
        code = self._codes.setdefault(value, len(self._codes))
        if len(self._codes) > MOST_VALUES:
            raise TableError(
                f"its column {self.column!r} has more than {MOST_VALUES} distinct values, and "
                "labels have few: name the column of true labels",
                "--label-column",
            )
        return code

    @property
    def meanings(self) -> Mapping[str, int | None]:
        """The class of each value, as the user said or as guessed."""
        return guess_classes(self._codes, self.class_names) | {
            value: place for value, place in self._said.items() if value in self._codes
        }

    def in_words(self) -> str:
        """What the values mean, as a line."""
        words = ", ".join(
            f"{value or 'empty'} = {'left out' if place is None else self.class_names[place]}"
            for value, place in self.meanings.items()
        )
        return f"labels of {self.column!r}: {words}"

    def report(self, model: str) -> tuple[list[str], dict[str, Any]]:
        """Evaluate: the measures as lines of text to print, and as a dictionary for JSON.

        Args:
            model: name of the network.

        Raises:
            TableError: no label means a class.
        """
        from dlnlp.scoring.evaluation import as_json, evaluate, in_words

        meanings = self.meanings
        classes = np.array([-1 if c is None else c for c in meanings.values()] or [-1])
        # Values stand in the order of their codes.
        labels = classes[np.array(self._labels, np.int64)]
        said = np.array(self._probabilities, np.float32).reshape(-1, len(self.class_names))
        used = labels >= 0
        if not used.any():
            listed = ", ".join(repr(value[:20]) for value in list(meanings)[:5]) or "nothing"
            example = f"{next(iter(meanings), '1')[:20]}={self.class_names[0]}"
            raise TableError(
                f"no value of its column {self.column!r} ({listed}) could be taken for a class: "
                f"say what each means, as --label {example}",
                "--label",
            )
        evaluation = evaluate(labels[used], said[used], self.class_names)
        told = {
            value: None if place is None else self.class_names[place]
            for value, place in meanings.items()
        }
        left_out = int(np.count_nonzero(~used))
        lines = [self.in_words(), *in_words(evaluation)]
        if left_out:
            lines.insert(1, f"{left_out:,} scored rows have no label that means a class")
        about = {"model": model, "label_column": self.column, "labels": told, "left_out": left_out}
        return lines, {**about, **as_json(evaluation)}


def write_evaluation(name: str, measures: Mapping[str, Any]) -> None:
    """Write the measures as a JSON file, whole or not at all."""
    text = json.dumps(measures, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    with temporary.beside(Path(name)) as fresh:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(name)
