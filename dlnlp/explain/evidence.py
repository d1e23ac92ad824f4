"""Exact evidence of a max-pooled convolutional network: who adds how much to a class's logit.

With ReLU, maximum and a linear output, ``logit = sum_f pooled_f v_f + c``, and each ``pooled_f`` is
the value of one region: the one that won the filter's maximum. So every filter's share belongs to a
region of the text, and within it ``a = b_f + sum_j x[p + j] . W[j, :, f]`` is a sum over words.
Nothing is approximated: the shares of filters, of regions ("predictive text regions", Johnson &
Zhang 2015, "Effective Use of Word Order for Text Categorization with Convolutional Neural
Networks") and of words each add up to the logit.

Of two classes the logit is the log odds: the logit of the class less that of the other.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dlnlp.inference.kim_cnn_network import KimCnnNetwork, of_target
from dlnlp.inference.sentiment_result import SentimentResult


@dataclass(frozen=True, slots=True)
class Region:
    """Adjacent tokens that won the maximum of one or more filters.

    Attributes:
        start: first token.
        stop: after the last token.
        contribution: what these filters add to the logit, signed.
        filters: their numbers, the largest share first.
    """

    start: int
    stop: int
    contribution: float
    filters: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Evidence:
    """Shares of the logit of a class, signed: above 0 speaks for the class.

    Attributes:
        target: index of the class.
        logit: its logit; of two classes its log odds.
        words: float32 ``[N]``; ``words.sum() + bias`` is the logit.
        bias: biases of the filters that fired times their weights, plus the classifier's bias.
        filters: float32 ``[K]``, ``pooled_f v_f``; ``filters.sum() + classifier_bias`` is the
            logit.
        weights: float32 ``[K]``, the ``v_f``.
        classifier_bias: c.
        fired: what the regions are made of, and is asked for less often.
    """

    target: int
    logit: float
    words: NDArray[np.float32]
    bias: float
    filters: NDArray[np.float32]
    weights: NDArray[np.float32]
    classifier_bias: float
    fired: "_Fired"

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """What fired, the largest share (for or against) first.

        Their contributions and `classifier_bias` add up to the logit. They take more time than the
        words: for many texts, nobody asks.
        """
        return _regions(self.fired)


@dataclass(frozen=True, slots=True, eq=False)
class _Fired:
    result: SentimentResult
    network: KimCnnNetwork
    shares: NDArray[np.float64]


def evidence(result: SentimentResult, network: KimCnnNetwork, target: int) -> Evidence:
    """Take the logit of a class apart.

    A word's share is the sum of ``v_f x . W[j, :, f]`` over the filters whose winning region holds
    it: the same as gradient times input, which is exact in this network but for the biases.

    Args:
        result: prediction of the same network.
        network: its weights.
        target: index of the class.
    """
    output, classifier_bias = (
        of_target(network.output_weights, target),
        of_target(network.output_bias, target),
    )
    shares = result.pooled.astype(np.float64) * output
    weights = output * (result.pooled > 0)
    words = network.winning_shares(result.positions, result.token_ids, weights)
    return Evidence(
        target=target,
        logit=float(of_target(result.logits, target)),
        words=words.astype(np.float32),
        bias=float(network.biases.astype(np.float64) @ weights) + float(classifier_bias),
        filters=shares.astype(np.float32),
        weights=output,
        classifier_bias=float(classifier_bias),
        fired=_Fired(result, network, shares),
    )


def _regions(fired: _Fired) -> tuple[Region, ...]:
    result, network, shares = fired.result, fired.network, fired.shares
    # In a text shorter than two widths, both have the whole of it as their region.
    stops = np.minimum(result.positions + network.filter_widths, len(result.tokens))
    members: dict[tuple[int, int], list[int]] = {}
    for number in np.flatnonzero(result.pooled > 0).tolist():
        place = int(result.positions[number]), int(stops[number])
        members.setdefault(place, []).append(number)
    regions = [
        Region(start, stop, float(shares[numbers].sum()), _largest_first(numbers, shares))
        for (start, stop), numbers in members.items()
    ]
    return tuple(sorted(regions, key=lambda r: (-abs(r.contribution), r.start, r.stop)))


def _largest_first(numbers: list[int], shares: NDArray[np.float64]) -> tuple[int, ...]:
    return tuple(sorted(numbers, key=lambda number: -abs(shares[number])))
