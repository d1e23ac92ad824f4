"""Kept gradients: the newest of all sessions, bounded by their size."""

import numpy as np
import pytest

from dlnlp.ui.han import gradient_jobs
from dlnlp.ui.han.gradient_jobs import _Kept


def saliency(words: int) -> dict[str, np.ndarray]:
    return {name: np.full((2, words), words, np.float64) for name in ("gradients", "unknown")}


def key(number: int) -> tuple:
    return "han_stars", "card", ((number,),), None


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> _Kept:
    monkeypatch.setattr(gradient_jobs, "MOST_BYTES", 10 * 2 * 2 * 8 * 5)
    return _Kept()


def test_the_least_recently_used_goes_first(kept: _Kept) -> None:
    for number in range(5):
        kept.put(key(number), saliency(10))
    assert kept.get(key(0)) is not None  # used again
    kept.put(key(5), saliency(10))
    assert [kept.get(key(number)) is not None for number in range(6)] == [True, False, *[True] * 4]


def test_a_long_text_takes_the_place_of_many_short_ones(kept: _Kept) -> None:
    for number in range(5):
        kept.put(key(number), saliency(10))
    kept.put(key(9), saliency(40))
    assert [number for number in range(10) if kept.get(key(number)) is not None] == [4, 9]


def test_what_is_larger_than_all_room_is_not_kept_and_costs_nobody_else(kept: _Kept) -> None:
    kept.put(key(0), saliency(10))
    kept.put(key(1), saliency(51))
    assert kept.get(key(1)) is None and kept.get(key(0)) is not None
