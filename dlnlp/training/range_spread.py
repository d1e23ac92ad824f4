"""LR range tests of several seeds as one: a band of losses, and how far the suggestions spread.

A single range test is one draw: other initial weights and another order of the batches move its
curve, and its suggestions with it. No Keras here, as in :mod:`dlnlp.training.range_analysis`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dlnlp.training.loss_smoothing import Floats
from dlnlp.training.range_analysis import RangeTestResult


@dataclass(frozen=True)
class Spread:
    """One suggestion over the seeds.

    Attributes:
        name: as of :class:`dlnlp.training.range_analysis.Suggestion`.
        rate: median of the learning rates that the seeds suggest.
        low: the lowest of them.
        high: the highest of them.
        seeds: how many seeds made this suggestion.
        explanation: what it is, in one or two sentences.
    """

    name: str
    rate: float
    low: float
    high: float
    seeds: int
    explanation: str

    @property
    def factor(self) -> float:
        """The highest divided by the lowest."""
        return self.high / self.low


@dataclass(frozen=True, eq=False)
class Band:
    """Smoothed losses of several range tests over the same learning rates.

    Attributes:
        rates: float64 ``[n]``, increasing: those of the longest test.
        low: lowest loss over the seeds that reached the rate, float64 ``[n]``; NaN without any.
        median: likewise.
        high: likewise.
    """

    rates: Floats
    low: Floats
    median: Floats
    high: Floats


def spread(results: Sequence[RangeTestResult]) -> tuple[Spread, ...]:
    """How far each suggestion spreads over range tests that differ in their seed alone.

    Args:
        results: one for each seed.

    Returns:
        One for each suggestion that at least half of the seeds made, in the order of the first
        seed that made it.
    """
    found = []
    for name in dict.fromkeys(s.name for result in results for s in result.suggestions):
        made = [s for result in results if (s := result.suggestion(name)) is not None]
        if 2 * len(made) >= len(results):
            rates = [s.rate for s in made]
            found.append(
                Spread(
                    name,
                    float(np.median(rates)),
                    min(rates),
                    max(rates),
                    len(made),
                    made[0].explanation,
                )
            )
    return tuple(found)


def band(results: Sequence[RangeTestResult]) -> Band:
    """Lowest, median and highest smoothed loss over the seeds, at each learning rate.

    Args:
        results: one for each seed, over the same rates; a test that diverged may be shorter.

    Raises:
        ValueError: there is no result, or the rates of two results differ.
    """
    if not results:
        raise ValueError("a band needs the range test of at least one seed, and there is none")
    rates = max((result.rates for result in results), key=len)
    smoothed = np.full((len(results), len(rates)), np.nan)
    for row, result in zip(smoothed, results, strict=True):
        if not np.allclose(result.rates, rates[: len(result.rates)], rtol=1e-6):
            raise ValueError("the range tests of a band must raise the rate in the same steps")
        row[: len(result.smoothed)] = result.smoothed
    ends = np.full((3, len(rates)), np.nan)
    there = np.isfinite(smoothed).any(axis=0)
    some = smoothed[:, there]
    ends[:, there] = np.nanmin(some, 0), np.nanmedian(some, 0), np.nanmax(some, 0)
    return Band(rates, *ends)
