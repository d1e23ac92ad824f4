"""Schedules that go one way (after a warm-up at most)."""

from dataclasses import dataclass

import numpy as np

from dlnlp.schedules._schedule import (
    Floats,
    Schedule,
    check_factor,
    check_not_negative,
    check_order,
    check_positive,
)


@dataclass(frozen=True)
class Constant(Schedule):
    """The same value at every step.

    Example:
        >>> Constant(0.1)([0, 7]).tolist()
        [0.1, 0.1]
    """

    value: float

    def __post_init__(self) -> None:
        check_not_negative(self, "value")

    def _values(self, steps: Floats) -> Floats:
        return np.full(steps.shape, self.value, np.float64)


@dataclass(frozen=True)
class StepDecay(Schedule):
    """A staircase: ``initial * factor ** floor(step / every)``.

    The habit of dividing the rate by 10 on plateaus; He et al. 2016, "Deep Residual Learning for
    Image Recognition", section 3.4.

    Args:
        initial: value of the first steps, > 0.
        factor: what one stair multiplies by, in (0, 1].
        every: steps on one stair, > 0.

    Example:
        >>> StepDecay(1.0, factor=0.5, every=30)([0, 29, 30, 60]).tolist()
        [1.0, 1.0, 0.5, 0.25]
    """

    initial: float
    factor: float
    every: float

    def __post_init__(self) -> None:
        check_positive(self, "initial", "every")
        check_factor(self, "factor")

    def _values(self, steps: Floats) -> Floats:
        return self.initial * np.power(self.factor, np.floor_divide(steps, self.every))


@dataclass(frozen=True)
class Exponential(Schedule):
    """``initial * rate ** (step / decay_steps)``.

    Robbins & Monro 1951 asked for slower decay; in practice see Bengio 2012, "Practical
    Recommendations for Gradient-Based Training of Deep Architectures", section 3.1. With a
    ``rate`` above 1 it grows: the exponential ramp of a range test.

    Args:
        initial: value at step 0, > 0.
        rate: what ``decay_steps`` steps multiply by, > 0.
        decay_steps: steps, > 0.

    Example:
        >>> Exponential(1.0, rate=0.5, decay_steps=10)([0, 10, 20]).tolist()
        [1.0, 0.5, 0.25]
    """

    initial: float
    rate: float
    decay_steps: float

    def __post_init__(self) -> None:
        check_positive(self, "initial", "rate", "decay_steps")

    def _values(self, steps: Floats) -> Floats:
        return self.initial * np.power(self.rate, steps / self.decay_steps)


@dataclass(frozen=True)
class Polynomial(Schedule):
    """``final + (initial - final) * (1 - step / decay_steps) ** power``; then ``final``.

    Power 1 is a straight line, upwards too when ``final`` is above ``initial`` (the linear ramp
    of a range test). Chen et al. 2017, "DeepLab", section 4.1 ("poly", power 0.9).

    Args:
        initial: value at step 0, >= 0.
        final: value from ``decay_steps`` on, >= 0.
        decay_steps: steps, > 0.
        power: > 0.

    Example:
        >>> Polynomial(1.0, 0.0, decay_steps=10, power=2)([0, 5, 10, 99]).tolist()
        [1.0, 0.25, 0.0, 0.0]
    """

    initial: float
    final: float
    decay_steps: float
    power: float = 1.0

    def __post_init__(self) -> None:
        check_not_negative(self, "initial", "final")
        check_positive(self, "decay_steps", "power")

    def _values(self, steps: Floats) -> Floats:
        left = 1 - np.minimum(steps / self.decay_steps, 1)
        values: Floats = self.final + (self.initial - self.final) * np.power(left, self.power)
        return values


@dataclass(frozen=True)
class Cosine(Schedule):
    """``final + (initial - final) * (1 + cos(pi * step / decay_steps)) / 2``; then ``final``.

    Loshchilov & Hutter 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts", equation 5,
    without the restarts.

    Args:
        initial: value at step 0, >= ``final``.
        decay_steps: steps, > 0.
        final: value from ``decay_steps`` on, >= 0.

    Example:
        >>> Cosine(1.0, decay_steps=10)([0, 5, 10, 99]).tolist()
        [1.0, 0.5, 0.0, 0.0]
    """

    initial: float
    decay_steps: float
    final: float = 0.0

    def __post_init__(self) -> None:
        check_order(self, "final", "initial")
        check_positive(self, "decay_steps")

    def _values(self, steps: Floats) -> Floats:
        share = np.minimum(steps / self.decay_steps, 1)
        return self.final + (self.initial - self.final) * (1 + np.cos(np.pi * share)) / 2


@dataclass(frozen=True)
class InverseSquareRoot(Schedule):
    """``peak * min(n / warmup_steps, sqrt(warmup_steps / n))`` with ``n = step + 1``.

    Vaswani et al. 2017, "Attention Is All You Need", equation 3 ("Noam"), where updates count
    from 1 and ``peak`` is ``(d_model * warmup_steps) ** -0.5``.

    Args:
        peak: the highest value, at step ``warmup_steps - 1``; > 0.
        warmup_steps: updates until the peak, > 0.

    Example:
        >>> InverseSquareRoot(1.0, warmup_steps=100)([49, 99, 399]).tolist()
        [0.5, 1.0, 0.5]
    """

    peak: float
    warmup_steps: float

    def __post_init__(self) -> None:
        check_positive(self, "peak", "warmup_steps")

    def _values(self, steps: Floats) -> Floats:
        n = steps + 1
        return self.peak * np.minimum(n / self.warmup_steps, np.sqrt(self.warmup_steps / n))
