"""Schedules: choose, compare, copy, race them, and find their bounds by a range test."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from dlnlp.ui.schedules import (
    charts,
    controls,
    race,
    reading,
    real_run,
    work,
)
from dlnlp.ui.schedules import curves as schedule_curves
from dlnlp.ui.schedules import range_test as schedule_range_test
from dlnlp.ui.schedules import view as schedule_view
from dlnlp.ui.schedules.code import LIBRARIES
from dlnlp.ui.schedules.curves import Curve
from dlnlp.ui.schedules.view import PARTS
from dlnlp.ui.shell.navigation import require_frame
from dlnlp.ui.shell.parts import parts
from dlnlp.ui.shell.tables import table
from dlnlp.ui.shell.turns import fragment, yield_turn

require_frame()

Around = tuple[int, dict[int, str]]


def plot(curves: dict[int, Curve]) -> None:
    """Rate and momentum over the run."""
    log_rate = controls.logarithmic()
    st.plotly_chart(
        charts.schedules_figure(controls.view(), curves, log_rate),
        key="schedules_plot",
        config=charts.CONFIG,
        alt=charts.in_words(curves),
    )


def take_away(curves: dict[int, Curve]) -> None:
    """The link to the view, and the numbers of all schedules."""
    with st.popover(
        "Share and export", icon="🔗", on_change="rerun", key="schedules_share"
    ) as part:
        if not part.open:
            return
        view = controls.view()
        st.caption("It holds the run, the schedules, the race's settings and the open tab.")
        base = st.context.url or "/schedules"
        st.code(schedule_view.link(base, view), language=None, wrap_lines=True)
        st.download_button(
            "Numbers (CSV)",
            lambda: schedule_curves.curves_csv(curves, view.run),
            "schedules.csv",
            "text/csv",
            on_click="ignore",
        )


def code(slot: int) -> None:
    """A schedule in the words of three libraries."""
    choice, run = controls.view().choices[slot], controls.view().run
    st.markdown(f"**{controls.DOTS[slot]} {controls.view().label(slot)} as code**")

    def shown(library: str) -> None:
        st.code(LIBRARIES[library](choice, run), language="python")

    parts("schedules_library", {library: partial(shown, library) for library in LIBRARIES})


@fragment
def board(slot: int, around: Around, of_run: Sequence[str]) -> None:
    """Everything that follows the numbers of the schedule being edited.

    Args:
        slot: of that schedule.
        around: what the page was drawn for.
        of_run: what the chart should say about the run's numbers.
    """
    controls.follow()
    if controls.around() != around:  # a slot is gone
        st.rerun()
    left, right = st.columns([5, 8], gap="medium")
    with left:
        out_of_range = [*of_run, *controls.editor(slot)]
    if controls.around() != around:  # what stands around knows another schedule here
        st.rerun()
    curves, refused = schedule_curves.curves_of(controls.view())
    with right:
        plot(curves)
        for sentence in (*out_of_range, *refused.values()):
            st.text(sentence)
    yield_turn()
    work.keep("board")
    table(schedule_curves.summary(curves, controls.view().run))
    take_away(curves)
    if slot in curves:
        code(slot)


@fragment
def experiments(slot: int, around: Around) -> None:
    """Live race, LR range test and training log, in tabs."""
    controls.follow()
    if controls.around() != around:  # bounds were sent up
        st.rerun()
    range_test = partial(schedule_range_test.section, slot)
    sections = (race.section, range_test, real_run.section)
    parts(controls.PART, dict(zip(PARTS, sections, strict=True)))
    work.keep("experiments")


def page() -> None:
    """Draw the page from top to bottom."""
    work.take_back()
    controls.restore()
    st.title("How fast to learn, and when", anchor=False)
    st.markdown(
        "The learning rate is how far each update moves the weights. A schedule changes it while "
        "the network learns. Set up to four, compare them, then let them race."
    )
    out_of_range = controls.run_settings()
    slot = controls.slots()
    around = controls.around()
    board(slot, around, out_of_range)
    experiments(slot, around)
    reading.section()


page()
