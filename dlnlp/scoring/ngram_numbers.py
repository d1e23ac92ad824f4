"""Each n-gram is one integer, so that NumPy counts the n-grams of many texts at once.

A word has a number from 1; the number of an n-gram holds those of its words, `BITS` each.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

LONGEST = 3
"""Words of the longest n-gram."""
BITS = 20
MOST_WORDS = (1 << BITS) - 1
"""Distinct words that have a number."""


def ngrams(
    words: NDArray[np.int64], parts: NDArray[np.int64], longest: int = LONGEST
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """The n-grams of some texts, the shorter ones first.

    Args:
        words: numbers of N words; one with 0 is in no n-gram.
        parts: of each word, int64 ``[N]``: n-grams stay inside a part; equal ones stand together.
        longest: words of the longest n-gram, at most `LONGEST`.

    Yields:
        For 1, 2, ... words: the numbers of the n-grams and the place of each one's first word,
        both int64 ``[k]``.
    """
    for size in range(1, longest + 1):
        count = max(len(words) - size + 1, 0)
        found = parts[:count] == parts[size - 1 : size - 1 + count]
        gram = np.zeros(count, np.int64)
        for place in range(size):
            word = words[place : place + count]
            gram |= word << BITS * place
            found &= word > 0
        first = np.flatnonzero(found)
        yield gram[first], first


def parts_of(*levels: NDArray[np.int64]) -> NDArray[np.int64]:
    """A number for each stretch of words that is the same at every level.

    Args:
        levels: such as the text and the sentence of each of N words, int64 ``[N]``.
    """
    fresh = np.zeros(len(levels[0]), bool)
    for level in levels:
        fresh[1:] |= level[1:] != level[:-1]
    return np.cumsum(fresh)


def words_in(gram: int, names: Sequence[str]) -> list[str]:
    """The words of an n-gram.

    Args:
        gram: its number.
        names: of the words, by their numbers; the first is none.
    """
    numbers = [gram >> BITS * place & MOST_WORDS for place in range(LONGEST)]
    return [names[number] for number in numbers if number]
