"""Schedules evaluated over a run: curves for plots and files, and the numbers of a summary."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlnlp.schedules import Cycle, Schedule, Warmup
from dlnlp.tables.csv_writing import table_csv
from dlnlp.ui.schedules.choice import build_momentum, build_rate
from dlnlp.ui.schedules.kind import Run
from dlnlp.ui.schedules.view import View

Floats = NDArray[np.float64]
MOST_EVALUATED = 200_000
MOST_DRAWN = 2_000
MOST_ROWS = 50_000


@dataclass(frozen=True, eq=False)
class Curve:
    """One schedule over a run.

    Attributes:
        label: its name on the page.
        schedule: the learning rate.
        momentum_schedule: the momentum.
        steps: steps evaluated, [K]; all of them in runs of up to MOST_EVALUATED steps.
        rate: learning rate at these steps, [K].
        momentum: momentum at these steps, [K].
    """

    label: str
    schedule: Schedule
    momentum_schedule: Schedule
    steps: NDArray[np.int64]
    rate: Floats
    momentum: Floats


def evaluated_steps(total: int, most: int = MOST_EVALUATED) -> NDArray[np.int64]:
    """All steps of a run, int64 [k], or `most` of them, evenly spread.

    The first and the last step are always among them.
    """
    if total <= most:
        return np.arange(total)
    return np.unique(np.linspace(0, total - 1, most).astype(np.int64))


def curves_of(view: View) -> tuple[dict[int, Curve], dict[int, str]]:
    """Evaluate the schedules of a view.

    Returns:
        Curves by slot, and by slot the sentence of a schedule that refused its parameters.
    """
    steps = evaluated_steps(view.run.steps)
    curves, refused = {}, {}
    for slot, choice in view.choices.items():
        try:
            rate, momentum = build_rate(choice, view.run), build_momentum(choice, view.run)
            curves[slot] = Curve(
                view.label(slot), rate, momentum, steps, rate(steps), momentum(steps)
            )
        except ValueError as error:
            refused[slot] = str(error)
    return curves, refused


def drawn(values: Floats, most: int = MOST_DRAWN) -> NDArray[np.int64]:
    """Indices of the values [n] that a plot needs, int64 [k].

    All of them, or the lowest and the highest of each of `most / 2` stretches. Peaks and valleys
    keep their height, so that many short cycles are not drawn as other ones.
    """
    count = len(values)
    if count <= most:
        return np.arange(count)
    length = -(-2 * count // most)
    stretches = np.append(values, np.full(-count % length, values[-1])).reshape(-1, length)
    starts = np.arange(len(stretches)) * length
    extremes = [starts + stretches.argmin(axis=1), starts + stretches.argmax(axis=1)]
    return np.unique(np.minimum(np.concatenate([[0], *extremes, [count - 1]]), count - 1))


def cycles(schedule: Schedule, run: Run) -> float | None:
    """How many cycles fit into a run; None for a schedule that has none."""
    steps: float = run.steps
    if isinstance(schedule, Warmup):
        steps, schedule = max(0.0, steps - schedule.steps), schedule.after
    return schedule.cycles(steps) if isinstance(schedule, Cycle) else None


def summary(curves: Mapping[int, Curve], run: Run) -> list[dict[str, str]]:
    """What people look for, a row a schedule, as text."""
    rows = []
    for curve in curves.values():
        rate = curve.rate
        peak = float(rate.max())
        at = int(np.argmax(rate >= peak * (1 - 1e-9)))
        count = cycles(curve.schedule, run)
        low, high = float(curve.momentum.min()), float(curve.momentum.max())
        rows.append(
            {
                "schedule": curve.label,
                "warm-up": f"{100 * curve.steps[at] / run.steps:.0f} % of the run",
                "peak": f"{peak:.4g}",
                "mean": f"{float(rate.mean()):.4g}",
                "final": f"{float(rate[-1]):.3g}",
                "cycles": "none" if count is None else f"{count:.3g}",
                "momentum": f"{low:.3g}" if low == high else f"{low:.3g} to {high:.3g}",
            }
        )
    return rows


def curves_csv(curves: Mapping[int, Curve], run: Run) -> bytes:
    """Rate and momentum of each schedule, a line a step (evenly thinned to MOST_ROWS lines)."""
    some = next(iter(curves.values()), None)
    names = [name for curve in curves.values() for name in (curve.label, curve.label)]
    kinds = ["learning rate", "momentum"] * len(curves)
    header = [f"{name}: {kind}" for name, kind in zip(names, kinds, strict=True)]
    rows: list[list[str | int]] = []
    if some is not None:
        for index in evaluated_steps(len(some.steps), MOST_ROWS):
            step = int(some.steps[index])
            values = [v for c in curves.values() for v in (c.rate[index], c.momentum[index])]
            rows.append(
                [step, f"{step / run.steps_per_epoch:.6g}", *(f"{float(v):.9g}" for v in values)]
            )
    return table_csv(["step", "epoch", *header], rows)
