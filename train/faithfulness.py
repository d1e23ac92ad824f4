"""Measure whether explanations are faithful: ``python -m train.faithfulness --model han_imdb``.

Comprehensiveness and sufficiency after DeYoung et al. (2020, "ERASER") over a split of the prepared
corpus: attention, gradients, leave-one-out and random rankings, for the predicted class, with words
deleted and with words made unknown; and Kendall's tau between the rankings (Jain & Wallace 2019).
``faithfulness.json`` goes into the directory of weights, its hash into the card.

The network is one that ships, or one of your own in ``$DLNLP_MODELS`` by its name.

With ``--level sentences``, whole sentences of a HAN are ranked, also by what each wrote, and the
top 1, 2, 20 % and 50 % of them deleted; ``faithfulness_sentences.json`` is written.

What is done is kept a chunk at a time: an interrupted run goes on where it was. As many processes
as there are processors judge documents (``--workers``); the figures do not depend on that.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from dlnlp.artifacts import WEIGHTS
from dlnlp.commands.ending import process
from dlnlp.commands.options import Parser, folder, seed, source, whole, words
from train.commands import exit_code


def build_parser() -> Parser:
    """The options."""
    parser = Parser(prog="python -m train.faithfulness", description=__doc__)
    parser.add_argument(
        "--model", type=words, required=True, help="of --weights, else one of your own"
    )
    parser.add_argument("--level", default="words", choices=("words", "sentences"))
    parser.add_argument("--corpora", type=source, default=Path("corpora"))
    parser.add_argument(
        "--corpus",
        type=source,
        help="that the network was trained on; default: <corpora>/<its data set>, or what "
        "train.own left in runs/<its data set>/corpus",
    )
    parser.add_argument("--weights", type=source, default=WEIGHTS, help="where the models stand")
    parser.add_argument("--state", type=folder, default=Path("runs/faithfulness"))
    parser.add_argument("--documents", type=whole(2), help="of a seeded sample; default: all")
    parser.add_argument("--seed", type=seed, default=0)
    parser.add_argument("--workers", type=whole(1, 1_024), default=os.cpu_count() or 1)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    options = build_parser().parse_args(arguments)

    def work() -> None:
        from train.texts.faithfulness_measuring import measure_model

        measure_model(options)

    return exit_code(work, lambda: f"it goes on behind the reviews that {options.state} holds")


if __name__ == "__main__":
    sys.exit(process(main))
