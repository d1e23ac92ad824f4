"""The table whose texts a command reads: its arguments, how it is opened, and what goes wrong."""

import argparse
import gzip
import os
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast

from dlnlp import artifacts
from dlnlp.cards import model_title
from dlnlp.catalogue import directory, text_models
from dlnlp.commands.ending import FAILED, closed_streams, say
from dlnlp.commands.options import whole
from dlnlp.commands.table_arguments import reading
from dlnlp.tables.header import find_column
from dlnlp.tables.reader import BadRow, Row, TableError, TableReader
from dlnlp.tables.sniffing import open_table

if TYPE_CHECKING:  # the networks' side is imported when a network is needed
    from dlnlp.inference import HanPredictor, KimCnnPredictor

_USUAL_COLUMN = "text"


class _CannotRead(Exception):
    """The input failed; the message is a sentence."""


@dataclass(frozen=True, eq=False)
class TextTable:
    """A table that was opened.

    Attributes:
        name: as the user gave it.
        reader: its header and dialect.
        column: index of the column of texts.
        size: bytes of the file; None when unknown.
        position: bytes of it that have been read; None when unknown.
    """

    name: str
    reader: TableReader
    column: int
    size: int | None
    position: Callable[[], int] | None

    @property
    def unusual(self) -> str:
        """How it was read, as a sentence; empty for plain CSV in UTF-8."""
        dialect = self.reader.dialect
        if dialect.usual:
            return ""
        return f"{self.name}: read as {dialect.describe(len(self.reader.header))}."

    def rows(self) -> Iterator[Row | BadRow]:
        """Its rows; what fails below them is told as an error of the input."""
        with _reading(self.name):
            yield from self.reader


def add_text_table_arguments(parser: argparse.ArgumentParser, *, table_needed: bool = True) -> None:
    """Add the arguments that name the table, its column of texts and the network."""
    names = [f"{name} ({model_title(name)})" for name in text_models()]
    models = ", ".join(names) or "none is here"
    parser.add_argument(
        "input",
        metavar="IN.csv",
        nargs=None if table_needed else "?",
        help="a table; .gz is unpacked; - reads stdin",
    )
    parser.add_argument(
        "--model", required=True, type=_model, help=f"a network that reads texts: {models}"
    )
    parser.add_argument(
        "--text-column",
        metavar="NAME",
        help='column to read (default: text); "column 2" or so where it has no name',
    )
    parser.add_argument(
        "--threads",
        type=whole(1, 1_024),
        default=_cores(),
        help="that read texts; those that explain many are processes (default: %(default)s)",
    )


def _model(name: str) -> str:
    models = text_models()
    if name in models:
        return name
    remedy = (
        f"choose one of {', '.join(models)}" if models else "git checkout -- weights brings some"
    )
    raise argparse.ArgumentTypeError(
        f"{artifacts.WEIGHTS} holds no network {name!r} that reads texts: {remedy}"
    )


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):  # what this process may use, on Linux
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def input_problem(name: str) -> str | None:
    """Why the table cannot be read from there, as a sentence; None where it may be."""
    if name == "-" and "stdin" in closed_streams:
        return "standard input is closed: give the name of a file."
    return None


def fail(sentence: str, status: int = FAILED) -> int:
    """Say why the command failed; returns the exit status."""
    say(sentence)
    return status


def run_told(work: Callable[[argparse.Namespace], int], options: argparse.Namespace) -> int:
    """Run a command; what goes wrong with the input, the network or the output is one sentence."""
    try:
        return work(options)
    except TableError as error:
        option = f" ({error.option})" if error.option else ""
        return fail(f"{options.input}: {error}{option}.")
    except (artifacts.ArtifactError, _CannotRead) as error:
        return fail(str(error))
    except BrokenPipeError:
        raise  # the reader of stdout has seen enough, as `head` has
    except OSError as error:
        return fail(
            f"{options.output} cannot be written ({error.strerror or error}): nothing was changed."
        )


def open_text_table(options: argparse.Namespace, stack: ExitStack) -> TextTable:
    """Open the table that the arguments name, until the stack is left.

    Raises:
        TableError: it is no table, or has no such column.
    """
    stream, raw, size = _opened_input(options.input, stack)
    with _reading(options.input):
        table = open_table(stream, reading(options), options.text_column or _USUAL_COLUMN)
    stack.enter_context(closing(table))
    column = _text_column(table, options)
    return TextTable(options.input, table, column, size, raw.tell if size else None)


def open_predictor(model: str) -> "HanPredictor | KimCnnPredictor":
    """Open a network by its name; raises ArtifactError."""
    from dlnlp.inference import load_predictor

    return load_predictor(directory(model))


def _opened_input(name: str, stack: ExitStack) -> tuple[BinaryIO, BinaryIO, int | None]:
    """Open the input: decompressed stream, file on disk, and size on disk in bytes if known."""
    if name == "-":
        return sys.stdin.buffer, sys.stdin.buffer, None
    with _reading(name):
        raw = stack.enter_context(open(name, "rb", buffering=0))
        size = os.fstat(raw.fileno()).st_size or None
        packed = size is not None and raw.read(2) == b"\x1f\x8b"
        if size is not None:
            raw.seek(0)
    if packed:
        return cast(BinaryIO, stack.enter_context(gzip.GzipFile(fileobj=raw))), raw, size
    return raw, raw, size


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """An error in here is one of the input, not of the output."""
    try:
        yield
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise _CannotRead(f"{name} cannot be read ({reason}): nothing was changed.") from error


def _text_column(table: TableReader, options: argparse.Namespace) -> int:
    """Index of the column to read; raises TableError when that is not clear."""
    name: str | None = options.text_column
    if name is None and len(table.header) == 1 and not table.dialect.header:
        return 0
    try:
        return find_column(table.header, name or _USUAL_COLUMN)
    except TableError as error:
        if options.header is not None or table.dialect.header:
            raise
        raise TableError(
            f"its first row seems to be data, and {error}; or say --header if that row names the "
            "columns",
            error.option,
        ) from error
