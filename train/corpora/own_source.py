"""Texts of one's own: a table, JSON lines, or a folder with a folder for each class.

Read as a stream, several times; nothing holds them all. Splits are drawn by a hash of the text, in
lower case and without punctuation, so that copies of a text stay on one side.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from dlnlp.datasets import DatasetError, Review
from dlnlp.scoring.label_values import LABEL_NAMES
from dlnlp.tables.dialect import FIND_OUT, ReadOptions
from dlnlp.tables.header import find_column, guess_text_column
from dlnlp.tables.reader import BadRow, Row, TableError
from dlnlp.tables.sniffing import open_table
from train.corpora.source import Source, Splits, share_of

MAX_CLASSES = 50
MAX_CHARACTERS = 1 << 20  # of a text: as much as a record of a table may have
JSON_SUFFIXES = (".jsonl", ".ndjson")
_LOOKED_AT = 100  # rows that show which column holds the texts
_NO_WORD = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Item:
    """One row.

    Attributes:
        text: as written.
        label: as written, without white space at its ends; "" where there is none.
        group: what keeps it together with others; "" without a group column.
        where: its place, for messages.
    """

    text: str
    label: str
    group: str
    where: str


@dataclass(frozen=True)
class OwnTexts:
    """Where the texts are and which columns matter.

    Attributes:
        path: a table, JSON lines (``.jsonl``, ``.ndjson``), or a folder with a folder per class.
        text_column: name of the column with the texts; None: found out.
        label_column: name of the column with the labels; None: found out.
        group_column: rows with the same value stay in one split.
        reading: how a table is written.
    """

    path: Path
    text_column: str | None = None
    label_column: str | None = None
    group_column: str | None = None
    reading: ReadOptions = field(default=FIND_OUT)

    def items(self, bad: Callable[[str, str], None]) -> Iterator[Item]:
        """The rows in their order; `bad` is given place and reason of each that is none.

        Raises:
            DatasetError: the file or a column is missing, or it is no table.
        """
        if self.path.is_dir():
            return self._folder(bad)
        if not self.path.is_file():
            raise DatasetError(f"there is no file {self.path}: give the path of a table")
        if self.path.suffix.lower() in JSON_SUFFIXES:
            return self._json_lines(bad)
        return self._table(bad)

    def _table(self, bad: Callable[[str, str], None]) -> Iterator[Item]:
        try:
            with self.path.open("rb") as file:
                table = open_table(file, self.reading, self.text_column)
                rows = iter(table)
                first = list(islice(rows, _LOOKED_AT))
                columns = self._columns(table.header, first)
                for row in chain(first, rows):
                    if isinstance(row, BadRow):
                        bad(row.where, row.problem)
                    elif row.problem:
                        bad(f"line {row.line}", row.problem)
                    else:
                        yield _item(row, columns)
        except TableError as error:
            option = f" ({error.option})" if error.option else ""
            raise DatasetError(f"{self.path} cannot be read: {error}{option}") from error

    def _columns(
        self, header: tuple[str, ...], first: Sequence[Row | BadRow]
    ) -> tuple[int, int, int | None]:
        """Places of text, label and group."""
        if self.text_column is None:
            text = guess_text_column(header, [r.fields for r in first if isinstance(r, Row)])
        else:
            text = find_column(header, self.text_column)
        group = None if self.group_column is None else find_column(header, self.group_column)
        if self.label_column is not None:
            return text, find_column(header, self.label_column), group
        names = [name.strip().lower() for name in header]
        for name in LABEL_NAMES:
            if name in names and names.index(name) != text:
                return text, names.index(name), group
        others = [place for place in range(len(header)) if place not in (text, group)]
        if len(others) == 1:
            return text, others[0], group
        raise TableError("its columns do not tell which one holds the labels", "--label-column")

    def _json_lines(self, bad: Callable[[str, str], None]) -> Iterator[Item]:
        text, label = self.text_column or "text", self.label_column or "label"
        with self.path.open("rb") as file:
            number = 0
            while line := file.readline(4 * MAX_CHARACTERS):
                number += 1
                where = f"line {number}"
                if not line.strip():
                    continue
                try:
                    record = json.loads(line)
                except (ValueError, RecursionError):
                    bad(where, "the line is no JSON")
                    continue
                if not isinstance(record, dict) or not isinstance(record.get(text), str):
                    bad(where, f"the line is no object with a text {text!r}")
                    continue
                group = record.get(self.group_column) if self.group_column else ""
                if self.group_column and not _name(group):
                    bad(where, f"the line has no {self.group_column!r} to keep it with its group")
                    continue
                yield Item(record[text], _name(record.get(label)), _name(group), where)

    def _folder(self, bad: Callable[[str, str], None]) -> Iterator[Item]:
        classes = sorted(entry for entry in self.path.iterdir() if entry.is_dir())
        if self.group_column:
            raise DatasetError(
                f"{self.path} is a folder of texts, which has no columns: leave out --group-column"
            )
        if not classes:
            raise DatasetError(f"{self.path} holds no folder: give it a folder for each class")
        for folder in classes:
            for file in sorted(folder.glob("*.txt")):
                where = f"{folder.name}/{file.name}"
                if file.is_symlink() or file.stat().st_size > 4 * MAX_CHARACTERS:
                    bad(where, "it is a link, or too long for a text")
                    continue
                text = file.read_bytes().decode("utf-8-sig", "replace")
                yield Item(text, folder.name.strip(), "", where)


def _item(row: Row, columns: tuple[int, int, int | None]) -> Item:
    text, label, group = columns
    return Item(
        row.fields[text],
        row.fields[label].strip(),
        "" if group is None else row.fields[group].strip(),
        f"line {row.line}",
    )


def _name(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).lower()
    return str(value).strip() if isinstance(value, str | int | float) else ""


def normalised(text: str) -> str:
    """A text in lower case, its words alone: what copies of a text have in common."""
    return _NO_WORD.sub(" ", text.lower()).strip()


def number_in(label: str) -> float | None:
    """The finite number that a label is; None where it is none."""
    try:
        number = float(label)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def class_order(label: str) -> tuple[int, float, str]:
    """Key that sorts class names: numbers by size, then words by the alphabet."""
    number = number_in(label)
    return (1, 0.0, label) if number is None else (0, number, label)


class OwnSource(Source):
    """Texts of one's own, divided by a hash.

    Args:
        name: name of the corpus.
        texts: where they are.
        class_names: the labels, in the order of the classes.
        test: texts to test with; None: a part of `texts`.
        shares: share of the rows in validation, and in test where `test` is None.
        report: called with a sentence for each row that is skipped.
    """

    def __init__(
        self,
        name: str,
        texts: OwnTexts,
        class_names: tuple[str, ...],
        test: OwnTexts | None,
        shares: tuple[float, float],
        report: Callable[[str], None],
    ) -> None:
        super().__init__(report)
        self.name, self.class_names = name, class_names
        self.held_out = "by group" if texts.group_column else "by hash of the text"
        self.origin = str(texts.path)
        self._texts, self._test = texts, test
        self._validation, self._tested = shares[0], 0.0 if test else shares[1]
        self._labels = {label: number for number, label in enumerate(class_names)}

    def splits(self) -> Splits:
        """As :meth:`Source.splits`."""
        return {
            name: lambda name=name: self._reviews(name)  # type: ignore[misc]
            for name in ("train", "validation", "test")
        }

    def split_of(self, item: Item) -> str:
        """The split that a row of the table belongs to."""
        place = share_of(item.group or normalised(item.text))
        if place < self._validation:
            return "validation"
        return "test" if place < self._validation + self._tested else "train"

    def _reviews(self, split: str) -> Iterator[Review]:
        own_test = self._test if split == "test" else None
        for number, item in enumerate((own_test or self._texts).items(self.bad)):
            # Rows with a missing or unknown label are skipped; the survey has already counted them.
            known = item.label in self._labels
            if known and (own_test or self.split_of(item) == split):
                label = self._labels[item.label]
                yield Review(item.text[:MAX_CHARACTERS], label, item.group, number)
