"""A HAN under a cyclical rate and momentum: ``python -m train.han_cyclical --dataset reviews5``.

As the origin trained it (Smith 2017, 2018): SGD with Nesterov momentum; a range test finds the
upper bound of the learning rate; the rate goes up and down a triangle, the momentum moves in
antiphase from 0.95 to 0.85 and back. What was applied and what came of it, at every step, goes
into ``history.json`` of the shipped model of the same data set, whose own training differs: a page
shows it as a real run. The test split is not read.
"""

import sys
from pathlib import Path

from dlnlp.commands.ending import process
from dlnlp.commands.options import Parser, folder, seed, source, whole
from train.checkpoints import checkpoint_option, from_checkpoint
from train.commands import exit_code
from train.huge_pages import restart_with_huge_pages
from train.texts.han_recipes import RECIPES


def build_parser() -> Parser:
    """The options."""
    parser = Parser(prog="python -m train.han_cyclical", description=__doc__)
    parser.add_argument("--dataset", default="reviews5", choices=sorted(RECIPES))
    parser.add_argument("--corpus", type=source, help="default: corpora/<dataset>")
    parser.add_argument("--model", type=source, help="default: weights/<model of the recipe>")
    parser.add_argument("--cycles", type=whole(1, 1_000), default=1, help="of two epochs each")
    parser.add_argument(
        "--test-steps", type=whole(10, 1_000_000), default=400, help="of the range test"
    )
    parser.add_argument("--units", type=whole(1, 4_096), default=50, help="the origin's")
    parser.add_argument("--checkpoints", type=folder, help="default: checkpoints/cyclical-<model>")
    parser.add_argument("--seed", type=seed, default=1)
    checkpoint_option(parser)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit status."""
    options = build_parser().parse_args(arguments)
    model = RECIPES[options.dataset].model
    options.corpus = options.corpus or Path("corpora") / options.dataset
    options.model = options.model or Path("weights") / model
    options.checkpoints = options.checkpoints or Path("checkpoints") / f"cyclical-{model}"

    def work() -> None:
        from train.texts.han_cyclical_training import main_run

        main_run(options)

    return exit_code(work, from_checkpoint(options.checkpoints))


if __name__ == "__main__":
    restart_with_huge_pages()  # before signals are waited for: one could get lost
    sys.exit(process(main))
