"""A visitor's own range test: a CSV of rates and losses, read within bounds."""

import csv
import io
import math

import numpy as np
from numpy.typing import NDArray

MOST_BYTES = 2_000_000
MOST_ROWS = 20_000
_RATES = ("rate", "lr", "learning_rate", "learning rate")
_LOSSES = ("loss", "train_loss", "training loss")


class LogError(ValueError):
    """A file that is no loss log; the message is one sentence for the page."""


def read_log(content: bytes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Rates and losses of a CSV file.

    Commas, semicolons or tabs; a header that names the columns (rate or lr, and loss), or none:
    then the first two columns. Losses may be empty, "nan" or "inf"; rates may not.

    Args:
        content: the file, UTF-8.

    Raises:
        LogError: too large, not text, no two columns, or a cell that is no number; names the line.
    """
    if len(content) > MOST_BYTES:
        raise LogError(f"The file is larger than {MOST_BYTES // 1_000_000} MB: keep rate and loss.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LogError("The file is not text in UTF-8: save it as CSV.") from error
    first = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        rows = [(table.line_num, row) for row in table if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise LogError(f"The file is no CSV ({error}).") from error
    if not rows:
        raise LogError("The file is empty: it should hold a rate and a loss on each line.")
    rate_at, loss_at, skip = _columns([cell.strip().lower() for cell in rows[0][1]])
    rows = rows[skip:]
    if len(rows) > MOST_ROWS:
        raise LogError(f"The file has {len(rows):,} lines, and {MOST_ROWS:,} are the most.")
    rates, losses = np.empty(len(rows)), np.empty(len(rows))
    for index, (line, row) in enumerate(rows):
        if len(row) <= max(rate_at, loss_at):
            raise LogError(f"Line {line} has {len(row)} columns: a rate and a loss are needed.")
        rates[index] = _number(row[rate_at], line, "rate")
        losses[index] = _number(row[loss_at].strip() or "nan", line, "loss")
    return rates, losses


def _columns(header: list[str]) -> tuple[int, int, int]:
    """Places of rate and loss, and how many lines the header takes."""
    if len(header) < 2:
        raise LogError("Line 1 has one column: a rate and a loss are needed, with a comma between.")
    rate = next((header.index(name) for name in _RATES if name in header), None)
    loss = next((header.index(name) for name in _LOSSES if name in header), None)
    if rate is not None and loss is not None:
        return rate, loss, 1
    if any(_is_number(cell) for cell in header[:2]):
        return 0, 1, 0
    raise LogError("The header should name the columns rate and loss.")


def _is_number(cell: str) -> bool:
    try:
        return not math.isnan(float(cell))
    except ValueError:
        return False


def _number(cell: str, line: int, what: str) -> float:
    try:
        return float(cell)
    except ValueError:
        shown = cell.strip()[:20]
        raise LogError(f"Line {line}: the {what} “{shown}” is no number.") from None
