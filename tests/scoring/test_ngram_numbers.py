"""N-grams are numbers that stand for their words alone, and stay inside a text and a sentence."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.scoring.ngram_numbers import LONGEST, MOST_WORDS, ngrams, parts_of, words_in

TEXTS = st.lists(st.lists(st.sampled_from([0, 1, 2, MOST_WORDS]), min_size=1, max_size=5))


@given(TEXTS)
def test_they_are_those_found_one_by_one(texts: list[list[int]]) -> None:
    words = np.array([word for text in texts for word in text], np.int64)
    owner = np.repeat(np.arange(len(texts), dtype=np.int64), np.array([*map(len, texts)], int))
    sentence = np.arange(len(words), dtype=np.int64) // 3
    parts = parts_of(owner, sentence)
    expected = {
        size: [
            (words[first : first + size].tolist(), first)
            for first in range(len(words) - size + 1)
            if len({(owner[at], sentence[at]) for at in range(first, first + size)}) == 1
            and words[first : first + size].all()
        ]
        for size in range(1, LONGEST + 1)
    }
    names = {1: "a", 2: "b", MOST_WORDS: "c"}

    class Names(list[str]):
        def __getitem__(self, number: int) -> str:  # type: ignore[override]
            return names[number]

    for size, (grams, first) in enumerate(ngrams(words, parts), start=1):
        assert first.tolist() == [place for _, place in expected[size]]
        for gram, (numbers, _) in zip(grams.tolist(), expected[size], strict=True):
            assert words_in(gram, Names()) == [names[number] for number in numbers]
