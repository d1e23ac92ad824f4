"""What was tried for the Kim CNN: ``python -m train.kim_cnn_trials``.

One network for each idea, one seed, judged on the validation split only. The record grows in
``runs/kim_cnn_trials.json``; a trial that is in it is not run again, and ``train.kim_cnn`` puts it
into the card. One validation review more or less is 0.04 points, the 95 % interval of one figure
about 1.1 points either way: small differences mean nothing.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from dlnlp.artifacts import WEIGHTS
from dlnlp.commands.ending import process
from dlnlp.commands.options import Parser, folder, new_file, source
from train.commands import exit_code


def build_parser() -> Parser:
    """The options."""
    parser = Parser(prog="python -m train.kim_cnn_trials", description=__doc__)
    parser.add_argument("--corpus", type=source, default=Path("corpora/imdb"))
    parser.add_argument("--output", type=new_file, default=Path("runs/kim_cnn_trials.json"))
    parser.add_argument("--checkpoints", type=folder, default=Path("checkpoints/kim_cnn"))
    parser.add_argument("--teacher", type=source, default=WEIGHTS / "han_imdb")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit status."""
    options = build_parser().parse_args(arguments)

    def work() -> None:
        from train.texts.kim_cnn_trials import run

        run(options)

    return exit_code(work, lambda: f"it goes on with the trials that {options.output} lacks")


if __name__ == "__main__":
    sys.exit(process(main))
