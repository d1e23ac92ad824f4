"""Types for the options of all commands: what is wrong is one sentence, and exit status 2."""

import argparse
import math
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

TABLES = (".csv", ".csv.gz")
"""What the names of tables end in."""
_SHOWN = 40  # characters of a value in a message
_TEXT_CHARACTERS = 100_000
_NAME_BYTES = 200  # of a folder: names with up to 255 are made from it


class Parser(argparse.ArgumentParser):
    """Takes options by their whole name only; a wrong one is one sentence and exit status 2."""

    def __init__(self, **settings: object) -> None:
        super().__init__(**{"allow_abbrev": False, **settings})  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        """End the process."""
        sentence = " ".join(message.split())
        self.exit(2, f"{self.prog}: {sentence[:500]} (see --help)\n")


def whole(low: int = 1, high: int = 1_000_000_000) -> Callable[[str], int]:
    """A whole number from `low` to `high`."""

    def read(value: str) -> int:
        plain = re.fullmatch(r"\s*[+-]?[0-9]{1,20}\s*", value)
        if plain is None or not low <= int(value) <= high:
            raise _wrong(value, f"is not a whole number from {low:,} to {high:,}")
        return int(value)

    return read


def number(
    low: float = 0.0, high: float = math.inf, *, above: bool = False, below: bool = False
) -> Callable[[str], float]:
    """A number from `low` to `high`; `above`, `below`: not these themselves."""

    def read(value: str) -> float:
        try:
            found = float(value)
        except ValueError:
            found = math.nan
        inside = (low < found if above else low <= found) and (
            found < high if below else found <= high
        )
        if not (inside and math.isfinite(found)):
            first = f"above {low:g}" if above else f"from {low:g}"
            last = f"below {high:g}" if below else f"to {high:g}"
            bounds = f"{first} {last}" if high < math.inf else first
            raise _wrong(value, f"is not a number {bounds}")
        return found

    return read


def share(*, whole_too: bool = False) -> Callable[[str], float]:
    """A number from 0 to below 1; `whole_too`: 1 as well."""
    return number(0, 1, below=not whole_too)


seed = whole(0, 2**32 - 1)
"""What NumPy, Keras and gensim take."""


def folder(value: str) -> Path:
    """A folder that is there or can be made."""
    path = _path(value)
    if len(os.fsencode(path.name)) > _NAME_BYTES:
        raise _wrong(value, f"has a name of more than {_NAME_BYTES} bytes")
    if path.name in ("", ".."):
        path = path.resolve()
    if not path.name:
        raise _wrong(value, "is the root of all folders")
    found = path
    while not os.path.lexists(found) and found != found.parent:
        found = found.parent
    if os.path.lexists(found) and not found.is_dir():
        raise _wrong(value, "cannot be a folder: there is a file in its place or in its path")
    return path


def new_file(value: str) -> Path:
    """A file that is there or can be made; the folders in its path, too."""
    path = _path(value)
    if path.is_dir():
        raise _wrong(value, "is a folder: give the name of a file")
    folder(str(path.parent))
    return path


def output_name(*endings: str) -> Callable[[str], str]:
    """The name of an output file, or ``-`` for standard output; not opened here.

    Args:
        endings: what the name of a file ends in, such as ``.csv``, in any case; it says what is
            written. A device or a pipe, which is there, has any name.
    """

    def read(value: str) -> str:
        if value == "-":
            return value
        path = _path(value)
        known = path.name.lower().endswith(endings) or (path.exists() and not path.is_file())
        if not known:
            shown = " or ".join(filter(None, (", ".join(endings[:-1]), endings[-1])))
            raise _wrong(value, f"does not end in {shown}")
        return value

    return read


def source(value: str) -> Path:
    """A file or folder that is read; whether it is there is told when it is needed."""
    return _path(value)


def words(value: str) -> str:
    """A name, such as that of a column: at most 255 characters, not blank."""
    if not value.strip() or "\0" in value or len(value) > 255:
        raise _wrong(value, "is no name of 1 to 255 characters")
    return value


def text(value: str) -> str:
    """Any text of at most 100,000 characters, blank or not."""
    if len(value) > _TEXT_CHARACTERS:
        raise _wrong(value, f"is longer than {_TEXT_CHARACTERS:,} characters")
    return value


def address(value: str) -> str:
    """A host and a port, such as ``10.0.0.1:12355``."""
    host, separator, port = value.rpartition(":")
    if not (separator and re.fullmatch(r"\S{1,253}", host) and re.fullmatch(r"[0-9]{1,5}", port)):
        raise _wrong(value, "is not a host and a port, such as 10.0.0.1:12355")
    if not 1 <= int(port) <= 65_535:
        raise _wrong(value, "has no port from 1 to 65,535")
    return value


def _path(value: str) -> Path:
    if not value.strip() or "\0" in value:
        raise _wrong(value, "is no path")
    path = Path(value)
    if any(len(os.fsencode(part)) > 255 for part in path.parts) or len(os.fsencode(path)) > 4_000:
        raise _wrong(value, "is longer than a path can be")
    return path


def _wrong(value: str, reason: str) -> argparse.ArgumentTypeError:
    shown = ascii(value) if sys.stderr is None or not value.isprintable() else repr(value)
    if len(shown) > _SHOWN:
        shown = shown[:_SHOWN] + "…"
    return argparse.ArgumentTypeError(f"{shown} {reason}")
