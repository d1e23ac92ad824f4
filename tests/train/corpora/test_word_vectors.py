"""Word vectors: who is near whom, from which splits, and again."""

from pathlib import Path

import numpy as np
import pytest

from dlnlp.corpus import Corpus, write_info
from dlnlp.text import Preprocessor
from dlnlp.text.vocabulary import PADDING, UNKNOWN, Vocabulary
from tests.small_splits import write_split
from train.corpora.word_vectors import COUNTED, learn_word_vectors, token_frequencies

TOPIC = 25
WORDS = [f"{topic}{n}" for topic in ("colour", "number") for n in range(TOPIC)] + ["never"]
COLOURS, NUMBERS = range(2, 2 + TOPIC), range(2 + TOPIC, 2 + 2 * TOPIC)
NEVER = 2 + 2 * TOPIC


def documents(count: int, seed: int) -> list[list[list[int]]]:
    """Each speaks of colours or of numbers, and of an unknown word."""
    rng = np.random.default_rng(seed)
    topics = (list(COLOURS), list(NUMBERS))
    return [
        [[*rng.choice(topics[n % 2], 9).tolist(), UNKNOWN], rng.choice(topics[n % 2], 9).tolist()]
        for n in range(count)
    ]


def corpus_of(path: Path, splits: dict[str, list]) -> Corpus:
    path.mkdir(exist_ok=True)
    Vocabulary(WORDS).save(path / "vocabulary.txt")
    Preprocessor().save(path / "preprocessor.json")
    for name, found in splits.items():
        write_split(path / f"{name}.arrow", found)
    write_info(path, {"splits": dict.fromkeys(splits)})
    return Corpus(path)


def learn(corpus: Corpus, *, epochs: int = 2, seed: int = 1) -> np.ndarray:
    return learn_word_vectors(corpus, dim=12, epochs=epochs, workers=1, seed=seed)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    # The other splits would bring "never" into the vectors.
    strange = [[[NEVER, 2, NEVER, 6]]] * 200
    return corpus_of(
        tmp_path_factory.mktemp("vectors") / "corpus",
        {"train": documents(400, 0), "validation": strange, "test": strange},
    )


def test_words_that_occur_together_are_near_each_other(corpus: Corpus) -> None:
    vectors = learn(corpus, epochs=40)
    assert vectors.shape == (3 + 2 * TOPIC, 12)
    assert vectors.dtype == np.float32
    units = vectors[2:NEVER] / np.linalg.norm(vectors[2:NEVER], axis=1, keepdims=True)
    cosine = units @ units.T
    topic = np.arange(2 * TOPIC) // TOPIC
    same = topic[:, None] == topic
    np.fill_diagonal(cosine, np.nan)
    assert np.nanmean(cosine[same]) > 0.3 + np.nanmean(cosine[~same])


def test_padding_is_zero_and_the_unknown_word_has_a_vector(corpus: Corpus) -> None:
    vectors = learn(corpus, epochs=1)
    assert not vectors[PADDING].any()
    assert np.abs(vectors[UNKNOWN]).max() > 0


def test_validation_and_test_are_not_read(corpus: Corpus) -> None:
    assert not learn(corpus, epochs=1)[NEVER].any()


def test_unlabelled_texts_are_read(tmp_path: Path) -> None:
    parts = {"train": documents(50, 0), "unsup": [[[NEVER, 2, 3]]] * 50}
    assert np.abs(learn(corpus_of(tmp_path / "with", parts), epochs=1)[NEVER]).max() > 0


def test_the_same_seed_gives_the_same_vectors(corpus: Corpus) -> None:
    one = learn(corpus, epochs=2)
    np.testing.assert_array_equal(learn(corpus, epochs=2), one)
    assert not np.array_equal(learn(corpus, epochs=2, seed=2), one)


def test_a_large_corpus_is_read_in_parts_other_ones_in_each_epoch(tmp_path: Path) -> None:
    """Every second document is read: those about colours first, those about numbers next."""
    found = documents(400, 0)
    half = sum(len(sentence) for document in found for sentence in document) // 2
    corpus = corpus_of(tmp_path / "corpus", {"train": found})

    def learned(epochs: int, tokens: int) -> np.ndarray:
        return learn_word_vectors(corpus, dim=4, epochs=epochs, workers=1, seed=1, tokens=tokens)

    first_document, once, twice = learned(1, 1), learned(1, half), learned(2, 2 * half)
    np.testing.assert_array_equal(once[NUMBERS], first_document[NUMBERS])
    assert np.all(np.any(once[COLOURS] != first_document[COLOURS], axis=1))
    assert np.all(np.any(twice[NUMBERS] != first_document[NUMBERS], axis=1))


def test_words_are_counted_over_a_whole_split(tmp_path: Path) -> None:
    found = documents(2 * COUNTED + 3, 0)
    split = corpus_of(tmp_path / "corpus", {"train": found}).split("train")
    flat = [word for document in found for sentence in document for word in sentence]
    expected = np.bincount(flat, minlength=NEVER + 1)
    np.testing.assert_array_equal(token_frequencies(split, NEVER + 1), expected)
