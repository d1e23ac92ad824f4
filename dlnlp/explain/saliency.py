"""Saliency of words in a max-pooled convolutional network: gradients of a logit, closed form.

The logit, not the probability: where that saturates its gradient vanishes, and what is sure
would look unimportant. The network is linear between two switches of a maximum or of a ReLU, so the
gradient with respect to the word vectors is a sum of kernel rows and needs no automatic
differentiation: ``d logit / d x[i] = sum_f v_f [a_f > 0] W[i - p_f, :, f]`` over the filters whose
winning region, from ``p_f`` on, holds word i.

Li et al. (2016), "Visualizing and Understanding Neural Models in NLP"; Sundararajan et al. (2017),
"Axiomatic Attribution for Deep Networks".
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from dlnlp.inference.kim_cnn_network import KimCnnNetwork, of_target
from dlnlp.inference.sentiment_result import SentimentResult

Method = Literal["gradient", "gradient_x_input", "integrated_gradients"]


@dataclass(frozen=True, eq=False)
class Saliency:
    """How much each of N words matters, by one method.

    Attributes:
        words: float32 ``[N]``; signed (above 0 speaks for the class) but for ``gradient``.
        gap: sum of `words` less the change of the logit from zero vectors to the text: 0 where the
            words explain all of it (completeness); None where no such sum is meant.
    """

    words: NDArray[np.float32]
    gap: float | None


def saliency(
    result: SentimentResult,
    network: KimCnnNetwork,
    method: Method,
    target: int,
    *,
    steps: int | None = None,
) -> Saliency:
    """Saliency of the words of a result for the logit of a class; of two classes its log odds.

    ``gradient`` is the length of the gradient by the word's vector, without a sign;
    ``gradient_x_input`` its product with the vector, in this network the exact evidence;
    ``integrated_gradients`` the same with the gradient averaged on the way from zero vectors, where
    every region has its filter's bias. On the way to the text a region's value is
    ``b_f + t (a - b_f)``: the order of the regions never changes, so the winner is the same from
    start to end, and only the ReLU switches, once at most. The share of the way on which a filter
    fires is all that has to be known of it.

    Args:
        result: prediction of the same network.
        network: its weights.
        method: ``gradient``, ``gradient_x_input`` or ``integrated_gradients``.
        target: index of the class.
        steps: of the midpoint rule for integrated gradients; by default the integral is exact, and
            its gap only rounding.

    Raises:
        ValueError: the method is unknown, or steps is below 1.
    """
    if method not in get_args(Method):
        raise ValueError(f"saliency method {method!r} is none of {', '.join(get_args(Method))}")
    if method == "gradient":
        words = np.linalg.norm(logit_gradient(result, network, target), axis=1)
        return Saliency(words.astype(np.float32), None)
    activity = (result.pooled > 0).astype(np.float64)
    if method == "integrated_gradients":
        activity = _share_of_the_way(result, network, steps)
    weights = of_target(network.output_weights, target) * activity
    shares = network.winning_shares(result.positions, result.token_ids, weights)
    at_zero = network.logits_of(np.maximum(network.biases, 0))
    change = of_target(result.logits, target) - of_target(at_zero, target)
    return Saliency(shares.astype(np.float32), float(shares.sum()) - float(change))


def logit_gradient(
    result: SentimentResult, network: KimCnnNetwork, target: int
) -> NDArray[np.float32]:
    """Gradient of the logit of a class with respect to the word vectors, float32 ``[N, E]``.

    Where two regions tie for a maximum, the first gets all of it; a filter whose value is exactly
    0 gets none.
    """
    weights = of_target(network.output_weights, target) * (result.pooled > 0)
    gradient = np.zeros((len(result.tokens), network.embeddings.shape[1]), np.float64)
    for tokens, rows in network.winning_rows(result.positions, len(gradient), weights):
        np.add.at(gradient, tokens, rows)
    return gradient.astype(np.float32)


def _share_of_the_way(
    result: SentimentResult, network: KimCnnNetwork, steps: int | None
) -> NDArray[np.float64]:
    """Share of the way from zero vectors to the text on which each filter fires, float64 [K]."""
    biases = network.biases.astype(np.float64)
    gains = network.winning_gains(result.positions, result.token_ids)
    if steps is not None:
        if steps < 1:
            raise ValueError(f"steps={steps} must be at least 1, or None for the exact integral")
        middles = (np.arange(steps) + 0.5) / steps
        fires = biases[:, None] + gains[:, None] * middles > 0
        return np.asarray(fires.mean(axis=1), np.float64)
    # Where b + t g crosses 0: before it when the value falls, after it when it rises.
    crossing = np.divide(-biases, gains, out=np.zeros_like(gains), where=gains != 0)
    crossing = np.clip(crossing, 0, 1)
    rising = np.where(gains > 0, 1 - crossing, crossing)
    return np.where(gains == 0, biases > 0, rising)
