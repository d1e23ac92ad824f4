"""``python -m dlnlp classify PATH... --output OUT.csv``: name the digits in pictures."""

import argparse
import glob
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from dlnlp import artifacts
from dlnlp.commands.ending import DONE, PARTLY, USAGE
from dlnlp.commands.options import TABLES, output_name
from dlnlp.commands.score_output import Progress, opened_output, output_problem
from dlnlp.commands.text_table import fail, run_told
from dlnlp.images import MAX_BYTES, ImageError
from dlnlp.scoring.digit_table import columns, read_pictures
from dlnlp.tables.csv_writing import csv_record

MODEL = "mnist_cnn"
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")
_DESCRIPTION = """\
Names the digit in each picture: a drawing, a scan or a photo of one digit, dark on light or light
on dark. PATH is a picture, a folder (all pictures in it, those in its folders not), or a pattern
such as "scans/*.png". Writes a table with the columns path, label, probability (of that label),
p_0 to p_9, and is_digit (false: it does not look like a digit, whatever the label).
"""
_EPILOG = """\
pictures that cannot be read
  Each is one line on the error stream and no row of the table; the others are done.
  A picture without ink is a row with empty cells and is_digit false.

exit status
  0 all pictures read   1 failed, nothing written   2 wrong usage   3 some could not be read
  130 interrupted   143 ended by SIGTERM; nothing written

OUT is UTF-8 and replaces an older file only when complete.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.description, parser.epilog = _DESCRIPTION, _EPILOG
    parser.add_argument("paths", nargs="+", metavar="PATH", help="picture, folder or pattern")
    parser.add_argument(
        "--output",
        type=output_name(*TABLES),
        default="-",
        metavar="OUT.csv",
        help="- writes to stdout (the default)",
    )


def run(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    return run_told(lambda given: _classify(given.paths, given.output), options)


def _classify(paths: list[str], output: str) -> int:
    pictures = list(_pictures(paths))
    problem = output_problem(output, (name for name, _ in pictures))
    if problem:
        return fail(problem, USAGE)
    from dlnlp.inference.digits import DigitPredictor

    predictor = DigitPredictor.load(artifacts.WEIGHTS / MODEL)
    done = unread = 0
    with (
        Progress(sys.stderr, None, None, "pictures") as progress,
        opened_output(output, False) as out,
    ):
        out.write(csv_record(columns(predictor.class_names)))
        for row in read_pictures(predictor, pictures, os.cpu_count() or 1):
            done += 1
            if row.problem:
                unread += 1
                progress.say(f"{_one_line(row.name)}: {row.problem}")
            else:
                out.write(csv_record(row.fields(predictor.class_names)))
            progress.update(done)
    return PARTLY if unread else DONE


def _one_line(name: str) -> str:
    """A file's name may hold line ends, or bytes that are no text."""
    return name if name.isprintable() else ascii(name)


def _pictures(paths: Iterable[str]) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The name of each picture and what reads it; a path that leads nowhere is one that fails."""
    for given in paths:
        found = [given]
        if os.path.isdir(given):
            found = sorted(
                os.path.join(given, name)
                for name in _entries(given)
                if name.lower().endswith(SUFFIXES) and not name.startswith(".")
            )
            if not found:
                yield given, partial(_nothing, "The folder holds no picture that can be read.")
        elif not os.path.exists(given) and glob.has_magic(given):  # where no shell does it
            found = sorted(glob.glob(given))
            if not found:
                yield given, partial(_nothing, "No file matches the pattern.")
        for path in found:
            yield path, partial(_content, path)


def _entries(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _nothing(sentence: str) -> bytes:
    raise ImageError(sentence)


def _content(path: str) -> bytes:
    """At most one byte more than may be read, so that `read_image` can say what is too much."""
    if os.path.exists(path) and not os.path.isfile(path):
        raise ImageError("It is no file with a picture.")  # a device, a pipe: never ends
    with open(path, "rb") as file:
        return file.read(MAX_BYTES + 1)
