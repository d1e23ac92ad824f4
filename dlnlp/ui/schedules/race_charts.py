"""Curves of a race: median and band over the seeds, the rate below; and the table of results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dlnlp.ui.schedules.charts import COLOURS
from dlnlp.ui.shell.panels import faded, stacked

Floats = NDArray[np.float64]
GOAL = 0.95


@dataclass(frozen=True, eq=False)
class Racer:
    """One schedule in a race: its slot, its name, and its rate at each step of the race, [T]."""

    slot: int
    label: str
    rate: Floats


@dataclass(frozen=True, eq=False)
class Progress:
    """What the worker has reported so far.

    Attributes:
        total: steps of the race; 0 while unknown.
        step: steps reported, [M], the first one 0.
        train_loss: mean loss of the batches since the report before, [M, schedules, seeds].
        loss: on the held-out digits, [M, schedules, seeds].
        accuracy: on the held-out digits, likewise. NaN where a run has diverged.
    """

    total: int
    step: NDArray[np.int64]
    train_loss: Floats
    loss: Floats
    accuracy: Floats


def progress_of(messages: Sequence[Mapping[str, Any]]) -> Progress:
    """Gather a job's messages."""
    total = int(messages[0]["steps"]) if messages else 0
    points = messages[1:]
    none: list[Any] = []
    if points:  # before the first step no batch has a loss
        none = [[None] * len(row) for row in points[0]["loss"]]
    return Progress(
        total,
        np.array([point["step"] for point in points], np.int64),
        np.array([point["train_loss"] or none for point in points], np.float64),
        np.array([point["loss"] for point in points], np.float64),
        np.array([point["accuracy"] for point in points], np.float64),
    )


def band(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Lowest, median and highest value over the seeds, [M] each, from values [M, seeds].

    Diverged seeds are left out; NaN where all have diverged.
    """
    found = np.full((3, len(values)), np.nan)
    there = np.isfinite(values).any(axis=1) if len(values) else np.zeros(0, bool)
    if there.any():
        some = values[there]
        found[:, there] = np.nanmin(some, 1), np.nanmedian(some, 1), np.nanmax(some, 1)
    return found[0], found[1], found[2]


def _add(figure: go.Figure, row: int, x: Floats, values: Floats, racer: Racer, show: str) -> None:
    low, middle, high = band(values)
    kept = np.isfinite(middle)
    colour = COLOURS[racer.slot]
    shared = {"legendgroup": racer.label, "row": row, "col": 1}
    if values.shape[1] > 1:
        figure.add_scatter(
            x=np.concatenate([x[kept], x[kept][::-1]]),
            y=np.concatenate([high[kept], low[kept][::-1]]),
            fill="toself",
            fillcolor=faded(colour, 0.18),
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
            showlegend=False,
            **shared,
        )
    figure.add_scatter(
        x=x[kept],
        y=middle[kept],
        mode="lines",
        name=racer.label,
        line={"color": colour, "width": 2.2},
        hovertemplate=show,
        showlegend=row == 1,
        **shared,
    )


def race_figure(
    racers: Sequence[Racer], progress: Progress, epochs: int, training: bool = False
) -> go.Figure:
    """Accuracy, loss and rate over the epochs of the race.

    Args:
        racers: in the order of the reports.
        progress: what was reported.
        epochs: length of the race: the axis stands still while the curves grow.
        training: the loss on the batches instead of that on the held-out digits.
    """
    which = "batch loss" if training else "loss"
    figure = stacked(("accuracy", which, "rate"), (0.4, 0.35, 0.25), 330, "epochs")
    total = max(progress.total, 1)
    x: Floats = progress.step.astype(np.float64) * (epochs / total)
    for index, racer in enumerate(racers):
        if len(x):
            loss = progress.train_loss if training else progress.loss
            _add(figure, 1, x, progress.accuracy[:, index], racer, "%{y:.1%}")
            _add(figure, 2, x, loss[:, index], racer, "%{y:.3g}")
        steps = np.arange(len(racer.rate))
        done = steps <= (progress.step[-1] if len(x) else -1)
        for part, opacity in ((steps >= 0, 0.3), (done, 1.0)):
            figure.add_scatter(
                x=steps[part] * (epochs / len(steps)),
                y=racer.rate[part],
                mode="lines",
                name=racer.label,
                legendgroup=racer.label,
                line={"color": faded(COLOURS[racer.slot], opacity), "width": 1.8},
                hovertemplate="%{y:.3g}",
                hoverinfo="skip" if opacity < 1 else None,
                showlegend=not len(x) and opacity < 1,
                row=3,
                col=1,
            )
    figure.update_yaxes(range=_accuracy_range(progress, epochs), tickformat=".0%", row=1, col=1)
    figure.update_yaxes(type="log", dtick=1, tickformat="~g", row=2, col=1)
    figure.update_yaxes(rangemode="tozero", row=3, col=1)
    figure.update_xaxes(range=[0, epochs])
    # The words above the figure name the colours.
    margin = {"l": 0, "r": 8, "t": 12, "b": 0}
    figure.update_layout(uirevision=f"race {epochs} {total}", showlegend=False, margin=margin)
    return figure


def _accuracy_range(progress: Progress, epochs: int) -> list[float]:
    """From 80 % on once all schedules are there; all of it while one is not."""
    if not len(progress.step):
        return [0, 1.02]
    last = [band(progress.accuracy[-1:, index])[1][0] for index in range(progress.loss.shape[1])]
    return [0.8, 1.005] if min(last) >= 0.9 else [0, 1.02]  # NaN compares as false


def results(racers: Sequence[Racer], progress: Progress, epochs: int) -> list[dict[str, str]]:
    """A row a schedule: where it ended (median and range over seeds), how soon it was good."""
    if not len(progress.step):
        return []
    x = progress.step * (epochs / max(progress.total, 1))
    rows = []
    for index, racer in enumerate(racers):
        accuracy = progress.accuracy[:, index]
        low, middle, high = (float(part[-1]) for part in band(accuracy))
        median_loss = float(band(progress.loss[:, index])[1][-1])
        reached = np.flatnonzero(band(accuracy)[1] >= GOAL)
        dead = int((~np.isfinite(progress.loss[-1, index])).sum())
        rows.append(
            {
                "schedule": racer.label,
                "accuracy (median)": "diverged" if np.isnan(middle) else f"{100 * middle:.1f} %",
                "lowest to highest seed": (
                    "" if np.isnan(middle) else f"{100 * low:.1f} to {100 * high:.1f} %"
                )
                + (f", {dead} diverged" if dead and not np.isnan(middle) else ""),
                "loss (median)": "" if np.isnan(median_loss) else f"{median_loss:.3f}",
                f"{GOAL:.0%} after": f"{x[reached[0]]:.1f} epochs" if len(reached) else "never",
            }
        )
    return rows
