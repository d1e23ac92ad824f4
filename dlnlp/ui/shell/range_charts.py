"""Figures of a range test: the losses as they come, then the curve with its suggestions."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dlnlp.training.range_analysis import RangeTestResult
from dlnlp.training.range_spread import Spread, band, spread
from dlnlp.ui.shell.charts import COLOURS
from dlnlp.ui.shell.panels import LOG_TICKS, faded, stacked

NAMES: Mapping[str, str] = {
    "smith_max": "Smith's max_lr",
    "steepest": "Steepest descent",
    "valley": "Valley",
    "minimum_tenth": "Minimum ÷ 10",
    "smith_base_4": "base_lr = max_lr ÷ 4",
    "smith_base_6": "base_lr = max_lr ÷ 6",
}
# Colours of the drawn suggestions; the two bases differ little and share one.
_MARKS = {
    "smith_max": "#d9601a",
    "steepest": "#1a9e77",
    "valley": "#b867a8",
    "minimum_tenth": "#a87a10",
    "smith_base_4": "#2f7fc1",
    "smith_base_6": "#2f7fc1",
}


def gathered(messages: Sequence[Mapping[str, Any]]) -> list[tuple[list[float], list[float]]]:
    """Rates and losses that a job has reported, for each seed; a loss that is no number is NaN.

    Args:
        messages: the first says how many steps and seeds are planned; see
            :func:`dlnlp.tasks.range_reports.reported_range_test` for the others.
    """
    found: dict[int, tuple[list[float], list[float]]] = {}
    for message in list(messages)[1:]:
        rates, losses = found.setdefault(message["seed"], ([], []))
        rates += message["rates"]
        losses += [np.nan if loss is None else loss for loss in message["losses"]]
    return [found[seed] for seed in sorted(found)]


def range_figure(results: Sequence[RangeTestResult]) -> go.Figure:
    """Smoothed losses over the rate, and the suggestions as lines with their names in the legend.

    Args:
        results: one range test, whose losses are drawn as well; or one for each seed, whose band
            is drawn from the lowest to the highest, with the spread of each suggestion.
    """
    figure = stacked(("loss of the batch",), (1.0,), 340, "learning rate, logarithmic")
    found = band(results)
    kept = np.isfinite(found.median)
    rates, median = found.rates[kept], found.median[kept]
    losses = np.concatenate([result.losses[np.isfinite(result.smoothed)] for result in results])
    low = min(0.0, float(losses.min()))
    # The divergence at the right would press everything else flat: stop a little above the start.
    before = median[: int(median.argmin()) + 1]
    top = float(before.max() + 0.35 * (before.max() - before.min()))
    start = float(
        np.median(np.concatenate([r.losses[np.isfinite(r.smoothed)][:5] for r in results]))
    )
    top = min(max(top, start * 1.05), float(losses.max()) * 1.05)
    if len(results) == 1:
        figure.add_scatter(
            x=results[0].rates,
            y=results[0].losses,
            mode="markers",
            name="each batch",
            marker={"size": 4, "color": "rgba(128,128,128,.45)"},
            hovertemplate="%{y:.4g}",
        )
    else:
        figure.add_scatter(
            x=np.concatenate([rates, rates[::-1]]),
            y=np.concatenate([found.high[kept], found.low[kept][::-1]]),
            fill="toself",
            fillcolor=faded(COLOURS[0], 0.2),
            line={"width": 0},
            mode="lines",
            name=f"{len(results)} seeds",
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=rates,
        y=median,
        mode="lines",
        name="smoothed" if len(results) == 1 else "median, smoothed",
        line={"color": COLOURS[0], "width": 2.6},
        hovertemplate="%{y:.4g}",
    )
    for suggestion in spread(results):
        _add_suggestion(figure, suggestion, low, top)
    figure.update_xaxes(type="log", tickvals=LOG_TICKS, tickformat="~g")
    figure.update_yaxes(range=[low, top])
    figure.update_layout(hovermode="closest", uirevision="range test")
    return figure


def _add_suggestion(figure: go.Figure, suggestion: Spread, low: float, top: float) -> None:
    colour, visible = _MARKS[suggestion.name], suggestion.name != "smith_base_6"
    shared = {
        "mode": "lines",
        "legendgroup": suggestion.name,
        "hoverinfo": "skip",
        "visible": True if visible else "legendonly",
    }
    figure.add_scatter(
        x=[suggestion.rate] * 2,
        y=[low, top],
        name=f"{NAMES[suggestion.name]}: {suggestion.rate:.2g}",
        line={"color": faded(colour, 0.9), "width": 1.8, "dash": _dash(suggestion)},
        **shared,
    )
    if suggestion.high > suggestion.low:
        figure.add_scatter(
            x=[suggestion.low, suggestion.high, suggestion.high, suggestion.low],
            y=[low, low, top, top],
            fill="toself",
            fillcolor=faded(colour, 0.12),
            line={"width": 0},
            name=f"{NAMES[suggestion.name]}: spread",
            showlegend=False,
            **shared,
        )


def _dash(suggestion: Spread) -> str:
    return "dot" if suggestion.name.startswith("smith_base") else "dash"


def live_figure(
    runs: Sequence[tuple[Sequence[float], Sequence[float]]], ends: tuple[float, float]
) -> go.Figure:
    """The losses so far of each seed, rates and losses, on the axis of the whole test."""
    figure = stacked(("loss of the batch",), (1.0,), 340, "learning rate, logarithmic")
    for seed, (rates, losses) in enumerate(runs, 1):
        figure.add_scatter(
            x=rates,
            y=losses,
            mode="markers",
            name=f"seed {seed}",
            marker={"size": 4, "color": faded(COLOURS[0], 1 if seed == len(runs) else 0.35)},
        )
    shown = [float(np.log10(rate)) for rate in ends]
    figure.update_xaxes(type="log", tickvals=LOG_TICKS, tickformat="~g", range=shown)
    figure.update_yaxes(rangemode="tozero")
    figure.update_layout(uirevision="range test", showlegend=True)
    return figure
