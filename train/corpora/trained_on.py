"""Which prepared corpus a command works on, or belongs to a directory of weights."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from dlnlp.artifacts import ArtifactDirectory
from dlnlp.corpus import Corpus
from dlnlp.corpus.splits import CorpusError


def of_a_table(corpus: Corpus) -> bool:
    """Whether it was made from texts of one's own, not from a published data set."""
    return "table" in corpus.info


def refuse_options(corpus: Corpus, options: argparse.Namespace, names: Iterable[str]) -> None:
    """Raise CorpusError where options were given that do not fit the corpus of a table."""
    given = [f"--{n.replace('_', '-')}" for n in names if getattr(options, n) not in (None, False)]
    if given:
        raise CorpusError(
            f"{corpus.path} holds texts of a table, not of a published data set, where "
            f"{', '.join(given)} can be used: leave that out"
        )


def published(corpus: Corpus, known: Iterable[str]) -> str:
    """The data set of a corpus; raises CorpusError where it is none of those with a recipe."""
    dataset = str(corpus.info["dataset"])
    if dataset not in known:
        raise CorpusError(
            f"{corpus.path} holds the data set {dataset!r}, for which there is no recipe: prepare "
            "the texts as a table (python -m train.prepare --table)"
        )
    return dataset


def corpus_of(opened: ArtifactDirectory, corpora: Path, path: Path | None = None) -> Corpus:
    """The prepared corpus that a directory of weights was trained on.

    Args:
        opened: the weights.
        corpora: folder of the prepared corpora.
        path: the corpus; None: found by the name of its data set, in `corpora` or where
            :mod:`train.own` keeps it.

    Raises:
        CorpusError: it is not there, or another one is.
    """
    name = str(opened.card["dataset"])
    usual = corpora / name
    left = Path("runs") / name / "corpus"
    corpus = Corpus(path or (left if left.is_dir() and not usual.exists() else usual))
    if corpus.info["hash"] != opened.card["corpus_sha256"]:
        raise CorpusError(
            f"{corpus.path} is not the corpus of {opened.path}: prepare it again, or train again"
        )
    return corpus
