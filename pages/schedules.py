"""Schedules: choose, compare, copy, race them, and find their bounds by a range test."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from dlnlp.ui.navigation import require_frame
from dlnlp.ui.parts import parts
from dlnlp.ui.schedules import (
    schedule_charts,
    schedule_code_keras,
    schedule_code_optax,
    schedule_code_torch,
    schedule_controls,
    schedule_curves,
    schedule_race,
    schedule_range_test,
    schedule_reading,
    schedule_real_run,
    schedule_view,
    schedule_work,
)
from dlnlp.ui.schedules.schedule_curves import Curve
from dlnlp.ui.schedules.schedule_view import PARTS
from dlnlp.ui.tables import table
from dlnlp.ui.turns import can_wait, fragment

require_frame()

Around = tuple[int, dict[int, str]]


def plot(curves: dict[int, Curve]) -> None:
    """Rate and momentum over the run."""
    log_rate = schedule_controls.logarithmic()
    st.plotly_chart(
        schedule_charts.schedules_figure(schedule_controls.view(), curves, log_rate),
        key="schedules_plot",
        config=schedule_charts.CONFIG,
        alt=schedule_charts.in_words(curves),
    )


def take_away(curves: dict[int, Curve]) -> None:
    """The link to the view, and the numbers of all schedules."""
    with st.popover(
        "Share and export", icon="🔗", on_change="rerun", key="schedules_share"
    ) as part:
        if not part.open:
            return
        view = schedule_controls.view()
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


def code(curve: Curve, slot: int) -> None:
    """A schedule in the words of three libraries."""
    rate, momentum, run = curve.schedule, curve.momentum_schedule, schedule_controls.view().run
    st.markdown(f"**{schedule_controls.DOTS[slot]} {curve.label} as code**")
    made: dict[str, Callable[[], str]] = {
        "Keras 3": lambda: schedule_code_keras.keras_code(rate, momentum, run),
        "PyTorch": lambda: schedule_code_torch.torch_code(rate, momentum, run),
        "optax": lambda: schedule_code_optax.optax_code(rate, momentum, run),
    }
    parts(
        "schedules_library",
        {name: lambda make=make: st.code(make(), language="python") for name, make in made.items()},
    )


@fragment
def board(slot: int, around: Around, of_run: Sequence[str]) -> None:
    """Everything that follows the numbers of the schedule being edited.

    Args:
        slot: of that schedule.
        around: what the page was drawn for.
        of_run: what the chart should say about the run's numbers.
    """
    schedule_controls.follow()
    if schedule_controls.around() != around:  # a slot is gone
        st.rerun()
    left, right = st.columns([5, 8], gap="medium")
    with left:
        out_of_range = [*of_run, *schedule_controls.editor(slot)]
    if schedule_controls.around() != around:  # what stands around knows another schedule here
        st.rerun()
    curves, refused = schedule_curves.curves_of(schedule_controls.view())
    with right:
        plot(curves)
        for sentence in (*out_of_range, *refused.values()):
            st.text(sentence)
    can_wait()
    schedule_work.keep("board")
    table(schedule_curves.summary(curves, schedule_controls.view().run))
    take_away(curves)
    if slot in curves:
        code(curves[slot], slot)


@fragment
def experiments(slot: int, around: Around) -> None:
    """Live race, LR range test and training log, in tabs."""
    schedule_controls.follow()
    if schedule_controls.around() != around:  # bounds were sent up
        st.rerun()
    range_test = partial(schedule_range_test.section, slot)
    sections = (schedule_race.section, range_test, schedule_real_run.section)
    parts(schedule_controls.PART, dict(zip(PARTS, sections, strict=True)))
    schedule_work.keep("experiments")


def page() -> None:
    """Draw the page from top to bottom."""
    schedule_work.take_back()
    schedule_controls.restore()
    st.title("How fast to learn, and when", anchor=False)
    st.markdown(
        "The learning rate is how far each update moves the weights. A schedule changes it while "
        "the network learns. Set up to four, compare them, then let them race."
    )
    out_of_range = schedule_controls.run_settings()
    slot = schedule_controls.slots()
    around = schedule_controls.around()
    board(slot, around, out_of_range)
    experiments(slot, around)
    schedule_reading.section()


page()
