"""A visitor's own range test: a table of learning rates and losses, read within bounds.

The logs of Keras, PyTorch Lightning, fastai, Weights & Biases and spreadsheets differ in names,
delimiters, decimal marks and in what stands on one row; :class:`LossLog` reads them all.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from dlnlp.tables.dialect import ReadOptions
from dlnlp.tables.reader import BadRow, TableError
from dlnlp.tables.sniffing import open_table
from dlnlp.ui.schedules import log_columns
from dlnlp.ui.schedules.log_numbers import NotNumber, is_number, numbers

Floats = NDArray[np.float64]
_Record = tuple[int, tuple[str, ...]]  # line and cells
MOST_BYTES = 2_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 500
# None: what the reader of tables finds. The others where that does not give numbers: "0,1;2,5".
_DELIMITERS = (None, ";", "\t", ",", " ", "|")
_SAMPLE_ROWS = 50


class LogError(ValueError):
    """A file that is no loss log; the message is one sentence for the page."""


@dataclass(frozen=True)
class LossLog:
    """A table that may hold a range test.

    Attributes:
        columns: what the columns are called, all different.
        lines: line of the file on which each row starts, from 1.
        rows: text of the cells, row by row, each as long as `columns`.
        rate: index of the learning rate's column, None when it cannot be told.
        loss: index of the loss's column, None when it cannot be told.
        left_out: lines that are no rows of the table, for the page; "" when there are none.
    """

    columns: tuple[str, ...]
    lines: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    rate: int | None
    loss: int | None
    left_out: str = ""

    def values(self, rate: int, loss: int) -> tuple[Floats, Floats]:
        """Learning rates and losses, float64 ``[n]`` each, for :func:`analyse`.

        A row without a rate has the one of its step (PyTorch Lightning writes rate and loss on two
        rows of a step), else the rate last logged. Neighbouring rows of one rate become one, with
        the mean of their losses that are numbers. A loss may be missing, NaN or infinite.

        Args:
            rate: index of the column of learning rates.
            loss: index of the column of losses.

        Raises:
            LogError: a cell is no number (names line and text), or there are not two rates.
        """
        rates, losses = self._numbers(rate, "learning rate"), self._numbers(loss, "loss")
        step = log_columns.step_of(self.columns)
        if step is not None:
            rates = _from_same_step(rates, [row[step] for row in self.rows])
        known = ~np.isnan(rates)
        if not known.any():
            raise LogError(f"The column “{self.columns[rate]}” holds no number.")
        last = np.maximum.accumulate(np.where(known, np.arange(len(rates)), -1))
        rates, losses = rates[last[last >= 0]], losses[last >= 0]
        starts = np.flatnonzero(np.r_[True, np.diff(rates) != 0])
        if len(starts) == 1 and len(rates) > 1:
            raise LogError(
                f"The learning rate is {rates[0]:g} on every row: a range test raises it step by "
                "step."
            )
        return rates[starts], _means(losses, starts)

    def _numbers(self, column: int, what: str) -> Floats:
        try:
            return numbers([row[column] for row in self.rows])
        except NotNumber as error:
            line = self.lines[error.index]
            raise LogError(f"Line {line}: the {what} “{error.shown}” is no number.") from None


def read_log(content: bytes) -> LossLog:
    """Read a table of numbers, and tell by names which columns hold learning rate and loss.

    Args:
        content: the file: CSV with any usual delimiter, with or without a header.

    Raises:
        LogError: too large, no text, no table of two columns, or without rows.
    """
    if len(content) > MOST_BYTES:
        raise LogError(
            f"The file is larger than {MOST_BYTES // 1_000_000} MB: keep learning rate and loss."
        )
    delimiter = max(_DELIMITERS, key=lambda one: _numeric(content, one))
    try:
        first, rest = _records(content, delimiter)
        records = list(islice(rest, MOST_ROWS + 1))
    except TableError as error:
        raise LogError(f"The file cannot be read: {error}.") from error
    bad = [row for row in records if isinstance(row, BadRow)]
    lines_and_cells = [row for row in records if not isinstance(row, BadRow)]
    header = first[1]
    if len(header) < 2:
        raise LogError("The first line has 1 column: a learning rate and a loss are needed.")
    if len(header) > MOST_COLUMNS:
        raise LogError(f"The file has {len(header):,} columns, and {MOST_COLUMNS} are the most.")
    if len(records) > MOST_ROWS:
        raise LogError(f"The file has more rows than {MOST_ROWS:,}, which are the most.")
    named = not any(map(is_number, header)) or log_columns.are_indices(header)
    if not named:
        lines_and_cells.insert(0, first)
    if not lines_and_cells:
        raise LogError(
            f"The file has no row of numbers: {bad[0].where}: {bad[0].problem}."
            if bad
            else "The file has no rows below the names of its columns."
        )
    lines, rows = zip(*lines_and_cells, strict=True)
    rate, loss = log_columns.told(header if named else (), rows)
    return LossLog(
        log_columns.labels(header if named else ("",) * len(header)),
        lines,
        rows,
        rate,
        loss,
        _told_left_out(bad),
    )


def _records(content: bytes, delimiter: str | None) -> tuple[_Record, Iterator[_Record | BadRow]]:
    """The first row, and all others; spaces around a cell are no part of it."""
    reader = open_table(io.BytesIO(content), ReadOptions(delimiter=delimiter, header=True))

    def rest() -> Iterator[_Record | BadRow]:
        for row in reader:
            if isinstance(row, BadRow):
                yield row
            elif any(cells := tuple(map(_bare, row.fields))):
                yield row.line, cells

    return (reader.lines, tuple(map(_bare, reader.header))), rest()


def _bare(cell: str) -> str:
    """A cell without spaces around it, and without quotes that were no quotes of the table."""
    return cell.strip().strip('"').strip()


def _numeric(content: bytes, delimiter: str | None) -> tuple[float, float]:
    """Shares of rows with two numbers, and of cells that are numbers, in the first rows."""
    try:
        first, rest = _records(content, delimiter)
        sample = [first, *islice(rest, _SAMPLE_ROWS)]
    except TableError:
        return 0.0, 0.0
    rows = [row[1] for row in sample if not isinstance(row, BadRow)]
    counts = [sum(map(is_number, row)) for row in rows]
    filled = sum(sum(map(bool, row)) for row in rows)
    usable = sum(count >= 2 for count in counts) / len(sample)
    return usable, sum(counts) / filled if usable else 0.0


def _from_same_step(rates: Floats, steps: Sequence[str]) -> Floats:
    """Rates with the missing ones taken from a neighbouring row of the same step."""
    filled = rates.copy()
    same = [one == other != "" for one, other in zip(steps, steps[1:], strict=False)]
    for index in range(len(same)):  # forwards
        if same[index] and np.isnan(filled[index + 1]):
            filled[index + 1] = filled[index]
    for index in reversed(range(len(same))):
        if same[index] and np.isnan(filled[index]):
            filled[index] = filled[index + 1]
    return filled


def _means(losses: Floats, starts: NDArray[np.int64]) -> Floats:
    """Mean of the finite losses of each stretch that begins at `starts`; NaN without any."""
    finite = np.isfinite(losses)
    counts = np.add.reduceat(finite.astype(np.float64), starts)
    # Divided first: the sum of large losses would overflow.
    shares = np.where(finite, losses, 0.0) / np.repeat(
        np.maximum(counts, 1), np.diff(np.r_[starts, len(losses)])
    )
    return np.where(counts > 0, np.add.reduceat(shares, starts), np.nan)


def _told_left_out(bad: Sequence[BadRow]) -> str:
    if not bad:
        return ""
    more = f", and {len(bad) - 1:,} more" if len(bad) > 1 else ""
    return f"Left out: {bad[0].where} ({bad[0].problem}){more}."
