"""Scripts of many visitors, one at a time: each is done sooner than if all shared the processor.

Python runs one thread at a time. When ten scripts take turns every few milliseconds, all of them
end late, and each change of thread costs; one after another, they end as late only in the worst
case. Who waits longer than `PATIENCE` goes ahead beside the others, so that a slow page (a model
that is opened, a worker that is asked) holds nobody up for long.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec

import streamlit as st

PATIENCE = 0.25  # seconds

P = ParamSpec("P")
_turn = threading.RLock()


@contextmanager
def turn() -> Iterator[None]:
    """Run the block when no other visitor's script runs, or after `PATIENCE` beside it.

    A block within a block of the same script runs at once.
    """
    mine = _turn.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if mine:
            _turn.release()


def fragment(draw: Callable[P, None]) -> Callable[P, None]:
    """As ``st.fragment``, for what is drawn again on a visitor's click or change: in its turn."""

    @wraps(draw)
    def in_turn(*args: P.args, **kwargs: P.kwargs) -> None:
        with turn():
            draw(*args, **kwargs)

    return st.fragment(in_turn)
