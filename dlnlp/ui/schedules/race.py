"""The race on the page: start, watch, stop; it runs in the worker and outlives a change of page."""

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import streamlit as st

from dlnlp.schedules import to_dict
from dlnlp.ui.schedules import charts, controls
from dlnlp.ui.schedules.curves import Curve, curves_of
from dlnlp.ui.schedules.fields import number_field
from dlnlp.ui.schedules.race_charts import Racer, progress_of, race_figure, results
from dlnlp.ui.schedules.view import RACE_BOUNDS, RaceSettings, View, bounded
from dlnlp.ui.shell import worker_jobs
from dlnlp.ui.shell.tables import table
from dlnlp.ui.shell.turns import fragment
from dlnlp.worker.worker import Job, QueueFull

_STATE, _PROBLEM = "schedules_race", "schedules_race_problem"
TASK = "dlnlp.tasks.race:race"
EXAMPLES = 1_347
EVERY = 0.4


@dataclass
class Race:
    """A race of this session: the job, and what it was started with.

    Attributes:
        first: when the first step was seen, and which one; the time left is estimated from it.
    """

    job: Job
    racers: tuple[Racer, ...]
    settings: RaceSettings
    first: tuple[float, int] | None = None


def settings() -> RaceSettings:
    """The race's own numbers."""
    race = controls.view().race
    labels = {"epochs": "Epochs", "batch_size": "Batch size", "seeds": "Seeds"}
    numbers, told = {}, list[str]()
    for column, (name, label) in zip(st.columns([1, 1, 1, 1]), labels.items(), strict=False):
        with column:
            kept, key = getattr(race, name), controls.key_of(f"race_{name}")
            number = number_field(
                label, RACE_BOUNDS[name], kept, told, key=key, where="the race", step=1
            )
        numbers[name] = bounded(number, RACE_BOUNDS[name], kept)
    for sentence in told:
        st.text(sentence)
    race = RaceSettings(**numbers)
    controls.keep(replace(controls.view(), race=race))
    return race


def arguments_of(view: View, curves: Iterable[Curve]) -> dict[str, Any]:
    """What the worker is asked for: a race of these schedules, of the view's length."""
    return {
        "schedules": [
            {"rate": to_dict(curve.schedule), "momentum": to_dict(curve.momentum_schedule)}
            for curve in curves
        ],
        "steps": view.run.steps,
        **asdict(view.race),
    }


def start() -> None:
    """Put a race of the schedules as they are set now into the worker's queue."""
    view = controls.view()
    curves, _ = curves_of(view)
    if not curves:
        st.session_state[_PROBLEM] = "No schedule above can be followed: change its numbers first."
        return
    race = view.race
    total = -(-EXAMPLES // race.batch_size) * race.epochs
    at = np.arange(total) * (view.run.steps / total)
    try:
        job = worker_jobs.submit(TASK, arguments_of(view, curves.values()))
    except QueueFull as full:
        st.session_state[_PROBLEM] = str(full)
        return
    st.session_state[_PROBLEM] = ""
    racers = tuple(Racer(slot, c.label, c.schedule(at)) for slot, c in curves.items())
    st.session_state[_STATE] = Race(job, racers, race)


def status(race: Race, step: int, total: int) -> tuple[float, str]:
    """How far a race is, 0 to 1, and that in words."""
    place = worker_jobs.shared_worker().place(race.job)
    if place:
        others = "1 job is" if place == 1 else f"{place} jobs are"
        return 0.0, f"In the queue: {others} before yours."
    if not total:
        return 0.0, "Waking the background process; the first time takes some seconds …"
    if not step:
        return 0.0, "Compiling the training step …"
    now = time.monotonic()
    if race.first is None:
        race.first = now, step
    began, at = race.first
    left = ""
    if step > at:
        seconds = (total - step) * (now - began) / (step - at)
        left = f", about {max(1, round(seconds))} s left"
    return step / total, f"Step {step:,} of {total:,}{left}"


def _live(race: Race) -> None:
    active = race.job.active  # before the messages: what is over has all of them
    progress = progress_of(list(race.job.messages))
    step = int(progress.step[-1]) if len(progress.step) else 0
    if active:
        share, words = status(race, step, progress.total)
        st.progress(share, text=words)
    training = st.toggle("Loss of the training batches", key="schedules_training_loss")
    figure = race_figure(race.racers, progress, race.settings.epochs, training)
    st.plotly_chart(
        figure,
        key="schedules_race_plot",
        config=charts.CONFIG,
        alt="Accuracy and loss of each schedule over the epochs of the race, the rate below.",
    )
    if not active:
        _outcome(race)


def _outcome(race: Race) -> None:
    if race.job.state == "failed":
        st.text(race.job.error)
        return
    if race.job.state == "cancelled":
        st.caption("Stopped before the end.")
    rows = results(race.racers, progress_of(race.job.messages), race.settings.epochs)
    if rows:
        table(rows)
        seconds = (race.job.ended or 0) - (race.job.started or 0)
        st.caption(
            "Lines are medians over the seeds, bands reach from the lowest to the highest. Where "
            "bands overlap, the race has not told the schedules apart. One image more or less is "
            f"0.2 %. This race took {seconds:.1f} s."
        )


@fragment(run_every=EVERY)
def _watch(race: Race) -> None:
    if not race.job.active:
        st.rerun()
    _live(race)


def section() -> None:
    """Draw the race section."""
    st.markdown(
        "A small network (64 → 128 → 64 → 10, Nesterov momentum) learns 1,347 of scikit-learn's "
        "handwritten digits and is judged on 450 others. Each seed gives all schedules the same "
        "initial weights and the same batches. The schedules above are stretched to the length "
        "of the race."
    )
    settings()
    race: Race | None = st.session_state.get(_STATE)
    if race is not None and race.job.active:
        # Outside of what is redrawn as the race goes on: a button must stay where it is.
        st.button(
            "Stop",
            key="schedules_stop",
            on_click=worker_jobs.shared_worker().cancel,
            args=(race.job,),
        )
    else:
        st.button("Start the race", type="primary", icon="🏁", on_click=start)
    if st.session_state.get(_PROBLEM):
        st.text(st.session_state[_PROBLEM])
    if race is not None:
        _watch(race) if race.job.active else _live(race)
