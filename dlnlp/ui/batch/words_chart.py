"""The n-grams that speak most for a class and most against it, as bars with their intervals."""

from collections.abc import Sequence

import plotly.graph_objects as go

from dlnlp.ui.batch.words import Decider, Question
from dlnlp.ui.shell.charts import as_written, plain_figure
from dlnlp.ui.shell.numbers import signed

BARS = 10
"""Bars of each side."""
# As the theme's: readable on light and on dark paper.
_FOR, _AGAINST = "#4b84b5", "#c96f45"
_GREY = "rgba(128,128,128,.9)"


def outer(found: Sequence[Decider], most: int = BARS) -> list[Decider]:
    """The first and the last of a ranking: those for the class, and those against it."""
    towards = [each for each in found if each.mean > 0][:most]
    against = [each for each in found if each.mean < 0][-most:]
    return [*towards, *against]


def words_figure(shown: Sequence[Decider], question: Question) -> go.Figure:
    """A bar for each n-gram, the largest mean on top.

    Args:
        shown: the n-grams.
        question: what was asked, for the axis.
    """
    rows = [" / ".join(f"{count:,}" for count in each.rows) for each in shown]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [each.mean for each in shown],
        "y": list(range(len(shown))),
        "customdata": [
            [as_written(each.ngram, 60), count, signed(each.low, 2), signed(each.high, 2)]
            for each, count in zip(shown, rows, strict=True)
        ],
        "marker": {"color": [_FOR if each.mean > 0 else _AGAINST for each in shown]},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [each.high - each.mean for each in shown],
            "arrayminus": [each.mean - each.low for each in shown],
            "color": _GREY,
            "thickness": 1.4,
            "width": 3,
        },
        "hovertemplate": "%{customdata[0]}: %{x:.2f} (%{customdata[2]} to %{customdata[3]})<br>"
        "rows: %{customdata[1]}<extra></extra>",
    }
    names = [as_written(each.ngram) for each in shown]
    layout = {
        "height": 60 + 21 * len(shown),
        "margin": {"l": 0, "r": 8, "t": 6, "b": 0},
        "xaxis": {
            "title": {"text": axis_title(question)},
            "zeroline": True,
            "zerolinecolor": _GREY,
            "gridcolor": "rgba(128,128,128,.22)",
            "fixedrange": True,
        },
        "yaxis": {
            "tickmode": "array",
            "tickvals": list(range(len(shown))),
            "ticktext": names,
            "autorange": "reversed",
            "automargin": True,
            "fixedrange": True,
        },
        "bargap": 0.25,
        "dragmode": False,
        "showlegend": False,
    }
    return plain_figure([bars], layout)


def axis_title(question: Question) -> str:
    """What the bars say."""
    if len(question.groups) == 1:
        return f"mean effect on “{as_written(question.target)}” (logits), 95 % interval"
    first, second = map(as_written, question.groups)
    return (
        f"mean effect on “{as_written(question.target)}” (logits) in {first} less that in {second}"
    )


def in_words(shown: Sequence[Decider]) -> str:
    """The bars as a sentence, for whoever does not see them."""
    parts = [f"{each.ngram} {signed(each.mean, 2)}" for each in shown]
    return f"From most for the class to most against it: {', '.join(parts)}."
