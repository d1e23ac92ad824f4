"""Arguments that state the dialect of a table, for when its detection is wrong."""

import argparse
from collections.abc import Callable

from dlnlp.tables.dialect import ReadOptions

_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"}


def add_reading_arguments(parser: argparse.ArgumentParser) -> None:
    """Add them to a command that reads a table."""
    group = parser.add_argument_group(
        "how IN is read", "What is not given is found out from the beginning of the file."
    )
    group.add_argument(
        "--encoding",
        help="such as cp1252 (default: by byte order mark, else UTF-8, else Windows-1252)",
    )
    group.add_argument(
        "--delimiter",
        type=lambda value: _DELIMITERS.get(value, value),
        help="one character, or tab (default: by a first line such as sep=;, else the one of "
        ", ; tab | that fits)",
    )
    group.add_argument(
        "--quoting",
        type=_one_of("standard", "none"),
        metavar="{auto,standard,none}",
        help="standard: fields may stand in quotes; none: quotes are ordinary characters",
    )
    group.add_argument(
        "--escape",
        type=_one_of("double", "backslash"),
        metavar="{auto,double,backslash}",
        help='how a quote inside a quoted field is written: "" or \\"',
    )
    group.add_argument(
        "--header",
        action=argparse.BooleanOptionalAction,
        help="whether the first row names the columns",
    )


def _one_of(*values: str) -> Callable[[str], str | None]:
    """A type of argument: one of some values, or auto, which is None."""

    def chosen(value: str) -> str | None:
        if value not in ("auto", *values):
            raise argparse.ArgumentTypeError(
                f"{value!r} is none of auto, {', '.join(values)}: choose one of these"
            )
        return None if value == "auto" else value

    return chosen


def reading(options: argparse.Namespace) -> ReadOptions:
    """What these arguments say."""
    return ReadOptions(
        encoding=options.encoding,
        delimiter=options.delimiter,
        quoting=options.quoting,
        escape=options.escape,
        header=options.header,
    )
