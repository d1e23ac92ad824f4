"""Train a Kim CNN on IMDB: ``python -m train.kim_cnn``.

With the defaults this makes what ships in ``weights/kim_cnn``: five networks by one recipe that
was fixed on the validation split (films that no training review is about); the first ships. The
test split is read once by each network, after all are trained, and by the two baselines.

A network learns the labels of the labelled reviews and the opinion of teachers on the reviews
without labels (Hinton et al. 2015): the mean log odds of the shipped ``han_imdb`` and of an
NB-SVM, both trained on the same labels. The card says so. An interrupted run goes on where it was.

``--corpus`` may be that of a table of one's own (``python -m train.prepare --table``): there are no
teachers then, and the network learns the labels as by ``train.own``.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from dlnlp.commands.ending import process
from dlnlp.commands.options import Parser, folder, source, whole
from train.checkpoints import checkpoint_option, from_checkpoint
from train.commands import exit_code
from train.huge_pages import restart_with_huge_pages


def build_parser() -> Parser:
    """The options."""
    parser = Parser(prog="python -m train.kim_cnn", description=__doc__)
    parser.add_argument("--corpus", type=source, default=Path("corpora/imdb"))
    parser.add_argument(
        "--output",
        type=folder,
        help="default: weights/kim_cnn; of a table $DLNLP_MODELS/<name>_kim_cnn",
    )
    parser.add_argument(
        "--checkpoints", type=folder, help="default: checkpoints/<kim_cnn, or name of the table>"
    )
    parser.add_argument("--teacher", type=source, help="default: weights/han_imdb")
    parser.add_argument("--seeds", type=whole(1, 100), help="networks; the first ships; default: 5")
    parser.add_argument("--epochs", type=whole(1, 10_000), help="default: the recipe's")
    parser.add_argument(
        "--trials",
        type=source,
        default=Path("runs/kim_cnn_trials.json"),
        help="what train.kim_cnn_trials wrote, for the card; left out where it is missing",
    )
    parser.add_argument("--no-test", action="store_true", help="stop after validation")
    checkpoint_option(parser)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit status."""
    options = build_parser().parse_args(arguments)

    def work() -> None:
        from train.texts.kim_cnn_training import run

        run(options)

    def then() -> str:
        return from_checkpoint(options.checkpoints or Path("checkpoints"))()

    return exit_code(work, then)


if __name__ == "__main__":
    restart_with_huge_pages()  # before signals are waited for: one could get lost
    sys.exit(process(main))
