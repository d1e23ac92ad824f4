"""Slices of a table that is scored as a stream: what is kept of its rows, and how it is told."""

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.scoring.ngrams import common, holding, places, words_of
from dlnlp.scoring.slice_columns import CONTAINS, ColumnCells, groupings
from dlnlp.scoring.slices import RATE, Counted, Slice, as_json, compare, in_words
from dlnlp.tables.header import column_labels, find_column

# Texts whose words wait to be counted; the common ones are those of the first so many.
_WAITING, _WORDS = 5_000, 1 << 21
_WRITTEN = 50  # of the common words in the JSON file, beside those that are worse


class SliceCounts:
    """What the slices need of each labelled row: some 30 bytes, and counts of common words.

    Args:
        header: names of the table's columns.
        columns: names of those to part the rows by; none means all but texts and labels.
        ngrams: words or n-grams that were asked for.
        text: index of the column of texts.
        labels: index of the column of labels.
        classes: of the network.

    Raises:
        TableError: there is no such column.
    """

    def __init__(
        self,
        header: Sequence[str],
        columns: Sequence[str],
        ngrams: Sequence[str],
        text: int,
        labels: int,
        classes: int,
    ) -> None:
        asked = [find_column(header, name, "--slices") for name in columns]
        others = [place for place in range(len(header)) if place not in (text, labels)]
        self._text, self._classes = text, classes
        self._cells = {place: ColumnCells() for place in asked or others}
        self._names = column_labels(header)
        self._named = bool(asked)
        self._lengths = array("q")
        self._ngrams = {ngram: array("b") for ngram in ngrams}
        self._waiting: list[list[str]] = []
        self._answers: list[tuple[int, int]] = []  # code of the label and prediction, of those
        self._size = 0
        self._common: dict[str, NDArray[np.int64]] | None = None

    def add(self, fields: Sequence[str], code: int, predicted: int) -> None:
        """Take in a row.

        Args:
            fields: its cells.
            code: number of its label's value.
            predicted: class.
        """
        for place, cells in self._cells.items():
            cells.add(fields[place])
        words = words_of(fields[self._text])
        self._lengths.append(len(words))
        self._waiting.append(words)
        self._answers.append((code, predicted))
        self._size += len(words)
        if len(self._waiting) >= _WAITING or self._size >= _WORDS:
            self._count()

    def _count(self) -> None:
        """Count the rows that wait: by n-gram, label and prediction."""
        texts, answers = self._waiting, np.array(self._answers, np.int64).reshape(-1, 2)
        for ngram, held in self._ngrams.items():
            held.extend(holding(texts, ngram).astype(np.int8).tolist())
        if self._common is None:
            found: Mapping[str, NDArray[np.int64]] = common(texts)
            self._common = {ngram: np.zeros((0, self._classes), np.int64) for ngram in found}
        else:
            found = places(texts, list(self._common))
        rows = int(answers[:, 0].max(initial=-1)) + 1
        for ngram, where in found.items():
            counts = self._common[ngram]
            if len(counts) < rows:
                counts = np.pad(counts, ((0, rows - len(counts)), (0, 0)))
                self._common[ngram] = counts
            np.add.at(counts, (answers[where, 0], answers[where, 1]), 1)
        self._waiting, self._answers, self._size = [], [], 0

    def report(
        self,
        classes: NDArray[np.int64],
        labels: NDArray[np.int64],
        right: NDArray[np.bool_],
        class_names: Sequence[str],
    ) -> tuple[list[str], dict[str, Any]]:
        """The slices as lines of text and ready for JSON.

        Args:
            classes: class of each value of the labels, int64 ``[V]``; -1 for none.
            labels: class of each row, int64 ``[n]``; -1 for rows that do not count.
            right: whether each row is predicted right, bool ``[n]``.
            class_names: of the network.
        """
        self._count()
        used = labels >= 0
        parted = groupings(
            class_names,
            labels,
            np.array(self._lengths, np.float64),
            {self._names[place]: cells for place, cells in self._cells.items()},
            {ngram: np.array(held, bool) for ngram, held in self._ngrams.items()},
        )
        kinds = {each.kind for each in parted}
        unsuitable = [
            name for name in map(self._names.__getitem__, self._cells) if name not in kinds
        ]
        asked = [each for found in parted for each in found.counted(right, used)]
        words = [self._counted(ngram, classes) for ngram in self._common or ()]
        total, hits = int(used.sum()), int((right & used).sum())
        found, common_words = compare(asked, total, hits), compare(words, total, hits)
        lines = [*_told("slices", found), "", *_told("common words and bigrams", common_words)]
        if unsuitable and self._named:
            lines += [f"no slices by {', '.join(unsuitable)}: neither categories nor numbers"]
        written = [s for n, s in enumerate(common_words) if s.worse or n < _WRITTEN]
        return lines, {
            "correction": "Holm",
            "rate": RATE,
            "tried": len(found),
            "slices": as_json(found),
            "common_words_tried": len(common_words),
            "common_words": as_json(written),
        }

    def _counted(self, ngram: str, classes: NDArray[np.int64]) -> Counted:
        counts = (self._common or {})[ngram]
        used = np.flatnonzero(classes[: len(counts)] >= 0)
        right = counts[used, classes[used]].sum()
        return Counted(CONTAINS, ngram, int(counts[used].sum()), int(right))


def _told(what: str, slices: Sequence[Slice]) -> list[str]:
    if not slices:
        return [f"{what}: none has enough rows to be compared with the rest"]
    worse = sum(each.worse for each in slices)
    return [
        f"{what}: {len(slices):,} tried, {worse:,} significantly worse than the rest "
        f"(Fisher's exact test, Holm's correction at {100 * RATE:.0f} %)",
        *in_words(slices),
    ]
