"""The range test on the page: live on the race's network, or a visitor's own log; suggestions."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from dlnlp.training.range_analysis import FEWEST, RangeTestResult, analyse
from dlnlp.ui.schedules import charts, controls
from dlnlp.ui.schedules.choice import Choice
from dlnlp.ui.schedules.fields import number_field
from dlnlp.ui.schedules.log_upload import own_log
from dlnlp.ui.schedules.range_charts import NAMES, live_figure, range_figure
from dlnlp.ui.schedules.view import LETTERS
from dlnlp.ui.shell import worker_jobs
from dlnlp.ui.shell.tables import table
from dlnlp.ui.shell.turns import fragment
from dlnlp.worker.worker import Job, QueueFull

_JOB, _PROBLEM = "schedules_range_test", "schedules_range_problem"
_SETTINGS = "schedules_range_settings"
TASK = "dlnlp.tasks.race:range_test"
EVERY = 0.4


@dataclass(frozen=True, slots=True)
class Settings:
    """What a test is run with."""

    min_lr: float = 1e-4
    max_lr: float = 2.0
    steps: int = 300
    momentum: float = 0.9


def gathered(job: Job) -> tuple[list[float], list[float]]:
    """Rates and losses that a job has reported; a loss that is no number is NaN."""
    messages = list(job.messages)[1:]
    rates = [rate for message in messages for rate in message["rates"]]
    losses = [np.nan if v is None else v for message in messages for v in message["losses"]]
    return rates, losses


def _settings() -> Settings:
    used: Settings = st.session_state.get(_SETTINGS, Settings())
    told: list[str] = []
    shared: dict[str, Any] = {"where": "the test", "persist_state": "session"}
    left, middle, right, last = st.columns(4)
    with left:
        low = number_field(
            "Lowest learning rate", (1e-7, 1.0), used.min_lr, told, key="range_low", step=1e-4,
            format="%g", **shared,
        )  # fmt: skip
    with middle:
        high = number_field(
            "Highest learning rate", (1e-6, 100.0), used.max_lr, told, key="range_high", step=0.5,
            format="%g", **shared,
        )  # fmt: skip
    with right:
        steps = number_field(
            "Steps", (50, 1_000), used.steps, told, key="range_steps", step=50, **shared
        )
    with last:
        momentum = number_field(
            "Momentum", (0.0, 0.99), used.momentum, told, key="range_momentum", **shared
        )
    st.session_state[_SETTINGS] = Settings(low, high, steps, momentum)
    if high < 2 * low:
        high = 2 * low
        told.append(f"The highest rate is below twice the lowest: the test ends at {high:g}.")
    for sentence in told:
        st.text(sentence)
    return Settings(low, high, steps, momentum)


def start(settings: Settings, batch_size: int) -> None:
    """Put a range test into the worker's queue."""
    arguments = {
        "min_lr": settings.min_lr,
        "max_lr": settings.max_lr,
        "steps": settings.steps,
        "momentum": settings.momentum,
        "batch_size": batch_size,
    }
    try:
        job = worker_jobs.submit(TASK, arguments)
    except QueueFull as full:
        st.session_state[_PROBLEM] = str(full)
        return
    st.session_state[_JOB], st.session_state[_PROBLEM] = (job, settings), ""


@fragment(run_every=EVERY)
def _watch(job: Job, settings: Settings) -> None:
    if not job.active:
        st.rerun()
    rates, losses = gathered(job)
    place = worker_jobs.shared_worker().place(job)
    words = (
        f"In the queue: {place} before yours."
        if place
        else f"Step {len(rates):,} of {settings.steps:,}"
        if job.messages
        else "Waking the background process; the first time takes some seconds …"
    )
    st.progress(min(len(rates) / settings.steps, 1.0), text=words)
    figure = live_figure(rates, losses, (settings.min_lr, settings.max_lr))
    st.plotly_chart(figure, key="range_live", config=charts.CONFIG)


def _send(slot: int, kind: str, peak: float, divisor: float | None) -> None:
    view = controls.view()
    old = view.choices.get(slot)
    values = dict(old.values) if old is not None and old.kind == kind else {}
    values["peak"] = peak
    if divisor is not None:
        values["divisor"] = divisor
    controls.show(view.with_choice(slot, Choice(kind, values)))
    controls.select(slot)


def _suggestions(result: RangeTestResult, slot: int) -> None:
    st.text(result.note)
    if not result.suggestions:
        return
    rows = [
        {"suggestion": NAMES[s.name], "learning rate": f"{s.rate:.3g}", "why": s.explanation}
        for s in sorted(result.suggestions, key=lambda s: list(NAMES).index(s.name))
    ]
    table(rows)
    rates = {s.name: s.rate for s in result.suggestions if not s.name.startswith("smith_base")}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        name = st.selectbox(
            "Maximum learning rate",
            [name for name in NAMES if name in rates],
            format_func=lambda name: f"{NAMES[name]}: {rates[name]:.2g}",
            key="range_peak",
            width=260,
        )
        divisor = st.segmented_control(
            "base_lr = max_lr /", (3, 4, 6), default=4, required=True, key="range_divisor"
        )
        view = controls.view()
        kind = view.choices[slot].kind
        peak = float(f"{rates[name]:.3g}")
        cyclical = view.choices[slot].has("divisor")
        st.button(
            f"Send to {view.label(slot)}",
            type="primary",
            on_click=_send,
            args=(slot, kind, peak, float(divisor or 4) if cyclical else None),
        )
        target = slot if view.free_slot is None else view.free_slot
        if not cyclical:
            st.button(
                f"Send both bounds to {LETTERS[target]} as Triangular",
                on_click=_send,
                args=(target, "triangular", peak, float(divisor or 4)),
            )


def _of_network() -> RangeTestResult | None:
    settings = _settings()
    state: tuple[Job, Settings] | None = st.session_state.get(_JOB)
    if state is not None and state[0].active:
        cancel = worker_jobs.shared_worker().cancel
        st.button("Stop", key="range_stop", on_click=cancel, args=(state[0],))
    else:
        batch_size = controls.view().race.batch_size
        st.button("Start the range test", icon="🌡️", on_click=start, args=(settings, batch_size))
    if st.session_state.get(_PROBLEM):
        st.text(st.session_state[_PROBLEM])
    if state is None:
        return None
    job, used = state
    if job.active:
        _watch(job, used)
        return None
    if job.state == "failed":
        st.text(job.error)
        return None
    rates, losses = gathered(job)
    if int(np.isfinite(losses).sum()) < FEWEST:
        st.caption("Stopped before there was anything to see.")
        return None
    return analyse(rates, losses, note=(job.result or {}).get("note", ""))


def section(slot: int) -> None:
    """Draw the range test section.

    Args:
        slot: slot of the schedule that is being edited, which the bounds may be sent to.
    """
    st.markdown(
        "An LR range test: train for a few hundred steps while the learning rate rises from far "
        "too small to far too large, and look where the loss falls and where it breaks (Smith "
        "2017). Here on the network of the race, with its batch size; or on a log of your own."
    )
    own = st.segmented_control(
        "Source",
        ("this network", "my log"),
        default="this network",
        required=True,
        key="range_source",
        label_visibility="collapsed",
        persist_state="session",
    )
    result = own_log() if own == "my log" else _of_network()
    if result is None:
        return
    st.plotly_chart(
        range_figure(result),
        key="range_plot",
        config=charts.CONFIG,
        alt="Loss over the learning rate, logarithmic, with the suggested rates as lines.",
    )
    _suggestions(result, slot)
