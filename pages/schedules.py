"""Schedules: choose, compare, copy, race them, and find their bounds by a range test."""

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
)
from dlnlp.ui.schedules.schedule_curves import Curve
from dlnlp.ui.schedules.schedule_view import PARTS

require_frame()


def plot(curves: dict[int, Curve]) -> None:
    """Rate and momentum over the run."""
    log_rate = schedule_controls.logarithmic()
    st.plotly_chart(
        schedule_charts.schedules_figure(schedule_controls.view(), curves, log_rate),
        key="schedules_plot",
        config=schedule_charts.CONFIG,
        alt=schedule_charts.in_words(curves),
    )


def take_away(curves: dict[int, Curve], slot: int) -> None:
    """Code of the selected schedule, the numbers of all, and the link."""
    view = schedule_controls.view()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.download_button(
            "Numbers (CSV)",
            lambda: schedule_curves.curves_csv(curves, view.run),
            "schedules.csv",
            "text/csv",
            on_click="ignore",
        )
        with st.popover("Link to this view", icon="🔗"):
            st.caption("It holds the run, the schedules, the race's settings and the open tab.")
            base = st.context.url or "/schedules"
            st.code(schedule_view.link(base, view), language=None, wrap_lines=True)
    if slot not in curves:
        return
    rate, momentum = curves[slot].schedule, curves[slot].momentum_schedule
    st.markdown(f"**{schedule_controls.DOTS[slot]} {curves[slot].label} as code**")
    keras, torch, optax = st.tabs(["Keras 3", "PyTorch", "optax"])
    keras.code(schedule_code_keras.keras_code(rate, momentum, view.run), language="python")
    torch.code(schedule_code_torch.torch_code(rate, momentum), language="python")
    optax.code(schedule_code_optax.optax_code(rate, momentum, view.run), language="python")


def page() -> None:
    """Controls, plot, summary, code, race, range test, real run, reading."""
    schedule_controls.restore()
    st.title("How fast to learn, and when", anchor=False)
    st.markdown(
        "The learning rate is how far each update moves the weights. A schedule changes it while "
        "the network learns. Set up to four, compare them, then let them race."
    )
    schedule_controls.run_settings()
    left, right = st.columns([5, 8], gap="medium")
    with left:
        slot = schedule_controls.slots()
        schedule_controls.editor(slot)
    curves, refused = schedule_curves.curves_of(schedule_controls.view())
    with right:
        plot(curves)
        for sentence in refused.values():
            st.text(sentence)
    st.table(schedule_curves.summary(curves, schedule_controls.view().run), hide_index=True)
    take_away(curves, slot)
    sections = (
        partial(schedule_race.section, curves),
        partial(schedule_range_test.section, slot),
        schedule_real_run.section,
    )
    parts(schedule_controls.PART, dict(zip(PARTS, sections, strict=True)))
    schedule_reading.section()


page()
