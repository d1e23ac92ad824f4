"""Rows parted by a column, a length or a class: categories as they are, numbers into five bins."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlnlp.scoring.slices import Counted

BINS = 5
CONTAINS = "text contains"
"""The kind of the slices by an n-gram."""
MOST_CATEGORIES = 50
_FEW = 10  # so many different numbers are categories


@dataclass(frozen=True, eq=False)
class Grouping:
    """Rows, each in one group at most.

    Attributes:
        kind: what they were parted by.
        values: what the rows of each group share.
        codes: number of each row's group, int64 ``[n]``; -1 for none.
    """

    kind: str
    values: tuple[str, ...]
    codes: NDArray[np.int64]

    def counted(
        self, right: NDArray[np.bool_], used: NDArray[np.bool_] | None = None
    ) -> list[Counted]:
        """How many rows of each group are right.

        Args:
            right: whether each row is, bool ``[n]``.
            used: rows that count, bool ``[n]``; all without it.
        """
        inside = self.codes >= 0 if used is None else (self.codes >= 0) & used
        codes, groups = self.codes[inside], len(self.values)
        rows = np.bincount(codes, minlength=groups).tolist()
        hits = np.bincount(codes[right[inside]], minlength=groups).tolist()
        return [
            Counted(self.kind, value, n, k)
            for value, n, k in zip(self.values, rows, hits, strict=True)
        ]


class ColumnCells:
    """The cells of a column, as they come: 16 bytes each.

    Attributes:
        suitable: False as soon as there are too many different cells that are no numbers.
    """

    def __init__(self) -> None:
        self.suitable = True
        self._codes: dict[str, int] = {}
        self._places, self._numbers = array("q"), array("d")
        self._numeric = True

    def add(self, cell: str) -> None:
        """Take in the cell of the next row."""
        if not self.suitable:
            return
        value = cell.strip()
        number = _number(value)
        self._numeric = self._numeric and (number is not None or not value)
        if value in self._codes or len(self._codes) <= MOST_CATEGORIES:
            self._places.append(self._codes.setdefault(value, len(self._codes)))
        else:
            self._places.append(-1)
        self._numbers.append(np.nan if number is None else number)
        self.suitable = self._numeric or len(self._codes) <= MOST_CATEGORIES

    def grouping(self, kind: str) -> Grouping | None:
        """The rows by their cells; None where the column holds neither categories nor numbers.

        Args:
            kind: name of the column.
        """
        if not self.suitable or len(self._codes) < 2:
            return None
        if self._numeric and len(self._codes) > _FEW:
            return bins(kind, np.array(self._numbers, np.float64))
        values = tuple(value or "(empty)" for value in self._codes)
        return Grouping(kind, values, np.array(self._places, np.int64))


def _number(cell: str) -> float | None:
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def bins(kind: str, numbers: NDArray[np.float64], unit: str = "") -> Grouping:
    """Rows by a number, in bins of about as many rows each; equal numbers stay together.

    Args:
        kind: what the numbers are.
        numbers: float64 ``[n]``; NaN is in no bin.
        unit: put behind the ends of a bin.
    """
    known = ~np.isnan(numbers)
    edges = np.unique(np.quantile(numbers[known], np.linspace(0, 1, BINS + 1)[1:-1]))
    codes = np.full(len(numbers), -1)
    codes[known] = np.searchsorted(edges, numbers[known], side="left")
    present = np.unique(codes[known])
    codes[known] = np.searchsorted(present, codes[known])
    names = []
    for place in range(len(present)):
        inside = numbers[codes == place]
        low, high = _written(inside.min()), _written(inside.max())
        names.append((low if low == high else f"{low} to {high}") + unit)
    return Grouping(kind, tuple(names), codes)


def _written(number: float) -> str:
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else f"{number:.6g}"


def groupings(
    class_names: Sequence[str],
    labels: NDArray[np.int64],
    lengths: NDArray[np.float64],
    cells: Mapping[str, ColumnCells],
    holding: Mapping[str, NDArray[np.bool_]],
) -> list[Grouping]:
    """All ways to part n rows: by class, by length, by columns, by n-grams that were asked for.

    Args:
        class_names: C names.
        labels: true class of each row, int64 ``[n]``; -1 for none.
        lengths: words of each text, float64 ``[n]``.
        cells: of columns, by their names; those that hold neither categories nor numbers part
            nothing.
        holding: for each n-gram whether each text holds it, bool ``[n]``.
    """
    parted = [column.grouping(name) for name, column in cells.items()]
    return [
        Grouping("true label", tuple(class_names), labels),
        bins("length", lengths, " words"),
        *(each for each in parted if each is not None),
        *(
            Grouping(CONTAINS, (ngram,), held.astype(np.int64) - 1)
            for ngram, held in holding.items()
        ),
    ]
