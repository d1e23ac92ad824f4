"""A training of this visitor: asked of a process of its own."""

import importlib.util
import secrets
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import streamlit as st

from dlnlp.ui.shell import networks, worker_jobs, workshops
from dlnlp.ui.shell.workshops import Workshop
from dlnlp.ui.train.choices import Choices, Plans
from dlnlp.ui.train.course import Course, courses_of
from dlnlp.ui.train.table_input import Corpus
from dlnlp.worker.worker import Job, QueueFull, Worker

TASK, LOOK = "train.texts.own_page:learn", "train.corpora.own_look:look"
# Seconds: a training that was stopped still tests and saves what it reached; a page that is
# reloaded comes back within the second.
STUBBORN, GONE = 600.0, 90.0
CAPACITY = 4
_PROBLEM, _LOOKED = "train_problem", "train_looked"


@dataclass(eq=False)
class Training:
    """One training, its thread of reports, and what came of it.

    Attributes:
        job: of the trainings' worker.
        choices: what was asked for.
        arguments: of the job, to go on with it.
        work: its folder.
        plans: what the recipe said of the table; None: nobody knew.
    """

    job: Job
    choices: Choices
    arguments: dict[str, Any]
    work: Path
    plans: Plans | None = None

    @property
    def courses(self) -> list[Course]:
        """How far each network is that was begun."""
        return courses_of(self.job.messages)

    @property
    def networks(self) -> list[str]:
        """Names of the finished networks that are still there."""
        made = (self.job.result or {}).get("networks", [])
        return [name for each in made if (name := networks.find(str(each)))]


@st.cache_resource(show_spinner=False, on_release=lambda worker: worker.close())
def trainer() -> Worker:
    """The process for trainings, beside the one for gradients; one training at a time."""
    return Worker(CAPACITY, stubborn=STUBBORN, gone=GONE)


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


def tell_problem(error: Exception) -> None:
    """Keep why something could not be started."""
    st.session_state[_PROBLEM] = str(error)


def forget_problem() -> None:
    """Before something is started anew."""
    st.session_state[_PROBLEM] = ""


def start(corpus: Corpus, choices: Choices, plans: Plans | None, watched: str) -> None:
    """Put a training into the queue.

    Args:
        corpus: what is learned from.
        choices: how.
        plans: what the recipe says of it; None: nobody knows.
        watched: the text that is shaded meanwhile; "" for none.
    """
    forget_problem()
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
            "table": str(table), "name": choices.name, "work": str(work),
            "outputs": {
                kind: str(workshop.networks / networks.marked(choices.name_of(kind)))
                for kind in choices.kinds
            },
            "watch": [watched] if watched.strip() else [], "epochs": choices.epochs,
            "max_lr": choices.max_lr, "schedule": choices.schedule,
            "class_order": choices.class_order,
        }  # fmt: skip
        job = submit(TASK, workshop, arguments)
        workshop.work = Training(job, choices, arguments, work, plans)
    except (workshops.NoRoom, QueueFull, OSError) as error:
        tell_problem(error)


def go_on(training: Training) -> None:
    """Take up a training that failed, where it last kept its state."""
    workshop = workshops.mine()
    if workshop is not None:
        try:
            workshop.work = replace(training, job=submit(TASK, workshop, training.arguments))
        except QueueFull as full:
            tell_problem(full)


def leave(training: Training) -> None:
    """Put a training that has ended away; its network stays."""
    shutil.rmtree(training.work, ignore_errors=True)
    workshop = workshops.mine()
    if workshop is not None:
        workshop.work = None


def submit(task: str, workshop: Workshop, arguments: dict[str, Any]) -> Job:
    """Give the trainings' process a job; one that this visitor still has there is cancelled.

    Raises:
        QueueFull: too many others are waiting.
    """
    token, all_folders = workshop.token, workshops.workshops()
    return trainer().submit(task, arguments, owner=token, alive=lambda: all_folders.awaited(token))


def looked_at(corpus: Corpus) -> Job | None:
    """The look at a table, begun when it is first asked for; None where nobody can look now."""
    kept: tuple[Corpus, Job] | None = st.session_state.get(_LOOKED)
    if kept is not None and kept[0].holds_what(corpus):
        return kept[1]
    try:
        table = workshops.make_mine().folder / "looked_at.csv"
        table.write_bytes(corpus.as_csv())
        job = worker_jobs.submit(LOOK, {"table": str(table)}, kind="look")
    except (workshops.NoRoom, QueueFull, OSError) as error:
        tell_problem(error)
        return None
    st.session_state[_LOOKED] = (corpus, job)
    return job
