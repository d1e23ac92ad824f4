"""A table is scored in a thread that waits for its turn, stops when asked, and never hangs."""

import threading
import time
from collections.abc import Callable

import pytest

from dlnlp.inference import HanPredictor
from dlnlp.scoring.score import ScoredRow
from dlnlp.tables.reader import BadRow
from dlnlp.ui.batch.job import ScoreJob
from dlnlp.ui.batch.upload import read_upload
from tests.tiny_han import write_tiny_han


@pytest.fixture(scope="module")
def predictor(tmp_path_factory: pytest.TempPathFactory) -> HanPredictor:
    path = tmp_path_factory.mktemp("weights") / "han_tiny"
    write_tiny_han(path)
    return HanPredictor.load(path)


def job_of(predictor: HanPredictor, rows: int = 200) -> ScoreJob:
    content = "id,text\n" + "".join(f"{n},good film {n}\n" for n in range(rows)) + "lonely\n"
    return ScoreJob(read_upload("x.csv", content.encode()), 1, "han", predictor.class_names)


def wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "waited for too long"
        time.sleep(0.01)


def test_all_rows_are_answered_in_order(predictor: HanPredictor) -> None:
    job = job_of(predictor)
    assert job.active
    job.run(predictor, threading.Lock(), lambda: True)
    assert job.state == "done" and not job.active and job.error == ""
    assert [row.line for row in job.rows] == list(range(2, 203))
    assert isinstance(job.rows[-1], BadRow)
    first = job.rows[0]
    assert isinstance(first, ScoredRow)
    assert first.probabilities == pytest.approx(
        predictor.predict("good film 0").probabilities, abs=1e-6
    )


def test_cancel_keeps_what_there_is(predictor: HanPredictor) -> None:
    job = job_of(predictor)
    asked = iter([True, False])
    job.run(predictor, threading.Lock(), lambda: next(asked))
    assert job.state == "stopped" and len(job.rows) == 128
    job = job_of(predictor)
    job.cancel()
    turn = threading.Lock()
    job.run(predictor, turn, lambda: True)
    assert job.state == "stopped" and len(job.rows) == 64
    assert turn.acquire(timeout=0)


def test_tables_wait_for_their_turn(predictor: HanPredictor) -> None:
    turn = threading.Lock()
    first, second = job_of(predictor, 5), job_of(predictor, 5)
    with turn:
        threads = [
            threading.Thread(target=job.run, args=(predictor, turn, lambda: True), daemon=True)
            for job in (first, second)
        ]
        for thread in threads:
            thread.start()
        second.cancel()
        wait(lambda: second.state == "stopped")
        assert first.state == "waiting" and second.rows == []
    wait(lambda: first.state == "done")


def test_a_failure_is_told_and_frees_the_turn(
    predictor: HanPredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object, documents: object) -> None:
        raise MemoryError("out of memory")

    monkeypatch.setattr(HanPredictor, "run", refuse)
    job, turn = job_of(predictor), threading.Lock()
    job.run(predictor, turn, lambda: True)
    assert job.state == "failed" and "out of memory" in job.error
    assert turn.acquire(timeout=0)
