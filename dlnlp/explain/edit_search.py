"""The smallest set of changes that reaches something: all sets while they are few, then a beam.

A change concerns one place, such as deleting the fifth word; a set has at most one change for each
place. Sets are tried by their size: all of one change, all of two, and so on, as long as there are
no more than `Bound.exhaustive` of them together. From then on, the most promising sets of one size
are each extended by the most promising changes (beam search). Every set that is tried is read by
the network: its effect is exact, not the sum of the effects of its changes.

A set that is found is therefore proven to be smallest where all smaller ones were tried, and
:attr:`Outcome.tried_all` says so.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

Changes = tuple[int, ...]
"""Numbers of the changes in a set, ascending."""


@dataclass(frozen=True, slots=True)
class Bound:
    """How long a search goes on.

    Attributes:
        predictions: sets that are read at most.
        exhaustive: sets that are read at most while all of a size are tried. 4,500 hold all sets
            of deletions of 12 words.
        beam: sets of one size that are extended.
        changes: changes that extend each of them, those that do most alone.
        batch: sets that are read at a time.
        asked: sets of one size that are asked whether they hold.
    """

    predictions: int = 5_000
    exhaustive: int = 4_500
    beam: int = 8
    changes: int = 32
    batch: int = 256
    asked: int = 20


BOUND = Bound()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a search has found.

    Attributes:
        found: the set; None where none was found.
        predictions: sets that were read.
        tried_all: every set of at most so many changes was tried.
        largest: size of the largest set that was tried.
    """

    found: Changes | None
    predictions: int
    tried_all: int
    largest: int

    @property
    def fewest(self) -> bool:
        """Whether no smaller set does it."""
        return self.found is not None and len(self.found) <= self.tried_all + 1


def search(
    places: Sequence[int],
    most: int,
    margins: Callable[[list[Changes]], NDArray[np.float64]],
    holds: Callable[[Changes], bool],
    bound: Bound = BOUND,
) -> Outcome:
    """Look for the smallest set of changes that brings a margin below zero.

    Args:
        places: the place of each of M changes.
        most: changes that a set may have.
        margins: float64 ``[D]`` of D sets; may raise to stop the search.
        holds: whether a set with a margin below zero is what is looked for. It is asked for the
            lowest margins of a size first, until one holds or `Bound.asked` of them do not.
        bound: where the search ends.

    Returns:
        The set of the lowest margin among the smallest that hold.
    """
    by_place: dict[int, list[int]] = {}
    for change, place in enumerate(places):
        by_place.setdefault(place, []).append(change)
    counts = _numbers_of_sets([len(group) for group in by_place.values()], most)
    predictions = tried_all = largest = 0
    beam: list[Changes] = [()]
    promising = list(range(len(places)))
    for size in range(1, most + 1):
        if tried_all == size - 1 and predictions + counts[size] <= bound.exhaustive:
            sets = list(_all_sets(list(by_place.values()), size))
        else:
            sets = _extended(beam, promising, places)[: bound.predictions - predictions]
        if not sets:
            break
        values = np.concatenate(
            [
                margins(sets[first : first + bound.batch])
                for first in range(0, len(sets), bound.batch)
            ]
        )
        order = np.argsort(values, kind="stable").tolist()
        predictions, largest = predictions + len(sets), size
        for number in order[: bound.asked]:
            if values[number] >= 0:
                break
            if holds(sets[number]):
                return Outcome(sets[number], predictions, tried_all, largest)
        if len(sets) == counts[size] and tried_all == size - 1:
            tried_all = size
        if size == 1:
            promising = [sets[number][0] for number in order[: bound.changes]]
        beam = [sets[number] for number in order[: bound.beam]]
    return Outcome(None, predictions, tried_all, largest)


def _numbers_of_sets(groups: Sequence[int], most: int) -> list[int]:
    """How many sets of each size there are: at most one change of each group."""
    counts = [1] + [0] * most
    for group in groups:
        for size in range(most, 0, -1):
            counts[size] += group * counts[size - 1]
    return counts


def _all_sets(groups: Sequence[Sequence[int]], size: int) -> Iterator[Changes]:
    for chosen in combinations(groups, size):
        for changes in product(*chosen):
            yield tuple(sorted(changes))


def _extended(
    beam: Sequence[Changes], changes: Sequence[int], places: Sequence[int]
) -> list[Changes]:
    """The distinct sets of the beam with one change more, at a place that is free."""
    found: dict[Changes, None] = {}
    for chosen in beam:
        taken = {places[change] for change in chosen}
        for change in changes:
            if places[change] not in taken:
                found[tuple(sorted((*chosen, change)))] = None
    return list(found)
