"""Record how attention forms: ``python -m train.during_training --model han_imdb``.

Trains a network anew by the recipe of a shipped one, on a part of its labelled training reviews and
without teachers, so that it takes minutes where the shipped network took hours. Meanwhile it is
asked about the example texts of the pages. The recording goes to ``during_training.json`` among the
weights of the shipped network, and says that it is of a training of its own. The training commands
record the network that they save themselves.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from dlnlp.artifacts import WEIGHTS
from dlnlp.commands.ending import process
from dlnlp.commands.options import Parser, folder, seed, source, whole
from train.checkpoints import from_checkpoint
from train.commands import exit_code
from train.huge_pages import restart_with_huge_pages

DATASETS = {"han_imdb": "imdb", "han_stars": "reviews5", "kim_cnn": "imdb"}


def build_parser() -> Parser:
    """The options."""
    parser = Parser(prog="python -m train.during_training", description=__doc__)
    parser.add_argument("--model", required=True, choices=sorted(DATASETS))
    parser.add_argument("--corpus", type=source, help="default: corpora/<data set of the model>")
    parser.add_argument("--documents", type=whole(10, 10_000_000), default=5_000)
    parser.add_argument("--epochs", type=whole(1, 1_000), default=3)
    parser.add_argument("--output", type=folder, help="default: the weights of the model")
    parser.add_argument("--checkpoints", type=folder, help="default: checkpoints/during_<model>")
    parser.add_argument("--seed", type=seed, default=1)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit status."""
    options = build_parser().parse_args(arguments)
    options.corpus = options.corpus or Path("corpora") / DATASETS[options.model]
    options.output = options.output or WEIGHTS / options.model
    options.checkpoints = options.checkpoints or Path("checkpoints") / f"during_{options.model}"

    def work() -> None:
        from train.texts.during_training import run

        run(options)

    return exit_code(work, from_checkpoint(options.checkpoints))


if __name__ == "__main__":
    restart_with_huge_pages()  # before signals are waited for: one could get lost
    sys.exit(process(main))
