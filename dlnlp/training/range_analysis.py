"""What a learning-rate range test says: suggestions from rates and losses.

No Keras here: the app analyses an uploaded log with it, and
:mod:`dlnlp.training.lr_range_test` its own run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.errors import UserError
from dlnlp.training.loss_smoothing import (
    FEW,
    Floats,
    default_smoothing,
    noise_of,
    smooth,
    transient,
)

FEWEST = 10  # steps that can be analysed


class RangeTestError(UserError, ValueError):
    """Rates and losses that are no range test; the message is one sentence for the user."""


@dataclass(frozen=True)
class Suggestion:
    """A learning rate, and why.

    Attributes:
        name: "steepest", "valley", "minimum_tenth", "smith_max", "smith_base_4" or
            "smith_base_6".
        rate: the learning rate.
        explanation: one or two plain sentences.
    """

    name: str
    rate: float
    explanation: str


@dataclass(frozen=True, eq=False)
class RangeTestResult:
    """A range test and what it suggests.

    Attributes:
        rates: float64 ``[n]``, increasing.
        losses: float64 ``[n]``, of single batches; may end in NaN.
        smoothed: float64 ``[n]``, losses without spikes and noise; NaN where the loss is no
            number.
        suggestions: empty when the loss never fell.
        note: how the test ended, or why nothing is suggested; may be empty.
    """

    rates: Floats
    losses: Floats
    smoothed: Floats
    suggestions: tuple[Suggestion, ...]
    note: str = ""

    def suggestion(self, name: str) -> Suggestion | None:
        """The suggestion of that name, None where there is none."""
        return next((s for s in self.suggestions if s.name == name), None)


def analyse(
    rates: Sequence[float] | NDArray[Any],
    losses: Sequence[float] | NDArray[Any],
    *,
    smoothing: float | None = None,
    note: str = "",
) -> RangeTestResult:
    """Smooth the losses of a range test and suggest learning rates.

    Args:
        rates: learning rates, float ``[n]``, above 0 and increasing.
        losses: losses of single batches, float ``[n]``; NaN and infinity (a diverged tail) are
            passed over.
        smoothing: EMA coefficient in [0, 1); None: :func:`default_smoothing`.
        note: how the test ended; it becomes part of the result.

    Raises:
        RangeTestError: lengths differ, rates do not increase, fewer than ten losses are numbers.
    """
    x, y = np.asarray(rates, np.float64), np.asarray(losses, np.float64)
    if x.ndim != 1 or x.shape != y.shape:
        raise RangeTestError(f"{x.size} rates and {y.size} losses do not belong together")
    bad = np.flatnonzero(~(np.isfinite(x) & (x > 0)))
    if bad.size:
        raise RangeTestError(f"rate {x[bad[0]]} at step {bad[0] + 1} is not a number above 0")
    back = np.flatnonzero(np.diff(x) <= 0)
    if back.size:
        raise RangeTestError(
            f"rate {x[back[0] + 1]:g} at step {back[0] + 2} is not above the one before: a range "
            "test raises the rate at every step"
        )
    finite = np.isfinite(y)
    count = int(finite.sum())
    if count < FEWEST:
        raise RangeTestError(
            f"only {count} losses are numbers, and {FEWEST} are needed: start at a "
            "lower rate or take more steps"
        )
    if smoothing is None:
        smoothing = default_smoothing(count)
    passed_over = transient(y[finite])
    kept = np.flatnonzero(finite)[passed_over:]
    curve = smooth(y[kept], smoothing)
    smoothed = np.full(y.shape, np.nan)
    smoothed[kept] = curve
    suggestions = _suggestions(np.log(x[kept]), y[kept], curve, smoothing)
    said = _how_it_went(count, passed_over, bool(suggestions), fell=bool(curve.argmin() > 0))
    return RangeTestResult(x, y, smoothed, suggestions, f"{note} {said}".strip())


def _how_it_went(count: int, passed_over: int, suggested: bool, fell: bool) -> str:
    first = f"first {passed_over} losses lie" if passed_over > 1 else "first loss lies"
    if suggested:
        return f"The {first} far above what follows: passed over." if passed_over else ""
    if passed_over:
        return f"Only the {first} above the others: start at a lower learning rate."
    if count < FEW and fell:
        return f"With {count} losses a fall cannot be told from noise: more rows are needed."
    return "The loss never fell beyond its noise: there is nothing to suggest."


def _suggestions(
    log_rates: Floats, losses: Floats, curve: Floats, smoothing: float
) -> tuple[Suggestion, ...]:
    lowest = int(curve.argmin())
    if lowest == 0:
        return ()
    # Averages of pure noise deviate by less than the noise times this root; six times that never
    # happens by chance.
    noise = noise_of(losses, curve)
    fall = float(curve[: lowest + 1].max() - curve[lowest])
    chance = 6 * noise * np.sqrt((1 - smoothing) / (1 + smoothing))
    if fall <= max(chance, 1e-9 * np.abs(curve).max()):
        return ()

    def done(share: float) -> float:
        """Logarithm of the rate from which on ``share`` of the fall is done, interpolated."""
        level = curve[lowest] + (1 - share) * fall
        before = int(np.flatnonzero(curve[: lowest + 1] >= level)[-1])
        if before == lowest:
            return float(log_rates[lowest])
        part = (curve[before] - level) / (curve[before] - curve[before + 1])
        return float(log_rates[before] + part * (log_rates[before + 1] - log_rates[before]))

    falling = slice(lowest + 1)
    top = float(np.exp(done(0.95)))
    unfinished = (
        " The loss was still falling where the test ended: a higher max_lr may find more."
        if lowest == len(curve) - 1
        else ""
    )
    return (
        Suggestion(
            "steepest",
            float(np.exp(_steepest(log_rates[falling], curve[falling]))),
            "Where the smoothed loss falls fastest over the logarithm of the rate: a rate that "
            "learns quickly and is still far from diverging.",
        ),
        Suggestion(
            "valley",
            float(np.exp((done(0.25) + done(0.75)) / 2)),
            "The middle of the long fall, half-way (in the logarithm) between 25 % and 75 % of "
            "it: steadier than the steepest point when the curve is noisy. The idea of fastai's "
            "valley.",
        ),
        Suggestion(
            "minimum_tenth",
            float(np.exp(log_rates[lowest])) / 10,
            "A tenth of the rate with the lowest smoothed loss: at the lowest loss itself "
            f"training is about to diverge, a tenth keeps clear of it.{unfinished}",
        ),
        Suggestion(
            "smith_max",
            top,
            "max_lr of a cyclical schedule: where the gain stops (95 % of the fall is done), "
            "before the loss gets ragged or rises; after Smith 2017, section 3.3, who reads it "
            f"off the accuracy.{unfinished}",
        ),
        Suggestion(
            "smith_base_4",
            top / 4,
            "base_lr for that max_lr by Smith's rule of thumb: a third or a fourth of it (2017, "
            f"section 3.3).{unfinished}",
        ),
        Suggestion(
            "smith_base_6",
            top / 6,
            "base_lr for that max_lr with the ratio of Smith's CIFAR-10 example, from 0.001 to "
            f"0.006 (2017, section 4.1).{unfinished}",
        ),
    )


def _steepest(log_rates: Floats, curve: Floats) -> float:
    """Middle of the tenth of the points through which the steepest straight line goes."""
    width = max(min(3, len(curve)), min(5, len(curve) // 5), len(curve) // 10)
    x, y = log_rates - log_rates.mean(), curve - curve.mean()

    def windows(values: Floats) -> Floats:
        """Sums over each `width` neighbours, without a copy of every window."""
        sums: Floats = np.cumsum(np.r_[0.0, values])
        return sums[width:] - sums[:-width]

    mean = windows(x) / width
    slopes = (windows(x * y) - mean * windows(y)) / (windows(x * x) - width * mean**2)
    steepest = int(slopes.argmin())
    return float(log_rates[steepest : steepest + width].mean())
