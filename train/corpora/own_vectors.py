"""Word vectors for a corpus from elsewhere: a network's, or a text file of GloVe or fastText."""

from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp import artifacts, catalogue
from dlnlp.artifacts import open_artifact
from dlnlp.corpus import Corpus
from dlnlp.datasets import DatasetError
from dlnlp.text import rules
from dlnlp.text.cleaning import clean
from dlnlp.text.vocabulary import PADDING, Vocabulary
from train.corpora.preparation import Settings, Vectors, learned_vectors

SHIPPED = "han_imdb"  # whose word vectors English texts begin with
ENGLISH = 0.85  # share of the words of English texts that a shipped network knows, at least
LOOKED_AT = 1_000  # texts that tell whether they are English
# Words of the vectors that enter a vocabulary though no text of train holds them: others will.
MORE_WORDS = 10_000


def covered(texts: Iterable[str], vocabulary: Vocabulary) -> float:
    """Share of the words of texts, each counted as often as it occurs, that a vocabulary holds."""
    known = words = 0
    for text in texts:
        found = rules.ENGLISH.words(clean(text, typography=True)[0])
        words += len(found)
        known += sum(word in vocabulary for word in found)
    return known / max(words, 1)


def start(chosen: str | Path | None, texts: Iterable[str]) -> tuple[Vectors, tuple[str, ...]]:
    """What word vectors a network begins with, and which words come with them.

    Args:
        chosen: a text file of vectors, the name of a network, ``own``, or None: those of
            :data:`SHIPPED` if the texts are English, else their own.
        texts: some of them.

    Returns:
        What makes the vectors, float32 ``[V, E]``, and words for the vocabulary beside those of
        the texts, the most frequent first.

    Raises:
        ArtifactError: the network is missing or damaged.
    """
    if isinstance(chosen, Path):
        return vectors_from(chosen), _first_words(chosen)
    if chosen is None:
        directory = artifacts.WEIGHTS / SHIPPED
        if not directory.exists():
            return learned_vectors, ()
        vocabulary = Vocabulary.load(open_artifact(directory).file("vocabulary.txt"))
        if covered(islice(texts, LOOKED_AT), vocabulary) < ENGLISH:
            return learned_vectors, ()
    elif chosen == "own":
        return learned_vectors, ()
    else:
        directory = catalogue.directory(chosen)
        vocabulary = Vocabulary.load(open_artifact(directory).file("vocabulary.txt"))
    return vectors_of(directory), vocabulary.words[2 : 2 + MORE_WORDS]


def _first_words(path: Path) -> tuple[str, ...]:
    """Words of a file of vectors, which lists frequent ones first; nothing where it is unreadable.

    :func:`vectors_from` tells what is wrong with the file.
    """
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            first = [line.split(" ", 1)[0] for line in islice(file, MORE_WORDS)]
    except OSError:
        return ()
    return tuple(word for word in dict.fromkeys(first) if word.split() == [word])


def vectors_of(directory: Path) -> Vectors:
    """The word vectors of a trained network, float32 ``[V, E]`` for the corpus' words.

    Raises:
        ArtifactError: the directory is missing or damaged.
    """
    opened = open_artifact(directory)
    vocabulary = Vocabulary.load(opened.file("vocabulary.txt"))

    def make(corpus: Corpus, settings: Settings) -> tuple[NDArray[np.float32], dict[str, Any]]:
        matrix = np.load(opened.file("embeddings.npy"), allow_pickle=False).astype(np.float32)
        rows = vocabulary.encode(corpus.vocabulary.words[2:])
        known = {w: matrix[row] for w, row in zip(corpus.vocabulary.words[2:], rows, strict=True)
                 if w in vocabulary}  # fmt: skip
        about = {"algorithm": f"those of the network {directory.name}"}
        return _filled(corpus.vocabulary, known, matrix.shape[1], settings.seed, about)

    return make


def vectors_from(path: Path) -> Vectors:
    """The vectors of a text file: a word and its numbers on each line, as GloVe and fastText write.

    They are float32 ``[V, E]``. A first line of two numbers (fastText's) is skipped; words outside
    the corpus are not kept.

    Raises:
        DatasetError: when they are made, if the file is missing or a line is damaged.
    """

    def make(corpus: Corpus, settings: Settings) -> tuple[NDArray[np.float32], dict[str, Any]]:
        known: dict[str, NDArray[np.float32]] = {}
        dim = 0
        try:
            with path.open(encoding="utf-8", errors="replace") as file:
                for number, line in enumerate(file, 1):
                    word, *numbers = line.rstrip().split(" ")
                    if number == 1 and len(numbers) == 1:
                        continue
                    dim = dim or len(numbers)
                    if word not in corpus.vocabulary or word in known:
                        continue
                    try:
                        vector = np.array(numbers, np.float32)
                    except ValueError:
                        vector = np.empty(0, np.float32)
                    if len(vector) != dim or not np.isfinite(vector).all():
                        raise DatasetError(
                            f"line {number} of {path} is no word with {dim} numbers: give a text "
                            "file as GloVe or fastText writes it"
                        )
                    known[word] = vector
        except OSError as error:
            raise DatasetError(f"{path} cannot be read ({error.strerror})") from error
        if not known:
            raise DatasetError(
                f"{path} has a vector for no word of these texts: check the language"
            )
        about = {"algorithm": f"those of the file {path.name}"}
        return _filled(corpus.vocabulary, known, dim, settings.seed, about)

    return make


def _filled(
    vocabulary: Vocabulary,
    known: Mapping[str, NDArray[np.float32]],
    dim: int,
    seed: int,
    about: dict[str, Any],
) -> tuple[NDArray[np.float32], dict[str, Any]]:
    """Vectors of a vocabulary; words without one get small random ones of the usual spread."""
    spread = float(np.std(np.stack(list(known.values())))) if known else 0.1
    rng = np.random.default_rng(seed)
    vectors = rng.normal(0.0, spread, (len(vocabulary), dim)).astype(np.float32)
    for place, word in enumerate(vocabulary.words):
        if word in known:
            vectors[place] = known[word]
    vectors[PADDING] = 0.0
    return vectors, {**about, "words_with_a_vector": len(known)}
