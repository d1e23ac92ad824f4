"""One-cycle: up once, down once."""

from dataclasses import dataclass

import numpy as np

from dlnlp.schedules._cycles import Cycle
from dlnlp.schedules._schedule import Floats, check_choice, check_positive, field_error, number


@dataclass(frozen=True)
class OneCycle(Cycle):
    """One rise to ``max``, one fall to nearly nothing; then it stays there.

    From ``max / initial_divisor`` up to ``max`` in ``warmup_share`` of the steps; in two phases
    from there down to ``max / initial_divisor / final_divisor`` at step ``total_steps - 1``; in
    three phases first back to the initial value, as fast as it came, then down. Turning points
    lie at steps ``warmup_share * total_steps - 1``, (``2 * warmup_share * total_steps - 2``,)
    ``total_steps - 1``. Between two ends a and b, at share s of the way: linear
    ``a + (b - a) * s``, cosine ``b + (a - b) * (1 + cos(pi * s)) / 2``.
    Smith & Topin 2018, "Super-Convergence" (three phases, linear); two phases and the cosine are
    fastai's.

    Args:
        max: the peak, > 0.
        total_steps: steps of the whole training.
        warmup_share: in (0, 1); at most 0.5 for three phases; more than one step.
        initial_divisor: >= 1.
        final_divisor: >= 1, of the initial value.
        phases: 2 or 3.
        anneal: "cosine" or "linear".

    Example:
        >>> schedule = OneCycle(1.0, total_steps=100, warmup_share=0.3, initial_divisor=10)
        >>> schedule.ends
        (0.1, 1.0, 1e-05)
        >>> schedule([0, 29, 99]).round(6).tolist()
        [0.1, 1.0, 1e-05]
    """

    max: float
    total_steps: float
    warmup_share: float = 0.3
    initial_divisor: float = 25.0
    final_divisor: float = 1e4
    phases: int = 2
    anneal: str = "cosine"

    def __post_init__(self) -> None:
        check_positive(self, "max", "total_steps")
        check_choice(self, "phases", (2, 3))
        check_choice(self, "anneal", ("cosine", "linear"))
        for name in ("initial_divisor", "final_divisor"):
            if number(self, name) < 1:
                raise field_error(self, name, "must be 1 or above")
        if not 0 < number(self, "warmup_share") < 1:
            raise field_error(self, "warmup_share", "must be above 0 and below 1")
        if self.phases == 3 and self.warmup_share > 0.5:
            raise field_error(self, "warmup_share", "must be at most 0.5 where there are 3 phases")
        if self.warmup_share * self.total_steps <= 1:
            raise field_error(
                self, "total_steps", f"leaves no step to warm-up of {self.warmup_share!r} of it"
            )

    @property
    def ends(self) -> tuple[float, ...]:
        """Initial value, peak, (initial value,) final value."""
        initial = self.max / self.initial_divisor
        final = initial / self.final_divisor
        return (
            (initial, self.max, final) if self.phases == 2 else (initial, self.max, initial, final)
        )

    def cycles(self, steps: float) -> float:
        """One, whatever the number of steps."""
        return 1.0

    def between(self, steps: Floats, ends: tuple[float, ...]) -> Floats:
        """The phases between the values of `ends` at the turning points, at steps of any shape."""
        warm = self.warmup_share * self.total_steps
        places = [0.0, warm - 1, self.total_steps - 1]
        if self.phases == 3:
            places.insert(2, 2 * warm - 2)
        values = np.full(steps.shape, ends[-1], np.float64)
        for left, right, a, b in reversed(
            list(zip(places[:-1], places[1:], ends[:-1], ends[1:], strict=True))
        ):
            share = np.clip((steps - left) / (right - left), 0, 1)
            if self.anneal == "cosine":
                value = b + (a - b) * (1 + np.cos(np.pi * share)) / 2
            else:
                value = a + (b - a) * share
            values = np.where(steps <= right, value, values)
        return values
