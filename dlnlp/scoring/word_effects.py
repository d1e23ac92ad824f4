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

LONGEST = 3
"""Words of the longest n-gram."""
MOST = 1_000_000
"""N-grams in memory; beyond that, the rarest are forgotten."""
COLUMNS = ("target", "size", "ngram", "texts", "occurrences", "mean", "low", "high")
_BLOCK = 200_000  # words that are gathered until they are counted
_BITS = 20  # of the number of a word; three of them are the number of an n-gram
_Z = 1.959964


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


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
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

    def only(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> "_Sums":
        """Those that a mask ``[G]`` or indices ``[k]`` choose."""
        return _Sums(
            self.grams[chosen],
            self.texts[chosen],
            self.occurrences[chosen],
            self.total[chosen],
            self.squares[chosen],
        )


def _merged(parts: Sequence[_Sums]) -> _Sums:
    """The sums over the texts of all parts, of which no text is in two."""
    grams, place = np.unique(np.concatenate([part.grams for part in parts]), return_inverse=True)

    def added(name: str) -> NDArray[np.float64]:
        values = np.concatenate([getattr(part, name) for part in parts])
        return np.bincount(place, values.astype(np.float64), len(grams)).astype(np.float64)

    return _Sums(
        grams,
        added("texts").astype(np.int64),
        added("occurrences").astype(np.int64),
        added("total"),
        added("squares"),
    )


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
        self._sums: dict[Hashable, _Sums] = {}
        self._waiting: dict[Hashable, list[tuple[NDArray[np.int64], ArrayLike, ArrayLike]]] = (
            defaultdict(list)
        )
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
        """The number of a word, from 1; of what does not fit any more, one that is in no n-gram."""
        known, beyond = self._words, 1 << _BITS
        number = known.get(word)
        if number is None and len(known) + 1 < beyond:
            number = known[word] = len(known) + 1
        elif number is None:
            self.forgotten, number = True, beyond
        return number

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
        mean, variance = _moments(sums)
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
        (mean, variance), (other, other_variance) = _moments(one), _moments(two)
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
            self._sums[into] = _merged(parts)

    def _effects(
        self, sums: _Sums, mean: NDArray[np.float64], reach: NDArray[np.float64]
    ) -> list[WordEffect]:
        names = ["", *self._words]
        mask = (1 << _BITS) - 1
        found = []
        for gram, texts, places, middle, half in zip(
            *(part.tolist() for part in (sums.grams, sums.texts, sums.occurrences, mean, reach)),
            strict=True,
        ):
            numbers = [gram >> _BITS * place & mask for place in range(LONGEST)]
            words = [names[number] for number in numbers if number]
            ends = middle - half, middle + half
            found.append(WordEffect(" ".join(words), len(words), texts, places, middle, *ends))
        return found

    def _count(self) -> None:
        """Count what was gathered."""
        for group, texts in self._waiting.items():
            parts = [_block_sums(texts)]
            if group in self._sums:
                parts.append(self._sums[group])
            self._sums[group] = _merged(parts)
        self._waiting.clear()
        self._size = 0
        least = 1
        while sum(len(sums.grams) for sums in self._sums.values()) > self._most:
            self.forgotten = True
            least += 1
            for group, sums in self._sums.items():
                self._sums[group] = sums.only(sums.texts >= least)


def _block_sums(texts: Sequence[tuple[NDArray[np.int64], ArrayLike, ArrayLike]]) -> _Sums:
    """The sums over some texts: of each its words' numbers, sentences and effects."""
    words = np.concatenate([numbers for numbers, _, _ in texts])
    owner = np.repeat(np.arange(len(texts)), [len(numbers) for numbers, _, _ in texts])
    sentence = np.concatenate([np.asarray(sentences, np.int64) for _, sentences, _ in texts])
    value = np.concatenate([np.asarray(values, np.float64) for _, _, values in texts])
    grams, owners, effects = [], [], []
    fits = words < 1 << _BITS
    for size in range(1, LONGEST + 1):
        count = max(len(words) - size + 1, 0)
        ends = slice(size - 1, size - 1 + count)
        whole = (owner[:count] == owner[ends]) & (sentence[:count] == sentence[ends])
        gram, effect = np.zeros(count, np.int64), np.zeros(count)
        for place in range(size):
            part = slice(place, place + count)
            gram |= words[part] << _BITS * place
            effect += value[part]
            whole &= fits[part]
        whole &= np.isfinite(effect)
        grams.append(gram[whole])
        owners.append(owner[:count][whole])
        effects.append(effect[whole])
    gram, text, effect = map(np.concatenate, (grams, owners, effects))
    order = np.lexsort((text, gram))
    gram, text, effect = gram[order], text[order], effect[order]
    fresh = np.ones(len(gram), bool)  # where another n-gram or text begins
    fresh[1:] = (gram[1:] != gram[:-1]) | (text[1:] != text[:-1])
    starts = np.flatnonzero(fresh)
    places = np.diff(np.append(starts, len(gram)))
    means = np.add.reduceat(effect, starts) / places if len(starts) else effect
    return _merged([_Sums(gram[starts], np.ones(len(starts), np.int64), places, means, means**2)])


def _moments(sums: _Sums) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Means and variances over texts, of which each n-gram has two at least."""
    mean = sums.total / sums.texts
    variance = np.maximum(sums.squares - sums.texts * mean**2, 0) / (sums.texts - 1)
    return mean, variance


def t_quantile(degrees: ArrayLike) -> NDArray[np.float64]:
    """The 0.975 quantile of Student's t.

    The expansion in Abramowitz & Stegun (1964), 26.7.5: 0.03 % off at 4 degrees of freedom, 1 % at
    2. One degree has the exact value.

    Args:
        degrees: of freedom, at least 1, int or float, any shape.

    Returns:
        float64, of the same shape.
    """
    freedom = np.asarray(degrees, np.float64)
    z = _Z
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92_160,
    )
    quantile = z + sum(term / freedom**power for power, term in enumerate(terms, 1))
    return np.where(freedom == 1, 12.706205, quantile)
