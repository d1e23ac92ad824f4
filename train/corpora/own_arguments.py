"""Options of the commands that read texts of one's own."""

import argparse
import re
from pathlib import Path

from dlnlp.artifacts import available_models
from dlnlp.commands.options import Parser, source, words
from dlnlp.commands.table_arguments import add_reading_arguments, reading

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")


def add_texts_arguments(parser: Parser) -> None:
    """Which columns matter, what is tested with, which word vectors are begun with."""
    parser.add_argument("--text-column", type=words, help="default: found out")
    parser.add_argument(
        "--label-column", type=words, help="default: label, class, stars ... or the only other"
    )
    parser.add_argument(
        "--group-column", type=words, help="rows with the same value stay in one split"
    )
    parser.add_argument(
        "--class-order",
        type=words,
        nargs="*",
        metavar="LABEL",
        help="all labels, the lowest first, such as low medium high; without a label: they have no "
        "order; default: numbers and stars have one",
    )
    parser.add_argument("--test", type=source, help="a table to test with; default: a part")
    parser.add_argument("--name", type=words, help="of the network; default: that of the file")
    parser.add_argument(
        "--vectors",
        type=words,
        help="word vectors to begin with: a file of GloVe or fastText, the name of a network, or "
        "own (learned from the texts); default: those of han_imdb for English, else own",
    )
    add_reading_arguments(parser)


def read_texts_arguments(parser: Parser, options: argparse.Namespace) -> None:
    """Complete `options`: ``name``, ``reading``, and ``vectors`` as a path where it is one.

    Args:
        parser: ends the process where the name cannot be that of a folder.
        options: with ``texts``, the path of the table.
    """
    options.name = options.name or re.sub(r"[^A-Za-z0-9_.-]+", "_", options.texts.stem).strip("_.")
    if not NAME.fullmatch(options.name):
        parser.error(f"--name {options.name!r}: give up to 60 letters, digits, '_', '-' or '.'")
    if options.name in available_models():
        parser.error(f"--name {options.name}: a network of this name ships; choose another")
    options.reading = reading(options)
    if options.vectors and Path(options.vectors).exists():
        options.vectors = Path(options.vectors)


def only_for_tables(options: argparse.Namespace) -> list[str]:
    """Options of :func:`add_texts_arguments` that were given where no table is read."""
    names = "text_column label_column group_column class_order test name vectors".split()
    return [f"--{name.replace('_', '-')}" for name in names if getattr(options, name) is not None]
