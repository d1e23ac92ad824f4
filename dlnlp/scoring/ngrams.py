"""Which texts of a table hold a word or n-gram: one that is asked for, and common ones.

Words are those that the networks read ("don't" is two), without capitals.
"""

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from dlnlp.scoring.ngram_numbers import ngrams, words_in
from dlnlp.scoring.slices import LEAST
from dlnlp.text.words import EMOJI

MOST = 1_000
"""Common words and bigrams that are looked for, at most."""


def words_of(text: str) -> list[str]:
    """The words of a text, in order."""
    return EMOJI(text)


def holding(texts: Sequence[Sequence[str]], ngram: str) -> NDArray[np.bool_]:
    """Whether each text holds the words of `ngram` one after another, bool ``[n]``.

    Args:
        texts: the words of each of n texts.
        ngram: any number of words; none is nowhere.
    """
    wanted = words_of(ngram)
    size = len(wanted)
    return np.array(
        [
            size > 0
            and wanted[0] in words
            and any(words[start : start + size] == wanted for start in range(len(words) - size + 1))
            for words in map(list, texts)
        ],
        bool,
    )


def common(texts: Sequence[Sequence[str]], most: int = MOST) -> dict[str, NDArray[np.int64]]:
    """The words and bigrams that are in the most texts, but not in more than half of them.

    Of those that are in the very same texts, the first word is taken.

    They are chosen by the number of texts alone, so that a test of each stays valid.

    Args:
        texts: the words of each of n texts.
        most: n-grams at most.

    Returns:
        For each n-gram the places of the texts that hold it, int64 ``[k]`` in ascending order.
    """
    vocabulary: dict[str, int] = {}
    counts: dict[str, int] = {}
    for words in texts:
        for word in set(words):
            counts[word] = counts.get(word, 0) + 1
    # A bigram is in no more texts than either of its words.
    for word, texts_with in counts.items():
        if texts_with >= LEAST:
            vocabulary[word] = len(vocabulary) + 1
    found: dict[bytes, str] = {}
    every = _places(texts, vocabulary, True)
    for ngram, where in every.items():
        if len(found) < most:
            found.setdefault(where.tobytes(), ngram)
    return {ngram: every[ngram] for ngram in found.values()}


def places(texts: Sequence[Sequence[str]], asked: Sequence[str]) -> Mapping[str, NDArray[np.int64]]:
    """As `common`, for words and bigrams that are known.

    Args:
        texts: the words of each of n texts.
        asked: words, or two of them with a space between.

    Returns:
        For each of `asked` the places of the texts that hold it, int64 ``[k]``, ascending.
    """
    vocabulary = {
        word: number
        for number, word in enumerate(dict.fromkeys(chain(*map(str.split, asked))), start=1)
    }
    found = _places(texts, vocabulary, False)
    nothing = np.zeros(0, np.int64)
    return {ngram: found.get(ngram, nothing) for ngram in asked}


def _places(
    texts: Sequence[Sequence[str]], vocabulary: Mapping[str, int], common_only: bool
) -> dict[str, NDArray[np.int64]]:
    """Texts of each word of a vocabulary and of each two of them; the most common ones first.

    The vocabulary has the number of each word, from 1.
    """
    numbers = np.fromiter((vocabulary.get(word, 0) for word in chain(*texts)), np.int64)
    text = np.repeat(np.arange(len(texts)), [len(words) for words in texts])
    each = list(ngrams(numbers, text, 2))
    # A word's number is below that of any two words.
    distinct, grams = np.unique(np.concatenate([found for found, _ in each]), return_inverse=True)
    owners = text[np.concatenate([first for _, first in each])]
    pairs = np.unique(grams * len(texts) + owners)
    gram, owner = np.divmod(pairs, max(len(texts), 1))
    counts = np.bincount(gram, minlength=len(distinct))
    chosen = np.argsort(-counts, kind="stable")
    if common_only:
        chosen = chosen[(counts[chosen] >= LEAST) & (counts[chosen] <= len(texts) / 2)]
    ends = np.cumsum(counts)
    names = ["", *vocabulary]
    return {
        " ".join(words_in(int(distinct[place]), names)): owner[
            ends[place] - counts[place] : ends[place]
        ]
        for place in chosen.tolist()
    }
