"""Cached explanations of the Kim CNN: once a text and method; a rerun computes nothing."""

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dlnlp.explain.attribution import METHODS as RECORDS
from dlnlp.explain.attribution import Additive, Attribution, sums_of_sentences
from dlnlp.explain.evidence import Evidence, evidence
from dlnlp.explain.faithfulness import Document, Faithfulness, measure
from dlnlp.explain.leave_one_out import Mode, network_effects
from dlnlp.explain.saliency import Method as SaliencyMethod
from dlnlp.explain.saliency import saliency
from dlnlp.inference.kim_cnn_network import KimCnnNetwork
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.inference.softmax import softmax
from dlnlp.ui.kim_cnn.methods import Method
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.turns import aside

RANDOM_SEED = 0
_GRADIENTS: dict[Method, SaliencyMethod] = {
    "gradient_x_input": "gradient_x_input",
    "integrated_gradients": "integrated_gradients",
    "gradient_norm": "gradient",
}


@dataclass(frozen=True, eq=False)
class Explained:
    """A result taken apart.

    Attributes:
        result: What the network read.
        evidence: Who adds how much to the logit of the class that is explained.
        start: Place of the text on the map before training, [2].
    """

    result: SentimentResult
    evidence: Evidence
    start: NDArray[np.float32]


def target_of(result: SentimentResult) -> int:
    """The class that is explained: of two the second, for or against; else the predicted one."""
    return 1 if len(result.class_names) == 2 else result.predicted


@st.cache_resource(max_entries=32, show_spinner=False)
def explain(model: str, text: str, target: int | None = None) -> Explained | None:
    """Take apart what the network read; None when there was nothing to read.

    Args:
        model: Name of a shipped Kim CNN.
        text: Anything a visitor pasted.
        target: Class that is explained; by default that of `target_of`.
    """
    result = loading.read_sentiment(model, text).result
    if result is None:
        return None
    predictor = loading.kim_predictor(model)
    label = target_of(result) if target is None else target
    return Explained(
        result,
        evidence(result, predictor.runtime.network, label),
        predictor.place_before(result.token_ids),
    )


@st.cache_resource(max_entries=2, show_spinner=False)
def _randomized(model: str) -> KimCnnNetwork:
    return loading.kim_predictor(model).runtime.network.randomized(RANDOM_SEED)


def attribution_of(
    explained: Explained,
    method: Method,
    words: NDArray[np.float32],
    additive: Additive | None = None,
) -> Attribution[SentimentResult]:
    """Word scores as an attribution for the class that is explained.

    Args:
        explained: A text of N words, and what the network read in it.
        method: The method that the scores come from.
        words: Score of each word, float32 ``[N]``.
        additive: What the scores should add up to; None where the method promises no sum.
    """
    record = RECORDS[method]
    owners, spans = explained.result.token_sentence, explained.result.sentence_spans
    rows = sums_of_sentences(words, owners, len(spans))
    target = explained.evidence.target if record.signed else None
    return Attribution(record, explained.result, owners, spans, words, rows, target, additive)


def attribute(
    model: str, text: str, method: Method, target: int | None = None, *, random: bool = False
) -> Attribution[SentimentResult]:
    """A number for each word of a text that was read, by one method.

    Args:
        model: Name of a shipped Kim CNN.
        text: The text; it holds a word.
        method: Key of METHODS.
        target: Class that is explained; by default that of `target_of`.
        random: Whether the network has random weights.
    """
    explained = explain(model, text, target)
    if method == "evidence" and not random and explained is not None:
        return _exact(explained, explained.evidence)
    with aside():
        return _worked_out(model, text, method, target, random)


def _exact(explained: Explained, found: Evidence) -> Attribution[SentimentResult]:
    additive = Additive(found.bias, found.logit)
    return attribution_of(explained, "evidence", found.words, additive)


@st.cache_resource(max_entries=64, show_spinner="Working it out, word by word …")
def _worked_out(
    model: str, text: str, method: Method, target: int | None, random: bool
) -> Attribution[SentimentResult]:
    explained = _explained(model, text, target)
    network = loading.kim_predictor(model).runtime.network
    if random:
        network = _randomized(model)
        pooled, positions = network.read(explained.result.token_ids)
        logits = network.logits_of(pooled)
        result = replace(
            explained.result, logits=logits, document_vector=pooled, positions=positions
        )
        found = evidence(result, network, explained.evidence.target)
        explained = replace(explained, result=result, evidence=found)
    result, label = explained.result, explained.evidence.target
    if method == "evidence":
        return _exact(explained, explained.evidence)
    if method == "delete" or method == "unknown":
        words = network_effects(result.token_ids, network, method, label)
        return attribution_of(explained, method, words)
    saliencies = saliency(result, network, _GRADIENTS[method], label)
    additive = None
    if method == "gradient_x_input":
        additive = Additive(explained.evidence.bias, explained.evidence.logit)
    elif saliencies.gap is not None:
        summed, logit = float(saliencies.words.sum(dtype=np.float64)), explained.evidence.logit
        additive = Additive(logit - summed + saliencies.gap, logit)
    return attribution_of(explained, method, saliencies.words, additive)


def rankings(model: str, text: str, mode: Mode) -> dict[str, NDArray[np.float32]]:
    """Word scores for the predicted class by each method, float32 ``[N]``.

    The gradient norm has no sign.

    Args:
        model: Name of a shipped Kim CNN.
        text: The text; it holds a word.
        mode: How words are left out.
    """
    result = _explained(model, text).result
    side = 1 if target_of(result) == result.predicted else -1
    names: tuple[Method, ...] = ("evidence", "integrated_gradients", "gradient_norm", mode)
    return {
        name: (side if RECORDS[name].signed else 1) * attribute(model, text, name).words
        for name in names
    }


@st.cache_resource(max_entries=64, show_spinner="Removing words …")
def faithfulness(model: str, text: str, mode: Mode) -> Faithfulness:
    """`dlnlp.explain.faithfulness.measure` for the predicted class of a text that holds a word."""
    result, predictor = _explained(model, text).result, loading.kim_predictor(model)

    def ask(documents: list[Document]) -> NDArray[np.float64]:
        return softmax(predictor.logits(documents))[:, result.predicted]

    return measure([result.token_ids], rankings(model, text, mode), ask, mode)


def _explained(model: str, text: str, target: int | None = None) -> Explained:
    explained = explain(model, text, target)
    if explained is None:
        raise ValueError("a text without words cannot be explained; read it first")
    return explained
