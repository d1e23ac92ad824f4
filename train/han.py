"""Train a Hierarchical Attention Network: ``python -m train.han --dataset {reviews5,imdb}``.

With the defaults this makes what ships in ``weights/han_stars`` and ``weights/han_imdb``. Every
epoch ends with a look at the validation split; an interrupted run goes on where it was, in the
middle of an epoch too. The number of epochs and all settings are fixed beforehand
(:data:`train.texts.han_recipes.RECIPES`); nothing is chosen by the test split, which every network
reads once, at the end. Of several seeds the first ships, and the card says what all reached.

Teachers' mean opinion a student may learn, too (Hinton et al. 2015). The recipe for IMDB has some:
networks trained on the labelled reviews, NB-SVM (Wang & Manning 2012) and document vectors
(Thongtan & Phienthrakul 2019), asked of the 50,000 reviews without labels; the student learns it
together with the labels, in two phases. The star reviews, which all have labels, get teachers by
``--teachers``: so many networks trained on the labels, and a linear model of n-grams, asked of the
reviews of train; the student goes on from one of these networks. The card says so.

``--corpus`` alone takes any prepared corpus: one of a published data set is trained on by its
recipe, one of a table of one's own (``python -m train.prepare --table``) as by ``train.own``.
"""

import sys
from pathlib import Path

from dlnlp.commands.ending import process
from dlnlp.commands.options import Parser, address, folder, number, share, source, whole
from train.checkpoints import checkpoint_option, from_checkpoint
from train.commands import exit_code
from train.huge_pages import restart_with_huge_pages
from train.texts.han_recipes import RECIPES, TAUGHT


def build_parser() -> Parser:
    """The options."""
    parser = Parser(prog="python -m train.han", description=__doc__)
    usual = "default: the recipe's"
    parser.add_argument("--dataset", choices=sorted(RECIPES), help="default: that of --corpus")
    parser.add_argument("--corpus", type=source, help="default: corpora/<dataset>")
    parser.add_argument(
        "--output",
        type=folder,
        help="default: weights/<model of the recipe>; of a table $DLNLP_MODELS/<name>_han",
    )
    parser.add_argument(
        "--checkpoints", type=folder, help="default: checkpoints/<model, or name of the table>"
    )
    parser.add_argument(
        "--seeds", type=whole(1, 100), help="networks; the first ships; default: the recipe's"
    )
    parser.add_argument("--epochs", type=whole(1, 10_000), help=usual)
    parser.add_argument(
        "--first-epochs", type=whole(0, 10_000), help=f"of the first phase, 0: none; {usual}"
    )
    parser.add_argument("--teachers", type=whole(0, 100), help=usual)
    parser.add_argument("--teacher-epochs", type=whole(1, 10_000), help=usual)
    parser.add_argument("--units", type=whole(1, 4_096), help=usual)
    parser.add_argument("--max-lr", type=number(0, 100, above=True), help=usual)
    parser.add_argument("--dropout", type=share(), help=usual)
    parser.add_argument("--word-dropout", type=share(), help=usual)
    parser.add_argument("--class-weight-power", type=share(whole_too=True), help=usual)
    parser.add_argument("--embedding-rate", type=share(whole_too=True), help=usual)
    parser.add_argument(
        "--no-test", action="store_true", help="stop after validation: for choosing a recipe"
    )
    checkpoint_option(parser)
    others = parser.add_argument_group("several devices or hosts (JAX)")
    others.add_argument("--distributed", action="store_true", help="use all devices")
    others.add_argument(
        "--coordinator", type=address, help="host:port of process 0; default: no other process"
    )
    others.add_argument("--processes", type=whole(1, 100_000), help="how many take part")
    others.add_argument("--process-id", type=whole(0, 99_999), help="number of this one, from 0")
    others.add_argument(
        "--shards", type=whole(1, 100_000), help="batches a step; default: one a device"
    )
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit status."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    given = [options.coordinator, options.processes, options.process_id, options.shards]
    if not options.distributed and given != [None] * 4:
        parser.error("--coordinator, --processes, --process-id and --shards need --distributed")
    if options.processes and (options.process_id or 0) >= options.processes:
        parser.error(f"--process-id must be below --processes, {options.processes}")
    if not (options.dataset or options.corpus):
        parser.error("give --dataset, or --corpus with a prepared corpus")
    if options.teachers and options.dataset not in (*TAUGHT, None):
        parser.error(f"{options.dataset} is too large for its teachers: leave out --teachers")
    options.corpus = options.corpus or Path("corpora") / options.dataset

    def work() -> None:
        from train.texts.han_training import run

        run(options)

    def then() -> str:
        return from_checkpoint(options.checkpoints or Path("checkpoints"))()

    return exit_code(work, then)


if __name__ == "__main__":
    restart_with_huge_pages()  # before signals are waited for: one could get lost
    sys.exit(process(main))
