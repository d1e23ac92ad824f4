"""Plotly figures of panels over one axis."""

from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

_GRID = "rgba(128,128,128,.22)"
# Every decade, and in between where a schedule or a loss may spend its life.
LOG_TICKS = tuple(base * 10.0**power for power in range(-12, 7) for base in (1, 3))


def faded(colour: str, opacity: float) -> str:
    """A hex colour as rgba."""
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def stacked(
    titles: Sequence[str], heights: Sequence[float], height: int, x_title: str
) -> go.Figure:
    """Empty panels over one x axis, with the page's looks: drag to zoom, hover for all curves."""
    rows = len(titles)
    figure = make_subplots(
        rows=rows, cols=1, shared_xaxes=True, row_heights=list(heights), vertical_spacing=0.06
    )
    figure.update_layout(
        height=height,
        margin={"l": 0, "r": 8, "t": 30, "b": 0},
        legend={"orientation": "h", "y": 1.01, "yanchor": "bottom", "x": 0, "font": {"size": 13}},
        hovermode="x unified",
        hoverlabel={"namelength": -1},
        dragmode="zoom",
        uirevision="schedules",
    )
    figure.update_xaxes(showgrid=True, gridcolor=_GRID, zeroline=False, automargin=True)
    figure.update_yaxes(gridcolor=_GRID, zeroline=False, automargin=True, fixedrange=True)
    for row, title in enumerate(titles, 1):
        figure.update_yaxes(title={"text": title, "font": {"size": 13}}, row=row, col=1)
    figure.update_xaxes(title={"text": x_title, "font": {"size": 13}}, row=rows, col=1)
    return figure
