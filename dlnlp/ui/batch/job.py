"""Scoring an uploaded table beside the page: one table at a time, whoever asks."""

import logging
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Literal

import streamlit as st

from dlnlp.inference import TextPredictor
from dlnlp.scoring.score import ScoredRow, score_rows
from dlnlp.tables.reader import BadRow
from dlnlp.ui.shell import worker_jobs
from dlnlp.ui.shell.streamlit_internals import session_id
from dlnlp.ui.tables.upload import UploadedTable

# Rows that are sorted by length, so that those read together are alike: with 64, a Kim CNN took 1.4
# times as long; with more, progress would no longer move.
WINDOW = 256
# Half of the time a Kim CNN reads, in which another thread cuts texts.
THREADS = 2
_LOOK = 64  # rows between two looks at the cancel button
_LOGGER = logging.getLogger(__name__)
ASK = 0.2  # seconds between two looks while others are served

State = Literal["waiting", "running", "done", "stopped", "failed"]


@dataclass(eq=False, kw_only=True)
class TableJob:
    """Work on a whole table, one at a time for all visitors; its thread writes, the page reads.

    Attributes:
        state: where it stands.
        error: one sentence when it failed.
    """

    state: State = "waiting"
    error: str = ""
    _cancel: threading.Event = field(default_factory=threading.Event)

    @property
    def active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("waiting", "running")

    def cancel(self) -> None:
        """Ask it to stop after the rows it is reading."""
        self._cancel.set()

    def in_turn(
        self,
        turn: threading.Lock,
        alive: Callable[[], bool],
        work: Callable[[Callable[[], bool]], None],
        doing: Callable[[], str],
    ) -> None:
        """Wait for the turn and work; ends early when cancelled or left alone.

        Args:
            turn: held by whoever works on a table.
            alive: whether somebody still waits for the answer.
            work: does it, and sets the state at its end; is given what tells whether to give up.
            doing: what is being done, for the log.
        """

        def over() -> bool:
            return self._cancel.is_set() or not alive()

        while not turn.acquire(timeout=ASK):
            if over():
                self.state = "stopped"
                return
        try:
            self.state = "running"
            work(over)
        except Exception as error:  # whatever it is: the page would wait for ever
            _LOGGER.exception("%s failed", doing())
            self.error = f"The network could not go on ({error}): please try again."
            self.state = "failed"
        finally:
            turn.release()


@dataclass(eq=False)
class ScoreJob(TableJob):
    """One table on its way through a network.

    Attributes:
        table: what is scored.
        column: index of the texts.
        model: name of the network.
        class_names: its classes.
        rows: answered so far, in order.
    """

    table: UploadedTable
    column: int
    model: str
    class_names: tuple[str, ...]
    rows: list[ScoredRow | BadRow] = field(default_factory=list)

    def run(
        self, predictor: TextPredictor, turn: threading.Lock, alive: Callable[[], bool]
    ) -> None:
        """Wait for the turn and score all rows; ends early when cancelled or left alone.

        Args:
            predictor: the network called `model`.
            turn: held by whoever scores.
            alive: whether somebody still waits for the answer.
        """

        def work(over: Callable[[], bool]) -> None:
            with closing(
                score_rows(predictor, self.table.rows, self.column, threads=THREADS, window=WINDOW)
            ) as scored:
                for row in scored:
                    self.rows.append(row)
                    if len(self.rows) % _LOOK == 0 and over():
                        break
            whole = len(self.rows) == len(self.table.rows)
            self.state = "done" if whole else "stopped"

        self.in_turn(turn, alive, work, lambda: f"scoring by {self.model} at row {len(self.rows)}")


@st.cache_resource(show_spinner=False)
def table_turn() -> threading.Lock:
    """One for all sessions: two tables at once would take twice as long each, and all else too."""
    return threading.Lock()


def start(job: ScoreJob, predictor: TextPredictor) -> None:
    """Run a job in a thread that ends with this session."""
    alive = worker_jobs.is_there(session_id())
    threading.Thread(
        target=job.run, args=(predictor, table_turn(), alive), name="score table", daemon=True
    ).start()
