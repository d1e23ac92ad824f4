"""Plotly figures of the page of digits: responses to change, and calibration."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dlnlp.explain.digits import Response
from dlnlp.ui.shell.charts import COLOURS
from dlnlp.ui.shell.numbers import observed, probability, short

_GRID = "rgba(128,128,128,.22)"
_DASHES = ("solid", "dash", "dot")
_WORTH_A_LINE = 0.1
# Confidences crowd near 1; ends of the groups.
EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1.0)

Floats = NDArray[np.float32]


def _figure(height: int, x_title: str, y_title: str) -> go.Figure:
    figure = go.Figure()
    figure.update_layout(
        height=height,
        margin={"l": 0, "r": 8, "t": 6, "b": 0},
        dragmode=False,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        hovermode="x unified",
    )
    axis = {"gridcolor": _GRID, "zeroline": False, "automargin": True, "fixedrange": True}
    figure.update_xaxes(**axis, title={"text": x_title, "font": {"size": 13}})
    figure.update_yaxes(**axis, title={"text": y_title, "font": {"size": 13}})
    return figure


def line_colours(responses: Sequence[Response]) -> dict[int, tuple[str, str]]:
    """Colour and dash of each digit that reaches a tenth in any response, the most probable first.

    One assignment for all charts, so that a digit looks alike in each.
    """
    highest = np.max([response.probabilities.max(0) for response in responses], axis=0)
    plain = responses[0].probabilities[int(np.argmin(np.abs(responses[0].amounts)))]
    order = sorted(range(len(highest)), key=lambda digit: (-plain[digit], -highest[digit]))
    shown = [digit for digit in order if highest[digit] >= _WORTH_A_LINE]
    return {
        digit: (COLOURS[place % len(COLOURS)], _DASHES[place // len(COLOURS) % len(_DASHES)])
        for place, digit in enumerate(shown)
    }


def response_figure(response: Response, colours: Mapping[int, tuple[str, str]]) -> go.Figure:
    """Probabilities over the amount of a change; a thin line marks the digit as it is."""
    figure = _figure(230, f"{response.name}, {response.unit}", "probability, %")
    for digit, (colour, dash) in colours.items():
        shares = response.probabilities[:, digit]
        if shares.max() < _WORTH_A_LINE:
            continue
        figure.add_scatter(
            x=response.amounts,
            y=100 * shares,
            mode="lines",
            name=str(digit),
            line={"color": colour, "dash": dash, "width": 2.2},
            hovertemplate="%{y:.1f} %",
        )
    figure.update_layout(showlegend=True)
    figure.add_vline(x=0, line={"color": "rgba(128,128,128,.6)", "width": 1})
    figure.update_yaxes(range=[-2, 102])
    return figure


def response_in_words(response: Response) -> str:
    """The chart for a screen reader: which digit wins where."""
    winners = response.probabilities.argmax(1)
    starts = [0, *(np.flatnonzero(np.diff(winners)) + 1)]
    ends = [*(start - 1 for start in starts[1:]), len(winners) - 1]
    spans = [
        f"{winners[start]} from {short(float(response.amounts[start]))} to "
        f"{short(float(response.amounts[end]))}"
        for start, end in zip(starts, ends, strict=True)
    ]
    return f"Most probable digit by {response.name} in {response.unit}: " + ", ".join(spans)


def calibration_groups(
    labels: NDArray[np.uint8], probabilities: Floats, edges: Sequence[float] = EDGES
) -> list[tuple[int, float, float, float, float]]:
    """Test digits grouped by the probability of the predicted digit.

    Args:
        labels: true digits, uint8 [N].
        probabilities: float32 [N, C].
        edges: ends of the groups; a group holds its upper end, not its lower one.

    Returns:
        For each group that is not empty: count, mean probability, accuracy, and the two ends of the
        accuracy's 95 % interval (Wilson 1927).
    """
    sure = probabilities.max(1).astype(np.float64)
    right = probabilities.argmax(1) == labels
    groups = []
    for low, high in zip(edges, edges[1:], strict=False):
        inside = (sure > low) & (sure <= high)
        count = int(inside.sum())
        if not count:
            continue
        share, z = float(right[inside].mean()), 1.96
        middle = (share + z * z / (2 * count)) / (1 + z * z / count)
        half = z * np.sqrt(share * (1 - share) / count + z * z / (4 * count**2))
        half /= 1 + z * z / count
        groups.append(
            (count, float(sure[inside].mean()), share, float(middle - half), float(middle + half))
        )
    return groups


def calibration_figure(groups: Sequence[tuple[int, float, float, float, float]]) -> go.Figure:
    """Observed frequency against predicted probability; the dotted line is perfect calibration."""
    figure = _figure(330, "predicted probability, %", "observed frequency, %")
    count, sure, share, low, high = (100 * np.array(column) for column in zip(*groups, strict=True))
    figure.add_scatter(
        x=[0, 100],
        y=[0, 100],
        mode="lines",
        line={"color": "rgba(128,128,128,.8)", "dash": "dot", "width": 1.5},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_scatter(
        x=sure,
        y=share,
        mode="lines+markers",
        line={"color": COLOURS[0], "width": 1.5},
        marker={"size": 9, "color": COLOURS[0]},
        error_y={"array": high - share, "arrayminus": share - low, "color": COLOURS[0]},
        customdata=count / 100,
        hovertemplate="%{y:.1f} % correct of %{customdata:,.0f} digits<extra></extra>",
        showlegend=False,
    )
    lowest = max(0.0, min(float(sure.min()), float(low.min())) - 5)
    figure.update_xaxes(range=[lowest, 101])
    figure.update_yaxes(range=[lowest, 101])
    return figure


def calibration_in_words(groups: Sequence[tuple[int, float, float, float, float]]) -> str:
    """The chart for a screen reader."""
    parts = [
        f"{probability(sure)} predicted, {observed(share)} observed of {count:,}"
        for count, sure, share, _, _ in groups
    ]
    return "Calibration on test digits: " + "; ".join(parts)
