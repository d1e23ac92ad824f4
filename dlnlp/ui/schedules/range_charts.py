"""Figures of a range test: the losses as they come, then the curve with its suggestions."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from dlnlp.training.range_analysis import RangeTestResult, Suggestion
from dlnlp.ui.schedules.charts import COLOURS, LOG_TICKS, faded, stacked

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


def range_figure(result: RangeTestResult) -> go.Figure:
    """Losses over the rate, smoothed, and the suggestions as lines with their names in the legend.

    Args:
        result: rates, losses, suggestions.
    """
    figure = stacked(("loss of the batch",), (1.0,), 430, "learning rate, logarithmic")
    kept = np.isfinite(result.smoothed)
    losses, smoothed = result.losses[kept], result.smoothed[kept]
    low = min(0.0, float(losses.min()))
    # The divergence at the right would press everything else flat: stop a little above the start.
    before = smoothed[: int(smoothed.argmin()) + 1]
    top = float(before.max() + 0.35 * (before.max() - before.min()))
    top = min(max(top, float(np.median(losses[:5])) * 1.05), float(losses.max()) * 1.05)
    figure.add_scatter(
        x=result.rates,
        y=result.losses,
        mode="markers",
        name="each batch",
        marker={"size": 4, "color": "rgba(128,128,128,.45)"},
        hovertemplate="%{y:.4g}",
    )
    figure.add_scatter(
        x=result.rates,
        y=result.smoothed,
        mode="lines",
        name="smoothed",
        line={"color": COLOURS[0], "width": 2.6},
        hovertemplate="%{y:.4g}",
    )
    for suggestion in result.suggestions:
        colour = _MARKS[suggestion.name]
        figure.add_scatter(
            x=[suggestion.rate] * 2,
            y=[low, top],
            mode="lines",
            name=f"{NAMES[suggestion.name]}: {suggestion.rate:.2g}",
            line={"color": faded(colour, 0.9), "width": 1.8, "dash": _dash(suggestion)},
            hoverinfo="skip",
            visible="legendonly" if suggestion.name == "smith_base_6" else True,
        )
    figure.update_xaxes(type="log", tickvals=LOG_TICKS, tickformat="~g")
    figure.update_yaxes(range=[low, top])
    figure.update_layout(hovermode="closest", uirevision="range test")
    return figure


def _dash(suggestion: Suggestion) -> str:
    return "dot" if suggestion.name.startswith("smith_base") else "dash"


def live_figure(rates: list[float], losses: list[float], ends: tuple[float, float]) -> go.Figure:
    """The losses so far, on the axis of the whole test."""
    figure = stacked(("loss of the batch",), (1.0,), 430, "learning rate, logarithmic")
    figure.add_scatter(
        x=rates,
        y=losses,
        mode="markers",
        name="each batch",
        marker={"size": 4, "color": COLOURS[0]},
    )
    shown = [float(np.log10(rate)) for rate in ends]
    figure.update_xaxes(type="log", tickvals=LOG_TICKS, tickformat="~g", range=shown)
    figure.update_layout(uirevision="range test", showlegend=True)
    return figure
