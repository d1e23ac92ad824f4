r"""A table in CSV read as a stream: rows with their line numbers, whatever state the file is in.

RFC 4180 with any one-character delimiter: a quoted field may hold the delimiter, line breaks and
doubled quotes; a quote inside an unquoted field stands for itself. Python's csv module is not used:
its limit on a field (131,072 characters) belongs to the whole process, and one lost quote makes
it swallow what follows. Here memory is bounded by one record, and reading goes on behind a bad one.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

# Characters of one record, line breaks included: bounds the memory that a lost quote can take.
MAX_RECORD = 1 << 22
# What the decoder leaves in place of bytes that are no text (a lone surrogate: no text holds it).
UNDECODABLE = "\udcff"
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_QUOTED = re.compile(r'(?:[^"]++|"")*+')
_LINE_ENDS = ("", "\n", "\r\n", "\r")


class TableError(ValueError):
    """A file that cannot be read as a table; the message is a sentence without the file's name.

    Attributes:
        option: of the command line that may help, such as ``--encoding``; else "".
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
    """Lines that are no row of the table, or a row that cannot be scored.

    Attributes:
        line: the first line, from 1.
        last_line: the last line, itself included.
        problem: what is wrong, as part of a sentence.
    """

    line: int
    last_line: int
    problem: str

    @property
    def where(self) -> str:
        """``line 7`` or ``lines 7 to 9``."""
        if self.last_line <= self.line:
            return f"line {self.line}"
        return f"lines {self.line} to {self.last_line}"


def csv_record(fields: Sequence[str], delimiter: str = ",", newline: str = "\n") -> str:
    """One record of a CSV file; fields are quoted where they must be, and come back unchanged."""
    if len(fields) == 1 and not fields[0]:
        return f'""{newline}'  # an empty line would be no row
    return delimiter.join(_quoted(field, delimiter) for field in fields) + newline


def _quoted(field: str, delimiter: str) -> str:
    if '"' in field:
        return '"' + field.replace('"', '""') + '"'
    return f'"{field}"' if delimiter in field or "\n" in field or "\r" in field else field


class _Malformed(Exception):
    """A record whose quotes or size are wrong."""


class TableReader:
    r"""Reads the header at once, then row by row.

    Args:
        file: text opened with ``newline=""``; bytes that are no text arrive as UNDECODABLE.
        delimiter: one character.

    Attributes:
        header: names of the columns, as written.
        newline: how the header's line ends, ``"\n"`` when nothing follows it.
        delimiter: as given.
        lines: physical lines read so far.

    Raises:
        TableError: there is no header, or it is no readable record.
    """

    def __init__(self, file: TextIO, delimiter: str) -> None:
        self.delimiter = delimiter
        self.lines = 0
        self._file = file
        self._waiting: deque[str] = deque()
        self._unquoted = re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
        self._line_end = ""
        try:
            record = self._record()
        except _Malformed as error:
            raise TableError(
                f"its first row, the names of the columns, is no CSV: {error}"
            ) from None
        if record is None:
            raise TableError("it is empty: it should begin with a row of column names")
        self.header, self.newline = record[0], self._line_end or "\n"
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
        """Yield rows and what is none, in order.

        After a broken record reading goes on at the line after its first; lines that are no
        faultless row belong to the broken record, as they may be the rest of it.
        """
        broken: BadRow | None = None
        while True:
            try:
                record = self._record()
            except _Malformed as error:
                broken = (
                    BadRow(broken.line, self.lines, broken.problem)
                    if broken
                    else BadRow(self.lines, self.lines, str(error))
                )
                continue
            if record is None:
                break
            fields, faultless, first = record
            if broken and not (faultless and len(fields) == len(self.header)):
                broken = BadRow(broken.line, self.lines, broken.problem)
                continue
            if broken:
                yield broken
                broken = None
            yield self._row(fields, first)
        if broken:
            yield broken

    def _row(self, fields: tuple[str, ...], first: int) -> Row | BadRow:
        if len(fields) != len(self.header):
            count = f"{len(fields):,} field{'s' * (len(fields) != 1)}"
            return BadRow(
                first, self.lines, f"the row has {count} where the header has {len(self.header):,}"
            )
        if any(map(_NO_TEXT.search, fields)):
            problem = (
                "the row holds bytes that are not text in the file's encoding"
                if any(UNDECODABLE in field for field in fields)
                else "the row holds a NUL character"
            )
            return Row(first, tuple(_NO_TEXT.sub("\ufffd", field) for field in fields), problem)
        return Row(first, fields)

    def _next_line(self) -> str:
        """The next physical line, "" at the end; of one above MAX_RECORD only the beginning."""
        line = self._waiting.popleft() if self._waiting else self._file.readline(MAX_RECORD)
        self.lines += bool(line)
        rest = line
        while len(rest) == MAX_RECORD and not rest.endswith(("\n", "\r")):
            rest = self._file.readline(MAX_RECORD)
        return line

    def _put_back(self, lines: Sequence[str]) -> None:
        self._waiting.extendleft(reversed(lines))
        self.lines -= len(lines)

    def _record(self) -> tuple[tuple[str, ...], bool, int] | None:
        """The next record that is no blank line: fields, whether no quote is odd, its first line.

        Raises:
            _Malformed: it is no record; its first line has been taken then, and no other.
        """
        line = self._next_line()
        while line in _LINE_ENDS[1:]:
            line = self._next_line()
        if not line:
            return None
        first = self.lines
        if len(line) >= MAX_RECORD:
            raise _Malformed(f"the row has more than {MAX_RECORD:,} characters")
        if '"' not in line:
            content = line.rstrip("\r\n")
            self._line_end = line[len(content) :]
            return tuple(content.split(self.delimiter)), True, first
        taken = [line]
        try:
            return *self._fields(taken), first
        except _Malformed:
            self._put_back(taken[1:])
            raise

    def _fields(self, taken: list[str]) -> tuple[tuple[str, ...], bool]:
        """Fields of the record that begins with the line `taken`; adds the lines it goes on in."""
        line, position, fields, faultless = taken[0], 0, [], True
        while True:
            if line.startswith('"', position):
                field, line, position = self._quoted_field(taken, position + 1)
                fields.append(field)
            else:
                plain = self._unquoted.match(line, position)
                position = plain.end() if plain else position
                fields.append(plain[0] if plain else "")
                faultless = faultless and '"' not in fields[-1]
            if line.startswith(self.delimiter, position):
                position += 1
            elif line[position : position + 3] in _LINE_ENDS:
                self._line_end = line[position:]
                return tuple(fields), faultless
            else:
                raise _Malformed("a quote inside a quoted field is not doubled")

    def _quoted_field(self, taken: list[str], position: int) -> tuple[str, str, int]:
        """The field that opens before `position`; the line where it closes, the place behind."""
        line, parts = taken[-1], []
        size = sum(map(len, taken))
        while True:
            match = _QUOTED.match(line, position)
            end = match.end() if match else position
            parts.append(line[position:end])
            if end < len(line):
                return "".join(parts).replace('""', '"'), line, end + 1
            line, position = self._next_line(), 0
            size += len(line)
            if line:
                taken.append(line)
            if not line or size > MAX_RECORD:
                raise _Malformed("a quote opens here and is never closed")
