"""A word's share of a Kim CNN's logit, what is lost without it, and why the two differ.

The share of a word is what it adds inside the regions that won their filters
(:func:`~dlnlp.explain.evidence.evidence`); the loss is the fall of the logit when the word is
deleted and the text read again (:func:`~dlnlp.explain.leave_one_out.network_effects`). With the
word, each region that holds it goes as a whole, and each of its filters takes its next best region:

``lost = share + neighbours + biases - fallback - met``
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.leave_one_out import pooled_without_each
from dlnlp.inference.kim_cnn_network import KimCnnNetwork, of_target
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.inference.softmax import softmax


@dataclass(frozen=True, eq=False)
class WordLosses:
    """What N words add to a logit and what each of them takes away when it goes.

    Attributes:
        shares: float64 ``[N]``, exact; with the biases they add up to the logit.
        lost: float64 ``[N]``, the logit less the logit of the text without the word. An only word
            cannot be deleted: it becomes unknown.
        neighbours: float64 ``[N]``, what other words add in the regions that go with the word.
        biases: float64 ``[N]``, what the biases of those filters add.
        fallback: float64 ``[N]``, what those filters add at their next best regions instead.
        met: float64 ``[N]``, what other filters gain where the word's neighbours meet.
        probabilities: float64 ``[N]``, of the class without the word.
    """

    shares: NDArray[np.float64]
    lost: NDArray[np.float64]
    neighbours: NDArray[np.float64]
    biases: NDArray[np.float64]
    fallback: NDArray[np.float64]
    met: NDArray[np.float64]
    probabilities: NDArray[np.float64]


def word_losses(result: SentimentResult, network: KimCnnNetwork, target: int) -> WordLosses:
    """Shares and losses of the words of a text, for one class's logit.

    Of two classes the logit is the log odds.

    Args:
        result: prediction of the same network for N words.
        network: its filters.
        target: index of the class.
    """
    pooled, without = pooled_without_each(result.token_ids, network, "delete")
    weights = of_target(network.output_weights, target).astype(np.float64)
    fired = pooled > 0
    places = np.arange(len(result.tokens))[:, None]
    held = fired & (result.positions <= places)
    held &= places < result.positions + network.filter_widths
    shares = network.winning_shares(result.positions, result.token_ids, weights * fired)
    biases = held @ (network.biases * weights)
    change = (without - pooled.astype(np.float64)) * weights
    logits = without.astype(np.float64) @ network.output_weights + network.output_bias
    return WordLosses(
        shares=shares,
        lost=-change.sum(axis=1),
        neighbours=held @ (pooled * weights) - shares - biases,
        biases=biases,
        fallback=(held * without) @ weights,
        met=np.where(held, 0, change).sum(axis=1),
        probabilities=softmax(logits)[:, target],
    )


@dataclass(frozen=True, slots=True)
class NextWindow:
    """A window that filters take when a word is deleted, as it stands in the whole text.

    Attributes:
        start: its first token.
        stop: after its last token; a window that closes over the gap holds the deleted word.
        filters: how many take it.
        contribution: what they add there.
    """

    start: int
    stop: int
    filters: int
    contribution: float


def next_windows(
    result: SentimentResult, network: KimCnnNetwork, weights: NDArray[np.floating[Any]]
) -> list[list[NextWindow]]:
    """Where the filters that lose a word go, for each of N words: the largest contribution first.

    The contributions of a word's windows add up to its :attr:`WordLosses.fallback`; what fires
    nowhere else is left out.

    Args:
        result: prediction of the same network.
        network: its K filters.
        weights: float ``[K]``, the filters' weights in the logit.
    """
    words = len(result.tokens)
    found: list[dict[tuple[int, int], tuple[int, float]]] = [{} for _ in range(words)]
    vectors = network.vectors(result.token_ids)
    fired = np.flatnonzero(result.pooled > 0) if words > 1 else np.zeros(0, np.int64)
    for group, kernel in enumerate(network.kernels):
        numbers = fired[fired // network.filters == group]
        chosen = kernel[:, :, numbers % network.filters]
        products = np.einsum("ne,wef->fnw", vectors, chosen, optimize=True).astype(np.float64)
        width = len(kernel)
        for offset in range(width):
            lost = result.positions[numbers] + offset  # the word that each filter loses
            starts, values = _best_without(products, lost)
            values += network.biases[numbers]
            end = words - (lost == words - 1)  # of what is left
            over = (starts < lost) & (lost < np.minimum(starts + width, end))
            stops = np.minimum(starts + width + over, end)
            added = values * weights[numbers]
            for each in np.flatnonzero((lost < words) & (values > 0)).tolist():
                windows, span = found[lost[each]], (int(starts[each]), int(stops[each]))
                filters, sum_ = windows.get(span, (0, 0.0))
                windows[span] = filters + 1, sum_ + float(added[each])
    return [
        sorted(
            (NextWindow(*span, *both) for span, both in windows.items()),
            key=lambda window: -abs(window.contribution),
        )
        for windows in found
    ]


def _best_without(
    products: NDArray[np.float64], lost: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Each filter's best window without a word.

    Args:
        products: float64 ``[F, N, w]``, each word as the j-th of a window.
        lost: the word that each filter loses, int64 ``[F]``; of one from N on nothing is said.

    Returns:
        Where it starts in the whole text, int64 ``[F]``, and its value without bias, float64
        ``[F]``. A text of at most w words goes on with zeros.
    """
    filters, words, width = products.shape
    products = np.pad(products, [(0, 0), (0, max(width + 1 - words, 0)), (0, 0)])
    count = products.shape[1] - width + 1
    values = np.sum([products[:, j : j + count, j] for j in range(width)], axis=0)
    starts = np.arange(count)
    whole = (starts <= lost[:, None] - width) | (starts > lost[:, None])
    # Windows that close over the gap, with one word less before it from one to the next.
    before = np.arange(width - 1, 0, -1)
    closing = lost[:, None] - before
    held = closing[..., None] + np.arange(width) + (np.arange(width) >= before[:, None])
    there = (closing >= 0) & (held[..., -1] < products.shape[1])
    every = np.arange(filters)
    held = np.where(there[..., None], held, 0)
    closed = products[every[:, None, None], held, np.arange(width)].sum(axis=2)
    candidates = np.concatenate(
        [np.where(whole, values, -np.inf), np.where(there, closed, -np.inf)], axis=1
    )
    best = candidates.argmax(axis=1)
    places = np.concatenate([np.broadcast_to(starts, (filters, count)), closing], axis=1)
    return places[every, best], candidates[every, best]
