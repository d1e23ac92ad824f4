"""A training as it runs: how far it is, its curves, and the visitor's text shaded anew."""

from collections.abc import Sequence

import streamlit as st

from dlnlp.inference.recording import Recording
from dlnlp.ui.shell.chart import draw_chart
from dlnlp.ui.shell.turns import fragment
from dlnlp.ui.text.replay import replay
from dlnlp.ui.train import pictures
from dlnlp.ui.train.choices import KINDS
from dlnlp.ui.train.course import Course
from dlnlp.ui.train.duration import remember_pace
from dlnlp.ui.train.training import Training, go_on, leave, trainer
from dlnlp.worker.worker import PAUSED, State

EVERY = 1.0  # seconds
_MINUTES = round(PAUSED / 60)


def in_time(seconds: float) -> str:
    """A duration in words, never finer than it is known."""
    if seconds < 8:
        return "some seconds"
    if seconds < 90:
        return f"about {5 * round(seconds / 5)} seconds"
    return f"about {round(seconds / 60)} minutes"


def standing(training: Training, course: Course) -> tuple[float, str]:
    """How far a training is, 0 to 1, and that in words."""
    place = trainer().place(training.job)
    if place:
        others = "1 training is" if place == 1 else f"{place} trainings are"
        return 0.0, f"In the queue: {others} before yours."
    share = min(course.step / course.total, 1.0) if course.total else 0.0
    if training.job.cancelled_at is not None:
        return share, "Stopping: what was reached is tested and saved …"
    if course.ended:
        return 1.0, "Testing the network on texts that it has not seen, and saving it …"
    if training.job.paused_at is not None:
        return share, (
            f"Paused at step {course.step:,} of {course.total:,}. It goes on by itself at the "
            f"latest {_MINUTES} minutes after the pause began: others may be waiting."
        )
    if not course.total:
        return 0.0, "Reading the texts and preparing their words …"
    if not course.step:
        return 0.0, "Compiling the network: the first step takes some seconds …"
    left = "" if course.left is None else f", {in_time(course.left)} left at most"
    epoch = min(len(course.validation) + 1, course.epochs)
    return share, (
        f"Step {course.step:,} of {course.total:,}, epoch {epoch} of {course.epochs}{left}"
    )


def buttons(training: Training, state: State) -> None:
    """Draw what can be done to a training: outside of what is drawn again and again.

    Args:
        training: that waits or runs.
        state: of its job.
    """
    job, worker = training.job, trainer()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f"**{training.choices.name}** · {training.choices.title}", width="content")
        st.space("stretch")
        if job.paused_at is None:
            st.button(
                "Pause",
                icon=":material/pause:",
                on_click=worker.pause,
                args=(job,),
                key="train_pause",
                disabled=state != "running",
                help=f"For {_MINUTES} minutes at most; then it goes on by itself.",
            )
        else:
            st.button(
                "Go on",
                icon=":material/play_arrow:",
                on_click=worker.go_on,
                args=(job,),
                key="train_go_on",
            )
        st.button(
            "Stop and keep",
            icon=":material/stop:",
            on_click=worker.cancel,
            args=(job,),
            key="train_stop",
            disabled=job.cancelled_at is not None,
            help="Ends the training. The network of the best epoch so far is tested and kept.",
        )


def choose_network(kinds: Sequence[str]) -> int:
    """Draw the choice whose way is shown; its number."""
    shown = st.segmented_control(
        "How it was trained", kinds, format_func=KINDS.__getitem__, default=kinds[0],
        required=True, key="train_shown",
    )  # fmt: skip
    return kinds.index(shown or kinds[0])


def curves(course: Course, height: int = 340) -> None:
    """Draw loss, accuracy and learning rate."""
    draw_chart(
        pictures.course_figure(course, height),
        key="train_curves",
        alt=pictures.course_in_words(course),
    )


@fragment(run_every=EVERY)
def watch(training: Training, drawn: State) -> None:
    """Draw a training until it ends; then the whole page anew.

    Args:
        training: that waits or runs.
        drawn: its state when its buttons were drawn.
    """
    if not training.job.active:
        remember_pace(training)
    if training.job.state != drawn:
        st.rerun()
    courses, kinds = training.courses, training.choices.kinds
    course, kind = courses[-1], kinds[min(len(courses), len(kinds)) - 1]
    share, words = standing(training, course)
    if len(kinds) > 1 and course.total:
        words = f"{KINDS[kind]}, network {len(courses)} of {len(kinds)}. {words}"
    st.progress(share, text=words)
    left, right = st.columns([1, 1], gap="medium")
    with left:
        if course.step:
            curves(course)
        else:
            st.caption("Loss, accuracy and learning rate are drawn here from the first step on.")
    with right:
        watched(course.recording, live=True)
        if course.recording is None:
            st.text("\n\n".join(training.arguments["watch"]))


def watched(recording: Recording | None, *, live: bool) -> None:
    """Draw the watched text as the network reads it now, and the way it came there.

    Args:
        recording: so far; None: there is nothing yet.
        live: whether more comes.
    """
    if recording is not None:
        replay(recording, "train_replay", live=live)
    elif live:
        st.caption("Your text is shaded here as soon as the network has read it once.")


def ended_without(training: Training) -> None:
    """Say why a training left no network, and what can be done."""
    job = training.job
    if (job.result or {}).get("networks"):
        st.text("What this training made is not here any more: it was deleted or saved.")
    elif job.state == "cancelled":
        st.text("The training was stopped before there was a network.")
    else:
        st.error("The training could not go on.")
        st.text(job.error)
    with st.container(horizontal=True, gap="small"):
        if job.state == "failed" and training.courses[-1].step:
            st.button("Go on from the last checkpoint", on_click=go_on, args=(training,))
        st.button("Back to the table", on_click=leave, args=(training,), key="train_back")
