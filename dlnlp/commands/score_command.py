"""``python -m dlnlp score --model MODEL IN.csv --output OUT.csv``: label the texts of a table."""

import argparse
import gzip
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, BinaryIO, cast

from dlnlp import artifacts
from dlnlp.cards import model_title
from dlnlp.catalogue import directory, text_models
from dlnlp.commands.ending import DONE, FAILED, PARTLY, USAGE, closed_streams, say
from dlnlp.commands.options import output_name, whole
from dlnlp.commands.score_labels import (
    TrueLabels,
    add_label_arguments,
    usage_problem,
    write_evaluation,
)
from dlnlp.commands.score_output import Progress, opened_output, output_problem
from dlnlp.commands.table_arguments import add_reading_arguments, reading
from dlnlp.tables.csv_writing import csv_record
from dlnlp.tables.header import find_column
from dlnlp.tables.reader import BadRow, Row, TableError, TableReader
from dlnlp.tables.sniffing import open_table

if TYPE_CHECKING:  # the networks' side is imported when a network is needed
    from dlnlp.inference import HanPredictor, KimCnnPredictor

_DESCRIPTION = """\
Adds to each row of a CSV file the label that a network gives to its text, and the probability of
each class: the columns label, p_negative, p_positive (or p_1_star to p_5_stars); and unknown_share,
the share of its words that the network does not know: from 0.2 on, the text may not be English and
its label says little. All other columns and the order of the rows stay as they are. The file is
read as a stream and may be of any size.
"""
_EPILOG = """\
rows that cannot be scored
  Each is reported on the error stream with its line number; the rest goes on.
  No word in the text, a text of more than 1,000,000 characters, bytes that are not in the file's
  encoding (replaced by U+FFFD), NUL characters: the row stays in OUT, its added columns are empty.
  Another number of fields than the header, a quote that is not closed or not escaped: what stands
  there is no row of the table, and is left out.

columns without a name
  A column can be called by its place, as "column 3": where it has no name, where two have the same
  one, and where the first row is data. How IN was read is told where it is not the usual.

exit status
  0 all rows scored   1 failed, nothing written   2 wrong usage   3 some rows could not be scored,
  or the labels not measured
  130 interrupted   143 ended by SIGTERM; nothing written

OUT is UTF-8 with the delimiter and line ends of IN, and replaces an older file only when complete.
Cells are kept as they are: one that begins with = is a formula to a spreadsheet.
"""
_USUAL_COLUMN = "text"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description, parser.epilog = _DESCRIPTION, _EPILOG
    names = [f"{name} ({model_title(name)})" for name in text_models()]
    models = ", ".join(names) or "none is here"
    parser.add_argument("input", metavar="IN.csv", help="a table; .gz is unpacked; - reads stdin")
    parser.add_argument(
        "--model", required=True, type=_model, help=f"a network that reads texts: {models}"
    )
    parser.add_argument(
        "--output", required=True, type=output_name, metavar="OUT.csv", help="- writes to stdout"
    )
    parser.add_argument(
        "--text-column",
        metavar="NAME",
        help='column to read (default: text); "column 2" or so where it has no name',
    )
    parser.add_argument(
        "--prefix", default="", help="put before the names of the added columns, such as han_"
    )
    parser.add_argument(
        "--threads",
        type=whole(1, 1_024),
        default=_cores(),
        help="that read texts (default: %(default)s)",
    )
    add_label_arguments(parser)
    add_reading_arguments(parser)


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


def run(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    try:
        return _score(options)
    except TableError as error:
        option = f" ({error.option})" if error.option else ""
        return _fail(f"{options.input}: {error}{option}.")
    except (artifacts.ArtifactError, _CannotRead) as error:
        return _fail(str(error))
    except BrokenPipeError:
        raise  # the reader of stdout has seen enough, as `head` has
    except OSError as error:
        return _fail(
            f"{options.output} cannot be written ({error.strerror or error}): nothing was changed."
        )


class _CannotRead(Exception):
    """The input failed; the message is a sentence."""


def _fail(sentence: str, status: int = FAILED) -> int:
    say(sentence)
    return status


def _score(options: argparse.Namespace) -> int:
    if options.input == "-" and "stdin" in closed_streams:
        return _fail("standard input is closed: give the name of a file.", USAGE)
    problem = usage_problem(options) or output_problem(
        options.output, () if options.input == "-" else (options.input,)
    )
    if problem:
        return _fail(problem, USAGE)
    with ExitStack() as stack:
        stream, raw, size = _opened_input(options.input, stack)
        with _reading(options.input):
            table = open_table(
                stream,
                reading(options),
                options.text_column or _USUAL_COLUMN,
            )
        stack.enter_context(closing(table))
        column = _text_column(table, options)
        predictor = _predictor(options.model)
        labels = None
        if options.label_column is not None:
            labels = TrueLabels(
                table.header, options.label_column, predictor.class_names, options.label
            )
        _refuse_clashes(table.header, predictor.class_names, options.prefix)
        progress = stack.enter_context(Progress(sys.stderr, size, raw.tell if size else None))
        out = stack.enter_context(opened_output(options.output, table.dialect.marked))
        from dlnlp.scoring.score import added_columns, score_rows

        if not table.dialect.usual:
            described = table.dialect.describe(len(table.header))
            progress.say(f"{options.input}: read as {described}.")
        delimiter = table.dialect.delimiter if len(table.header) > 1 else ","
        names = (*table.header, *added_columns(predictor.class_names, options.prefix))
        out.write(csv_record(names, delimiter, table.newline))
        scored = unread = 0
        rows = stack.enter_context(
            closing(
                score_rows(
                    predictor, _guarded(table, options.input), column, threads=options.threads
                )
            )
        )
        for row in rows:
            if row.problem:
                unread += 1
                where = row.where if isinstance(row, BadRow) else f"line {row.line}"
                progress.say(f"{options.input}, {where}: {row.problem}.")
            if not isinstance(row, BadRow):
                scored += not row.problem
                if labels is not None and not row.problem:
                    labels.add(row)
                fields = (*row.fields, *row.answer(predictor.class_names))
                out.write(csv_record(fields, delimiter, table.newline))
            progress.update(scored + unread)
    seconds = progress.seconds
    print(
        f"{options.output}: {scored:,} rows scored by {options.model} in {seconds:.1f} s "
        f"({scored / max(seconds, 1e-9):,.0f} a second), {unread:,} could not be scored.",
        file=sys.stderr,
    )
    told = labels is None or _tell(labels, options)
    return PARTLY if unread or not told else DONE


def _tell(labels: TrueLabels, options: argparse.Namespace) -> bool:
    """Print and write the measures; False where there are none. The scored table is written."""
    try:
        lines, measures = labels.report(options.model)
    except TableError as error:
        say(f"{options.input}: {error} ({error.option}).")
        return False
    print(*lines, sep="\n", file=sys.stderr)
    if options.evaluation:
        try:
            write_evaluation(options.evaluation, measures)
        except OSError as error:
            reason = error.strerror or error
            say(f"{options.evaluation} cannot be written ({reason}): choose another place.")
            return False
    return True


def _opened_input(name: str, stack: ExitStack) -> tuple[BinaryIO, BinaryIO, int | None]:
    """The bytes of the table, the file as it lies on the disk, and its size if that is known."""
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


def _guarded(table: TableReader, name: str) -> Iterator[Row | BadRow]:
    with _reading(name):
        yield from table


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


def _predictor(model: str) -> "HanPredictor | KimCnnPredictor":
    from dlnlp.inference import load_predictor

    return load_predictor(directory(model))


def _refuse_clashes(header: tuple[str, ...], classes: tuple[str, ...], prefix: str) -> None:
    from dlnlp.scoring.score import added_columns

    for name in added_columns(classes, prefix):
        if name in header:
            raise TableError(
                f"it has a column {name!r} already: put something before the added names, for "
                "example scored_",
                "--prefix",
            )
