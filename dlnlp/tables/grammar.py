"""How one record of a table is cut into fields, in each dialect."""

import re
from collections.abc import Callable
from typing import NamedTuple

from dlnlp.tables.dialect import Dialect

NEVER_CLOSED = "a quote opens here and is never closed"
_LINE_ENDS = ("", "\n", "\r\n", "\r")


class Record(NamedTuple):
    """Fields, and how far they can be trusted.

    Attributes:
        fields: unescaped, without their quotes.
        line: the first line, from 1.
        lines: physical lines that it takes.
        quoted: how many fields stand in quotes.
        odd: whether a quote stands inside an unquoted field.
        dangling: whether an unquoted field ends with one, as if another quote were lost.
    """

    fields: tuple[str, ...]
    line: int
    lines: list[str]
    quoted: int = 0
    odd: bool = False
    dangling: bool = False


class Malformed(Exception):
    """A record whose quotes or size are wrong; the message is part of a sentence."""


class Grammar:
    """Cuts records of one dialect.

    Args:
        dialect: how the table is written.
        most: characters that one record may have.
    """

    def __init__(self, dialect: Dialect, most: int) -> None:
        self._delimiter = dialect.delimiter
        self._quotes = dialect.quoting == "standard"
        self._backslash = dialect.escape == "backslash"
        self._most, self._size = most, 0
        between = re.escape(dialect.delimiter)
        if self._backslash:
            self._plain = re.compile(rf"(?:[^{between}\r\n\\]++|\\(?:\r\n|.)?)*+", re.DOTALL)
            self._quoted = re.compile(r'(?:[^"\\]++|""|\\(?:\r\n|.)?)*+', re.DOTALL)
            special = rf'\\(\r\n|["\\\r\n]|{between})'
            self._escaped = re.compile(rf'""|{special}')
            self._plainly_escaped = re.compile(special)
        else:
            self._plain = re.compile(rf"[^{between}\r\n]*+")
            self._quoted = re.compile(r'(?:[^"]++|"")*+')

    def is_plain(self, line: str) -> bool:
        """Whether a line is a record whose fields can be had by splitting it."""
        return not (self._quotes and '"' in line) and not (self._backslash and "\\" in line)

    def record(self, taken: list[str], next_line: Callable[[], str], first: int) -> Record:
        """The record that begins with the line `taken`.

        Args:
            taken: its first line; the lines that it goes on in are added, also when it fails.
            next_line: gives the next line, "" at the end.
            first: number of the first line.

        Raises:
            Malformed: it is none.
        """
        line, position, quoted = taken[0], 0, 0
        self._size = len(line)
        fields: list[str] = []
        odd = dangling = False
        while True:
            if self._quotes and line.startswith('"', position):
                field, line, position = self._quoted_field(taken, next_line, position + 1)
                quoted += 1
            else:
                field, line, position = self._plain_field(taken, next_line, position)
                if self._quotes and '"' in field:
                    odd, dangling = True, dangling or field.endswith('"')
            fields.append(field)
            if line.startswith(self._delimiter, position):
                position += 1
            elif line[position : position + 3] in _LINE_ENDS:
                return Record(tuple(fields), first, taken, quoted, odd, dangling)
            else:
                raise Malformed(
                    "a quote inside a quoted field is not "
                    + ("escaped" if self._backslash else "doubled")
                )

    def _plain_field(
        self, taken: list[str], next_line: Callable[[], str], position: int
    ) -> tuple[str, str, int]:
        """The unquoted field at `position`; the line where it ends, the place behind it."""
        line, field = taken[-1], ""
        while True:
            match = self._plain.match(line, position)
            end = match.end() if match else position
            field += line[position:end]
            if not self._backslash:
                return field, line, end
            if end == len(line) and line.endswith(("\n", "\r")):  # the line's end is escaped
                line, position = self._more(taken, next_line), 0
                if line:
                    continue
                line, end = taken[-1], len(taken[-1])
            return self._plainly_escaped.sub(r"\1", field), line, end

    def _quoted_field(
        self, taken: list[str], next_line: Callable[[], str], position: int
    ) -> tuple[str, str, int]:
        """The field that opens before `position`; the line where it closes, the place behind."""
        line, parts = taken[-1], []
        while True:
            match = self._quoted.match(line, position)
            end = match.end() if match else position
            parts.append(line[position:end])
            if end < len(line):
                return self._unescaped("".join(parts)), line, end + 1
            line, position = self._more(taken, next_line), 0
            if not line:
                raise Malformed(NEVER_CLOSED)

    def _more(self, taken: list[str], next_line: Callable[[], str]) -> str:
        """The next line, "" at the end of the file."""
        line = next_line()
        if line:
            taken.append(line)
            self._size += len(line)
        if self._size > self._most:
            raise Malformed(f"{NEVER_CLOSED} (within {self._most:,} characters)")
        return line

    def _unescaped(self, field: str) -> str:
        if not self._backslash:
            return field.replace('""', '"')
        return self._escaped.sub(lambda match: match[1] or '"', field)
