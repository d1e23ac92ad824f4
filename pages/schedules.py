"""Schedules: choose, compare, copy, race them, and find their bounds by a range test."""

from functools import partial

import streamlit as st

from dlnlp.ui.schedules import charts, controls, race, reading, real_run, work
from dlnlp.ui.schedules import curves as schedule_curves
from dlnlp.ui.schedules import range_test as schedule_range_test
from dlnlp.ui.schedules import view as schedule_view
from dlnlp.ui.schedules.carry_over import train_link
from dlnlp.ui.schedules.code import LIBRARIES
from dlnlp.ui.schedules.curves import Curve
from dlnlp.ui.schedules.view import PARTS
from dlnlp.ui.shell.chart import draw_chart
from dlnlp.ui.shell.navigation import require_frame
from dlnlp.ui.shell.parts import parts
from dlnlp.ui.shell.tables import table
from dlnlp.ui.shell.title_row import title_row
from dlnlp.ui.shell.turns import fragment, yield_turn

require_frame()


def plot(curves: dict[int, Curve], sentences: list[str]) -> None:
    """Rate and momentum over the run, and what is to be said of numbers out of range."""
    for sentence in sentences:
        st.text(sentence)
    draw_chart(
        charts.schedules_figure(controls.view(), curves, controls.view().log_rate),
        key="schedules_plot",
        config=charts.CONFIG,
        alt=charts.in_words(curves),
    )
    controls.logarithmic()


def take_away() -> None:
    """The link to the view, and the numbers of all schedules."""
    with st.popover(
        "Share and export",
        icon=":material/share:",
        on_change="rerun",
        key="schedules_share",
        width=180,
    ) as part:
        if not part.open:
            return
        view = controls.view()
        st.caption("It holds the run, the schedules, the race's settings and the open tab.")
        base = st.context.url or "/schedules"
        st.code(schedule_view.link(base, view), language=None, wrap_lines=True)
        st.download_button(
            "Numbers (CSV)",
            lambda: schedule_curves.curves_csv(schedule_curves.curves_of(view)[0], view.run),
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
def board() -> None:
    """Everything that follows the numbers: controls at the left, what they make at the right."""
    controls.follow()
    with title_row("Learning-rate schedules"):
        race.start_button("schedules_start_above")
        out_of_range = controls.run_settings()
        take_away()
    left, right = st.columns([5, 8], gap="medium")
    with left:
        slot = controls.slots()
        out_of_range += controls.editor(slot)
    curves, refused = schedule_curves.curves_of(controls.view())
    if slot in curves:
        with left:
            train_link(slot, curves[slot])
    sentences = [*out_of_range, *refused.values()]
    sections = (
        partial(plot, curves, sentences),
        race.section,
        partial(schedule_range_test.section, slot),
        real_run.section,
    )
    with right:
        parts(controls.PART, dict(zip(PARTS, sections, strict=True)), answer=True)
    yield_turn()
    work.keep("board")
    table(schedule_curves.summary(curves, controls.view().run))
    if slot in curves:
        code(slot)


def page() -> None:
    """Draw the page from top to bottom."""
    work.take_back()
    controls.restore()
    if controls.asked_to_race():
        race.start()
    board()
    reading.section()


page()
