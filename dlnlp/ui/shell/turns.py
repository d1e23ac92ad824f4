"""Scripts of many visitors, one at a time, answers first.

Python runs one thread at a time. When ten scripts change places every few milliseconds, all of them
end late, and every change costs; one after another, only the last ends as late. Answers to a change
come before pages that open. A script that has drawn its answer lets others draw theirs before it
goes on (`yield_turn`), and again wherever it can be interrupted (`give_way`). Who has waited for
`PATIENCE` goes ahead beside the others, so that one slow script (a network that is opened) holds
nobody up for long.
"""

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import Any, ParamSpec, overload

import streamlit as st

PATIENCE = 3.0  # seconds
# What answers a change; what was interrupted for that; a page that is opened; what comes after an
# answer.
_ANSWER, _INTERRUPTED, _PAGE, _LATER = range(4)

P = ParamSpec("P")


@dataclass(order=True, slots=True)
class _Waiting:
    rank: int
    number: int
    called: threading.Event = field(default_factory=threading.Event, compare=False)


class Turns:
    """A lock that is handed from holder to waiter: the lowest rank first, of equals the first."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queue: list[_Waiting] = []
        self._numbers = itertools.count()
        self._taken = False

    def take(self, rank: int, patience: float = PATIENCE) -> bool:
        """Wait for a turn, for some seconds at most; returns whether it has come."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            ticket = self._queued(rank)
        return self._came(ticket, patience)

    def queue_again(self, rank: int) -> bool:
        """End a turn and wait for another; as `take`, but nobody can slip in between."""
        with self._guard:
            ticket = self._queued(rank)
            heapq.heappop(self._queue).called.set()
        return self._came(ticket, PATIENCE)

    def _queued(self, rank: int) -> _Waiting:
        ticket = _Waiting(rank, next(self._numbers))
        heapq.heappush(self._queue, ticket)
        return ticket

    def _came(self, ticket: _Waiting, patience: float) -> bool:
        if ticket.called.wait(patience):
            return True
        with self._guard:
            if ticket.called.is_set():  # just now
                return True
            self._queue.remove(ticket)
            heapq.heapify(self._queue)
        return False

    def give(self) -> None:
        """End a turn that `take` has granted."""
        with self._guard:
            if self._queue:
                heapq.heappop(self._queue).called.set()
            else:
                self._taken = False

    @property
    def awaited(self) -> bool:
        """Whether anybody waits."""
        return bool(self._queue)

    @property
    def answer_awaited(self) -> bool:
        """Whether anybody waits to draw an answer."""
        try:
            return self._queue[0].rank == _ANSWER
        except IndexError:
            return False

    @property
    def free(self) -> bool:
        """Whether nobody has the turn."""
        return not self._taken


class _Script(threading.local):
    inside = False
    has_turn = False
    rank = _ANSWER


_turns = Turns()
_script = _Script()


def _give() -> None:
    if _script.has_turn:
        _script.has_turn = False
        _turns.give()


@contextmanager
def turn(rank: int = _PAGE) -> Iterator[None]:
    """Run the block when no other script does, or after `PATIENCE` beside it.

    A block within a block of the same script runs at once.

    Args:
        rank: whose turn comes before: of two who wait, the lower.
    """
    if _script.inside:
        yield
        return
    _script.has_turn = _turns.take(rank)
    _script.inside, _script.rank = True, rank
    try:
        yield
    finally:
        _script.inside = False
        _give()


def is_free() -> bool:
    """Whether no script has the turn."""
    return _turns.free


def yield_turn(pause: float = 0.0) -> None:
    """What this script draws from here on can wait: others draw their answers first.

    Args:
        pause: seconds to wait at least.
    """
    if not _script.inside:
        return
    _script.rank = _LATER
    if pause:
        _give()
        time.sleep(pause)
    if not _script.has_turn:
        _script.has_turn = _turns.take(_LATER)
    elif _turns.awaited:
        _script.has_turn = _turns.queue_again(_LATER)


def give_way() -> None:
    """Let answers be drawn that others wait for, if this script draws none; then go on."""
    if _script.rank != _ANSWER and _script.has_turn and _turns.answer_awaited:
        _script.has_turn = _turns.queue_again(_INTERRUPTED)


@contextmanager
def aside() -> Iterator[None]:
    """Let others have their turn while this script waits for long work, such as many readings.

    The network's own code leaves Python's lock to them.
    """
    if not _script.has_turn:  # went ahead without one, or let go of it already
        yield
        return
    _give()
    try:
        yield
    finally:
        if not _script.has_turn:
            _script.has_turn = _turns.take(_LATER)


@overload
def fragment(draw: Callable[P, None]) -> Callable[P, None]: ...
@overload
def fragment(*, run_every: float) -> Callable[[Callable[P, None]], Callable[P, None]]: ...
def fragment(draw: Any = None, *, run_every: float | None = None) -> Any:
    """As ``st.fragment``: a part of a page that is drawn again alone, in its turn.

    Args:
        draw: The part, where this decorates without arguments.
        run_every: Seconds between two runs by themselves.
    """
    if draw is None:
        return partial(_fragment, run_every=run_every)
    return _fragment(draw, run_every)


def _fragment(draw: Callable[P, None], run_every: float | None) -> Callable[P, None]:
    @wraps(draw)
    def in_turn(*args: P.args, **kwargs: P.kwargs) -> None:
        with turn(_ANSWER):
            draw(*args, **kwargs)

    return st.fragment(in_turn, run_every=run_every)
