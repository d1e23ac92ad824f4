"""Explaining the rows of a scored table beside the page: one table at a time, whoever asks."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from dlnlp import catalogue
from dlnlp.inference import TextPredictor
from dlnlp.scoring.explain_rows import ExplainedRow, explain_rows
from dlnlp.scoring.explanation import TextExplanation
from dlnlp.scoring.gradient_processes import (
    TASK,
    Document,
    Found,
    Gradients,
    GradientsFailed,
    task_arguments,
    task_result,
)
from dlnlp.scoring.score import ScoredRow
from dlnlp.tables.reader import Row
from dlnlp.ui.batch.job import ASK, ScoreJob, TableJob, table_turn
from dlnlp.ui.shell import worker_jobs
from dlnlp.ui.shell.streamlit_internals import session_id
from dlnlp.worker.worker import QueueFull, Worker

MOST_ROWS, MOST_WORDS = 2_000, 500_000
"""Rows that are explained, and about how many words in all: what the memory of a server bears."""


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """A scored row, its number in the table from 1, and what each of its words did."""

    row: ScoredRow
    number: int
    explanation: TextExplanation


@dataclass(eq=False)
class ExplainJob(TableJob):
    """The rows of a scored table on their way through a method.

    Attributes:
        scored: the table with its answers.
        method: name of the method.
        target: of `dlnlp.explain.targets.target_names`; None: of each row the predicted class.
        found: explained so far, in order.
        kept: what the page has computed from `found` once it is whole.
    """

    scored: ScoreJob
    method: str
    target: int | None
    found: list[Explained] = field(default_factory=list)
    kept: dict[Any, Any] = field(default_factory=dict)

    @property
    def answered(self) -> list[tuple[int, ScoredRow]]:
        """All rows that have an answer, with their numbers."""
        rows = (row for row in self.scored.rows if isinstance(row, ScoredRow))
        return [(number, row) for number, row in enumerate(rows, 1) if not row.problem]

    @property
    def total(self) -> int:
        """How many rows are to be explained."""
        return min(len(self.answered), MOST_ROWS)

    def run(
        self,
        predictor: TextPredictor,
        gradients: Callable[[Callable[[], bool]], Gradients],
        turn: threading.Lock,
        alive: Callable[[], bool],
    ) -> None:
        """Wait for the turn and explain; ends early when cancelled or left alone.

        Args:
            predictor: the network that scored the table.
            gradients: makes what gives float32 ``[N]`` of each text, from what tells whether to
                give up.
            turn: held by whoever scores or explains a table.
            alive: whether somebody still waits for the answer.
        """

        def work(over: Callable[[], bool]) -> None:
            try:
                self._explain(predictor, gradients(over), over)
            except GradientsFailed as error:
                self.error, self.state = str(error), "stopped" if over() else "failed"

        doing = f"explaining by {self.method}"
        self.in_turn(turn, alive, work, lambda: f"{doing} at row {len(self.found)}")

    def _explain(
        self, predictor: TextPredictor, gradients: Gradients, over: Callable[[], bool]
    ) -> None:
        answered = self.answered[:MOST_ROWS]
        tokens: dict[str, str] = {}  # equal words of all rows are one object
        words = 0
        rows = explain_rows(
            predictor,
            [Row(row.line, row.fields) for _, row in answered],
            self.scored.column,
            self.method,
            self.target,
            gradients=gradients,
        )
        with closing(rows):
            for (number, row), explained in zip(answered, rows, strict=True):
                if isinstance(explained, ExplainedRow) and explained.explanation is not None:
                    explanation = explained.explanation.with_tokens(tokens)
                    self.found.append(Explained(row, number, explanation))
                    words += len(explanation.tokens)
                if words >= MOST_WORDS:
                    break
                if over():
                    self.state = "stopped"
                    return
        self.state = "done"


def worker_gradients(
    worker: Worker, weights: Any, owner: str, alive: Callable[[], bool]
) -> Callable[[Callable[[], bool]], Gradients]:
    """Gradients, float32 ``[N]`` of each text, from the one process of this server.

    Jobs of others may come between two batches.

    Args:
        worker: the process.
        weights: directory of the network.
        owner: who asks.
        alive: whether the owner is still there.
    """

    def until(over: Callable[[], bool]) -> Gradients:
        def ask(documents: Sequence[Document], targets: Sequence[int], method: str) -> Found:
            arguments = task_arguments(weights, documents, targets, method)
            while True:
                if over():
                    raise GradientsFailed("Stopped.")
                try:
                    job = worker.submit(TASK, arguments, owner=owner, alive=alive)
                    break
                except QueueFull:
                    time.sleep(ASK)
            while not worker.wait(job, ASK):
                if over():
                    worker.cancel(job)
            if job.state != "done":
                raise GradientsFailed(job.error or "Stopped.")
            return task_result(job.result)

        return ask

    return until


def start(job: ExplainJob, predictor: TextPredictor) -> None:
    """Run a job in a thread that ends with this session."""
    session = session_id()
    alive = worker_jobs.is_there(session)
    gradients = worker_gradients(
        worker_jobs.shared_worker(),
        catalogue.directory(job.scored.model),
        f"{session} explain table",
        alive,
    )
    threading.Thread(
        target=job.run,
        args=(predictor, gradients, table_turn(), alive),
        name="explain table",
        daemon=True,
    ).start()
