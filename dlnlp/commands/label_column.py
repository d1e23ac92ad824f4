"""The column of true labels of a table, and what its values mean."""

import argparse
from collections.abc import Mapping, Sequence

from dlnlp.scoring.label_values import MOST_VALUES, guess_classes
from dlnlp.tables.header import find_column
from dlnlp.tables.reader import TableError


def add_label_column(group: argparse._ArgumentGroup) -> None:
    """Add the arguments that name the column and say what its values mean."""
    group.add_argument("--label-column", metavar="NAME", help="column of true labels")
    group.add_argument(
        "--label",
        action="append",
        default=[],
        metavar="VALUE=CLASS",
        help="what a value of that column means, such as 0=negative; VALUE= leaves such rows out "
        "(default: guessed, and told)",
    )


class LabelColumn:
    """The values of the column, as rows go by.

    Args:
        header: names of the table's columns.
        class_names: of the network.
        options: the arguments of `add_label_column`.

    Attributes:
        column: its name.
        place: its index.

    Raises:
        TableError: there is no such column or class.
    """

    def __init__(
        self, header: Sequence[str], class_names: Sequence[str], options: argparse.Namespace
    ) -> None:
        self.column: str = options.label_column
        self.class_names = tuple(class_names)
        self.place = find_column(header, self.column, "--label-column")
        self._said = dict(map(self._meaning, options.label))
        self._codes: dict[str, int] = {}

    def _meaning(self, text: str) -> tuple[str, int | None]:
        value, equals, name = text.rpartition("=")
        names = {each.casefold(): place for place, each in enumerate(self.class_names)}
        if not equals or (name and name.casefold() not in names):
            raise TableError(
                f"{text!r} is no VALUE=CLASS: choose a class of {', '.join(self.class_names)}",
                "--label",
            )
        return value, names[name.casefold()] if name else None

    def code(self, fields: Sequence[str]) -> int:
        """The place of a row's label among the values, in the order of their first rows.

        Raises:
            TableError: the column has more distinct values than labels have.
        """
        code = self._codes.setdefault(fields[self.place].strip(), len(self._codes))
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
