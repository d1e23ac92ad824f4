"""Train a network on texts of one's own: ``python -m train.own reviews.csv --label-column stars``.

Reads a table (CSV, TSV, in any dialect that ``dlnlp score`` reads), JSON lines (``.jsonl``), or a
folder that has a folder of ``.txt`` files for each class. Two to 50 classes, any language that
separates words by spaces. The texts are divided into train, validation and test by a hash, so that
copies stay together; what is wrong with them is told before training. How large the network is and
how long it learns follows from the size of the table; training ends when validation no longer
improves. The card tells accuracy on test with its interval, beside a linear model.

The network goes to ``$DLNLP_MODELS`` (default: the user's data folder), where the app, ``dlnlp
score`` and ``dlnlp explain`` find it by its name. An interrupted run goes on where it was.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from dlnlp import catalogue
from dlnlp.commands.ending import process
from dlnlp.commands.options import Parser, folder, number, seed, source, text, whole
from train.checkpoints import checkpoint_option, from_checkpoint
from train.commands import exit_code
from train.corpora.own_arguments import add_texts_arguments, read_texts_arguments
from train.huge_pages import restart_with_huge_pages


def build_parser() -> Parser:
    """The options."""
    parser = Parser(prog="python -m train.own", description=__doc__)
    parser.add_argument("texts", type=source, help="a table, JSON lines, or a folder of folders")
    add_texts_arguments(parser)
    parser.add_argument(
        "--model", choices=("han", "kim_cnn", "both"), default="han",
        help="both: <name>_han and <name>_kim_cnn, on the same texts",
    )  # fmt: skip
    parser.add_argument(
        "--watch",
        type=text,
        action="append",
        help="a text whose prediction and attention are recorded while the network learns; may be "
        "given several times; default: the examples that the pages offer",
    )
    parser.add_argument(
        "--epochs",
        type=whole(1, 1_000),
        help="passes over the texts at most; default: follows from their number",
    )
    parser.add_argument(
        "--max-lr",
        type=number(0, 1, above=True),
        help="the highest learning rate; default: 0.004",
    )
    parser.add_argument(
        "--schedule",
        type=text,
        help="how the learning rate changes, as JSON of the rate and of the steps of the run that "
        "it is stretched from; default: a warm-up, then a cosine",
    )
    parser.add_argument(
        "--output",
        type=folder,
        help="where the network's folder is put; default: $DLNLP_MODELS",
    )
    parser.add_argument("--work", type=folder, help="corpus and checkpoints; default: runs/<name>")
    parser.add_argument("--workers", type=whole(1, 1_024), default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=seed, default=1)
    checkpoint_option(parser)
    return parser


def options_of(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The options of a command line, checked, with all that follows from them.

    Raises:
        SystemExit: an option is wrong; the error stream says which.
    """
    parser = build_parser()
    options = parser.parse_args(arguments)
    read_texts_arguments(parser, options)
    kinds = ("han", "kim_cnn") if options.model == "both" else (options.model,)
    folder_of_models = options.output or catalogue.own_folder()
    options.outputs = {
        kind: folder_of_models / (f"{options.name}_{kind}" if len(kinds) > 1 else options.name)
        for kind in kinds
    }
    options.work = options.work or Path("runs") / options.name
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit status."""
    options = options_of(arguments)

    def work() -> None:
        from train.texts.own_training import run

        run(options)

    return exit_code(work, from_checkpoint(options.work))


if __name__ == "__main__":
    restart_with_huge_pages()  # before signals are waited for: one could get lost
    sys.exit(process(main))
