"""The range test on the page: live on the race's network, or a visitor's own log; suggestions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dlnlp.training.range_analysis import RangeTestResult
from dlnlp.training.range_spread import Spread, spread
from dlnlp.ui.schedules import controls, log_upload
from dlnlp.ui.schedules.choice import Choice
from dlnlp.ui.schedules.fields import number_field
from dlnlp.ui.schedules.view import LETTERS
from dlnlp.ui.shell import worker_jobs
from dlnlp.ui.shell.chart import draw_chart
from dlnlp.ui.shell.range_charts import NAMES, range_figure
from dlnlp.ui.shell.range_view import draw_progress, results
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
    seeds: int = 3


def _settings() -> Settings:
    used: Settings = st.session_state.get(_SETTINGS, Settings())
    told: list[str] = []
    shared: dict[str, Any] = {"where": "the test", "persist_state": "session"}
    with st.popover("Settings", icon=":material/settings:", key="schedules_range_settings_of"):
        low = number_field(
            "Lowest learning rate", (1e-7, 1.0), used.min_lr, told, key="range_low", step=1e-4,
            format="%g", **shared,
        )  # fmt: skip
        high = number_field(
            "Highest learning rate", (1e-6, 100.0), used.max_lr, told, key="range_high", step=0.5,
            format="%g", **shared,
        )  # fmt: skip
        steps = number_field(
            "Steps", (50, 1_000), used.steps, told, key="range_steps", step=50, **shared
        )
        momentum = number_field(
            "Momentum", (0.0, 0.99), used.momentum, told, key="range_momentum", **shared
        )
        seeds = number_field("Seeds", (1, 5), used.seeds, told, key="range_seeds", step=1, **shared)
    st.session_state[_SETTINGS] = Settings(low, high, steps, momentum, seeds)
    if high < 2 * low:
        high = 2 * low
        told.append(f"The highest rate is below twice the lowest: the test ends at {high:g}.")
    for sentence in told:
        st.text(sentence)
    return Settings(low, high, steps, momentum, seeds)


def start(settings: Settings, batch_size: int) -> None:
    """Put a range test into the worker's queue."""
    arguments = {
        "min_lr": settings.min_lr,
        "max_lr": settings.max_lr,
        "steps": settings.steps,
        "momentum": settings.momentum,
        "seeds": settings.seeds,
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
    draw_progress(
        job,
        worker_jobs.shared_worker().place(job),
        (settings.min_lr, settings.max_lr),
        "Waking the background process; the first time takes some seconds …",
        key="range_live",
    )


def _send(slot: int, kind: str, peak: float, divisor: float | None) -> None:
    view = controls.view()
    old = view.choices.get(slot)
    values = dict(old.values) if old is not None and old.kind == kind else {}
    values["peak"] = peak
    if divisor is not None:
        values["divisor"] = divisor
    controls.show(view.with_choice(slot, Choice(kind, values)))
    controls.select(slot)


def _suggestions(results: Sequence[RangeTestResult], slot: int) -> None:
    notes = dict.fromkeys(result.note for result in results if result.note)
    st.text("\n".join(notes))
    found = sorted(spread(results), key=lambda s: list(NAMES).index(s.name))
    if not found:
        return
    several = len(results) > 1
    if several:
        st.markdown(_agreement(found))
    table(
        [
            {"suggestion": NAMES[s.name], "learning rate": f"{s.rate:.3g}"}
            | ({"lowest to highest seed": f"{s.low:.2g} to {s.high:.2g}"} if several else {})
            | {"why": s.explanation}
            for s in found
        ]
    )
    rates = {s.name: s.rate for s in found if not s.name.startswith("smith_base")}
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


def _agreement(found: Sequence[Spread]) -> str:
    """How far the seeds agree, by the suggestions that they agree on least and most."""
    far, near = (choose(found, key=lambda s: s.factor) for choose in (max, min))
    return (
        f"Over the seeds, {NAMES[far.name]} differs most: by a factor of {far.factor:.2g}. "
        f"{NAMES[near.name]} differs least: by {near.factor:.2g}. A single test is one draw from "
        "this spread."
    )


def _of_network() -> list[RangeTestResult]:
    state: tuple[Job, Settings] | None = st.session_state.get(_JOB)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        button = st.empty()
        settings = _settings()
    if state is not None and state[0].active:
        cancel = worker_jobs.shared_worker().cancel
        button.button(
            "Stop", key="range_stop", icon=":material/stop:", on_click=cancel, args=(state[0],)
        )
    else:
        given = (settings, controls.view().race.batch_size)
        button.button(
            "Start the range test", icon=":material/straighten:", on_click=start, args=given
        )
    if st.session_state.get(_PROBLEM):
        st.text(st.session_state[_PROBLEM])
    if state is None:
        return []
    job, used = state
    if job.active:
        _watch(job, used)
        return []
    if job.state == "failed":
        st.text(job.error)
        return []
    found = results(job)
    if not found:
        st.caption("Stopped before there was anything to see.")
    return found


def section(slot: int) -> None:
    """Draw the range test section.

    Args:
        slot: slot of the schedule that is being edited, which the bounds may be sent to.
    """
    st.markdown(
        ":small[An LR range test trains for a few hundred steps while the learning rate rises from "
        "far too small to far too large: look where the loss falls and where it breaks (Smith "
        "2017). Here on the network of the race, with its batch size; or on a log of your own.]"
    )
    own = st.segmented_control(
        "Source",
        ("this network", "my log"),
        default=None if log_upload.SOURCE in st.session_state else "this network",
        required=True,
        key=log_upload.SOURCE,
        label_visibility="collapsed",
        persist_state="session",
    )
    log = log_upload.own_log() if own == "my log" else None
    results = ([] if log is None else [log]) if own == "my log" else _of_network()
    if not results:
        return
    draw_chart(
        range_figure(results),
        key="range_plot",
        alt="Loss over the learning rate, logarithmic, with the suggested rates as lines: "
        + ", ".join(f"{NAMES[s.name]} {s.rate:.2g}" for s in spread(results)),
    )
    _suggestions(results, slot)
