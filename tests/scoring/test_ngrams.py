"""Words and n-grams are found in exactly the texts that hold them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.scoring.ngrams import common, holding, places, words_of
from dlnlp.scoring.slices import LEAST

WORDS = st.lists(st.sampled_from("a b c d".split()), max_size=6)


def by_hand(texts: list[list[str]], ngram: str) -> list[int]:
    return [n for n, words in enumerate(texts) if f" {ngram} " in f" {' '.join(words)} "]


@given(st.lists(WORDS, max_size=40))
def test_places_are_those_found_one_by_one(texts: list[list[str]]) -> None:
    asked = ["a", "b", "a b", "b a", "a a", "c d", "z", "z a"]
    found = places(texts, asked)
    for ngram in asked:
        assert found[ngram].tolist() == by_hand(texts, ngram)
        assert np.flatnonzero(holding(texts, ngram)).tolist() == by_hand(texts, ngram)


@given(st.lists(WORDS, min_size=20, max_size=60), st.integers(1, 8))
def test_common_ones_are_the_most_common(texts: list[list[str]], most: int) -> None:
    every = {w for words in texts for w in words}
    every |= {" ".join(pair) for words in texts for pair in zip(words, words[1:], strict=False)}
    counts = {ngram: len(by_hand(texts, ngram)) for ngram in every}
    where = {tuple(by_hand(texts, n)) for n in every if LEAST <= counts[n] <= len(texts) / 2}
    fit = sorted(map(len, where))
    found = common(texts, most)
    for ngram, places_of in found.items():
        assert places_of.tolist() == by_hand(texts, ngram)
    assert sorted(map(len, found.values())) == fit[-most:]


def test_longer_ngrams_and_hostile_ones() -> None:
    texts = [words_of("It isn't good at all!"), words_of("good"), []]
    assert words_of("Isn't") == ["is", "n't"]
    assert holding(texts, "isn't GOOD at").tolist() == [True, False, False]
    assert holding(texts, "at all").tolist() == [True, False, False]
    for nothing in ("", "  ", "\0", "<b>(((", "good at good"):
        assert not holding(texts, nothing).any()
    assert common([]) == {} and common([[]]) == {}
