"""Work in processes of their own: answers in order, few items in flight, no orphans."""

import collections
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing import resource_tracker
from typing import Any, TypeVar

from dlnlp.commands.ending import shield_workers

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def end_with_parent() -> None:
    """Let this process end when the one that started it does: for ``initializer`` of a pool.

    Of a killed one the pool would wait for work for ever.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def spawned(processes: int) -> ProcessPoolExecutor:
    """Processes that begin empty, for what does not go together with a fork, such as JAX.

    They end with this one, and leave its signals to it. Products of matrices run in one thread
    there: with two each, two processes explained fewer texts than one.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy reads it when it is loaded: there
    # It would complain of what is left when a signal ends this process.
    os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker")
    resource_tracker.ensure_running()
    shield_workers()
    spawning = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, spawning, end_with_parent)


def ordered_map(
    pool: Executor, work: Callable[[Item], Answer], items: Iterable[Item], window: int
) -> Iterator[Answer]:
    """``map`` in order with at most ``window`` items in flight, however many there are."""
    pending: collections.deque[Future[Answer]] = collections.deque()
    for item in items:
        pending.append(pool.submit(work, item))
        if len(pending) >= window:
            yield pending.popleft().result()
    while pending:
        yield pending.popleft().result()
