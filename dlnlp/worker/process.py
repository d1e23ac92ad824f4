"""The process at the other end of the pipe: reads jobs from its input, runs one at a time."""

import importlib
import json
import logging
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, TextIO

from dlnlp import keras_import, logs

NICENESS = 10
_ASK = 0.1  # seconds between two looks of a job that is paused
_LONGEST = 200  # characters of an error's own words for the page
_LOGGER = logging.getLogger("dlnlp.worker.process")  # not "__main__", as which this runs


class TaskError(Exception):
    """A task that cannot be done; the message is one sentence for the page."""


class _Orders:
    """What the pipe brings: jobs in order, and which of them are paused or cancelled."""

    def __init__(self, source: TextIO) -> None:
        self.jobs: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self.cancelled: set[int] = set()
        self.paused: set[int] = set()
        threading.Thread(target=self._read, args=(source,), daemon=True).start()

    def _read(self, source: TextIO) -> None:
        for line in source:
            order = json.loads(line)
            if "cancel" in order:
                self.cancelled.add(order["cancel"])
            elif "pause" in order:
                self.paused.add(order["pause"])
            elif "go_on" in order:
                self.paused.discard(order["go_on"])
            else:
                self.jobs.put(order)
        os._exit(0)  # the server has ended: whatever is computed here, nobody waits for it

    def stopped(self, number: int) -> bool:
        """Whether a job is to stop; the answer waits as long as the job is paused."""
        while number in self.paused and number not in self.cancelled:
            time.sleep(_ASK)
        return number in self.cancelled


def _run(order: dict[str, Any], orders: _Orders, send: Callable[..., None]) -> None:
    number: int = order["run"]
    _LOGGER.info("job %d begins: %s", number, order["task"])
    try:
        module, _, name = order["task"].partition(":")
        task = getattr(importlib.import_module(module), name)
        result = task(
            order["arguments"],
            lambda report: send(job=number, report=report),
            lambda: orders.stopped(number),
        )
        send(job=number, result=result)
        _LOGGER.info("job %d is done", number)
    except TaskError as error:
        _LOGGER.info("job %d cannot be done: %s", number, error)
        send(job=number, error=str(error))
    except ModuleNotFoundError as error:
        _LOGGER.exception("job %d (%s) needs a package", number, order["task"])
        send(
            job=number,
            error=f"The package {error.name} is not installed on this server: "
            "pip install -r requirements.txt",
        )
    except Exception as error:  # the process lives on, whatever one task does
        _LOGGER.exception("job %d (%s) failed", number, order["task"])
        words = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST]
        send(
            job=number,
            error=f"The computation failed ({words}); the log of the server has the details.",
        )


def main() -> None:
    """Serve jobs until the pipe closes."""
    logs.configure()
    keras_import.lighten()
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    # Libraries print as they like; only messages may go down the pipe.
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    lock = threading.Lock()

    def send(**message: Any) -> None:
        line = json.dumps(message, allow_nan=False)
        with lock:
            pipe.write(line + "\n")

    orders = _Orders(sys.stdin)
    while True:
        _run(orders.jobs.get(), orders, send)


if __name__ == "__main__":
    main()
