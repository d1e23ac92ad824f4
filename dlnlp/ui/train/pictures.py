"""Pictures of a table (classes, lengths) and of a training (loss, accuracy, learning rate)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dlnlp.ui.shell.charts import COLOURS, plain_figure
from dlnlp.ui.train.course import Course

_GRID = "rgba(128,128,128,.22)"
_SHOWN_CLASSES, _SHOWN_NAME = 12, 24
_FEW_WORDS = 12
MOST_POINTS = 1_500  # of the curve of the batches
Floats = NDArray[np.float64]


def _axis(**settings: Any) -> dict[str, Any]:
    return {
        "gridcolor": _GRID,
        "zeroline": False,
        "automargin": True,
        "fixedrange": True,
    } | settings


def _layout(height: int, **settings: Any) -> dict[str, Any]:
    margin = {"l": 0, "r": 8, "t": 6, "b": 0}
    return {"height": height, "margin": margin, "dragmode": False, "showlegend": False} | settings


def classes_figure(counts: Mapping[str, int]) -> go.Figure:
    """A bar for each class, the largest above; small ones together where they are many."""
    shown = dict(list(counts.items())[:_SHOWN_CLASSES])
    rest = sum(counts.values()) - sum(shown.values())
    names = [_short(name) for name in shown]
    values = list(shown.values())
    if rest:
        names.append(f"{len(counts) - len(shown)} more")
    # The rest has a number and no bar: together they would make all others look small.
    lengths = [*values, *([0] if rest else [])]
    numbers = [*values, *([rest] if rest else [])]
    bars = {
        "type": "bar", "orientation": "h", "x": lengths, "y": list(range(len(names))),
        "text": [f"{value:,}" for value in numbers], "textposition": "auto", "textangle": 0,
        "marker": {"color": COLOURS[0], "opacity": 0.75}, "hoverinfo": "skip",
    }  # fmt: skip
    # Names as ticks over places: two that are cut alike stay two bars.
    y = _axis(
        autorange="reversed", tickvals=list(range(len(names))), ticktext=names, showgrid=False
    )
    x = _axis(showticklabels=False, showgrid=False)
    return plain_figure([bars], _layout(26 * len(names) + 12, xaxis=x, yaxis=y, bargap=0.25))


def _short(name: str) -> str:
    """A name as Plotly draws it as it is: it reads a little HTML."""
    cut = name if len(name) <= _SHOWN_NAME else name[:_SHOWN_NAME] + "…"
    return cut.replace("&", "&amp;").replace("<", "&lt;").replace("\0", "")


def lengths_figure(lengths: NDArray[np.int64]) -> go.Figure:
    """How many texts have how many words; what is longer than most stands at the end.

    Args:
        lengths: words of each text, int64 ``[n]``.
    """
    longest = max(1, int(np.percentile(lengths, 98))) if len(lengths) else 1
    # Whole numbers of words in each bar: else some bars would be empty.
    width = longest // 30 + 1
    counts, edges = np.histogram(
        np.minimum(lengths, longest), bins=np.arange(-0.5, longest + width, width)
    )
    bars = {
        "type": "bar", "x": ((edges[1:] + edges[:-1]) / 2).tolist(), "y": counts.tolist(),
        "marker": {"color": COLOURS[0], "opacity": 0.75}, "hoverinfo": "skip",
    }  # fmt: skip
    more = len(lengths) and lengths.max() > edges[-1]
    title = (
        f"words per text (last bar: {edges[-2] + 0.5:,.0f} or more)" if more else "words per text"
    )
    x = _axis(title={"text": title}, showgrid=False)
    if longest < _FEW_WORDS:
        x["dtick"] = 1  # else a few words have half words between them
    return plain_figure([bars], _layout(150, xaxis=x, yaxis=_axis(nticks=4), bargap=0.06))


def thinned(losses: Floats) -> tuple[Floats, Floats]:
    """At most so many points of a curve: means of as many steps each, at their last step.

    Args:
        losses: of each step, float64 ``[T]``.

    Returns:
        Steps and means, float64 ``[M]`` each.
    """
    size = -(-len(losses) // MOST_POINTS) or 1
    edges = np.arange(0, len(losses), size)
    sums = np.add.reduceat(losses, edges) if len(losses) else losses
    counts = np.diff(np.append(edges, len(losses)))
    return (edges + counts).astype(np.float64), sums / np.maximum(counts, 1)


def course_figure(course: Course, height: int = 330) -> go.Figure:
    """Loss above, accuracy on the validation texts, learning rate below; all against the step."""
    at, losses = thinned(np.array(course.losses, np.float64))
    steps = [step for step, _, _ in course.validation]
    blue, vermilion, green = COLOURS[:3]
    marks = {"mode": "lines+markers", "marker": {"size": 6}}
    traces: list[dict[str, Any]] = [
        {"x": at, "y": losses, "mode": "lines", "name": "loss of the batch", "yaxis": "y",
         "line": {"color": blue, "width": 1.2}, "opacity": 0.75,
         "hovertemplate": "%{y:.3f}"},
        {"x": steps, "y": [loss for _, loss, _ in course.validation], "name": "validation loss",
         "yaxis": "y", "line": {"color": vermilion, "width": 2.2}, **marks,
         "hovertemplate": "%{y:.3f}"},
        {"x": steps, "y": [accuracy for *_, accuracy in course.validation],
         "name": "validation accuracy", "yaxis": "y2", "line": {"color": green, "width": 2.2},
         **marks, "hovertemplate": "%{y:.1%}"},
        {"x": [step for step, _ in course.rates], "y": [rate for _, rate in course.rates],
         "mode": "lines", "name": "learning rate", "showlegend": False, "yaxis": "y3",
         "line": {"color": "#8a8a8a", "width": 1.8}, "hovertemplate": "%{y:.2g}"},
    ]  # fmt: skip
    layout = _layout(
        height,
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        hovermode="x unified",
        uirevision="course",
        xaxis=_axis(title={"text": "step"}, range=[0, 1.01 * max(course.total, 1)], anchor="y3"),
        yaxis=_axis(domain=[0.5, 1], title={"text": "loss"}, rangemode="tozero"),
        yaxis2=_axis(
            domain=[0.22, 0.44], title={"text": "accuracy"}, range=[-0.02, 1.05],
            tickvals=[0, 0.5, 1], tickformat=".0%",
        ),
        yaxis3=_axis(
            domain=[0, 0.15], title={"text": "rate"}, rangemode="tozero", nticks=3,
            tickformat="~g",
        ),
    )  # fmt: skip
    return plain_figure([{"type": "scatter", **trace} for trace in traces], layout)


def course_in_words(course: Course) -> str:
    """The picture as a sentence."""
    told = f"Step {course.step:,} of {course.total:,}."
    if course.validation:
        _, loss, accuracy = course.validation[-1]
        told += f" Validation: loss {loss:.3f}, accuracy {accuracy:.1%}."
    return told
