"""The worker with toy tasks: order, progress, cancel, bounds, crashes, and its end."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dlnlp.worker.worker import Job, QueueFull, Worker

ROOT = Path(__file__).resolve().parents[2]


def wait(condition: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker(capacity=3, stubborn=0.3, gone=0.3)
    yield made
    made.close()


def counting(worker: Worker, to: int = 3, owner: str = "", pause: float = 0.0) -> Job:
    return worker.submit("tests.toy_tasks:count", {"to": to, "pause": pause}, owner=owner)


def endless(worker: Worker, owner: str = "") -> Job:
    job = counting(worker, 1_000_000, owner, 0.01)
    wait(lambda: job.messages)
    return job


def test_messages_and_result_arrive_in_order(worker: Worker) -> None:
    assert worker.process_id is None, "nothing starts before it is needed"
    job = counting(worker)
    wait(lambda: not job.active)
    assert job.state == "done" and job.error == ""
    assert job.messages == [{"done": 1}, {"done": 2}, {"done": 3}]
    assert job.result["done"] == 3
    assert job.result["process"] == worker.process_id != os.getpid()
    assert job.result["nice"] > os.nice(0), "it must give way to the pages"


def test_whoever_asked_can_wait(worker: Worker) -> None:
    running, queued = endless(worker), counting(worker)
    assert not worker.wait(running, 0.01)
    worker.cancel(running)
    assert worker.wait(queued) and queued.state == "done"
    assert worker.wait(running) and running.state == "cancelled"


def test_keras_comes_light_into_the_process(worker: Worker) -> None:
    job = worker.submit("tests.toy_tasks:keras_comes_light", {})
    wait(lambda: not job.active)
    assert job.result is True, job.error


def test_one_process_serves_one_job_after_the_other(worker: Worker) -> None:
    first, second = counting(worker), counting(worker)
    wait(lambda: not second.active)
    assert first.ended is not None and second.started is not None
    assert first.ended <= second.started
    assert first.result["process"] == second.result["process"]


def test_places_in_the_queue_are_counted_and_the_queue_is_bounded(worker: Worker) -> None:
    running = endless(worker)
    waiting = [counting(worker) for _ in range(3)]
    assert [worker.place(job) for job in (running, *waiting)] == [0, 1, 2, 3]
    with pytest.raises(QueueFull, match="3 others are waiting"):
        counting(worker)
    worker.cancel(waiting[0])
    assert waiting[0].state == "cancelled" and worker.place(waiting[1]) == 1
    worker.cancel(running)
    wait(lambda: not waiting[2].active)
    assert running.state == "cancelled" and waiting[2].state == "done"


def test_a_cancelled_job_keeps_what_it_had(worker: Worker) -> None:
    job = endless(worker)
    worker.cancel(job)
    wait(lambda: not job.active)
    assert job.state == "cancelled" and job.result["done"] == len(job.messages) > 0


def test_a_job_that_does_not_stop_costs_its_process(worker: Worker) -> None:
    deaf = worker.submit("tests.toy_tasks:deaf", {})
    wait(lambda: deaf.messages)
    process = worker.process_id
    worker.cancel(deaf)
    wait(lambda: not deaf.active)
    assert deaf.state == "cancelled" and process is not None
    wait(lambda: gone(process))
    after = counting(worker)
    wait(lambda: not after.active)
    assert after.state == "done" and after.result["process"] != process


@pytest.mark.parametrize(("task", "how"), [("crash", "SIGKILL"), ("leave", "code 3")])
def test_a_crash_is_one_sentence_and_the_next_job_runs(worker: Worker, task: str, how: str) -> None:
    job, after = worker.submit(f"tests.toy_tasks:{task}", {}), counting(worker)
    wait(lambda: not after.active)
    assert job.state == "failed" and how in job.error and "start again" in job.error
    assert after.state == "done"


@pytest.mark.parametrize(
    ("task", "sentence"),
    [
        ("refuse", "This cannot be done: choose another number."),
        ("stumble", "ZeroDivisionError: by zero"),
        ("lack", "unheard_of_package is not installed"),
    ],
)
def test_a_task_that_raises_fails_alone(worker: Worker, task: str, sentence: str) -> None:
    job, after = worker.submit(f"tests.toy_tasks:{task}", {}), counting(worker)
    wait(lambda: not after.active)
    assert job.state == "failed" and sentence in job.error
    assert after.state == "done"


def test_errors_reach_the_log_with_their_traceback_and_the_page_as_one_sentence() -> None:
    code = """
import sys, time
from dlnlp import logs
from dlnlp.worker.worker import Worker
logs.configure()
worker = Worker()
jobs = [worker.submit(f"tests.toy_tasks:{task}", {}) for task in ("stumble", "shout", "crash")]
while any(job.active for job in jobs):
    time.sleep(0.01)
print(*(job.error for job in jobs), sep="\\n")
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    stumbled, shouted, crashed = done.stdout.splitlines()
    assert "Traceback" in done.stderr and 'ZeroDivisionError("by zero")' in done.stderr
    assert "dlnlp.worker.process: job 1 (tests.toy_tasks:stumble) failed" in done.stderr
    assert "a library complains" in done.stderr
    assert "ERROR" in done.stderr and "SIGKILL" in done.stderr
    assert stumbled.count(".") == 1 and "the log of the server" in stumbled
    assert len(shouted) < 300 and "ValueError: one two" in shouted
    assert "SIGKILL" in crashed


def test_an_owner_has_one_job(worker: Worker) -> None:
    first = endless(worker, owner="a visitor")
    waiting = counting(worker, owner="another")
    second = counting(worker, owner="a visitor")
    wait(lambda: not second.active)
    assert (first.state, waiting.state, second.state) == ("cancelled", "done", "done")


def test_the_job_of_a_session_that_has_gone_ends(worker: Worker) -> None:
    there = True
    job = worker.submit(
        "tests.toy_tasks:count", {"to": 1_000_000, "pause": 0.01}, alive=lambda: there
    )
    wait(lambda: len(job.messages) > 50)
    assert job.active
    there = False
    wait(lambda: not job.active)
    assert job.state == "cancelled"


def test_without_work_the_process_goes_and_comes_back() -> None:
    worker = Worker(idle=0.1)
    try:
        first = counting(worker)
        wait(lambda: not first.active)
        wait(lambda: worker.process_id is None)
        second = counting(worker)
        wait(lambda: not second.active)
        assert second.result["process"] != first.result["process"]
    finally:
        worker.close()


def test_closing_ends_the_process_and_refuses_jobs(worker: Worker) -> None:
    job = endless(worker)
    waiting = counting(worker)
    process = worker.process_id
    worker.close()
    assert process is not None and waiting.state == "cancelled"
    wait(lambda: gone(process))
    wait(lambda: not job.active)
    with pytest.raises(QueueFull):
        counting(worker)


@pytest.mark.parametrize("end", ["sys.exit()", "os.kill(os.getpid(), 9)"])
def test_the_process_ends_with_its_server(end: str) -> None:
    code = f"""
import os, sys, time
from dlnlp.worker.worker import Worker
worker = Worker()
job = worker.submit("tests.toy_tasks:deaf", {{}})
while not job.messages:
    time.sleep(0.01)
print(worker.process_id, flush=True)
{end}
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    process = int(done.stdout)
    wait(lambda: gone(process))


def test_the_worker_brings_no_keras_to_those_who_watch_it(worker: Worker) -> None:
    code = (
        "import dlnlp.worker.worker, sys; print({'keras', 'jax', 'tensorflow'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"


def test_a_paused_job_stands_still_goes_on_and_can_be_stopped(worker: Worker) -> None:
    job = endless(worker)
    worker.pause(job)
    assert job.paused_at is not None
    stands_still(job)
    reached = len(job.messages)
    worker.go_on(job)
    wait(lambda: len(job.messages) > reached)
    assert job.paused_at is None and job.active
    worker.pause(job)
    worker.cancel(job)
    wait(lambda: not job.active)
    assert job.state == "cancelled" and job.result["done"] >= reached


def stands_still(job: Job) -> None:
    """Wait until a job has reported nothing for half a second."""
    reached, since = -1, 0.0

    def still() -> bool:
        nonlocal reached, since
        if len(job.messages) != reached:
            reached, since = len(job.messages), time.monotonic()
        return time.monotonic() - since > 0.5

    wait(still)


def test_a_forgotten_pause_ends_by_itself() -> None:
    worker = Worker(paused=0.2)
    job = endless(worker)
    worker.pause(job)
    wait(lambda: job.paused_at is None)
    reached = len(job.messages)
    wait(lambda: len(job.messages) > reached)
    worker.close()


def test_a_job_that_waits_is_not_paused(worker: Worker) -> None:
    running, waiting = endless(worker), counting(worker)
    worker.pause(waiting)
    assert waiting.paused_at is None
    worker.cancel(running)
    wait(lambda: waiting.state == "done")
