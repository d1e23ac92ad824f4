"""Schedules made of schedules: warm-up before anything, momentum in antiphase."""

from dataclasses import dataclass

import numpy as np

from dlnlp.schedules._cycles import Cycle
from dlnlp.schedules._schedule import (
    Floats,
    Schedule,
    check_not_negative,
    check_order,
    check_positive,
    field_error,
)


@dataclass(frozen=True)
class Warmup(Schedule):
    """A straight line from ``start`` to ``after(0)``; then ``after``, counted from 0.

    ``start + (after(0) - start) * step / steps`` while ``step < steps``, then
    ``after(step - steps)``. Goyal et al. 2017, "Accurate, Large Minibatch SGD: Training ImageNet
    in 1 Hour", section 2.2.

    Args:
        after: what follows.
        steps: length of the line, > 0.
        start: value at step 0, from 0 to ``after(0)``.

    Example:
        >>> from dlnlp.schedules import Cosine
        >>> Warmup(Cosine(1.0, 100), steps=10)([0, 5, 10, 110]).tolist()
        [0.0, 0.5, 1.0, 0.0]
    """

    after: Schedule
    steps: float
    start: float = 0.0

    def __post_init__(self) -> None:
        if not isinstance(self.after, Schedule):
            raise field_error(self, "after", "must be a schedule")
        check_positive(self, "steps")
        check_not_negative(self, "start")
        if self.start > self.after(0.0):
            raise field_error(self, "start", f"is above {self.after(0.0)}, where it should lead")

    def _values(self, steps: Floats) -> Floats:
        line = self.start + (self.after(0.0) - self.start) * np.minimum(steps / self.steps, 1)
        later = self.after(np.maximum(steps - self.steps, 0))
        return np.where(steps < self.steps, line, later)


@dataclass(frozen=True)
class Antiphase(Schedule):
    """The movement of a cyclical schedule between exchanged ends; see :func:`antiphase`.

    Args:
        schedule: a cyclical schedule.
        low: value where ``schedule`` has its peak, >= 0.
        high: value at its other ends, from ``low`` to 1 (as a momentum).
    """

    schedule: Cycle
    low: float
    high: float

    def __post_init__(self) -> None:
        if not isinstance(self.schedule, Cycle):
            raise field_error(self, "schedule", "does not rise and fall: it has no antiphase")
        check_order(self, "low", "high")
        if self.high >= 1:
            raise field_error(self, "high", "must be below 1, or nothing is ever forgotten")

    def _values(self, steps: Floats) -> Floats:
        others = len(self.schedule.ends) - 2
        return self.schedule.between(steps, (self.high, self.low, *[self.high] * others))


def antiphase(schedule: Schedule, low: float, high: float) -> Schedule:
    """Momentum for a learning rate: high where the rate is lowest, low where it is highest.

    Not a second formula, but ``schedule`` between exchanged ends; heights that shrink for the
    rate shrink for the momentum too. Around a warm-up the momentum waits at its first value.
    Smith 2018, "A disciplined approach to neural network hyper-parameters: Part 1", on
    cyclical momentum.

    Args:
        schedule: :class:`Cyclical`, :class:`Custom`, :class:`OneCycle`,
            :class:`CosineWarmRestarts`, or a :class:`Warmup` before one of them.
        low: momentum at the peak of the rate.
        high: momentum elsewhere, below 1.

    Raises:
        ValueError: the bounds are nonsense, or the schedule does not rise and fall.

    Example:
        >>> from dlnlp.schedules import Cyclical
        >>> rate = Cyclical(0.1, 0.6, step_size_up=10)
        >>> momentum = antiphase(rate, low=0.85, high=0.95)
        >>> rate([0, 10, 20]).tolist()
        [0.1, 0.6, 0.1]
        >>> momentum([0, 10, 20]).round(6).tolist()
        [0.95, 0.85, 0.95]
    """
    if isinstance(schedule, Warmup):
        after = antiphase(schedule.after, low, high)
        return Warmup(after, schedule.steps, start=float(after(0.0)))
    return Antiphase(schedule, low, high)  # type: ignore[arg-type]  # it checks
