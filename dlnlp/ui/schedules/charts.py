"""Plotly figures of schedules: rate above, momentum below, one colour a slot."""

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dlnlp.ui.schedules.curves import Curve, drawn
from dlnlp.ui.schedules.view import View
from dlnlp.ui.shell import charts
from dlnlp.ui.shell.charts import COLOURS as COLOURS
from dlnlp.ui.shell.panels import stacked

CONFIG = {**charts.CONFIG, "doubleClick": "reset+autosize"}


def x_of(view: View, steps: Any) -> Any:
    """Steps in the unit of the view's axis."""
    return steps if view.unit == "steps" else steps / view.run.steps_per_epoch


def schedules_figure(view: View, curves: Mapping[int, Curve], log_rate: bool) -> go.Figure:
    """Learning rate and momentum over the run.

    Args:
        view: for the unit of the axis.
        curves: by slot.
        log_rate: whether the rate's axis is logarithmic; rates of 0 are then not drawn.
    """
    traces = [
        {
            "type": "scatter",
            # Half the size of float64, and finer than any screen.
            "x": np.asarray(x_of(view, curve.steps[at]), np.float32),
            "y": np.asarray(values[at], np.float32),
            "mode": "lines",
            "name": curve.label,
            "legendgroup": curve.label,
            "showlegend": not row,
            "line": {"color": COLOURS[slot], "width": 2.2},
            "hovertemplate": "%{y:.4g}",
            "xaxis": f"x{row}",
            "yaxis": f"y{row}",
        }
        for slot, curve in curves.items()
        for row, values in (("", curve.rate), ("2", curve.momentum))
        for at in (drawn(values),)
    ]
    frame = _frame(view.unit)
    rate_axis = frame["yaxis"] | {
        "type": "log" if log_rate else "linear",
        "rangemode": "normal" if log_rate else "tozero",
        "exponentformat": "power",
    }
    if log_rate:
        rate_axis["dtick"] = 1
    layout = {
        **frame,
        "yaxis": rate_axis,
        "yaxis2": frame["yaxis2"] | {"range": _around(curves)},
        "uirevision": f"{view.unit} {view.run.steps}",
    }
    return charts.plain_figure(traces, layout)


def _around(curves: Mapping[int, Curve]) -> list[float]:
    """Ends of the momentum's axis: a constant momentum lies in its middle."""
    values = [float(end) for c in curves.values() for end in (c.momentum.min(), c.momentum.max())]
    return [min(values, default=0) - 0.05, max(values, default=1) + 0.05]


@functools.cache
def _frame(unit: str) -> dict[str, Any]:
    figure = stacked(("learning rate", "momentum"), (0.72, 0.28), 380, unit)
    layout: dict[str, Any] = figure.to_dict()["layout"]
    return layout


def in_words(curves: Mapping[int, Curve]) -> str:
    """The plot for a screen reader."""
    parts = [
        f"{curve.label}: starts at {float(curve.rate[0]):.3g}, peaks at "
        f"{float(curve.rate.max()):.3g}, ends at {float(curve.rate[-1]):.3g}"
        for curve in curves.values()
    ]
    return "Learning rate and momentum over the run. " + "; ".join(parts)
