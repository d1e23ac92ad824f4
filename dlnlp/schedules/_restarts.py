"""Cosines with warm restarts."""

from dataclasses import dataclass

import numpy as np

from dlnlp.schedules._cycles import Cycle
from dlnlp.schedules._schedule import (
    Floats,
    check_factor,
    check_order,
    check_positive,
    field_error,
    number,
)


@dataclass(frozen=True)
class CosineWarmRestarts(Cycle):
    """Cosines from ``initial`` to ``final``, each cycle ``multiplier`` times as long as the last.

    ``final + (initial - final) * decay ** i * (1 + cos(pi * t / T_i)) / 2`` in cycle i, of length
    ``T_i = first_cycle * multiplier ** i``, t steps after its start.
    Loshchilov & Hutter 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts", equation 5;
    ``decay`` is not in the paper.

    Args:
        initial: value at the first restart, >= ``final``.
        first_cycle: steps, > 0.
        multiplier: >= 1.
        final: value that a cycle falls to, >= 0.
        decay: what each restart multiplies the height by, in (0, 1].

    Example:
        >>> CosineWarmRestarts(1.0, first_cycle=10, multiplier=2)([0, 5, 10, 20, 30]).tolist()
        [1.0, 0.5, 1.0, 0.5, 1.0]
        >>> CosineWarmRestarts(1.0, first_cycle=10, decay=0.5)([0, 10, 20]).tolist()
        [1.0, 0.5, 0.25]
    """

    initial: float
    first_cycle: float
    multiplier: float = 1.0
    final: float = 0.0
    decay: float = 1.0

    def __post_init__(self) -> None:
        check_order(self, "final", "initial")
        check_positive(self, "first_cycle")
        check_factor(self, "decay")
        if number(self, "multiplier") < 1:
            raise field_error(self, "multiplier", "must be 1 or above")

    @property
    def ends(self) -> tuple[float, ...]:
        """Final (the low end) and initial (the peak)."""
        return self.final, self.initial

    def between(self, steps: Floats, ends: tuple[float, ...]) -> Floats:
        """Cosines between ``ends[0]`` and ``ends[1]``, the peak, at steps of any shape."""
        low, peak = ends
        cycle, share = self._place(steps)
        height: Floats = np.power(self.decay, cycle) * (1 + np.cos(np.pi * share)) / 2
        return low + (peak - low) * height

    def cycles(self, steps: float) -> float:
        """Whole cycles, and the share of the next one that is over."""
        whole, share = self._place(np.array(steps, np.float64))
        return float(whole + share)

    def _place(self, steps: Floats) -> tuple[Floats, Floats]:
        """Number of the cycle, from 0, and the share of it that is over."""
        m, first = self.multiplier, self.first_cycle
        if m == 1:
            cycle, within = np.divmod(steps, first)
            return cycle, within / first

        def start(cycle: Floats) -> Floats:
            begun: Floats = first * (np.power(m, cycle) - 1) / (m - 1)
            return begun

        cycle = np.floor(np.log1p(steps * (m - 1) / first) / np.log(m))
        # The logarithm may miss a restart by one in the last digit.
        cycle = np.where(start(cycle + 1) <= steps, cycle + 1, cycle)
        cycle = np.where(start(cycle) > steps, cycle - 1, cycle)
        return cycle, (steps - start(cycle)) / (first * np.power(m, cycle))
