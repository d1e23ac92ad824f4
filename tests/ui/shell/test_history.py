"""Undo and redo of anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.ui.shell.history import MOST_STATES, History

States = st.lists(st.integers(), min_size=1, max_size=MOST_STATES)


def made_of(states: list[int]) -> History[int]:
    history: History[int] = History()
    for state in states:
        history = history.put(state)
    return history


def test_an_empty_history_stays_empty() -> None:
    empty: History[int] = History()
    assert empty.now is None and not empty.can_undo and not empty.can_redo
    assert empty.undo() == empty.redo() == empty.without_oldest() == empty
    with pytest.raises(IndexError, match="put one first"):
        empty.changed(1)


@given(States)
def test_undo_walks_back_through_all_states_and_redo_forward(states: list[int]) -> None:
    history = made_of(states)
    for walk, seen in ((History.undo, states[::-1]), (History.redo, states)):
        for state in seen:
            assert history.now == state
            history = walk(history)


@given(States, st.integers(0, MOST_STATES), st.integers())
def test_a_new_state_ends_what_could_be_redone(states: list[int], back: int, new: int) -> None:
    history = made_of(states)
    for _ in range(back):
        history = history.undo()
    before = history.now
    history = history.put(new)
    assert history.now == new and not history.can_redo and history.undo().now == before


@given(States, st.integers())
def test_a_state_in_front_is_the_last_that_undo_reaches(states: list[int], old: int) -> None:
    history = made_of(states).put_before(old)
    assert history.now == states[-1]
    for _ in states:
        assert history.can_undo
        history = history.undo()
    assert history.now == old and not history.can_undo


@given(States, st.integers())
def test_a_state_changes_in_place(states: list[int], new: int) -> None:
    assert made_of(states).changed(new).states == (*states[:-1], new)


def test_the_oldest_states_give_way() -> None:
    history = made_of([*range(MOST_STATES + 3)])
    assert history.states == tuple(range(3, MOST_STATES + 3)) and history.now == MOST_STATES + 2
    assert history.without_oldest().states[0] == 4 and history.without_oldest().now == history.now
