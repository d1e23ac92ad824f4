"""What n-grams add up to over many texts: how many hold them, and the effects there.

A text counts once: an n-gram's effect in a text is the mean over its places there. The effect of an
n-gram is the sum of its words, which stand side by side in one sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlnlp.scoring.ngram_numbers import ngrams, parts_of

Text = tuple[NDArray[np.int64], ArrayLike, ArrayLike]
"""A text of N words: for each word its number, int64, its sentence, int, and its effect, float."""


@dataclass(frozen=True, slots=True, eq=False)
class NgramSums:
    """Sums over texts of G n-grams.

    Attributes:
        grams: their numbers, ascending, int64 ``[G]``.
        texts: int64 ``[G]``.
        occurrences: int64 ``[G]``.
        total: of the effects, float64 ``[G]``.
        squares: of the effects, float64 ``[G]``.
    """

    grams: NDArray[np.int64]
    texts: NDArray[np.int64]
    occurrences: NDArray[np.int64]
    total: NDArray[np.float64]
    squares: NDArray[np.float64]

    def only(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> "NgramSums":
        """Those that a mask ``[G]`` or indices ``[k]`` choose."""
        return NgramSums(
            self.grams[chosen],
            self.texts[chosen],
            self.occurrences[chosen],
            self.total[chosen],
            self.squares[chosen],
        )


def merged(parts: Sequence[NgramSums]) -> NgramSums:
    """The sums over the texts of all parts, of which no text is in two."""
    grams, place = np.unique(np.concatenate([part.grams for part in parts]), return_inverse=True)

    def added(name: str) -> NDArray[np.float64]:
        values = np.concatenate([getattr(part, name) for part in parts])
        return np.bincount(place, values.astype(np.float64), len(grams)).astype(np.float64)

    return NgramSums(
        grams,
        added("texts").astype(np.int64),
        added("occurrences").astype(np.int64),
        added("total"),
        added("squares"),
    )


def sums_of(texts: Sequence[Text]) -> NgramSums:
    """The sums of all n-grams over some texts.

    Args:
        texts: for each text the words' numbers, int64 ``[N]``, sentences, int ``[N]``, and effects,
            float ``[N]``.
    """
    words = np.concatenate([numbers for numbers, _, _ in texts])
    owner = np.repeat(np.arange(len(texts)), [len(numbers) for numbers, _, _ in texts])
    sentence = np.concatenate([np.asarray(sentences, np.int64) for _, sentences, _ in texts])
    value = np.concatenate([np.asarray(values, np.float64) for _, _, values in texts])
    grams, owners, effects = [], [], []
    for size, (gram, first) in enumerate(ngrams(words, parts_of(owner, sentence)), start=1):
        effect = value[first[:, None] + np.arange(size)].sum(axis=1)
        finite = np.isfinite(effect)
        grams.append(gram[finite])
        owners.append(owner[first[finite]])
        effects.append(effect[finite])
    gram, text, effect = map(np.concatenate, (grams, owners, effects))
    order = np.lexsort((text, gram))
    gram, text, effect = gram[order], text[order], effect[order]
    fresh = np.ones(len(gram), bool)  # where another n-gram or text begins
    fresh[1:] = (gram[1:] != gram[:-1]) | (text[1:] != text[:-1])
    starts = np.flatnonzero(fresh)
    places = np.diff(np.append(starts, len(gram)))
    means = np.add.reduceat(effect, starts) / places if len(starts) else effect
    return merged(
        [NgramSums(gram[starts], np.ones(len(starts), np.int64), places, means, means**2)]
    )


def moments(sums: NgramSums) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and variance of each n-gram's effect over its texts, float64 ``[G]`` each.

    Args:
        sums: of n-grams that occur in two texts or more.
    """
    mean = sums.total / sums.texts
    variance = np.maximum(sums.squares - sums.texts * mean**2, 0) / (sums.texts - 1)
    return mean, variance
