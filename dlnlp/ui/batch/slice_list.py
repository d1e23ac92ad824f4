"""Slices as a picture: a line for each with its accuracy as a dot, its interval, and a click."""

from collections.abc import Sequence
from typing import TypedDict

import streamlit as st

from dlnlp.cards import Measure
from dlnlp.scoring.slices import Slice
from dlnlp.ui.shell.component import component
from dlnlp.ui.shell.numbers import observed
from dlnlp.ui.shell.picked import picked_place

MOST_DRAWN = 100
_CHOSEN = "batch_slice_chosen"


class SliceData(TypedDict):
    """A slice; shares are from 0 to 1."""

    kind: str  # what the rows were parted by
    value: str  # what those of the slice share
    rows: str
    accuracy: float
    low: float  # ends of its 95 % interval
    high: float
    written: str  # the accuracy as a text
    worse: bool
    spoken: str  # the whole line for a screen reader


class SlicesData(TypedDict):
    """Everything the component draws, as plain JSON."""

    overall: float
    overall_written: str
    chosen: int  # -1 for none
    subject: str  # another list begins short again
    more: str  # on the button that shows them all
    slices: list[SliceData]


HTML = """
<div class="slices hued">
  <div class="head"></div>
  <div class="lines"></div>
  <button class="more" type="button" data-unsaved></button>
</div>
"""

_mount = component(__file__, HTML)


def slices_data(
    slices: Sequence[Slice], overall: Measure, chosen: int, subject: str = ""
) -> SlicesData:
    """What the component is told.

    Args:
        slices: in the order in which they are drawn.
        overall: accuracy of all rows.
        chosen: number of the slice whose rows are shown; -1 for none.
        subject: what the list is of.
    """
    return SlicesData(
        overall=overall.value,
        overall_written=observed(overall.value),
        chosen=chosen,
        subject=subject,
        more=f"Show {'all' if len(slices) <= MOST_DRAWN else 'the first'} "
        f"{min(len(slices), MOST_DRAWN)}",
        slices=[
            SliceData(
                kind=each.kind,
                value=each.value,
                rows=f"{each.rows:,} rows",
                accuracy=each.accuracy.value,
                low=each.accuracy.low or 0.0,
                high=1.0 if each.accuracy.high is None else each.accuracy.high,
                written=observed(each.accuracy.value),
                worse=each.worse,
                spoken=f"{each.kind} {each.value}: accuracy {each.accuracy.percent}, "
                f"{each.rows:,} rows, the rest {observed(each.rest.value)}, corrected p-value "
                f"{each.corrected:.2g}{', significantly worse' if each.worse else ''}",
            )
            for each in slices[:MOST_DRAWN]
        ],
    )


def slice_list(slices: Sequence[Slice], overall: Measure, subject: str) -> int | None:
    """Draw the slices; returns the number of the one that is chosen.

    Args:
        slices: in the order in which they are drawn.
        overall: accuracy of all rows.
        subject: what they are slices of: another subject has another choice.
    """
    key, state = "batch_slices", st.session_state

    def pick() -> None:
        state[_CHOSEN] = (state.get(key) or {}).get("pick")

    chosen = picked_place(state.get(_CHOSEN), subject, len(slices))
    _mount(
        key=key,
        data=slices_data(slices, overall, -1 if chosen is None else chosen, subject),
        on_pick_change=pick,
    )
    return chosen
