"""Open a file of bytes as a table: what nobody says about how it is written is found out."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import BinaryIO, TextIO, cast

from dlnlp.tables.dialect import DELIMITERS, FIND_OUT, Dialect, Escape, Quoting, ReadOptions
from dlnlp.tables.encoding import UNDECODABLE_ERRORS, decoded, find_encoding, refuse_other_formats
from dlnlp.tables.grammar import NEVER_CLOSED
from dlnlp.tables.header import header_evidence
from dlnlp.tables.reader import Row, TableError, TableReader

# Bytes that are looked at before reading begins.
SAMPLE = 1 << 18
# Excel's first line that names the delimiter; a program that read it may have added cells.
_SEP_LINE = re.compile(r'"?sep=([^"\r\n])"?\1*[ ]*(\r\n|\r|\n|$)', re.IGNORECASE)
# From the most to the least usual: the first that explains the file is taken.
_FORMATS: tuple[tuple[Quoting, Escape], ...] = (
    ("standard", "double"),
    ("standard", "backslash"),
    ("none", "double"),
    ("none", "backslash"),
)
_MOST_TITLES = 10
_JUDGED_ROWS = 200
# Lines of the sample that are read in every dialect.
_LINES = 2000
# Share of rows that must fit before a line of prose is taken for several columns.
_PROSE_FITS = 0.9
# Where one field in quotes is right for so many that are not, quotes do mean something.
_RIGHT_QUOTES = 3


def open_table(
    stream: BinaryIO, reading: ReadOptions = FIND_OUT, text_column: str | None = None
) -> TableReader:
    """Find out how a file is written and open it as a table.

    Args:
        stream: bytes from the beginning; need not be seekable. The reader closes it.
        reading: what is known about it.
        text_column: a column that a right reading makes appear in the header.

    Raises:
        TableError: the file is empty, no table, or in another encoding; or there is no such
            encoding or delimiter.
        OSError: it cannot be read.
    """
    forbidden = '"\r\n\0' + ("\\" if reading.escape == "backslash" else "")
    if reading.delimiter is not None and (
        len(reading.delimiter) != 1 or reading.delimiter in forbidden
    ):
        raise TableError(
            f"{reading.delimiter!r} cannot separate columns: give one character, such as ';'",
            "--delimiter",
        )
    buffered = io.BufferedReader(cast(io.RawIOBase, stream), SAMPLE)
    sample = buffered.peek(SAMPLE)
    encoding = find_encoding(sample, reading.encoding)
    start = decoded(sample, encoding)
    if reading.delimiter is None and reading.header is None:
        refuse_other_formats(start)
    dialect = find_dialect(start, len(sample) >= SAMPLE, reading, text_column)
    dialect = replace(dialect, encoding=encoding, marked=sample.startswith(b"\xef\xbb\xbf"))
    text = io.TextIOWrapper(buffered, encoding, errors=UNDECODABLE_ERRORS, newline="")
    return TableReader(cast(TextIO, text), dialect)


@dataclass(frozen=True, slots=True)
class _Look:
    """The beginning of a file as one dialect shows it."""

    dialect: Dialect
    header: tuple[str, ...]
    rows: int
    bad: int
    joined: int  # rows that run over several lines
    quoted: int  # fields in quotes
    evidence: int  # of a header: see header_evidence
    asked: bool  # whether the header has the text column

    @property
    def doubtful(self) -> int:
        """Rows that speak for another dialect: text between tabs seldom holds line breaks."""
        return self.bad + (self.joined if self.dialect.delimiter == "\t" else 0)

    @property
    def means_quotes(self) -> bool:
        """Whether many fields stand in quotes rightly, against those that seem not to."""
        surely = self.quoted - (self.doubtful - self.bad)
        return _RIGHT_QUOTES * surely >= self.doubtful

    def rank(self) -> tuple[bool, bool, bool, float, int, int]:
        """The greater, the more it looks like a table."""
        fitting = self.rows / max(self.rows + self.bad, 1)
        prose = self.evidence < 1 and all(
            self.dialect.delimiter != "\t" and cell[:1] == " " for cell in self.header[1:]
        )
        columns = len(self.header) > 1 and (not prose or fitting >= _PROSE_FITS)
        named = self.evidence > 0
        return self.asked, named, columns, fitting, self.bad - self.doubtful, len(self.header)


@dataclass(frozen=True, slots=True)
class _Sample:
    """The beginning of a file, to be read in many ways."""

    start: str  # whole lines
    lines: int
    cut: bool  # whether more follows
    header: bool | None  # see ReadOptions
    text_column: str | None

    def looks(self, dialect: Dialect) -> list[_Look]:
        """The file in a dialect, without titles above its columns; nothing if it has no header."""
        skipped = dialect.skipped
        for _ in range(_MOST_TITLES if self.header is None else 0):
            try:
                header = (reader := self._reader(replace(dialect, skipped=skipped))).header
            except TableError:
                break
            filled = [cell for cell in header if cell.strip()]
            if len(filled) > 1:
                below = self._look(replace(dialect, skipped=skipped))
                if skipped == dialect.skipped or any(look.evidence > 0 for look in below):
                    return below
                break
            if filled and (not header[0].strip() or header_evidence(filled, [], self.text_column)):
                break  # the name of a column
            skipped = reader.lines
        return self._look(dialect)

    def _reader(self, dialect: Dialect) -> TableReader:
        return TableReader(io.StringIO(self.start, newline=""), dialect)

    def _look(self, dialect: Dialect) -> list[_Look]:
        try:
            reader = self._reader(dialect)
        except TableError:
            return []
        rows: list[tuple[str, ...]] = []
        bad = joined = 0
        trusted = self.lines / 2  # a quote that opens behind these may close later
        for row in reader:
            if isinstance(row, Row):
                rows.append(row.fields)
                joined += reader.lines > row.line
            elif self.cut and row.line > trusted and row.problem.startswith(NEVER_CLOSED):
                break
            else:
                bad += 1
        header = reader.header
        evidence = header_evidence(header, rows[:_JUDGED_ROWS], self.text_column)
        asked = self.text_column in header
        return [_Look(dialect, header, len(rows), bad, joined, reader.quoted, evidence, asked)]


def find_dialect(start: str, cut: bool, reading: ReadOptions, text_column: str | None) -> Dialect:
    """The dialect under which the first rows look most like a table.

    Args:
        start: the file's beginning, without a byte order mark.
        cut: whether it goes on.
        reading: what is known.
        text_column: a column that should appear in the header.
    """
    named = _SEP_LINE.match(start)
    delimiters: Sequence[str] = DELIMITERS
    if reading.delimiter is not None or named:
        delimiters = [reading.delimiter or (named[1] if named else "")]
    lines = list(islice(io.StringIO(start, newline=""), _LINES + 1))
    if cut or len(lines) > _LINES:
        lines, cut = lines[:-1] or lines, True
    sample = _Sample("".join(lines), len(lines), cut, reading.header, text_column)
    formats = [
        (quoting, escape)
        for quoting, escape in _FORMATS
        if reading.quoting in (None, quoting) and reading.escape in (None, escape)
    ]
    looks: list[_Look] = []
    for quoting, escape in formats:
        for delimiter in delimiters:
            tried = [found for found in looks if found.dialect.delimiter == delimiter]
            if quoting == "none" and any(found.means_quotes for found in tried):
                continue
            dialect = Dialect(delimiter, quoting, escape, skipped=int(bool(named)))
            looks.extend(sample.looks(dialect))
        if looks and not max(looks, key=_Look.rank).doubtful:
            break
    if not looks:  # the reader will say why
        return Dialect(delimiters[0], *formats[0])
    best = max(looks, key=_Look.rank)
    return replace(
        best.dialect, header=best.evidence >= 0 if reading.header is None else reading.header
    )
