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
from dlnlp.ui.batch.upload import UploadedTable
from dlnlp.ui.shell import worker_jobs
from dlnlp.ui.shell.streamlit_internals import session_id

# Rows that are sorted by length, so that those read together are alike: with 64, a Kim CNN took 1.4
# times as long; with more, progress would no longer move.
WINDOW = 256
_LOOK = 64  # rows between two looks at the cancel button
_LOGGER = logging.getLogger(__name__)
_ASK = 0.2  # seconds between two looks while others are served

State = Literal["waiting", "running", "done", "stopped", "failed"]


@dataclass(eq=False)
class ScoreJob:
    """One table on its way through a network; its thread writes, the page reads.

    Attributes:
        table: what is scored.
        column: index of the texts.
        model: name of the network.
        class_names: its classes.
        rows: answered so far, in order.
        state: where it stands.
        error: one sentence when it failed.
    """

    table: UploadedTable
    column: int
    model: str
    class_names: tuple[str, ...]
    rows: list[ScoredRow | BadRow] = field(default_factory=list)
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

    def run(
        self, predictor: TextPredictor, turn: threading.Lock, alive: Callable[[], bool]
    ) -> None:
        """Wait for the turn and score all rows; ends early when cancelled or left alone.

        Args:
            predictor: the network called `model`.
            turn: held by whoever scores.
            alive: whether somebody still waits for the answer.
        """

        def over() -> bool:
            return self._cancel.is_set() or not alive()

        while not turn.acquire(timeout=_ASK):
            if over():
                self.state = "stopped"
                return
        try:
            self.state = "running"
            with closing(
                score_rows(predictor, self.table.rows, self.column, window=WINDOW)
            ) as scored:
                for row in scored:
                    self.rows.append(row)
                    if len(self.rows) % _LOOK == 0 and over():
                        break
            whole = len(self.rows) == len(self.table.rows)
            self.state = "done" if whole else "stopped"
        except Exception as error:  # whatever it is: the page would wait for ever
            _LOGGER.exception("scoring by %s failed at row %d", self.model, len(self.rows))
            self.error = f"The network could not go on ({error}): please try again."
            self.state = "failed"
        finally:
            turn.release()


@st.cache_resource(show_spinner=False)
def _turn() -> threading.Lock:
    """One for all sessions: two tables at once would take twice as long each, and all else too."""
    return threading.Lock()


def start(job: ScoreJob, predictor: TextPredictor) -> None:
    """Run a job in a thread that ends with this session."""
    alive = worker_jobs.is_there(session_id())
    threading.Thread(
        target=job.run, args=(predictor, _turn(), alive), name="score table", daemon=True
    ).start()
