"""Which prepared corpus belongs to a directory of weights."""

from pathlib import Path

from dlnlp.artifacts import ArtifactDirectory
from dlnlp.corpus import Corpus
from dlnlp.corpus.splits import CorpusError


def corpus_of(opened: ArtifactDirectory, corpora: Path) -> Corpus:
    """The prepared corpus that a directory of weights was trained on.

    Raises:
        CorpusError: it is not there, or another one is.
    """
    corpus = Corpus(corpora / str(opened.card["dataset"]))
    if corpus.info["hash"] != opened.card["corpus_sha256"]:
        raise CorpusError(
            f"{corpus.path} is not the corpus of {opened.path}: prepare it again, or train again"
        )
    return corpus
