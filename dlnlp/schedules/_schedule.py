"""What all schedules share: a call that checks its steps, and checks of parameters."""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from numbers import Real
from typing import Any, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]


class Schedule(ABC):
    """A pure function of the step; its subclasses are frozen dataclasses of their parameters.

    Step 0 is the first update of the weights. Steps may be fractions, so that a curve can be
    drawn as finely as wanted.

    Example:
        >>> from dlnlp.schedules import Cosine
        >>> schedule = Cosine(1.0, decay_steps=10)
        >>> float(schedule(5)), schedule([0, 2.5, 5]).round(3).tolist()
        (0.5, [1.0, 0.854, 0.5])
        >>> schedule(-1)
        Traceback (most recent call last):
        ValueError: step -1.0 must be a number >= 0
    """

    @overload
    def __call__(self, step: float | np.number[Any]) -> np.float64: ...
    @overload
    def __call__(self, step: NDArray[Any] | Sequence[float]) -> Floats: ...
    def __call__(
        self, step: float | np.number[Any] | NDArray[Any] | Sequence[float]
    ) -> np.float64 | Floats:
        """Value at one step, or at many.

        Args:
            step: a number or an array of numbers of any shape, each >= 0.

        Returns:
            float64, in the shape of ``step``.

        Raises:
            ValueError: a step is negative, infinite or NaN, or the value there is too large for
                a float64.
        """
        steps = np.asarray(step, np.float64)
        bad = ~(np.isfinite(steps) & (steps >= 0))
        if bad.any():
            raise ValueError(f"step {steps[bad].flat[0]} must be a number >= 0")
        with np.errstate(over="ignore"):
            values = np.asarray(self._values(steps), np.float64)
        if not np.isfinite(values).all():
            raise ValueError(f"{self} is too large at step {steps[~np.isfinite(values)].flat[0]}")
        found: np.float64 | Floats = values[()]
        return found

    @abstractmethod
    def _values(self, steps: Floats) -> Floats:
        """Values at valid steps, same shape."""


def number(owner: Schedule, name: str) -> float:
    """The field ``name``, which must be a finite number.

    Raises:
        ValueError: it is not; the message holds the value.
    """
    value = getattr(owner, name)
    if not isinstance(value, Real) or isinstance(value, bool) or not math.isfinite(value):
        raise ValueError(f"{type(owner).__name__}: {name} {value!r} must be a finite number")
    return float(value)


def check_positive(owner: Schedule, *names: str) -> None:
    """Fields must be numbers above 0."""
    for name in names:
        if number(owner, name) <= 0:
            raise field_error(owner, name, "must be above 0")


def check_not_negative(owner: Schedule, *names: str) -> None:
    """Fields must be numbers, 0 or above."""
    for name in names:
        if number(owner, name) < 0:
            raise field_error(owner, name, "must be 0 or above")


def check_factor(owner: Schedule, *names: str) -> None:
    """Fields must be above 0 and at most 1."""
    for name in names:
        if not 0 < number(owner, name) <= 1:
            raise field_error(owner, name, "must be above 0 and at most 1")


def check_order(owner: Schedule, lower: str, upper: str) -> None:
    """Field ``lower`` must not be above field ``upper``; neither may be negative."""
    check_not_negative(owner, lower, upper)
    if getattr(owner, lower) > getattr(owner, upper):
        raise field_error(owner, lower, f"is above {upper} {getattr(owner, upper)!r}")


def check_choice(owner: Schedule, name: str, choices: Sequence[str | int]) -> None:
    """Field ``name`` must be one of ``choices``."""
    if getattr(owner, name) not in choices:
        raise field_error(owner, name, f"must be one of {', '.join(map(repr, choices))}")


def field_error(owner: Schedule, name: str, what: str) -> ValueError:
    """An error that holds the schedule's kind, the field, its value, and what is wrong."""
    return ValueError(f"{type(owner).__name__}: {name} {getattr(owner, name)!r} {what}")
