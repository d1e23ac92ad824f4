r"""A table read as a stream: rows with their line numbers, whatever state the file is in.

RFC 4180 and the dialects beyond it that `dialect` tells. Python's csv module is not used: its
limit on a field (131,072 characters) belongs to the whole process, and one lost quote makes it
swallow what follows. pandas swallows that too, drops it or refuses the file, and gives no line
numbers. Here memory is bounded by one record, and reading goes on behind a bad one.

What is a row in a damaged file cannot be known; these rules decide it:

- A record over several lines is a row only when its quotes show no fault and its width is right.
  Else its first line is damaged, and the next line is looked at by itself: a lost quote takes no
  good row with it, unless a second one makes a faultless record of all between them.
- Behind damage, a line that makes a faultless row is one. Other lines are damaged rows of their
  own, or, in a file where rows have run over several lines, the rest of the damaged row.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

from dlnlp.tables.dialect import Dialect, encoding_name
from dlnlp.tables.grammar import Grammar, Malformed, Record

# Characters of one record, line breaks included: bounds the memory that a lost quote can take.
MAX_RECORD = 1 << 22
# What the decoder leaves in place of bytes that are no text (a lone surrogate: no text holds it).
UNDECODABLE = "\udcff"
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_LINE_ENDS = ("", "\n", "\r\n", "\r")


class TableError(ValueError):
    """A file that cannot be read as a table; the message is a sentence without the file's name.

    Attributes:
        option: option of the command line that may help, such as ``--encoding``; else "".
    """

    def __init__(self, message: str, option: str = "") -> None:
        super().__init__(message)
        self.option = option


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the width of the header.

    Attributes:
        line: where it starts, from 1, as an editor counts.
        fields: its text, column by column; what was no text is U+FFFD.
        problem: why it should not be scored, as part of a sentence; "" when nothing is wrong.
    """

    line: int
    fields: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """Lines that are no row of the table, or a row that cannot be used.

    Attributes:
        line: the first line, from 1; 0 where the whole file is meant.
        last_line: the last line, itself included.
        problem: what is wrong, as part of a sentence.
        file: its name where a reader reads several.
    """

    line: int
    last_line: int
    problem: str
    file: str = ""

    @property
    def where(self) -> str:
        """``line 7`` or ``lines 7 to 9``, behind the file's name if there is one."""
        lines = f"line {self.line}"
        if self.last_line > self.line:
            lines = f"lines {self.line} to {self.last_line}"
        return ", ".join(part for part in (self.file, lines if self.line else "") if part)


def column_name(place: int) -> str:
    """What a column without a name is called; `place` counts from 0."""
    return f"column {place + 1}"


class TableReader:
    r"""Reads the header at once, then row by row.

    Args:
        file: text opened with ``newline=""``; bytes that are no text arrive as UNDECODABLE.
        dialect: how it is written.
        most: characters that one record may have, line breaks included.
        columns: their names where the format fixes them; the file then has no header.

    Attributes:
        header: names of the columns, as written; ``column 1``, ``column 2``, ... without a header.
        newline: how the first row's line ends, ``"\n"`` when nothing follows it.
        dialect: as given.
        lines: physical lines read so far.
        quoted: fields in quotes in the rows so far.

    Raises:
        TableError: there is no header, or it is no readable record.
    """

    def __init__(
        self,
        file: TextIO,
        dialect: Dialect,
        most: int = MAX_RECORD,
        columns: Sequence[str] = (),
    ) -> None:
        self.dialect = dialect
        self.lines = self.quoted = 0
        self._file, self._most = file, most
        self._waiting: deque[str] = deque()
        self._grammar = Grammar(dialect, most)
        self._runs_on = False  # whether a row has run over several lines
        for _ in range(dialect.skipped):
            self._next_line()
        self.newline, self.header = "\n", tuple(columns)
        self._model = (
            "the format" if columns else "the header" if dialect.header else "the first row"
        )
        if columns:
            self._model = "the format"
        else:
            self._read_header()
        # Columns without a name at the end may be missing in a row.
        self._fewest = max((n for n, name in enumerate(self.header, 1) if name.strip()), default=1)

    def _read_header(self) -> None:
        try:
            record = self._record()
        except Malformed as error:
            raise TableError(
                f"its first row, the names of the columns, is no CSV: {error}"
            ) from None
        if record is None:
            raise TableError("it is empty: it should begin with a row of column names")
        self.newline = record.lines[-1][len(record.lines[-1].rstrip("\r\n")) :] or "\n"
        if self.dialect.header:
            self.header = record.fields
        else:
            self.header = tuple(map(column_name, range(len(record.fields))))
            self._put_back(record.lines)
        if any(_NO_TEXT.search(name) for name in self.header):
            raise TableError(
                "the names of its columns hold bytes that are not text in the expected encoding: "
                "save it as CSV in UTF-8, or name its encoding, for example cp1252",
                "--encoding",
            )

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __iter__(self) -> Iterator[Row | BadRow]:
        """Yield rows and what is none, in order."""
        broken: BadRow | None = None  # damage that the next lines may belong to
        while (found := self._found()) is not None:
            row, record = found
            if record is None or (broken and (record.odd or isinstance(row, BadRow))):
                if broken and record is not None and self._runs_on:
                    broken = BadRow(broken.line, self.lines, broken.problem)
                    continue
                if broken:
                    yield broken
                problem = (
                    row.problem or "a quote stands inside the row, and the row above is damaged"
                )
                broken = BadRow(row.line, self.lines, problem)
                continue
            if broken:
                yield broken
                broken = None
            if isinstance(row, Row):
                self.quoted += record.quoted
                self._runs_on = self._runs_on or len(record.lines) > 1
            yield row
        if broken:
            yield broken

    def _found(self) -> tuple[Row | BadRow, Record | None] | None:
        """What comes next: a row, and its record unless its quotes are damaged; None at the end."""
        try:
            record = self._record()
        except Malformed as error:
            return BadRow(self.lines, self.lines, str(error)), None
        if record is None:
            return None
        row = self._row(record)
        doubtful = record.dangling or (isinstance(row, BadRow) and not self._runs_on)
        if doubtful and len(record.lines) > 1:
            self._put_back(record.lines[1:])
            problem = "a quote opens or closes in the wrong place"
            return BadRow(self.lines, self.lines, problem), None
        return row, record

    def _row(self, record: Record) -> Row | BadRow:
        fields, width = record.fields, len(self.header)
        if len(fields) != width:
            if len(fields) > width and not any(fields[width:]):
                fields = fields[:width]
            elif self._fewest <= len(fields) < width:
                fields += ("",) * (width - len(fields))
            else:
                count = f"{len(fields):,} field{'s' * (len(fields) != 1)}"
                problem = f"the row has {count} where {self._model} has {width:,}"
                return BadRow(record.line, self.lines, problem)
        if any(map(_NO_TEXT.search, fields)):
            problem = (
                f"the row holds bytes that are not text in {encoding_name(self.dialect.encoding)}: "
                "name the file's encoding, for example cp1252"
                if any(UNDECODABLE in field for field in fields)
                else "the row holds a NUL character"
            )
            fields = tuple(_NO_TEXT.sub("\ufffd", field) for field in fields)
            return Row(record.line, fields, problem)
        return Row(record.line, fields)

    def _next_line(self) -> str:
        """The next physical line, "" at the end; of one above self._most only the beginning."""
        line = self._waiting.popleft() if self._waiting else self._file.readline(self._most)
        self.lines += bool(line)
        rest = line
        while len(rest) == self._most and not rest.endswith(("\n", "\r")):
            rest = self._file.readline(self._most)
        return line

    def _put_back(self, lines: Sequence[str]) -> None:
        self._waiting.extendleft(reversed(lines))
        self.lines -= len(lines)

    def _record(self) -> Record | None:
        """The next record that is no blank line; None at the end.

        Raises:
            Malformed: it is no record; its first line has been taken then, and no other.
        """
        line = self._next_line()
        while line in _LINE_ENDS[1:]:
            line = self._next_line()
        if not line:
            return None
        first = self.lines
        if len(line) >= self._most:
            raise Malformed(f"the row has more than {self._most:,} characters")
        if self._grammar.is_plain(line):
            fields = line.rstrip("\r\n").split(self.dialect.delimiter)
            return Record(tuple(fields), first, [line])
        taken = [line]
        try:
            return self._grammar.record(taken, self._next_line, first)
        except Malformed:
            self._put_back(taken[1:])
            raise
