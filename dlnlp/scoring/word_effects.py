"""Which words and n-grams decide over many texts: their mean effect, with its interval.

A text counts once: an n-gram's effect in a text is the mean over its places there, the effect over
texts the mean of these. The effect of an n-gram is the sum of its words, which stand side by side
in one sentence. Intervals are Student's; of two groups of texts, Welch's.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlnlp.scoring.ngram_numbers import MOST_WORDS, words_in
from dlnlp.scoring.ngram_sums import NgramSums, Text, merged, moments, sums_of
from dlnlp.scoring.student import t_quantile

MOST = 1_000_000
"""N-grams in memory; beyond that, the rarest are forgotten."""
COLUMNS = ("target", "size", "ngram", "texts", "occurrences", "mean", "low", "high")
_BLOCK = 200_000  # words that are gathered until they are counted


@dataclass(frozen=True, slots=True)
class WordEffect:
    """An n-gram over many texts.

    Attributes:
        ngram: one to three normalised words.
        size: how many words.
        texts: that hold it.
        occurrences: places of it in all of them.
        mean: mean effect in a text that holds it.
        low: lower end of the 95 % interval of the mean.
        high: upper end.
    """

    ngram: str
    size: int
    texts: int
    occurrences: int
    mean: float
    low: float
    high: float

    def fields(self, target: str) -> tuple[str, ...]:
        """Cells in the order of COLUMNS."""
        counts = str(self.texts), str(self.occurrences)
        return (
            target,
            str(self.size),
            self.ngram,
            *counts,
            *_cells(self.mean, self.low, self.high),
        )


@dataclass(frozen=True, slots=True)
class Contrast:
    """An n-gram in two groups of texts.

    Attributes:
        first: over the texts of the first group.
        second: over those of the second.
        difference: mean of the first less that of the second.
        low: lower end of the 95 % interval of the difference.
        high: upper end.
    """

    first: WordEffect
    second: WordEffect
    difference: float
    low: float
    high: float

    def fields(self, target: str) -> tuple[str, ...]:
        """Cells in the order of :func:`contrast_columns`."""
        parts = [(str(each.texts), *_cells(each.mean)) for each in (self.first, self.second)]
        found = _cells(self.difference, self.low, self.high)
        return (target, str(self.first.size), self.first.ngram, *parts[0], *parts[1], *found)


def contrast_columns(first: str, second: str) -> tuple[str, ...]:
    """Names of the columns of contrasts between two groups."""
    names = ["_".join(name.lower().split()) for name in (first, second)]
    groups = (f"{what}_{name}" for name in names for what in ("texts", "mean"))
    return ("target", "size", "ngram", *groups, "difference", "low", "high")


def _cells(*values: float) -> tuple[str, ...]:
    return tuple(f"{value:.6g}" for value in values)


class WordEffects:
    """Sums that grow with the vocabulary of the texts, not with the texts.

    Args:
        most: n-grams that are kept; when there are more, those in the fewest texts are forgotten.

    Attributes:
        forgotten: whether that has happened, so that rare n-grams may be missing and others
            counted in too few texts.
    """

    def __init__(self, most: int = MOST) -> None:
        self.forgotten = False
        self._most = most
        self._words: dict[str, int] = {}
        self._sums: dict[Hashable, NgramSums] = {}
        self._waiting: dict[Hashable, list[Text]] = defaultdict(list)
        self._size = 0

    def add(
        self,
        tokens: Sequence[str],
        token_sentence: ArrayLike,
        values: ArrayLike,
        group: Hashable = "",
    ) -> None:
        """Take in a text that was explained.

        Args:
            tokens: its N words.
            token_sentence: index of each word's sentence, int ``[N]``, ascending.
            values: effect of each word, float ``[N]``; what is not finite is left out.
            group: texts of one group are counted together.
        """
        numbers = [self._number(token) for token in tokens]
        self._waiting[group].append((np.array(numbers, np.int64), token_sentence, values))
        self._size += len(numbers)
        if self._size >= _BLOCK:
            self._count()

    def _number(self, word: str) -> int:
        """The number of a word, from 1. It is 0 once all numbers are given: no n-gram holds it."""
        known = self._words
        number = known.get(word)
        if number is not None:
            return number
        if len(known) == MOST_WORDS:
            self.forgotten = True
            return 0
        known[word] = len(known) + 1
        return len(known)

    @property
    def groups(self) -> list[Hashable]:
        """The groups that have texts."""
        self._count()
        return list(self._sums)

    def ranked(self, group: Hashable = "", least: int = 5) -> list[WordEffect]:
        """N-grams of a group by size, the largest mean effect first.

        Args:
            group: of texts.
            least: texts that must hold an n-gram; fewer than two have no interval.
        """
        self._count()
        if group not in self._sums:
            return []
        sums = self._sums[group]
        sums = sums.only(sums.texts >= max(least, 2))
        mean, variance = moments(sums)
        reach = t_quantile(sums.texts - 1) * np.sqrt(variance / sums.texts)
        found = self._effects(sums, mean, reach)
        return sorted(found, key=lambda each: (each.size, -each.mean, each.ngram))

    def contrasts(self, first: Hashable, second: Hashable, least: int = 5) -> list[Contrast]:
        """N-grams of two groups by size, the largest difference of the means first.

        The degrees of freedom are Welch's (1947), "The generalization of 'Student's' problem".

        Args:
            first: group of texts.
            second: group of texts.
            least: texts of each group that must hold an n-gram; at least two.
        """
        self._count()
        if first not in self._sums or second not in self._sums:
            return []
        parts = [self._sums[group] for group in (first, second)]
        parts = [part.only(part.texts >= max(least, 2)) for part in parts]
        _, *both = np.intersect1d(
            parts[0].grams, parts[1].grams, assume_unique=True, return_indices=True
        )
        one, two = (part.only(chosen) for part, chosen in zip(parts, both, strict=True))
        (mean, variance), (other, other_variance) = moments(one), moments(two)
        share, other_share = variance / one.texts, other_variance / two.texts
        summed = share + other_share
        lost = share**2 / (one.texts - 1) + other_share**2 / (two.texts - 1)
        fewest = np.minimum(one.texts, two.texts) - 1
        degrees = np.divide(summed**2, lost, out=fewest.astype(np.float64), where=lost > 0)
        reach = t_quantile(degrees) * np.sqrt(summed)
        reaches = t_quantile(one.texts - 1) * np.sqrt(share)
        other_reaches = t_quantile(two.texts - 1) * np.sqrt(other_share)
        found = [
            Contrast(a, b, a.mean - b.mean, a.mean - b.mean - r, a.mean - b.mean + r)
            for a, b, r in zip(
                self._effects(one, mean, reaches),
                self._effects(two, other, other_reaches),
                reach.tolist(),
                strict=True,
            )
        ]
        return sorted(found, key=lambda c: (c.first.size, -c.difference, c.first.ngram))

    def merge(self, groups: Iterable[Hashable], into: Hashable) -> None:
        """Count the texts of some groups as those of one more."""
        self._count()
        parts = [self._sums[group] for group in groups if group in self._sums]
        if parts:
            self._sums[into] = merged(parts)

    def _effects(
        self, sums: NgramSums, mean: NDArray[np.float64], reach: NDArray[np.float64]
    ) -> list[WordEffect]:
        names = ["", *self._words]
        found = []
        for gram, texts, places, middle, half in zip(
            *(part.tolist() for part in (sums.grams, sums.texts, sums.occurrences, mean, reach)),
            strict=True,
        ):
            words = words_in(gram, names)
            ends = middle - half, middle + half
            found.append(WordEffect(" ".join(words), len(words), texts, places, middle, *ends))
        return found

    def _count(self) -> None:
        """Count what was gathered."""
        for group, texts in self._waiting.items():
            parts = [sums_of(texts)]
            if group in self._sums:
                parts.append(self._sums[group])
            self._sums[group] = merged(parts)
        self._waiting.clear()
        self._size = 0
        least = 1
        while sum(len(sums.grams) for sums in self._sums.values()) > self._most:
            self.forgotten = True
            least += 1
            for group, sums in self._sums.items():
                self._sums[group] = sums.only(sums.texts >= least)
