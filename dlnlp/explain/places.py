"""Places of a text where a Kim CNN's filters fire: which filters to name, and which to sum up.

The vote of such a network is spread thin: in a review of 88 words, the 8 filters that add most hold
16 % of all that is added. So the places are found first: the runs of words where the strongest
filters fire, then, as long as there is room, the place of the word on which the largest part of
the rest fires. Every other filter belongs to the place that holds most of its value, or to none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlnlp.inference.kim_cnn_network import KimCnnNetwork
from dlnlp.inference.kim_cnn_runtime import KimCnnRuntime
from dlnlp.inference.sentiment_result import SentimentResult

NAMED = 8  # filters that are named before any place is looked for
SMALLEST = 0.01  # of all that is added: a place with less is none


@dataclass(frozen=True, slots=True)
class Place:
    """Adjacent words and the filters that fire on them.

    Attributes:
        start: first token.
        stop: after the last token.
        named: filters to be shown one by one, the largest contribution first; at least one.
        others: filters whose value comes mostly from these words, in the same order.
    """

    start: int
    stop: int
    named: tuple[int, ...]
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """All filters of a text that fired, each in one place or in none.

    Attributes:
        places: in the order of the text; they share no word.
        elsewhere: filters of no place, the largest contribution first.
    """

    places: tuple[Place, ...]
    elsewhere: tuple[int, ...]


def most_places(words: int) -> int:
    """How many places to look for in a text of so many words: 10, and more in a long one."""
    return 10 + min(max(words - 160, 0) // 40, 8)


def places_of(
    result: SentimentResult, network: KimCnnNetwork, contributions: NDArray[np.float64], most: int
) -> Places:
    """Give every filter that fired its place.

    Args:
        result: prediction of the same network.
        network: its K filters.
        contributions: float64 ``[K]``, what each filter adds.
        most: places to look for beyond those of the strongest filters.
    """
    order = np.argsort(-np.abs(contributions), kind="stable")
    order = order[result.pooled[order] > 0]
    sizes = np.abs(contributions)
    starts = result.positions
    stops = np.minimum(starts + network.filter_widths, len(result.tokens))
    products = np.abs(network.winning_products(starts, result.token_ids))
    strongest = starts + products.argmax(axis=1)  # the word that moves a filter most

    named = [int(number) for number in order[:NAMED]]
    while True:
        runs = _runs([(int(starts[number]), int(stops[number])) for number in named])
        taken = np.array(runs, np.int64).reshape(-1, 2)
        touched = (starts[order, None] < taken[:, 1]) & (stops[order, None] > taken[:, 0])
        free = order[~touched.any(axis=1)]
        if not len(free) or len(runs) >= most:
            break
        heavy = np.bincount(strongest[free], weights=sizes[free])
        word = int(heavy.argmax())
        if heavy[word] < SMALLEST * sizes[order].sum():
            break
        named.append(int(free[strongest[free] == word][0]))

    # What each place's words move in each filter, by sums from the region's first word on.
    sums = np.pad(products.cumsum(axis=1), [(0, 0), (1, 0)])
    edges = np.array(runs, np.int64).reshape(-1, 2)
    inside = np.clip(edges - starts[:, None, None], 0, products.shape[1])  # [K, R, 2]
    upto = np.take_along_axis(sums[:, None], inside, axis=2)
    held = upto[..., 1] - upto[..., 0]
    members: list[list[int]] = [[] for _ in runs]
    elsewhere = []
    for number in order.tolist():
        most_held = int(held[number].argmax()) if runs else -1
        if most_held >= 0 and held[number, most_held] > 0:
            members[most_held].append(number)
        else:
            elsewhere.append(number)
    return Places(
        tuple(
            Place(
                start,
                stop,
                tuple(number for number in filters if number in named),
                tuple(number for number in filters if number not in named),
            )
            for (start, stop), filters in zip(runs, members, strict=True)
        ),
        tuple(elsewhere),
    )


def logits_without(
    result: SentimentResult, runtime: KimCnnRuntime, spans: Sequence[tuple[int, int]]
) -> list[NDArray[np.float32] | None]:
    """The logits of a text without some of its words, read again; None where no word is left.

    Args:
        result: prediction of the same network.
        runtime: the network.
        spans: runs of words: the first, and after the last.

    Returns:
        float32 ``[C]`` for each run.
    """
    cut = [np.delete(result.token_ids, slice(start, stop)) for start, stop in spans]
    logits = iter(runtime.run([rest for rest in cut if len(rest)]).logits)
    return [next(logits) if len(rest) else None for rest in cut]


def _runs(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that share a word as one."""
    runs: list[tuple[int, int]] = []
    for start, stop in sorted(spans):
        if runs and start < runs[-1][1]:
            runs[-1] = runs[-1][0], max(stop, runs[-1][1])
        else:
            runs.append((start, stop))
    return runs
