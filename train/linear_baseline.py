"""What a linear model reaches on a prepared corpus: TF-IDF of 1- and 2-grams, balanced classes.

    python -m train.linear_baseline --dataset reviews5
    python -m train.linear_baseline --model han_stars

The penalty is chosen on validation; test is read once. It reads the same tokens as the networks.
With ``--model`` the corpus is the one that this network was trained on, and what the linear model
reaches on its test split goes into the card of the network.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from dlnlp.artifacts import WEIGHTS
from dlnlp.commands.ending import process
from dlnlp.commands.options import Parser, source
from train.commands import exit_code


def build_parser() -> Parser:
    """The options."""
    parser = Parser(prog="python -m train.linear_baseline", description=__doc__)
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--dataset", default="reviews5", choices=("reviews5", "imdb"))
    asked.add_argument(
        "--model", type=source, help="whose card gains the measures: a directory of --weights"
    )
    parser.add_argument("--corpora", type=source, default=Path("corpora"))
    parser.add_argument("--weights", type=source, default=WEIGHTS, help="where the models stand")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one JSON object; returns the exit status."""
    options = build_parser().parse_args(arguments)

    def work() -> None:
        from train.texts.linear_baseline import run

        run(options)

    return exit_code(work)


if __name__ == "__main__":
    sys.exit(process(main))
