"""Text as cells of a CSV file: quoted where it must be, and no formula where a sheet opens it."""

import re
from collections.abc import Iterable, Sequence

# What spreadsheets take for the start of a formula, its full-width forms too.
_FORMULA_STARTS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
_NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]+)?%?")
# Not white space to Python, but nothing to see either: the mark, and spaces of no width.
_UNSEEN = "\ufeff\u200b\u200c\u200d\u2060\u180e\0"


def csv_record(fields: Sequence[str], delimiter: str = ",", newline: str = "\n") -> str:
    """One record of a CSV file; fields are quoted where they must be, and come back unchanged."""
    if len(fields) == 1 and not fields[0]:
        return f'""{newline}'  # an empty line would be no row
    return delimiter.join(_quoted(field, delimiter) for field in fields) + newline


def _quoted(field: str, delimiter: str) -> str:
    if '"' in field:
        return '"' + field.replace('"', '""') + '"'
    return f'"{field}"' if delimiter in field or "\n" in field or "\r" in field else field


def neutralise(cell: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet could run as a formula.

    That is one whose first visible character is ``=``, ``+``, ``-`` or ``@``, in full width too,
    or that begins with a tab or a line break (some programs cut these off, others end the cell
    there). Plain numbers stay as they are.
    """
    visible = cell.lstrip()
    while visible and visible[0] in _UNSEEN:
        visible = visible.lstrip(_UNSEEN).lstrip()
    risky = visible.startswith(_FORMULA_STARTS) or cell.startswith(("\t", "\r", "\n"))
    return f"'{cell}" if risky and not _NUMBER.fullmatch(cell) else cell


def table_csv(columns: Sequence[str], rows: Iterable[Sequence[str | int | float]]) -> bytes:
    r"""A table to take home: UTF-8 with a mark so that spreadsheets read it as such.

    Args:
        columns: The header.
        rows: Cells in the order of `columns`: text is neutralised, truth values are written as
            true and false, other numbers with six digits.

    Returns:
        CSV with ``\r\n`` at the ends of lines.
    """
    lines = [csv_record([_cell(cell) for cell in row], ",", "\r\n") for row in (columns, *rows)]
    return "".join(lines).encode("utf-8-sig", errors="replace")


def _cell(cell: str | int | float) -> str:
    if isinstance(cell, str):
        return neutralise(cell.replace("\0", ""))
    if isinstance(cell, bool):
        return str(cell).lower()
    return str(cell) if isinstance(cell, int) else f"{cell:.6g}"
