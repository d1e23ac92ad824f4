"""How many words of a text a network does not know: where they are many, it is no English text.

The limits come from ``python -m benchmarks.unknown_words``: a fifth of six words or more is unknown
in 97 of 100 sentences of other languages, and in 4 of 1,000 of English reviews. Shorter texts say
less.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ENOUGH_WORDS = 6
MOST_UNKNOWN, MOST_UNKNOWN_OF_FEW = 0.2, 0.5


@dataclass(frozen=True, slots=True)
class UnknownWords:
    """Counts of a text.

    Attributes:
        words: tokens that hold a letter; numbers, signs and addresses are known in any language.
        unknown: how many of them the vocabulary lacks.
    """

    words: int
    unknown: int

    @property
    def share(self) -> float:
        """Unknown words by words, 0 to 1; 0 without a word."""
        return self.unknown / self.words if self.words else 0.0

    @property
    def too_many(self) -> bool:
        """Whether the prediction says little about the text."""
        limit = MOST_UNKNOWN if self.words >= ENOUGH_WORDS else MOST_UNKNOWN_OF_FEW
        return self.words > 0 and self.share >= limit


def count_unknown(tokens: Sequence[str], known: NDArray[np.bool_]) -> UnknownWords:
    """Count the words of a text, and those that the network does not know.

    Args:
        tokens: N normalised words.
        known: bool ``[N]``.
    """
    words = np.fromiter(map(_is_word, tokens), np.bool_, len(tokens))
    return UnknownWords(int(words.sum()), int((words & ~known).sum()))


def _is_word(token: str) -> bool:
    return token.isalpha() or (any(map(str.isalpha, token)) and token != "<url>")
