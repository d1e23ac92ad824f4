"""An LR range test that is reported to a page as it goes on, and can be stopped."""

from collections.abc import Callable, Iterable
from typing import Any

import keras
import numpy as np

from dlnlp.training import lr_range_test

REPORT_EVERY = 5  # steps
Report = Callable[[dict[str, Any]], None]


class Stopped(Exception):
    """Ends a range test that was cancelled."""


def reported_range_test(
    model: keras.Model,
    batches: Iterable[Any],
    seed: int,
    report: Report,
    cancelled: Callable[[], bool],
    *,
    min_lr: float,
    max_lr: float,
    steps: int,
) -> str:
    """One range test; see :func:`dlnlp.training.lr_range_test.run`.

    Args:
        model: as there, like `batches`, `min_lr`, `max_lr` and `steps`.
        batches: what is learned from.
        seed: told with each report.
        report: gets {"seed", "rates", "losses"} of the next few steps; a loss that is no number is
            None.
        cancelled: whether to stop.
        min_lr: rate of the first step.
        max_lr: rate of the last step.
        steps: how many.

    Returns:
        How the test ended.

    Raises:
        Stopped: it was cancelled; what was reported stays.
    """
    rates: list[float] = []
    losses: list[float | None] = []

    def hand_over() -> None:
        if rates:
            report({"seed": seed, "rates": rates.copy(), "losses": losses.copy()})
            rates.clear()
            losses.clear()

    def on_step(step: int, rate: float, loss: float) -> None:
        rates.append(rate)
        losses.append(min(loss, 1e30) if np.isfinite(loss) else None)
        if len(rates) == REPORT_EVERY:
            hand_over()
        if cancelled():
            raise Stopped

    found = lr_range_test.run(
        model, batches, min_lr=min_lr, max_lr=max_lr, steps=steps, on_step=on_step
    )
    hand_over()
    return found.note
