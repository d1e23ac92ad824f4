"""A word's share of a Kim CNN's logit, what is lost without it, and why the two differ.

The share of a word is what it adds inside the regions that won their filters
(:func:`~dlnlp.explain.evidence.evidence`); the loss is the fall of the logit when the word is
deleted and the text read again (:func:`~dlnlp.explain.leave_one_out.network_effects`). With the
word, each region that holds it goes as a whole, and each of its filters takes its next best region:

``lost = share + neighbours + biases - fallback - met``
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.leave_one_out import pooled_without_each
from dlnlp.explain.log_odds import probabilities
from dlnlp.inference.kim_cnn_network import KimCnnNetwork
from dlnlp.inference.sentiment_result import SentimentResult


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
    """Shares and losses of the words of a text, for the logit of one class.

    Args:
        result: prediction of the same network for N words.
        network: its filters.
        target: index of the class.
    """
    pooled, without = pooled_without_each(result.token_ids, network, "delete")
    weights = network.output_weights.astype(np.float64) * (1 if target else -1)
    fired = pooled > 0
    places = np.arange(len(result.tokens))[:, None]
    held = fired & (result.positions <= places)
    held &= places < result.positions + network.filter_widths
    shares = network.winning_shares(result.positions, result.token_ids, weights * fired)
    biases = held @ (network.biases * weights)
    change = (without - pooled.astype(np.float64)) * weights
    lost = -change.sum(axis=1)
    logit = result.logit * (1 if target else -1)
    return WordLosses(
        shares=shares,
        lost=lost,
        neighbours=held @ (pooled * weights) - shares - biases,
        biases=biases,
        fallback=(held * without) @ weights,
        met=np.where(held, 0, change).sum(axis=1),
        probabilities=probabilities(logit - lost),
    )
