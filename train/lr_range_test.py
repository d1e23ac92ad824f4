"""Range test of a HAN: ``python -m train.lr_range_test --model {han_stars,han_imdb,han_amazon}``.

Trains a fresh network for a few hundred batches with SGD and Nesterov momentum while the learning
rate rises, and writes what :mod:`dlnlp.training.lr_range_test` finds as CSV and HTML into
``runs/lr_range_test/``. The prepared corpus, the batches and the network are those of
``python -m train.han``; momentum is fixed at the lower bound that it has where the rate is high.

``--corpus`` alone takes any prepared corpus, also that of a table of one's own
(``python -m train.prepare --table``): batches, network and optimizer, AdamW, are then those of
``train.own``.
"""

import sys
from pathlib import Path

from dlnlp.commands.ending import process
from dlnlp.commands.options import Parser, folder, number, seed, share, source, whole
from train.commands import exit_code
from train.texts.han_recipes import RECIPES

DATASETS = {recipe.model: dataset for dataset, recipe in RECIPES.items()}


def build_parser() -> Parser:
    """The options."""
    parser = Parser(prog="python -m train.lr_range_test", description=__doc__)
    parser.add_argument("--model", choices=sorted(DATASETS), help="default: by the corpus")
    parser.add_argument("--corpus", type=source, help="default: corpora/<data set of the model>")
    parser.add_argument("--output", type=folder, default=Path("runs/lr_range_test"))
    parser.add_argument(
        "--min-lr", type=number(0, 1_000, above=True), help="default: 1e-3, with AdamW 1e-5"
    )
    parser.add_argument(
        "--max-lr", type=number(0, 1_000, above=True), help="default: 10, with AdamW 1"
    )
    parser.add_argument("--steps", type=whole(10, 1_000_000), default=200)
    parser.add_argument("--ramp", choices=("exponential", "linear"), default="exponential")
    parser.add_argument("--momentum", type=share(), help="of SGD; default: 0.85")
    parser.add_argument(
        "--clipnorm",
        type=number(0, 1_000_000, above=True),
        help="of SGD: bound on the gradient's norm; default: none",
    )
    parser.add_argument("--units", type=whole(1, 4_096), help="default: the recipe's")
    parser.add_argument("--seed", type=seed, default=1)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit status."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    if options.min_lr and options.max_lr and not options.min_lr < options.max_lr:
        parser.error(f"--min-lr {options.min_lr:g} must be below --max-lr {options.max_lr:g}")
    if not (options.model or options.corpus):
        parser.error("give --model, or --corpus with a prepared corpus")
    options.corpus = options.corpus or Path("corpora") / DATASETS[options.model]

    def work() -> None:
        from train.texts.han_range_test import run

        run(options)

    return exit_code(work)


if __name__ == "__main__":
    sys.exit(process(main))
