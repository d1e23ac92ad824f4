"""The race on the page: start, watch, pause, step, stop.

It runs in the worker and outlives a change of page.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import streamlit as st

from dlnlp.schedules import to_dict
from dlnlp.ui.schedules import controls
from dlnlp.ui.schedules.announcement import announce
from dlnlp.ui.schedules.curves import Curve, curves_of
from dlnlp.ui.schedules.fields import number_field
from dlnlp.ui.schedules.playback import SPEEDS, Race, status
from dlnlp.ui.schedules.race_charts import Progress, Racer, race_figure, results
from dlnlp.ui.schedules.race_words import lessons, stories
from dlnlp.ui.schedules.view import (
    LETTERS,
    RACE,
    RACE_BOUNDS,
    RaceSettings,
    View,
    bounded,
)
from dlnlp.ui.shell import worker_jobs
from dlnlp.ui.shell.chart import draw_chart
from dlnlp.ui.shell.tables import table
from dlnlp.ui.shell.turns import fragment
from dlnlp.worker.worker import QueueFull

_STATE, _PROBLEM = "schedules_race", "schedules_race_problem"
_SPEED, _TRAINING = "schedules_speed", "schedules_training_loss"
TASK = "dlnlp.tasks.race:race"
EXAMPLES = 1_347
EVERY = 0.4


def settings() -> None:
    """Draw the race's own numbers."""
    race = controls.view().race
    labels = {"epochs": "Epochs", "batch_size": "Batch size", "seeds": "Seeds"}
    numbers, told = {}, list[str]()
    for name, label in labels.items():
        kept, key = getattr(race, name), controls.key_of(f"race_{name}")
        number = number_field(
            label, RACE_BOUNDS[name], kept, told, key=key, where="the race", step=1
        )
        numbers[name] = bounded(number, RACE_BOUNDS[name], kept)
    for sentence in told:
        st.text(sentence)
    controls.keep(replace(controls.view(), race=RaceSettings(**numbers)))
    st.toggle("Loss of the training batches", key=_TRAINING, persist_state="session")
    st.caption(
        "A small network (64 → 128 → 64 → 10, tanh, Nesterov momentum, large initial weights) "
        "learns 1,347 of scikit-learn's handwritten digits and is judged on 450 others. Each seed "
        "gives all schedules the same initial weights and the same batches. The schedules are "
        "stretched to the length of the race."
    )


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
    """Put a race of the schedules as they are set now into the worker's queue, and watch it."""
    st.session_state[controls.PART] = RACE
    view = controls.view()
    curves, _ = curves_of(view)
    if not curves:
        st.session_state[_PROBLEM] = "No schedule can be followed: change its numbers first."
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
    st.session_state[_STATE] = Race(job, racers, race, dict(view.choices))


def _live(race: Race) -> None:
    race.play(SPEEDS[st.session_state.get(_SPEED) or "normal"])
    progress = race.progress()
    found = stories(race.racers, progress, race.settings.epochs)
    told = {story.slot: story.sentence for story in found}
    explained = lessons(found, race.choices) if race.over else []
    if explained:
        st.markdown(f":small[:material/lightbulb: **Why?** {' '.join(explained)}]")
    elif not race.over:
        share, words = status(race, progress)
        st.progress(share, text=words)
    st.markdown(
        "  \n".join(
            f":small[{controls.DOTS[racer.slot]} **{racer.label}**: "
            f"{told.get(racer.slot, 'ready')}]"
            for racer in race.racers
        )
    )
    draw_chart(
        race_figure(
            race.racers, progress, race.settings.epochs, bool(st.session_state.get(_TRAINING))
        ),
        key="schedules_race_plot",
        alt="Accuracy and loss of each schedule over the epochs of the race, the rate below. "
        + _spoken(race, told),
    )
    if race.over:
        _outcome(race, progress)
    ended = race.over and race.job.state == "done"
    announce("The race is over. " + _spoken(race, told) if ended else "")


def _spoken(race: Race, told: Mapping[int, str]) -> str:
    return " ".join(
        f"{racer.label}: {told.get(racer.slot, 'ready')}.".replace("**", "")
        for racer in race.racers
    )


def _outcome(race: Race, progress: Progress) -> None:
    if race.job.state == "failed":
        st.text(race.job.error)
        return
    if race.job.state == "cancelled":
        st.caption("Stopped before the end.")
    rows = results(race.racers, progress, race.settings.epochs)
    if rows:
        table(rows)
        seconds = (race.job.ended or 0) - (race.job.started or 0)
        st.caption(
            "Lines are medians over the seeds, bands reach from the lowest to the highest. Where "
            "bands overlap, the race has not told the schedules apart. One image more or less is "
            f"0.2 %. The training took {seconds:.1f} s."
        )


@fragment(run_every=EVERY)
def _watch(race: Race) -> None:
    _live(race)
    if race.over or not race.playing:
        st.rerun()


def start_button(key: str) -> None:
    """Draw what starts the race, and opens its tab."""
    # A known width: what stands beside it has its place before the button is there.
    st.button(
        "Let these race",
        type="primary",
        icon=":material/sports_score:",
        key=key,
        on_click=start,
        width=150,
    )


def _buttons(race: Race | None) -> None:
    """Outside of what is redrawn as the race goes on: a button must stay where it is."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if race is None:
            start_button("schedules_start")
        elif race.job.active:
            cancel = worker_jobs.shared_worker().cancel
            st.button(
                "Stop",
                icon=":material/stop:",
                key="schedules_stop",
                on_click=cancel,
                args=(race.job,),
            )
        else:
            st.button(
                "Replay", icon=":material/replay:", key="schedules_again", on_click=race.again
            )
        if race is not None:
            name, icon = (
                ("Pause", ":material/pause:")
                if race.playing and not race.over
                else ("Go on", ":material/play_arrow:")
            )
            over = race.over
            st.button(name, icon=icon, key="schedules_pause", on_click=race.pause, disabled=over)
            st.button(
                "Step",
                icon=":material/skip_next:",
                key="schedules_step",
                on_click=race.step,
                disabled=over,
            )
        st.selectbox(
            "Speed",
            list(SPEEDS),
            index=1,
            key=_SPEED,
            label_visibility="collapsed",
            persist_state="session",
            width=160,
        )
        with st.popover("Settings", icon=":material/settings:", key="schedules_race_settings"):
            settings()


def section() -> None:
    """Draw the race section."""
    race: Race | None = st.session_state.get(_STATE)
    _buttons(race)
    if st.session_state.get(_PROBLEM):
        st.text(st.session_state[_PROBLEM])
    if race is not None:
        _watch(race) if race.playing and not race.over else _live(race)
        return
    view = controls.view()
    if view.is_as_found:
        st.markdown(
            "A and B differ in one thing: A raises the rate slowly to 0.3 (a warm-up), B starts at "
            "0.3. C has A's warm-up and a peak of 1. **Which of the three learn?** Guess, then let "
            "them race."
        )
    names = ", ".join(LETTERS[slot] for slot in view.choices)
    st.markdown(
        f"The same small network learns handwritten digits under each schedule ({names}), with "
        f"{view.race.seeds} random starts each, for {view.race.epochs} epochs."
    )
