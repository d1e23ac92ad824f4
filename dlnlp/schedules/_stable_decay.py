"""Warm-up, a long plateau, a short fall."""

from dataclasses import dataclass

import numpy as np

from dlnlp.schedules._schedule import (
    Floats,
    Schedule,
    check_choice,
    check_not_negative,
    check_order,
    check_positive,
    field_error,
)


@dataclass(frozen=True)
class WarmupStableDecay(Schedule):
    """WSD: a line up to ``peak``, ``peak`` for most of the run, a fall to ``final`` at its end.

    ``peak * step / warmup_steps`` while ``step < warmup_steps``; ``peak`` until
    ``total_steps - decay_steps``; then, at share s of the decay,
    ``final + (peak - final) * left(s)`` with ``left`` by ``shape``: ``1 - s`` (linear),
    ``(1 + cos(pi * s)) / 2`` (cosine), ``1 - sqrt(s)`` (sqrt); from ``total_steps`` on ``final``.

    Hu et al. 2024, "MiniCPM: Unveiling the Potential of Small Language Models with Scalable
    Training Strategies", section 4. A plateau can go on from any of its steps, so that the length
    of the training need not be known at its start. Hägele et al. 2024, "Scaling Laws and
    Compute-Optimal Training Beyond Fixed Training Durations", section 3, compare the shapes and
    find ``1 - sqrt(s)`` the best.

    Args:
        peak: value of the plateau, > 0.
        total_steps: steps until the end of the decay.
        warmup_steps: length of the line up, >= 0.
        decay_steps: length of the fall, > 0; with the line up at most ``total_steps``.
        final: value at the end, from 0 to ``peak``.
        shape: "linear", "cosine" or "sqrt".

    Example:
        >>> schedule = WarmupStableDecay(1.0, total_steps=100, warmup_steps=10, decay_steps=20)
        >>> schedule([0, 5, 10, 80, 90, 100, 500]).tolist()
        [0.0, 0.5, 1.0, 1.0, 0.5, 0.0, 0.0]
        >>> WarmupStableDecay(1.0, 100, 0, decay_steps=100, shape="sqrt")([0, 25, 100]).tolist()
        [1.0, 0.5, 0.0]
    """

    peak: float
    total_steps: float
    warmup_steps: float
    decay_steps: float
    final: float = 0.0
    shape: str = "linear"

    def __post_init__(self) -> None:
        check_positive(self, "peak", "total_steps", "decay_steps")
        check_not_negative(self, "warmup_steps")
        check_order(self, "final", "peak")
        check_choice(self, "shape", ("linear", "cosine", "sqrt"))
        if self.warmup_steps + self.decay_steps > self.total_steps:
            raise field_error(
                self,
                "total_steps",
                f"is less than warmup_steps {self.warmup_steps!r} and decay_steps "
                f"{self.decay_steps!r} together",
            )

    def _values(self, steps: Floats) -> Floats:
        share = np.clip((steps - (self.total_steps - self.decay_steps)) / self.decay_steps, 0, 1)
        if self.shape == "linear":
            left = 1 - share
        elif self.shape == "cosine":
            left = (1 + np.cos(np.pi * share)) / 2
        else:
            left = 1 - np.sqrt(share)
        values: Floats = self.final + (self.peak - self.final) * left
        if self.warmup_steps:
            values = np.where(
                steps < self.warmup_steps, self.peak * steps / self.warmup_steps, values
            )
        return values
