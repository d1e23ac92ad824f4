"""Train the network for digits: ``python -m train.mnist_cnn``.

With the defaults this makes what ships in ``weights/mnist_cnn``: five networks by one recipe, the
first of which ships, and the origin's four branches as a baseline. Validation is the last 5,000
training digits; the test digits are read once by each network, after all are trained. An
interrupted run goes on where it was. With --pictures nothing is trained: the pictures of MNIST that
the app shows are packed again beside the network that is there.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from dlnlp.commands.ending import process
from dlnlp.commands.options import Parser, folder, whole
from train.checkpoints import checkpoint_option, from_checkpoint
from train.commands import exit_code


def build_parser() -> Parser:
    """The options."""
    parser = Parser(prog="python -m train.mnist_cnn", description=__doc__)
    parser.add_argument("--output", type=folder, default=Path("weights/mnist_cnn"))
    parser.add_argument("--checkpoints", type=folder, default=Path("checkpoints/mnist_cnn"))
    parser.add_argument("--seeds", type=whole(1, 100), default=5, help="networks; the first ships")
    parser.add_argument("--epochs", type=whole(1, 10_000), help="default: the recipe's")
    parser.add_argument(
        "--pictures",
        action="store_true",
        help="train nothing: only make the index of neighbours and the shipped pictures of MNIST "
        "again, for the network in --output",
    )
    parser.add_argument("--no-test", action="store_true", help="stop after validation")
    checkpoint_option(parser)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit status."""
    options = build_parser().parse_args(arguments)

    def work() -> None:
        if options.pictures:
            from train.digits.mnist_pictures import repack

            return repack(options.output)
        from train.digits.mnist_cnn_training import run

        run(options)

    return exit_code(work, from_checkpoint(options.checkpoints))


if __name__ == "__main__":
    sys.exit(process(main))
