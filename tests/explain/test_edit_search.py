"""The search for the smallest set of changes: all sets while they are few, then a beam."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.explain.edit_search import BOUND, Bound, Changes, search


def additive(values: list[float], need: float):
    """Margins of changes whose effects add up to what is needed."""
    return lambda sets: np.array([need - sum(values[change] for change in each) for each in sets])


@given(
    st.lists(st.integers(-5, 9), min_size=1, max_size=9),
    st.lists(st.integers(0, 5), min_size=9, max_size=9),
    st.integers(1, 30),
)
def test_nothing_smaller_does_it_and_nothing_does_it_where_none_is_found(
    values: list[int], places: list[int], need: int
) -> None:
    places = places[: len(values)]
    most = len(set(places))
    found = search(places, most, additive([*map(float, values)], need - 0.5), lambda _: True)
    sets = chain.from_iterable(
        combinations(range(len(values)), size) for size in range(1, most + 1)
    )
    allowed = (each for each in sets if len({places[change] for change in each}) == len(each))
    reach = [len(each) for each in allowed if sum(values[change] for change in each) >= need]
    assert (None if found.found is None else len(found.found)) == min(reach, default=None)
    assert found.fewest == bool(reach)


def test_of_the_smallest_sets_that_of_the_lowest_margin_is_found() -> None:
    values = [1.0, 4.0, 2.0, 5.0]
    found = search(range(4), 4, additive(values, 5.5), lambda _: True)
    assert found.found == (1, 3) and found.fewest and found.tried_all == 1


def test_a_set_that_does_not_hold_is_passed_over() -> None:
    values = [1.0, 4.0, 2.0, 5.0]
    found = search(range(4), 4, additive(values, 3.5), lambda each: each != (3,))
    assert found.found == (1,)
    asked: list[Changes] = []
    none = search(range(4), 4, additive(values, 3.5), lambda each: bool(asked.append(each)))
    assert none.found is None and none.tried_all == 4 and asked[:2] == [(3,), (1,)]


def test_of_one_size_only_some_are_asked_whether_they_hold() -> None:
    asked: list[Changes] = []
    found = search(range(50), 1, additive([2.0] * 50, 1.0), lambda one: bool(asked.append(one)))
    assert found.found is None and len(asked) == BOUND.asked


def test_all_sets_of_twelve_words_are_tried() -> None:
    found = search(range(12), 12, additive([0.0] * 12, 1.0), lambda _: True)
    assert found.tried_all == 12 and found.predictions == 2**12 - 1 <= BOUND.exhaustive


@pytest.mark.parametrize("bound", [Bound(predictions=300, exhaustive=100), Bound(40, 40)])
def test_the_bound_is_kept(bound: Bound) -> None:
    read = 0

    def count(sets: list[Changes]) -> np.ndarray:
        nonlocal read
        read += len(sets)
        return np.ones(len(sets))

    found = search(range(60), 60, count, lambda _: True, bound)
    assert found.found is None and found.predictions == read <= bound.predictions
    assert found.tried_all == (1 if bound.predictions > 60 else 0)


def test_a_beam_finds_what_needs_many_changes_and_does_not_call_it_the_fewest() -> None:
    values = [float(value) for value in range(50)]
    found = search(range(50), 50, additive(values, 400.5), lambda _: True)
    assert found.found is not None and len(found.found) == 9 and not found.fewest
