"""Prepare a corpus: ``python -m train.prepare --dataset {reviews5,amazon_full,imdb}``.

Or of texts of one's own: ``python -m train.prepare --table reviews.csv --label-column stars``,
exactly as ``python -m train.own`` does, which trains on it, too. What the options leave out then
follows from the number of rows.

Streams the archive three times (sentence splitter, word counts, encoding) and never holds it in
memory: texts go to worker processes in small chunks, through a window of bounded length. Then
word vectors (skip-gram, Mikolov et al. 2013) are learned from what was written. Validation is
taken out of train here, by a hash, before anything is learned: documents of one film share their
fate in IMDB. The test split is encoded, and teaches nothing.

All happens in ``<output>.partial``, renamed when complete; an interrupted run leaves no corpus, and
the next one continues with what was finished: sentence splitter, vocabulary, each split. Word
vectors begin again.
"""

import os
import sys
from pathlib import Path

from dlnlp.commands.ending import process
from dlnlp.commands.options import Parser, folder, seed, source, whole
from train.commands import exit_code
from train.corpora.own_arguments import (
    add_texts_arguments,
    only_for_tables,
    read_texts_arguments,
)
from train.corpora.sizes import MAX_SIZE, MOST_TOKENS, VALIDATION_SHARE


def build_parser() -> Parser:
    """The options."""
    parser = Parser(prog="python -m train.prepare", description=__doc__)
    texts = parser.add_mutually_exclusive_group(required=True)
    texts.add_argument("--dataset", choices=sorted(VALIDATION_SHARE))
    texts.add_argument(
        "--table", type=source, dest="texts", help="a table, JSON lines, or a folder of folders"
    )
    parser.add_argument("--output", type=folder, help="default: corpora/<dataset or name>")
    parser.add_argument("--workers", type=whole(1, 1_024), default=os.cpu_count() or 1)
    parser.add_argument("--min-count", type=whole(), help="default: 5")
    parser.add_argument(
        "--max-size", type=whole(3, MAX_SIZE), help="words in the vocabulary; default: 30,000"
    )
    parser.add_argument("--embedding-dim", type=whole(1, 4_096), help="default: 200")
    parser.add_argument("--word-vector-epochs", type=whole(1, 10_000), help="default: 3")
    parser.add_argument(
        "--word-vector-workers",
        type=whole(1, 1_024),
        default=1,
        help="more are faster, and not reproducible",
    )
    parser.add_argument(
        "--word-vector-tokens",
        type=whole(1, 10**12),
        default=MOST_TOKENS,
        help="read in all epochs, at most",
    )
    parser.add_argument("--seed", type=seed, default=1)
    add_texts_arguments(parser)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit status."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    if options.texts:
        read_texts_arguments(parser, options)
    elif given := only_for_tables(options):
        parser.error(f"{', '.join(given)}: only with --table")
    options.output = options.output or Path("corpora") / (options.dataset or options.name)

    def work() -> None:
        if options.texts:
            from train.texts.own_corpus import prepare_table

            return prepare_table(options)
        from train.corpora.preparation import run

        run(options)

    return exit_code(work, lambda: "it goes on with what was finished")


if __name__ == "__main__":
    sys.exit(process(main))
