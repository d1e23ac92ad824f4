"""Schedules that rise and fall, and Smith's triangles.

Each cyclical schedule moves between its *ends* (values at its turning points), of which the second
is the peak. Momentum in antiphase is the same movement between exchanged ends.
"""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dlnlp.schedules._schedule import (
    Floats,
    Schedule,
    check_choice,
    check_factor,
    check_order,
    check_positive,
    field_error,
)


class Cycle(Schedule):
    """A schedule that can be moved to other ends."""

    @property
    @abstractmethod
    def ends(self) -> tuple[float, ...]:
        """Values at the turning points, in order; the second one is the peak."""

    @abstractmethod
    def between(self, steps: Floats, ends: tuple[float, ...]) -> Floats:
        """The same movement between other turning points.

        Args:
            steps: steps, each at least 0, of any shape.
            ends: values at the turning points, as many as :attr:`ends` has.

        Returns:
            Values, in the shape of `steps`.
        """

    @abstractmethod
    def cycles(self, steps: float) -> float:
        """How many cycles so many steps are, a fraction where the last one is not over."""

    def _values(self, steps: Floats) -> Floats:
        return self.between(steps, self.ends)


def _triangle(steps: Floats, up: float, down: float) -> tuple[Floats, Floats]:
    """Number of the cycle, from 0, and how far from base to max (0 to 1)."""
    cycle, within = np.divmod(steps, up + down)
    return cycle, np.where(within <= up, within / up, (up + down - within) / down)


class _Triangles(Cycle):
    """What Smith's triangles share: their ends and their length."""

    base: float
    max: float
    step_size_up: float
    step_size_down: float | None

    @property
    def ends(self) -> tuple[float, ...]:
        """Base and max."""
        return self.base, self.max

    @property
    def _down(self) -> float:
        return self.step_size_up if self.step_size_down is None else self.step_size_down

    def cycles(self, steps: float) -> float:
        """Steps divided by the length of a triangle."""
        return steps / (self.step_size_up + self._down)

    def _check_triangle(self) -> None:
        check_order(self, "base", "max")
        check_positive(self, "step_size_up")
        if self.step_size_down is not None:
            check_positive(self, "step_size_down")


@dataclass(frozen=True)
class Cyclical(_Triangles):
    """Smith's triangles: up from ``base`` to ``max`` in ``step_size_up`` steps, and down again.

    ``base + (max - base) * max(0, 1 - |step / step_size - 2 * cycle + 1|) * scale`` with
    ``cycle = floor(1 + step / (2 * step_size))`` for equal halves, and ``scale`` by ``mode``:
    1 (triangular), ``2 ** (1 - cycle)`` (triangular2), ``gamma ** step`` (exp_range).
    Smith 2017, "Cyclical Learning Rates for Training Neural Networks", section 3.

    Args:
        base: value at the start of each cycle, >= 0.
        max: value at the peak of the first cycle, >= ``base``.
        step_size_up: steps from base to max, > 0.
        step_size_down: steps from max to base, > 0; None: as many as up.
        mode: what becomes of the height of later cycles.
        gamma: in (0, 1]; other than 1 only in mode exp_range.

    Example:
        >>> Cyclical(0.0, 1.0, step_size_up=10)([0, 5, 10, 20, 25]).tolist()
        [0.0, 0.5, 1.0, 0.0, 0.5]
        >>> Cyclical(0.0, 1.0, step_size_up=10, mode="triangular2")([10, 30, 50]).tolist()
        [1.0, 0.5, 0.25]
        >>> Cyclical(base=0.5, max=0.1, step_size_up=10)
        Traceback (most recent call last):
        ValueError: Cyclical: base 0.5 is above max 0.1
    """

    base: float
    max: float
    step_size_up: float
    step_size_down: float | None = None
    mode: str = "triangular"
    gamma: float = 1.0

    def __post_init__(self) -> None:
        self._check_triangle()
        check_choice(self, "mode", ("triangular", "triangular2", "exp_range"))
        check_factor(self, "gamma")
        if self.gamma != 1 and self.mode != "exp_range":
            raise field_error(self, "gamma", f"has no effect in mode {self.mode!r}: leave it 1")

    def between(self, steps: Floats, ends: tuple[float, ...]) -> Floats:
        """Triangles between ``ends[0]`` and ``ends[1]``, at steps of any shape."""
        base, peak = ends
        cycle, height = _triangle(steps, self.step_size_up, self._down)
        if self.mode == "triangular2":
            height = height * np.power(0.5, cycle)
        elif self.mode == "exp_range":
            height = height * np.power(self.gamma, steps)
        return base + (peak - base) * height


@dataclass(frozen=True)
class Custom(_Triangles):
    """Smith's triangles with a scale function of one's own.

    ``base + (max - base) * triangle(step) * scale(n)`` where ``n`` is the number of the cycle,
    from 1, or the step. It has no JSON form.

    Args:
        base: value at the start of each cycle, >= 0.
        max: value at the peak where ``scale`` is 1, >= ``base``.
        step_size_up: steps from base to max, > 0.
        scale: takes a float64 array, returns one of the same shape, from 0 to 1.
        step_size_down: steps from max to base, > 0; None: as many as up.
        scale_by: what ``scale`` is given, "cycle" or "step".

    Example:
        >>> Custom(0.0, 1.0, 10, scale=lambda cycle: 1 / cycle)([10, 30]).tolist()
        [1.0, 0.5]
    """

    base: float
    max: float
    step_size_up: float
    scale: Callable[[Floats], Floats]
    step_size_down: float | None = None
    scale_by: str = "cycle"

    def __post_init__(self) -> None:
        self._check_triangle()
        check_choice(self, "scale_by", ("cycle", "step"))
        if not callable(self.scale):
            raise field_error(self, "scale", "must be a function")

    def between(self, steps: Floats, ends: tuple[float, ...]) -> Floats:
        """Triangles between ``ends[0]`` and ``ends[1]``, at steps of any shape.

        Raises:
            ValueError: ``scale`` gives a number outside 0 to 1.
        """
        base, peak = ends
        cycle, height = _triangle(steps, self.step_size_up, self._down)
        given = cycle + 1 if self.scale_by == "cycle" else steps
        scale = np.asarray(self.scale(given), np.float64)
        bad = ~((scale >= 0) & (scale <= 1))
        if bad.any():
            raise ValueError(f"Custom: scale gives {scale[bad].flat[0]}, not a number from 0 to 1")
        return base + (peak - base) * height * scale
