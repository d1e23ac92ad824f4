"""Plotly figures, in ordered colours (vermilion to blue) that colour-blind eyes keep apart."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dlnlp.cards import CalibrationBin
from dlnlp.inference.document_map import DocumentMap

_FIVE = ("#c8452d", "#e8936a", "#9a97a0", "#6aaed6", "#2f78b7")
# Of things without an order, such as curves. Blue, vermilion, green, purple: apart for colour-blind
# eyes, and on light and dark paper.
COLOURS = ("#2f7fc1", "#d9601a", "#1a9e77", "#b867a8")
MAX_POINTS = 500
# No button of Plotly's: `dlnlp.ui.shell.chart` saves a chart.
CONFIG: dict[str, Any] = {"responsive": True, "displayModeBar": False}


def class_colours(count: int) -> tuple[str, ...]:
    """Colours of `count` ordered classes, the first the worst."""
    if count == 1:
        return (_FIVE[-1],)
    steps = np.linspace(0, len(_FIVE) - 1, count)
    return tuple(_FIVE[round(float(step))] for step in steps)


def shown_points(labels: NDArray[np.uint8], limit: int = MAX_POINTS) -> NDArray[np.int64]:
    """Indices of the documents to draw on a map, int64 ``[k]``, in order.

    All of them, or `limit` at most, evenly spread.

    Args:
        labels: class of each document, uint8 ``[n]``.
        limit: most points to draw.
    """
    if len(labels) <= limit:
        return np.arange(len(labels))
    return np.unique(np.linspace(0, len(labels) - 1, limit).astype(np.int64))


def map_figure(
    document_map: DocumentMap,
    class_names: Sequence[str],
    position: NDArray[np.float32] | None,
    neighbours: Sequence[int] = (),
) -> go.Figure:
    """Test documents on their two main axes, the pasted review as a cross.

    Args:
        document_map: The fixed map of the model.
        class_names: C names, worst first.
        position: Coordinates of the review, float32 [2]; None draws no cross.
        neighbours: Indices of documents to ring.
    """
    shown = shown_points(document_map.labels)
    names = np.array(class_names)
    traces: list[dict[str, Any]] = []
    for label, colour in enumerate(class_colours(len(class_names))):
        members = shown[document_map.labels[shown] == label]
        traces.append(
            _points(document_map, members)
            | {
                "name": class_names[label],
                "marker": {"color": colour, "size": 6, "opacity": 0.75},
                "customdata": names[document_map.predictions[members]],
                "hovertemplate": f"true: {class_names[label]}<br>predicted: %{{customdata}}"
                "<extra></extra>",
            }
        )
    if len(neighbours):
        ring = {"symbol": "circle-open", "size": 13, "color": "#8a8a8a", "line": {"width": 2}}
        traces.append(
            _points(document_map, np.array(neighbours))
            | {"name": "nearest", "marker": ring, "hoverinfo": "skip"}
        )
    if position is not None:
        traces.append(
            {
                "type": "scatter",
                "x": [float(position[0])],
                "y": [float(position[1])],
                "mode": "markers",
                "name": "your review",
                # Black with a white rim stands out on a light and on a dark page.
                "marker": {
                    "symbol": "x",
                    "size": 17,
                    "color": "#111111",
                    "line": {"width": 2.5, "color": "#ffffff"},
                },
                "hovertemplate": "your review<extra></extra>",
            }
        )
    shares = 100 * document_map.explained.astype(np.float64)
    axis = {"zeroline": False, "showticklabels": False}
    layout = {
        "height": 430,
        "margin": {"l": 0, "r": 0, "t": 6, "b": 0},
        "xaxis": {**axis, "title": {"text": f"axis 1: {shares[0]:.0f} % of the variance"}},
        "yaxis": {**axis, "title": {"text": f"axis 2: {shares[1]:.0f} % of the variance"}},
        "legend": {"orientation": "h", "y": -0.16, "x": 0, "itemsizing": "constant"},
        "uirevision": "map",
        "dragmode": False,
    }
    return plain_figure(traces, layout)


def _points(document_map: DocumentMap, members: NDArray[np.int64]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": document_map.coordinates[members, 0],
        "y": document_map.coordinates[members, 1],
        "mode": "markers",
    }


def as_written(name: str, longest: int = 28) -> str:
    """A text as a chart shows it as it is: cut, and without what Plotly takes for markup.

    Args:
        name: any text.
        longest: characters that are kept.
    """
    cut = name if len(name) <= longest else name[:longest] + "…"
    # Plotly reads a few HTML tags and entities: a zero-width space keeps them from being any.
    return cut.replace("\0", "").replace("<", "<\u200b").replace("&", "&\u200b")


def plain_figure(traces: Sequence[dict[str, Any]], layout: dict[str, Any]) -> go.Figure:
    """A figure from dictionaries that are known to be right.

    Plotly's own builders check every property: ten milliseconds a chart, on every rerun of a page.
    The tests have it check what is drawn here.
    """
    return go.Figure({"data": list(traces), "layout": layout}, _validate=False)


def calibration_figure(bins: Sequence[CalibrationBin], height: int = 270) -> go.Figure:
    """What a network says against what comes true: on the diagonal it can be believed.

    Args:
        bins: of the calibration curve.
        height: in pixels.
    """
    shown = [part for part in bins if part.cases]
    largest = max((part.cases for part in shown), default=1)
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        line={"color": "#8a8a8a", "dash": "dot", "width": 1.5},
        name="perfect calibration",
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=[part.probability for part in shown],
        y=[part.came_true for part in shown],
        customdata=[part.cases for part in shown],
        mode="markers+lines",
        cliponaxis=False,  # a dot on the frame is drawn whole
        line={"color": COLOURS[0], "width": 1},
        marker={
            "color": COLOURS[0],
            "size": [6 + 16 * (part.cases / largest) ** 0.5 for part in shown],
            "opacity": 0.85,
        },
        name="network; larger: more cases",
        hovertemplate="says %{x:.1%}, true for %{y:.1%} of %{customdata:,}<extra></extra>",
    )
    axis = {"tickformat": ".0%", "gridcolor": "rgba(128,128,128,.22)", "range": [-0.03, 1.05]}
    figure.update_xaxes(title="predicted probability", **axis)
    figure.update_yaxes(title="observed frequency", **axis)
    figure.update_layout(
        height=height,
        margin={"l": 0, "r": 8, "t": 6, "b": 0},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        dragmode=False,
    )
    return figure


def calibration_in_words(bins: Sequence[CalibrationBin]) -> str:
    """The curve as a sentence."""
    points = "; ".join(
        f"says {100 * part.probability:.0f} %, so for {100 * part.came_true:.0f} % of "
        f"{part.cases:,}"
        for part in bins
        if part.cases
    )
    return f"Calibration: {points}."
