"""Which words and bigrams decide over many texts: their mean effect, with its interval.

A text counts once: an n-gram's effect in a text is the mean over its places there, the effect over
texts the mean of these. The effect of a bigram is the sum of its two words, which stand side by
side in one sentence.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

from dlnlp.explain.attribution import Attribution
from dlnlp.inference.text_result import TextResult

MOST = 300_000
"""N-grams in memory; beyond that, the rarest are forgotten."""
COLUMNS = ("target", "size", "ngram", "texts", "occurrences", "mean", "low", "high")
_Z: float = 1.959964


@dataclass(frozen=True, slots=True)
class WordEffect:
    """An n-gram over many texts.

    Attributes:
        target: name of the class that was explained; empty where the method knows none.
        ngram: one or two normalised words.
        size: how many words.
        texts: that hold it.
        occurrences: places of it in all of them.
        mean: mean effect in a text that holds it.
        low: lower end of the 95 % interval of the mean.
        high: upper end.
    """

    target: str
    ngram: str
    size: int
    texts: int
    occurrences: int
    mean: float
    low: float
    high: float

    def fields(self) -> tuple[str, ...]:
        """Cells in the order of COLUMNS."""
        numbers = (f"{value:.6g}" for value in (self.mean, self.low, self.high))
        counts = str(self.texts), str(self.occurrences)
        return (self.target, str(self.size), self.ngram, *counts, *numbers)


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
        # By target, size and n-gram: texts, occurrences, sum of effects, sum of their squares.
        self._sums: dict[tuple[str, int, str], tuple[int, int, float, float]] = {}

    def add(self, attribution: Attribution[TextResult]) -> None:
        """Take in a text that was explained."""
        target = attribution.target_name
        within: dict[tuple[int, str], tuple[int, float]] = {}
        previous: tuple[int, str, float] | None = None
        for sentence, token, value in zip(
            attribution.token_sentence.tolist(),
            attribution.reading.tokens,
            attribution.words.tolist(),
            strict=True,
        ):
            grams = [(1, token, value)]
            if previous is not None and previous[0] == sentence:
                grams.append((2, f"{previous[1]} {token}", previous[2] + value))
            for size, gram, effect in grams:
                places, summed = within.get((size, gram), (0, 0.0))
                within[size, gram] = places + 1, summed + effect
            previous = sentence, token, value
        for (size, gram), (places, summed) in within.items():
            key, effect = (target, size, gram), summed / places
            texts, occurrences, total, squares = self._sums.get(key, (0, 0, 0.0, 0.0))
            self._sums[key] = (
                texts + 1,
                occurrences + places,
                total + effect,
                squares + effect * effect,
            )
        least = 1
        while len(self._sums) > self._most:
            self.forgotten = True
            least += 1
            self._sums = {key: sums for key, sums in self._sums.items() if sums[0] >= least}

    def ranked(self, least: int = 5) -> Iterator[WordEffect]:
        """N-grams by target and size, the largest mean effect first.

        Args:
            least: texts that must hold an n-gram; fewer than two have no interval.
        """
        found = []
        for (target, size, gram), (texts, occurrences, total, squares) in self._sums.items():
            if texts >= max(least, 2):
                mean = total / texts
                deviation = sqrt(max(squares - texts * mean * mean, 0.0) / (texts - 1))
                reach = t_quantile(texts - 1) * deviation / sqrt(texts)
                found.append(
                    WordEffect(
                        target, gram, size, texts, occurrences, mean, mean - reach, mean + reach
                    )
                )
        yield from sorted(found, key=lambda each: (each.target, each.size, -each.mean, each.ngram))


def t_quantile(degrees: int) -> float:
    """The 0.975 quantile of Student's t.

    The expansion in Abramowitz & Stegun (1964), 26.7.5: 0.03 % off at 4 degrees of freedom, 1 % at
    2. One degree has the exact value.
    """
    if degrees == 1:
        return 12.706205
    z = _Z
    terms: tuple[float, ...] = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92_160,
    )
    for power, term in enumerate(terms, 1):
        z += term / float(degrees**power)
    return z
