"""Pictures of an evaluation: shades of the confusion matrix, and the curve over thresholds."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dlnlp.scoring.evaluation import Evaluation, OperatingPoint, operating_point
from dlnlp.ui.shell.charts import COLOURS
from dlnlp.ui.shell.numbers import observed

_GRID = "rgba(128,128,128,.22)"
_BLUE = "47,127,193"


def shades(confusion: NDArray[np.int64]) -> NDArray[np.str_]:
    """CSS of each cell, str ``[C, C]``: the larger its share of the true label, the darker.

    Args:
        confusion: counts, rows true, int64 ``[C, C]``.
    """
    shares = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    css = [
        [f"background-color: rgba({_BLUE},{0.6 * share:.2f})" for share in row] for row in shares
    ]
    return np.array(css)


def threshold_figure(evaluation: Evaluation, threshold: float) -> go.Figure:
    """Accuracy, precision and recall of the second class over the threshold.

    Args:
        evaluation: of two classes.
        threshold: the chosen one, a vertical line.
    """
    points = [operating_point(evaluation, at) for at in np.linspace(0, 1, 101).tolist()]
    figure = go.Figure()
    dashes = ("solid", "dash", "dot")
    for name, colour, dash in zip(
        ("accuracy", "precision", "recall"), COLOURS, dashes, strict=False
    ):
        figure.add_scatter(
            x=[point.threshold for point in points],
            y=[getattr(point, name) for point in points],
            mode="lines",
            name=name,
            line={"color": colour, "dash": dash, "width": 2.2},
            hovertemplate="%{y:.1%}",
        )
    figure.add_vline(x=threshold, line={"color": "#8a8a8a", "width": 1.5})
    axis = {"tickformat": ".0%", "gridcolor": _GRID, "fixedrange": True}
    figure.update_xaxes(title="least probability of the class", range=[0, 1], **axis)
    figure.update_yaxes(range=[-0.02, 1.05], **axis)
    figure.update_layout(
        height=230,
        margin={"l": 0, "r": 20, "t": 6, "b": 0},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        hovermode="x unified",
        dragmode=False,
    )
    return figure


def in_words(point: OperatingPoint, name: str) -> str:
    """An operating point as a sentence."""

    def share(value: float | None) -> str:
        return "none" if value is None else observed(value)

    return (
        f"From {100 * point.threshold:.0f} % on “{name}”: accuracy {observed(point.accuracy)}, "
        f"precision {share(point.precision)}, recall {share(point.recall)}."
    )
