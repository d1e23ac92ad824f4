"""A training of this visitor: asked of a process of its own, and how long it will take."""

import importlib.util
import secrets
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import streamlit as st

from dlnlp.ui.shell import networks, worker_jobs, workshops
from dlnlp.ui.shell.workshops import Workshop
from dlnlp.ui.train.choices import Choices
from dlnlp.ui.train.course import Course, course_of
from dlnlp.ui.train.table_input import Corpus
from dlnlp.worker.worker import Job, QueueFull, Worker

TASK, LOOK = "train.texts.own_page:learn", "train.corpora.own_look:look"
# Seconds: a training that was stopped still tests and saves what it reached; a page that is
# reloaded comes back within the second.
STUBBORN, GONE = 600.0, 90.0
CAPACITY = 4
_PROBLEM, _LOOKED = "train_problem", "train_looked"


@dataclass(frozen=True)
class Speed:
    """How fast trainings of one kind of network are.

    Attributes:
        start: seconds that all takes besides the steps: reading, compiling, testing, saving.
        words: of the training texts per second of the steps.
        here: whether that was measured on this server.
    """

    start: float
    words: float
    here: bool = False


# Until a training has been measured on this server: processor seconds of one thread on our table of
# questions. Larger tables have larger batches and need less time for each text.
MEASURED = {"han": Speed(27.0, 1_650.0), "kim_cnn": Speed(10.0, 3_100.0)}
TRAINED_ON = 0.7  # share of the rows


@dataclass(eq=False)
class Training:
    """One training, its thread of reports, and what came of it.

    Attributes:
        job: of the trainings' worker.
        choices: what was asked for.
        arguments: of the job, to go on with it.
        work: its folder.
    """

    job: Job
    choices: Choices
    arguments: dict[str, Any]
    work: Path

    @property
    def course(self) -> Course:
        """How far it is."""
        return course_of(self.job.messages)

    @property
    def network(self) -> str | None:
        """Name of the finished network; None where there is none, or none any more."""
        return networks.find(str(self.job.result["network"])) if self.job.result else None


@st.cache_resource(show_spinner=False, on_release=lambda worker: worker.close())
def trainer() -> Worker:
    """The process for trainings, beside the one for gradients; one training at a time."""
    return Worker(CAPACITY, stubborn=STUBBORN, gone=GONE)


@st.cache_resource(show_spinner=False)
def _speeds() -> dict[str, Speed]:
    return dict(MEASURED)


# What training imports besides what the app needs; requirements.txt names them.
_PACKAGES = ("keras", "jax", "sklearn", "gensim", "nltk", "onnx", "tqdm", "train")


def missing() -> list[str]:
    """Packages that training needs and this server lacks."""
    return [name for name in _PACKAGES if importlib.util.find_spec(name) is None]


def current() -> Training | None:
    """The training of this visitor, also one that has ended."""
    workshop = workshops.mine()
    found = workshop.work if workshop is not None else None
    return found if isinstance(found, Training) else None


def problem() -> str:
    """Why the last training could not be started; "" where it could."""
    return str(st.session_state.get(_PROBLEM, ""))


def start(corpus: Corpus, choices: Choices, watched: str) -> None:
    """Put a training into the queue."""
    st.session_state[_PROBLEM] = ""
    try:
        workshop = workshops.make_mine()
        if workshop.size > workshops.MOST_BYTES:
            raise workshops.NoRoom(
                "Your networks fill the place that a visitor has here: delete one first."
            )
        work = workshop.folder / f"work-{secrets.token_hex(4)}"
        work.mkdir()
        table = work / f"{Path(corpus.name).stem[:60] or 'texts'}.csv"
        table.write_bytes(corpus.as_csv())
        arguments = {
            "table": str(table), "name": choices.name, "kind": choices.kind, "work": str(work),
            "output": str(workshop.networks / networks.marked(choices.name)),
            "watch": [watched] if watched.strip() else [], "epochs": choices.epochs,
            "max_lr": choices.max_lr, "schedule": choices.schedule,
        }  # fmt: skip
        workshop.work = Training(_submit(workshop, arguments), choices, arguments, work)
    except (workshops.NoRoom, QueueFull, OSError) as error:
        st.session_state[_PROBLEM] = str(error)


def go_on(training: Training) -> None:
    """Take up a training that failed, where it last kept its state."""
    workshop = workshops.mine()
    if workshop is not None:
        try:
            workshop.work = replace(training, job=_submit(workshop, training.arguments))
        except QueueFull as full:
            st.session_state[_PROBLEM] = str(full)


def leave(training: Training) -> None:
    """Put a training that has ended away; its network stays."""
    shutil.rmtree(training.work, ignore_errors=True)
    workshop = workshops.mine()
    if workshop is not None:
        workshop.work = None


def _submit(workshop: Workshop, arguments: dict[str, Any]) -> Job:
    token, all_folders = workshop.token, workshops.workshops()
    return trainer().submit(TASK, arguments, owner=token, alive=lambda: all_folders.awaited(token))


def looked_at(corpus: Corpus) -> Job | None:
    """The look at a table, begun when it is first asked for; None where nobody can look now."""
    kept: tuple[Corpus, Job] | None = st.session_state.get(_LOOKED)
    if kept is not None and (kept[0].texts, kept[0].labels) == (corpus.texts, corpus.labels):
        return kept[1]
    try:
        table = workshops.make_mine().folder / "looked_at.csv"
        table.write_bytes(corpus.as_csv())
        job = worker_jobs.submit(LOOK, {"table": str(table)}, kind="look")
    except (workshops.NoRoom, QueueFull, OSError) as error:
        st.session_state[_PROBLEM] = str(error)
        return None
    st.session_state[_LOOKED] = (corpus, job)
    return job


def seconds(corpus: Corpus, choices: Choices) -> float:
    """How long a training takes at most, at the speed that was measured last."""
    speed = _speeds()[choices.kind]
    words = TRAINED_ON * float(corpus.lengths.sum()) * choices.epochs
    return speed.start + words / speed.words


def measured_here(kind: str) -> bool:
    """Whether a training of that kind has ended on this server."""
    return _speeds()[kind].here


def remember_speed(training: Training) -> None:
    """Measure a training that has ended."""
    job, course = training.job, training.course
    if job.state != "done" or not course.seconds or job.started is None or job.ended is None:
        return
    start = max(0.0, job.ended - job.started - course.seconds)
    _speeds()[training.choices.kind] = Speed(start, course.words / course.seconds, here=True)
