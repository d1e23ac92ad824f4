"""How a table is written as a file: what is asked for, and what was found out."""

from dataclasses import dataclass
from typing import Literal

Quoting = Literal["standard", "none"]
Escape = Literal["double", "backslash"]

DELIMITERS = (",", ";", "\t", "|")
_DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space"}
_ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
}


@dataclass(frozen=True, slots=True)
class Dialect:
    r"""How a table is written.

    Attributes:
        delimiter: one character between columns.
        quoting: ``standard``: a field that begins with a quote ends with one, and may hold
            anything between; ``none``: quotes are ordinary characters, a line is a row.
        escape: how a quote inside a quoted field is written: ``double`` (``""``) or ``backslash``
            (``\"``, beside ``""``; a backslash itself is doubled, and one before a delimiter or a
            line break makes that an ordinary character).
        header: whether the first row names the columns.
        skipped: lines above the table.
        encoding: a codec's name.
        marked: whether the file begins with UTF-8's byte order mark.
    """

    delimiter: str = ","
    quoting: Quoting = "standard"
    escape: Escape = "double"
    header: bool = True
    skipped: int = 0
    encoding: str = "utf-8"
    marked: bool = False

    @property
    def usual(self) -> bool:
        """Whether there is nothing to tell: UTF-8, and a CSV file as RFC 4180 describes it."""
        return self == Dialect(marked=self.marked, encoding=self.encoding) and (
            encoding_name(self.encoding) == "UTF-8"
        )

    def describe(self, columns: int) -> str:
        """Say it in a few words, such as ``semicolon-separated, UTF-16, no header``.

        Args:
            columns: of the table.
        """
        name = _DELIMITER_NAMES.get(self.delimiter, repr(self.delimiter))
        parts = [f"{name}-separated" if columns > 1 else "one column"]
        parts.append(encoding_name(self.encoding))
        if self.quoting == "none":
            parts.append("quotes are ordinary characters")
        if self.escape == "backslash":
            parts.append("backslash before quotes")
        if not self.header:
            parts.append("no header")
        if self.skipped:
            parts.append(f"{self.skipped} line{'s' * (self.skipped > 1)} above the table left out")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a visitor wants a file to be read; None leaves it to be found out.

    Attributes:
        encoding: a codec's name.
        delimiter: one character.
        quoting: see Dialect.
        escape: see Dialect.
        header: see Dialect.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quoting: Quoting | None = None
    escape: Escape | None = None
    header: bool | None = None


FIND_OUT = ReadOptions()
"""All of it is found out."""


def encoding_name(encoding: str) -> str:
    """What people call a codec, such as ``UTF-8``."""
    return _ENCODING_NAMES.get(encoding.removesuffix("-sig"), encoding)
