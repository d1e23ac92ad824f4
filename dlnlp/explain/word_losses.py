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
    tables = [
        np.einsum("ne,wef->fnw", vectors, kernel, optimize=True) for kernel in network.kernels
    ]
    for number in np.flatnonzero(result.pooled > 0).tolist() if words > 1 else ():
        products = tables[number // network.filters][number % network.filters].astype(np.float64)
        values, width = _values(products), products.shape[1]
        bias, first = float(network.biases[number]), int(result.positions[number])
        for word in range(first, min(first + width, words)):
            start, value = _best_without(products, values, word)
            if value + bias <= 0:
                continue
            over = start < word < start + width
            span = start, min(start + width + over, words)
            filters, added = found[word].get(span, (0, 0.0))
            found[word][span] = filters + 1, added + (value + bias) * float(weights[number])
    return [
        sorted(
            (NextWindow(*span, *both) for span, both in windows.items()),
            key=lambda window: -abs(window.contribution),
        )
        for windows in found
    ]


def _values(products: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values of the windows, float64 ``[P]``, without bias; a shorter text goes on with zeros."""
    words, width = products.shape
    if words < width:
        products = np.concatenate([products, np.zeros((width - words, width))])
    windows = len(products) - width + 1
    return np.asarray(sum(products[j : j + windows, j] for j in range(width)), np.float64)


def _best_without(
    products: NDArray[np.float64], values: NDArray[np.float64], word: int
) -> tuple[int, float]:
    """The best window without a word: where it starts in the whole text, and its value.

    Args:
        products: float64 ``[N, w]``, each word as the j-th of a window.
        values: what `_values` makes of them.
        word: that is deleted.
    """
    words, width = products.shape
    first = max(word - width + 1, 0)
    candidates = [(0, values[: max(word - width + 1, 0)]), (word + 1, values[word + 1 :])]
    meeting = np.delete(products[first : word + width], word - first, axis=0)
    if len(meeting) >= min(width, words - 1):  # windows that close over the gap
        candidates.append((first, _values(meeting)))
    return max(
        (
            (start + int(part.argmax()), float(part.max()))
            for start, part in candidates
            if len(part)
        ),
        key=lambda window: window[1],
    )
