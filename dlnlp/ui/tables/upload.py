"""A visitor's table, read within bounds."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from dlnlp.tables.dialect import FIND_OUT, Dialect, ReadOptions
from dlnlp.tables.header import column_labels
from dlnlp.tables.reader import BadRow, Row, TableError
from dlnlp.tables.sniffing import open_table

MOST_BYTES = 8_000_000  # 5,000 reviews of films are 6.5
MOST_ROWS = 5_000
MOST_COLUMNS = 50
LONGEST_NAME = 200


@dataclass(frozen=True, eq=False)
class UploadedTable:
    """A table that fits the page.

    Attributes:
        name: of the file.
        header: names of the columns, as written.
        dialect: how the file was read.
        rows: in the file's order, the bad ones among them.
    """

    name: str
    header: tuple[str, ...]
    dialect: Dialect
    rows: tuple[Row | BadRow, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Distinct names of the columns, also of those that have none in the file."""
        return column_labels(self.header)

    @property
    def good(self) -> tuple[Row, ...]:
        """The rows of the table."""
        return tuple(row for row in self.rows if isinstance(row, Row))

    @property
    def bad(self) -> tuple[BadRow, ...]:
        """What is no row of the table."""
        return tuple(row for row in self.rows if isinstance(row, BadRow))


def read_upload(name: str, content: bytes, reading: ReadOptions = FIND_OUT) -> UploadedTable:
    """Read an uploaded file.

    Raises:
        TableError: it is no table, or a larger one than the page takes.
    """
    if len(content) > MOST_BYTES:
        raise TableError(
            f"it is larger than {MOST_BYTES // 1_000_000} MB: split it, or use the command line, "
            "which reads files of any size"
        )
    reader = open_table(io.BytesIO(content), reading)
    _check_header(reader.header)
    rows: list[Row | BadRow] = []
    for row in reader:
        rows.append(row)
        if len(rows) > MOST_ROWS:
            raise TableError(
                f"it has more than {MOST_ROWS:,} rows: split it, or use the command line, which "
                "reads files of any size"
            )
    if not any(isinstance(row, Row) for row in rows):
        if rows and isinstance(rows[0], BadRow):
            raise TableError(
                f"none of its rows can be read ({rows[0].where}: {rows[0].problem})", "--quoting"
            )
        raise TableError("it has a row of column names, and no row below it")
    return UploadedTable(name, reader.header, reader.dialect, tuple(rows))


def _check_header(header: Sequence[str]) -> None:
    if len(header) > MOST_COLUMNS:
        raise TableError(
            f"it has {len(header):,} columns, and {MOST_COLUMNS} are the most here: keep the text "
            "and what you need beside it"
        )
    for place, column in enumerate(header, 1):
        if len(column) > LONGEST_NAME:
            raise TableError(
                f"its first row should hold the names of the columns, and name {place} has "
                f"{len(column):,} characters: put a row of short names on top, or say that the "
                "first row is data",
                "--no-header",
            )
