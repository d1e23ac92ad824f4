"""One background process for what needs Keras: started on first need, shared, restarted, ended.

The process that serves pages never imports Keras. Jobs go to a process of their own,
``python -m dlnlp.worker.process``, which runs one after the other and sends messages as they go
on: JSON, a line each, over pipes. A task is a function named ``module:function`` that takes
``(arguments, report, cancelled)``; what it returns is the job's result::

    worker = Worker()
    job = worker.submit("dlnlp.tasks.race:race", {...})
    job.state, job.place, job.messages, job.result, job.error

The process ends when the pipe closes, hence with the server, however that ends; after a while
without jobs; and when a cancelled job does not stop. The next job starts a new one.
"""

import atexit
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from dlnlp.worker.pipe import WorkerProcess, obituary

State = Literal["queued", "running", "done", "failed", "cancelled"]

_LOGGER = logging.getLogger(__name__)
CAPACITY = 6
MOST_MESSAGES = 5_000
# Seconds: without jobs until the process is given up; for a job that was told to stop; for a job
# whose session has gone (a page that is reloaded comes back sooner); for a pause, as others may
# wait for the process.
IDLE, STUBBORN, GONE, PAUSED = 600.0, 10.0, 20.0, 600.0


class QueueFull(Exception):
    """No more jobs are taken; the message is one sentence for the page."""


@dataclass(eq=False)
class Job:
    """A job as its owner sees it.

    Attributes:
        task: "module:function".
        arguments: JSON-ready.
        owner: who asked for it.
        state: where it is.
        messages: what the task has reported so far, in order.
        paused_at: `time.monotonic()` when it was paused; None while it goes on.
        rested: seconds of the pauses that have ended.
        result: what it returned; also what a cancelled one returned.
        error: one sentence when it failed.
        started: `time.monotonic()` when it began to run.
    """

    number: int
    task: str
    arguments: dict[str, Any]
    owner: str
    alive: Callable[[], bool]
    state: State = "queued"
    messages: list[dict[str, Any]] = field(default_factory=list)
    result: Any = None
    error: str = ""
    started: float | None = None
    ended: float | None = None
    cancelled_at: float | None = None
    paused_at: float | None = None
    rested: float = 0.0
    seen: float = field(default_factory=time.monotonic)

    @property
    def active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("queued", "running")


class Worker:
    """The process, its queue, and the thread that watches both.

    Args:
        capacity: jobs that may wait.
        idle: seconds without a job until the process ends.
        stubborn: seconds that a cancelled job has to stop before its process is killed.
        gone: seconds after which the job of a session that has gone is cancelled.
        paused: seconds after which a job that is paused goes on by itself.
    """

    def __init__(
        self,
        capacity: int = CAPACITY,
        *,
        idle: float = IDLE,
        stubborn: float = STUBBORN,
        gone: float = GONE,
        paused: float = PAUSED,
    ) -> None:
        self.capacity, self.idle, self.stubborn, self.gone = capacity, idle, stubborn, gone
        self.paused = paused
        self._changed = threading.Condition()
        self._queue: deque[Job] = deque()
        self._running: Job | None = None
        self._process: WorkerProcess | None = None
        self._last = time.monotonic()
        self._count = 0
        self._closed = False
        self._watcher: threading.Thread | None = None
        atexit.register(self.close)

    def submit(
        self,
        task: str,
        arguments: dict[str, Any],
        *,
        owner: str = "",
        alive: Callable[[], bool] = lambda: True,
    ) -> Job:
        """Put a job into the queue.

        Args:
            task: "module:function" that the process can import.
            arguments: JSON-ready.
            owner: who asks; jobs of the same owner that still wait or run are cancelled.
            alive: whether the owner is still there; when not for a while, the job is cancelled.

        Raises:
            QueueFull: as many jobs as allowed are waiting.
        """
        with self._changed:
            for other in [*self._queue, *([self._running] if self._running else [])]:
                if owner and other.owner == owner:
                    self._cancel(other)
            if len(self._queue) >= self.capacity or self._closed:
                raise QueueFull(
                    f"{len(self._queue)} others are waiting for this server already: "
                    "try again in a minute."
                )
            self._count += 1
            job = Job(self._count, task, arguments, owner, alive)
            self._queue.append(job)
            if self._watcher is None:
                self._watcher = threading.Thread(target=self._watch, name="worker", daemon=True)
                self._watcher.start()
            self._changed.notify_all()
        return job

    def place(self, job: Job) -> int:
        """How many jobs come before this one; 0 when it runs or is over."""
        with self._changed:
            if job not in self._queue:
                return 0
            return self._queue.index(job) + (1 if self._running else 0)

    def cancel(self, job: Job) -> None:
        """Take a job out of the queue, or ask it to stop."""
        with self._changed:
            self._cancel(job)
            self._changed.notify_all()

    def wait(self, job: Job, seconds: float | None = None) -> bool:
        """Wait until a job is over, at most so long; returns whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not job.active, seconds)

    def pause(self, job: Job) -> None:
        """Let the running job stand still when it next asks whether to stop."""
        self._tell(job, "pause", time.monotonic())

    def go_on(self, job: Job) -> None:
        """End a pause."""
        self._tell(job, "go_on", None)

    def _tell(self, job: Job, order: str, paused_at: float | None) -> None:
        with self._changed:
            if job is self._running and self._process is not None:
                if job.paused_at is not None:
                    job.rested += time.monotonic() - job.paused_at
                job.paused_at = paused_at
                self._process.send({order: job.number})

    def close(self) -> None:
        """End the process; its jobs fail, new ones are refused."""
        with self._changed:
            self._closed = True
            for job in [*self._queue]:
                self._finish(job, "cancelled")
            self._queue.clear()
            self._kill()
            if self._running:
                self._finish(self._running, "cancelled")
            self._changed.notify_all()
        atexit.unregister(self.close)

    @property
    def process_id(self) -> int | None:
        """The process that is there now."""
        process = self._process
        return process.identity if process is not None and process.running else None

    def _cancel(self, job: Job) -> None:
        if job in self._queue:
            self._queue.remove(job)
            self._finish(job, "cancelled")
        elif job is self._running and job.cancelled_at is None:
            job.cancelled_at = time.monotonic()
            if self._process is not None:
                self._process.send({"cancel": job.number})

    def _finish(self, job: Job, state: State, error: str = "") -> None:
        job.state, job.error, job.ended = state, error, time.monotonic()
        self._last = time.monotonic()
        if job is self._running:
            self._running = None
        self._changed.notify_all()

    def _watch(self) -> None:
        """Hand out jobs, look after sessions that went and jobs that do not stop."""
        while not self._closed:
            with self._changed:
                self._changed.wait(0.2 if self._running or self._queue else 2.0)
                if self._closed:
                    return
                self._look_after()
                if self._running is None and self._queue:
                    self._start(self._queue.popleft())

    def _look_after(self) -> None:
        now = time.monotonic()
        for job in [*self._queue, *([self._running] if self._running else [])]:
            if job.alive():
                job.seen = now
            elif now - job.seen > self.gone:
                self._cancel(job)
        running = self._running
        if running and running.paused_at and now - running.paused_at > self.paused:
            self.go_on(running)
        if running and running.cancelled_at and now - running.cancelled_at > self.stubborn:
            self._kill()
            self._finish(running, "cancelled")
        if not self._running and not self._queue and now - self._last > self.idle:
            self._kill()

    def _start(self, job: Job) -> None:
        job.state, job.started, self._running = "running", time.monotonic(), job
        try:
            if self._process is None or not self._process.running:
                self._process = WorkerProcess(self._hear, self._ended)
        except OSError as error:
            _LOGGER.exception("the background process cannot be started")
            self._finish(job, "failed", f"The background process cannot be started ({error}).")
            return
        self._process.send({"run": job.number, "task": job.task, "arguments": job.arguments})

    def _hear(self, process: WorkerProcess, message: dict[str, Any]) -> None:
        with self._changed:
            job = self._running
            if self._process is process and job and job.number == message["job"]:
                self._take(job, message)

    def _ended(self, process: WorkerProcess, code: int) -> None:
        with self._changed:
            if self._process is process:
                self._process = None
                if self._running:
                    _LOGGER.error("%s: %s", self._running.task, obituary(code))
                    self._finish(self._running, "failed", obituary(code))

    def _take(self, job: Job, message: dict[str, Any]) -> None:
        if "report" in message:
            if len(job.messages) < MOST_MESSAGES:
                job.messages.append(message["report"])
        elif "error" in message:
            self._finish(job, "failed", message["error"])
        else:
            job.result = message["result"]
            self._finish(job, "cancelled" if job.cancelled_at else "done")

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
