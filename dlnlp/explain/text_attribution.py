"""Attributions of a text by every method.

The gradients of a Kim CNN have a closed form (:mod:`dlnlp.explain.saliency`); those of a HAN do
not: they are computed where Keras is (:mod:`dlnlp.tasks`), and become attributions here.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.attribution import METHODS, Additive, Attribution, sums_of_sentences
from dlnlp.explain.evidence import evidence
from dlnlp.explain.leave_one_out import (
    MODES,
    Mode,
    network_effects,
    sentences_without_each,
    without_each_sentence,
)
from dlnlp.explain.saliency import Method as SaliencyMethod
from dlnlp.explain.saliency import saliency
from dlnlp.explain.targets import target_values, value_of
from dlnlp.explain.written import written
from dlnlp.inference import HanPredictor, TextPredictor
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.inference.kim_cnn_network import KimCnnNetwork, of_target
from dlnlp.inference.sentiment_result import SentimentResult

METHODS_OF: Mapping[str, tuple[str, ...]] = {
    "han": (
        *("within", "product", "raw", "written", "delete", "unknown"),
        *("gradient_x_input", "integrated_gradients"),
    ),
    "kim_cnn": (
        "evidence",
        "gradient_x_input",
        "integrated_gradients",
        "gradient_norm",
        "delete",
        "unknown",
    ),
}
"""Names of the methods for each kind of network."""
HAN_GRADIENTS = ("gradient_x_input", "integrated_gradients")
"""Those of a HAN that need Keras; see :func:`gradient_attribution`."""

_SALIENCIES: Mapping[str, SaliencyMethod] = {
    "gradient_x_input": "gradient_x_input",
    "integrated_gradients": "integrated_gradients",
    "gradient_norm": "gradient",
}
_LEFT_OUT: Mapping[str, Mode] = {mode: mode for mode in MODES}
# Changed texts that are read at once: bounds the memory.
_BATCH = 256


def attribute(
    predictor: TextPredictor,
    result: AttentionResult | SentimentResult,
    method: str,
    target: int,
) -> Attribution[AttentionResult] | Attribution[SentimentResult]:
    """A number for each word and each sentence of a text, by one method.

    Args:
        predictor: the network.
        result: what it read.
        method: one of METHODS_OF for this kind of network, but none of HAN_GRADIENTS for a HAN.
        target: index of the class that is explained, or C (:mod:`dlnlp.explain.targets`);
            attention and norms know none.

    Raises:
        ValueError: this kind of network has no such method here.
    """
    known = METHODS_OF[predictor.model]
    if predictor.model == "han":
        known = tuple(name for name in known if name not in HAN_GRADIENTS)
    if method not in known:
        raise ValueError(
            f"{method!r} is no method of a {predictor.model} without Keras; choose one of "
            f"{', '.join(known)}"
        )
    if isinstance(predictor, HanPredictor) and isinstance(result, AttentionResult):
        return _han_attribution(predictor, result, method, target)
    if not isinstance(predictor, HanPredictor) and isinstance(result, SentimentResult):
        return kim_attribution(predictor.runtime.network, result, method, target)
    raise ValueError(
        f"a {predictor.model} did not read this text; predict it with {predictor.name}"
    )


def attention(reading: AttentionResult, method: str) -> Attribution[AttentionResult]:
    """The attention of a prediction as an attribution; it knows no class.

    Args:
        reading: the prediction.
        method: ``within``, ``product`` or ``raw``.
    """
    words = {
        "within": reading.word_attention,
        "product": reading.word_importance,
        "raw": reading.word_scores,
    }[method]
    sentences = reading.sentence_scores if method == "raw" else reading.sentence_attention
    return Attribution(
        METHODS[method],
        reading,
        reading.token_sentence,
        reading.sentence_spans,
        words,
        sentences,
    )


def gradient_attribution(
    result: AttentionResult,
    method: str,
    target: int,
    words: NDArray[np.float32],
    gap: float,
) -> Attribution[AttentionResult]:
    """Gradients of a HAN as an attribution; a sentence has the sum of its words.

    Args:
        result: what the network read: N words.
        method: one of HAN_GRADIENTS.
        target: index of the class whose log odds are explained, or C.
        words: float32 ``[N]``.
        gap: sum of integrated gradients less the change that they explain; else without meaning.
    """
    additive = None
    if method == "integrated_gradients":
        total = value_of(result, target)
        explained = float(words.sum(dtype=np.float64)) - gap
        additive = Additive(bias=total - explained, total=total)
    spans, owners = result.sentence_spans, result.token_sentence
    rows = sums_of_sentences(words, owners, len(spans))
    return Attribution(METHODS[method], result, owners, spans, words, rows, target, additive)


def left_out(
    predictor: HanPredictor, result: AttentionResult, mode: Mode
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How much of each target is lost without each word, and without each sentence.

    Args:
        predictor: the network.
        result: what it read: N words in S sentences.
        mode: whether they are deleted or become unknown.

    Returns:
        float32 ``[N, T]`` and ``[S, T]``, for the targets of :func:`target_values`: the log odds of
        each class, and behind them, of ordered classes, the upper against the lower.
    """
    sentences, whole = result.sentence_ids, target_values(result.logits, result.ordered)

    def effects(variants: list[list[NDArray[np.int32]]]) -> NDArray[np.float32]:
        parts = [
            predictor.logits(variants[first : first + _BATCH])
            for first in range(0, len(variants), _BATCH)
        ]
        values = target_values(np.concatenate(parts), result.ordered)
        return (whole - values).astype(np.float32)

    return (
        effects(list(sentences_without_each(sentences, mode))),
        effects(list(without_each_sentence(sentences, mode))),
    )


def _han_attribution(
    predictor: HanPredictor, result: AttentionResult, method: str, target: int
) -> Attribution[AttentionResult]:
    if method == "written":
        network = predictor.runtime.network
        return written(network, network.read(result.sentence_ids), result, target)
    if method in _LEFT_OUT:
        words, sentences = left_out(predictor, result, _LEFT_OUT[method])
        return Attribution(
            METHODS[method],
            result,
            result.token_sentence,
            result.sentence_spans,
            words[:, target],
            sentences[:, target],
            target,
        )
    return attention(result, method)


def kim_attribution(
    network: KimCnnNetwork, result: SentimentResult, method: str, target: int
) -> Attribution[SentimentResult]:
    """A number for each word that a Kim CNN read; a sentence has the sum of its words.

    Args:
        network: the weights.
        result: prediction of the same weights.
        method: one of METHODS_OF["kim_cnn"].
        target: index of the class; of two classes, its log odds are explained.
    """
    additive = None
    if method in _LEFT_OUT:
        words = network_effects(result.token_ids, network, _LEFT_OUT[method], target)
    elif method == "evidence":
        exact = evidence(result, network, target)
        words, additive = exact.words, Additive(exact.bias, exact.logit)
    else:
        found = saliency(result, network, _SALIENCIES[method], target)
        words, logit = found.words, float(of_target(result.logits, target))
        if method == "gradient_x_input":
            additive = Additive(evidence(result, network, target).bias, logit)
        elif found.gap is not None:
            explained = float(words.sum(dtype=np.float64)) - found.gap
            additive = Additive(logit - explained, logit)
    return attribution_of(result, method, target, words, additive)


def attribution_of(
    result: SentimentResult,
    method: str,
    target: int,
    words: NDArray[np.float32],
    additive: Additive | None = None,
) -> Attribution[SentimentResult]:
    """Word scores as an attribution; a sentence has the sum of its words.

    Args:
        result: what a Kim CNN read: N words.
        method: the method that the scores come from.
        target: index of the class that is explained; left out where the method knows none.
        words: float32 ``[N]``.
        additive: what the scores should add up to; None where the method promises no sum.
    """
    record, owners, spans = METHODS[method], result.token_sentence, result.sentence_spans
    rows = sums_of_sentences(words, owners, len(spans))
    label = target if record.signed else None
    return Attribution(record, result, owners, spans, words, rows, label, additive)
