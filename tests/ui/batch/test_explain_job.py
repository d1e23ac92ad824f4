"""Rows are explained in a thread that waits for its turn, stops when asked, and never hangs."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dlnlp.explain.text_attribution import METHODS_OF, attribute
from dlnlp.inference import TextPredictor, load_predictor
from dlnlp.scoring.gradient_processes import GradientsFailed
from dlnlp.ui.batch import explain_job
from dlnlp.ui.batch.explain_job import ExplainJob, worker_gradients
from dlnlp.ui.batch.job import ScoreJob
from dlnlp.ui.tables.upload import read_upload
from dlnlp.worker.worker import Job, QueueFull
from tests.tiny_han import write_tiny_han
from tests.tiny_kim_cnn import write_tiny_kim_cnn


@pytest.fixture(scope="module", params=["kim_cnn", "han"])
def predictor(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> TextPredictor:
    path: Path = tmp_path_factory.mktemp("weights") / request.param
    (write_tiny_han if request.param == "han" else write_tiny_kim_cnn)(path)
    return load_predictor(path)


def scored(predictor: TextPredictor, rows: int = 40) -> ScoreJob:
    """Every seventh row holds no word, and the last line is no row."""
    texts = ["--" if n % 7 == 3 else f"good film, bad phone {n}" for n in range(rows)]
    lines = "".join(f'{n},"{text}"\n' for n, text in enumerate(texts))
    table = read_upload("x.csv", f"id,text\n{lines}lonely\n".encode())
    job = ScoreJob(table, 1, predictor.name, predictor.class_names)
    job.run(predictor, threading.Lock(), lambda: True)
    return job


def no_gradients(over: Callable[[], bool]) -> Any:
    def refuse(*_: Any) -> Any:
        raise GradientsFailed("No Keras here.")

    return refuse


def test_rows_with_an_answer_are_explained_as_one_text_is(predictor: TextPredictor) -> None:
    method = {"kim_cnn": "evidence", "han": "written"}[predictor.model]
    job = ExplainJob(scored(predictor), method, 1)
    assert job.active and job.total == len(job.answered) == 34
    job.run(predictor, no_gradients, threading.Lock(), lambda: True)
    assert job.state == "done" and not job.error
    assert [each.number for each in job.found] == [n + 1 for n in range(40) if n % 7 != 3]
    for each in job.found:
        alone = attribute(predictor, predictor.predict(each.row.fields[1]), method, 1)
        np.testing.assert_allclose(each.explanation.words, alone.words, atol=1e-5)
    first, second = job.found[0].explanation.tokens[0], job.found[1].explanation.tokens[0]
    assert first is second


def test_it_stops_when_asked_and_keeps_what_there_is(predictor: TextPredictor) -> None:
    asked = iter([False, False, True])
    job = ExplainJob(scored(predictor), "delete", 1)
    job.run(predictor, no_gradients, threading.Lock(), lambda: not next(asked))
    assert job.state == "stopped" and len(job.found) == 3
    job, turn = ExplainJob(scored(predictor), "delete", 1), threading.Lock()
    job.cancel()
    with turn:
        job.run(predictor, no_gradients, turn, lambda: True)
    assert job.state == "stopped" and job.found == []


def test_many_rows_and_words_are_bounded(
    predictor: TextPredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explain_job, "MOST_ROWS", 20)
    job = ExplainJob(scored(predictor), "delete", 1)
    job.run(predictor, no_gradients, threading.Lock(), lambda: True)
    assert (job.state, len(job.found), job.total) == ("done", 20, 20)
    monkeypatch.setattr(explain_job, "MOST_WORDS", 30)
    job = ExplainJob(scored(predictor), "delete", 1)
    job.run(predictor, no_gradients, threading.Lock(), lambda: True)
    words = sum(len(each.explanation.tokens) for each in job.found)
    assert job.state == "done" and 30 <= words < 40


def test_a_failure_is_told_and_frees_the_turn(
    predictor: TextPredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, turn = ExplainJob(scored(predictor), "nonsense", 1), threading.Lock()
    job.run(predictor, no_gradients, turn, lambda: True)
    assert job.state == "failed" and "nonsense" in job.error and turn.acquire(timeout=0)


def test_missing_gradients_are_one_sentence(tmp_path: Path) -> None:
    write_tiny_han(tmp_path / "han")
    predictor = load_predictor(tmp_path / "han")
    assert "integrated_gradients" in METHODS_OF["han"]
    job = ExplainJob(scored(predictor), "integrated_gradients", 1)
    job.run(predictor, no_gradients, threading.Lock(), lambda: True)
    assert (job.state, job.error) == ("failed", "No Keras here.")


class FakeWorker:
    """In place of the server's process: full at first, then answers at the second look."""

    def __init__(self, full: int = 0, answers: bool = True) -> None:
        self.full, self.answers, self.looks, self.cancelled = full, answers, 0, False

    def submit(self, task: str, arguments: dict[str, Any], **_: Any) -> Job:
        if self.full:
            self.full -= 1
            raise QueueFull("others wait")
        return Job(1, task, arguments, "", lambda: True)

    def wait(self, job: Job, seconds: float) -> bool:
        self.looks += 1
        if self.cancelled:
            job.state = "cancelled"
        elif self.answers and self.looks > 1:
            job.state = "done"
            job.result = {"words": [[0.5]] * len(job.arguments["targets"]), "gaps": [0.25]}
        return not job.active

    def cancel(self, job: Job) -> None:
        self.cancelled = True


def test_gradients_wait_for_their_place_in_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explain_job, "ASK", 0.001)
    worker: Any = FakeWorker(full=3)
    ask = worker_gradients(worker, "weights", "me", lambda: True)(lambda: False)
    ((words, gap),) = ask([[np.array([1], np.int32)]], [0], "gradient_x_input")
    assert words.tolist() == [0.5] and gap == 0.25 and worker.full == 0


@pytest.mark.parametrize(("full", "over_after"), [(9, 3), (0, 2)])
def test_gradients_are_given_up_when_nobody_waits(
    monkeypatch: pytest.MonkeyPatch, full: int, over_after: int
) -> None:
    monkeypatch.setattr(explain_job, "ASK", 0.001)
    worker: Any = FakeWorker(full, answers=False)
    asked = iter(range(99))
    until = worker_gradients(worker, "weights", "me", lambda: True)
    with pytest.raises(GradientsFailed, match="Stopped"):
        until(lambda: next(asked) >= over_after)([], [], "gradient_x_input")
    assert worker.cancelled == (full == 0)
