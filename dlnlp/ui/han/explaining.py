"""Cached explanations of the HAN: once a text and method; a rerun computes nothing."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dlnlp.explain import text_attribution
from dlnlp.explain.attribution import METHODS as RECORDS
from dlnlp.explain.attribution import Attribution
from dlnlp.explain.faithfulness import Document, Faithfulness, measure
from dlnlp.explain.leave_one_out import Mode
from dlnlp.explain.text_attribution import attention, gradient_attribution
from dlnlp.explain.written import written
from dlnlp.inference import HanPredictor
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.inference.han_network import DocumentReading
from dlnlp.inference.softmax import softmax
from dlnlp.ui.han import gradient_jobs
from dlnlp.ui.han.methods import ATTENTION, GRADIENTS, HAN, Method
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.turns import aside
from dlnlp.ui.text import class_bars
from dlnlp.ui.text.answers import answer_of

RANDOM_SEED = 0


def sentences_of(predictor: HanPredictor, result: AttentionResult) -> list[NDArray[np.int32]]:
    """Token ids of each sentence that was read, int32 ``[words]``."""
    ids = predictor.vocabulary.encode(result.tokens)
    counts = np.bincount(result.token_sentence, minlength=len(result.sentence_spans))
    return np.split(ids.astype(np.int32), np.cumsum(counts)[:-1])


def target_of(result: AttentionResult) -> int:
    """What is explained: the visitor's choice, or the default of `class_bars`."""
    return class_bars.target_of(HAN, answer_of(result))


@loading.of_a_network
@st.cache_resource(max_entries=64, show_spinner="Leaving out word after word …")
def left_out(model: str, text: str, mode: Mode) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How much of each target is lost without each word, and without each sentence.

    Args:
        model: Name of a shipped HAN.
        text: The text; it holds a word.
        mode: Whether they are deleted or become unknown.

    Returns:
        float32 ``[N, T]`` and ``[S, T]`` for the targets of `dlnlp.explain.targets.target_values`.
    """
    predictor, result = loading.han_predictor(model), loading.read_review(model, text).result
    if result is None:
        raise ValueError("a text without words has nothing to leave out; read it first")
    return text_attribution.left_out(predictor, result, mode)


@loading.of_a_network
@st.cache_resource(max_entries=8, show_spinner=False)
def reading_of(model: str, text: str) -> DocumentReading:
    """All that a HAN computed for a text that holds a word, its gates included.

    Args:
        model: Name of a shipped HAN.
        text: The text.

    Raises:
        ValueError: The text holds no word.
    """
    predictor, result = loading.han_predictor(model), loading.read_review(model, text).result
    if result is None:
        raise ValueError("a text without words cannot be read step by step; read it first")
    return predictor.runtime.network.read(sentences_of(predictor, result))


def attribute(
    predictor: HanPredictor,
    result: AttentionResult,
    method: Method,
    target: int,
    *,
    random: bool = False,
) -> Attribution[AttentionResult] | None:
    """A number for each word and sentence; draws progress while the worker computes it.

    Args:
        predictor: The model.
        result: What it read.
        method: Key of METHODS.
        target: Class that is explained; attention knows none.
        random: Whether the network has random weights.

    Returns:
        None while there is nothing, and the page has said why.
    """
    if not random and method in ATTENTION:
        return attention(result, method)
    if not random and (method == "delete" or method == "unknown"):
        with aside():
            words, rows = left_out(predictor.name, result.text, method)
        return _attribution(result, method, target, words[:, target], rows[:, target])
    if method == "written":
        network, sentences = predictor.runtime.network, sentences_of(predictor, result)
        if random:
            network = network.randomized(RANDOM_SEED)
            return written(network, network.read(sentences), result, target)
        return written(network, reading_of(predictor.name, result.text), result, target)
    seed = RANDOM_SEED if random else None
    found = gradient_jobs.saliency(HAN, predictor, sentences_of(predictor, result), seed)
    return None if found is None else from_saliency(found, result, method, target)


def _attribution(
    result: AttentionResult,
    method: Method,
    target: int,
    words: NDArray[np.float32],
    sentences: NDArray[np.float32],
) -> Attribution[AttentionResult]:
    spans = result.sentence_spans
    return Attribution(
        RECORDS[method], result, result.token_sentence, spans, words, sentences, target
    )


def from_saliency(
    found: gradient_jobs.Saliency, result: AttentionResult, method: Method, target: int
) -> Attribution[AttentionResult]:
    """What the worker computed, by one method and for one class.

    Args:
        found: As `dlnlp.tasks.han_saliency.saliency` describes it; for attention, that of random
            weights.
        result: What the trained network read.
        method: Key of METHODS.
        target: The class.
    """
    if method in ATTENTION:
        other = replace(
            result,
            word_attention=found["word_attention"].astype(np.float32),
            word_scores=found["word_scores"].astype(np.float32),
            sentence_attention=found["sentence_attention"].astype(np.float32),
            sentence_scores=found["sentence_scores"].astype(np.float32),
        )
        return attention(other, method)
    words = found[method][target].astype(np.float32)
    if method in GRADIENTS:
        gap = float(found["gap"][target])
        return gradient_attribution(result, method, target, words, gap)
    rows = found[f"{method}_sentences"][target].astype(np.float32)
    return _attribution(result, method, target, words, rows)


def rankings(
    predictor: HanPredictor, result: AttentionResult, target: int, mode: Mode
) -> dict[str, NDArray[np.float32]]:
    """Word scores by each method, float32 ``[N]``; gradients only once they were computed.

    Args:
        predictor: The model.
        result: Its answer to a text of N words.
        target: The class that is explained.
        mode: How words are left out.
    """
    with aside():
        without = left_out(predictor.name, result.text, mode)[0]
    found: dict[str, NDArray[np.float32]] = {
        "product": result.word_importance,
        mode: without[:, target],
        "written": written(
            predictor.runtime.network, reading_of(predictor.name, result.text), result, target
        ).words,
    }
    saliency = gradient_jobs.known(predictor, sentences_of(predictor, result))
    if saliency is not None:
        for name in GRADIENTS:
            found[name] = from_saliency(saliency, result, name, target).words
    return found


@loading.of_a_network
@st.cache_resource(max_entries=64, show_spinner="Removing words …")
def faithfulness(
    model: str,
    text: str,
    target: int,
    mode: Mode,
    scores: Mapping[str, NDArray[np.float32]],
) -> Faithfulness:
    """Faithfulness of these rankings on this text; see `dlnlp.explain.faithfulness.measure`.

    Args:
        model: Name of a shipped HAN.
        text: The text.
        target: The class whose probability is measured.
        mode: How words are removed.
        scores: Word scores by method, float32 ``[N]``.

    Raises:
        ValueError: the text holds no word.
    """
    predictor, result = loading.han_predictor(model), loading.read_review(model, text).result
    if result is None:
        raise ValueError("a text without words cannot be measured; read it first")

    def ask(documents: list[Document]) -> NDArray[np.float64]:
        return softmax(predictor.logits(documents))[:, target]

    return measure(sentences_of(predictor, result), scores, ask, mode)
