"""Near neighbours of a network, and the list of opposites."""

import numpy as np

from dlnlp.artifacts import WEIGHTS
from dlnlp.explain.substitutes import LEAST_COSINE, known_opposites, near_neighbours, opposites
from dlnlp.text.vocabulary import Vocabulary


def test_opposites_go_both_ways_and_never_to_the_word_itself() -> None:
    found = opposites()
    for word, others in found.items():
        assert word.isalpha() and word.islower() and word not in others
        assert all(word in found[other] for other in others)


def test_the_list_has_the_forms_that_reviews_use() -> None:
    found = opposites()
    pairs = {frozenset((word, other)) for word, others in found.items() for other in others}
    assert len(pairs) > 400
    assert found["good"][0] == "bad" and found["hated"][0] == "loved" and "worse" in found["better"]
    vocabulary = Vocabulary.load(WEIGHTS / "han_stars" / "vocabulary.txt")
    known = sum(word in vocabulary for word in found)
    assert known > 0.9 * len(found)
    assert known_opposites("good", vocabulary) == vocabulary.encode(found["good"]).tolist()
    assert known_opposites("good", Vocabulary(["good"])) == []


def test_neighbours_are_those_of_the_largest_cosine() -> None:
    words = [*"abcdefghijklmnopqrstuvwxyz", "!!", "ca"]
    vocabulary = Vocabulary(words)
    rng = np.random.default_rng(0)
    embeddings = rng.normal(size=(len(vocabulary), 3)).astype(np.float16)
    rows = np.array([1, 2, 9, 9, 28], np.int32)  # unknown, a, h, h, !!
    found = near_neighbours(rows, embeddings, vocabulary, count=3)
    assert set(found) <= {2, 9}
    wide = embeddings.astype(np.float64)
    wide /= np.linalg.norm(wide, axis=1, keepdims=True)
    for row, near in found.items():
        cosines = wide @ wide[row]
        others = [n for n in range(2, len(vocabulary)) if n not in (row, 28)]
        best = sorted(others, key=lambda n: -cosines[n])[:3]
        assert near == [n for n in best if cosines[n] >= LEAST_COSINE]
