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
from dlnlp.explain.log_odds import probabilities
from dlnlp.explain.saliency import Method as SaliencyMethod
from dlnlp.explain.saliency import saliency
from dlnlp.inference import KimCnnPredictor
from dlnlp.inference.kim_cnn_network import KimCnnNetwork
from dlnlp.inference.sentiment_result import SentimentResult
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
        evidence: Who adds how much to its score.
        token_sentence: Index of each word's sentence, int64 ``[N]``.
        sentence_spans: Character offsets of the sentences, int64 ``[S, 2]``.
        start: Place of the text on the map before training, [2].
    """

    result: SentimentResult
    evidence: Evidence
    token_sentence: NDArray[np.int64]
    sentence_spans: NDArray[np.int64]
    start: NDArray[np.float32]


def sentences_of(
    predictor: KimCnnPredictor, result: SentimentResult
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which sentence each word that was read belongs to, int64 ``[N]``, and their spans ``[S, 2]``.

    The network itself knows no sentences.
    """
    # As many sentences hold at least as many words.
    found = predictor.preprocessor(result.text, len(result.tokens))
    counts = [len(sentence.tokens) for sentence in found]
    token_sentence = np.repeat(np.arange(len(found)), counts)[: len(result.tokens)]
    spans = np.array([(sentence.start, sentence.end) for sentence in found], np.int64)
    return token_sentence, spans[: token_sentence[-1] + 1]


@st.cache_resource(max_entries=32, show_spinner=False)
def explain(model: str, text: str) -> Explained | None:
    """Take apart what the network read; None when there was nothing to read.

    Args:
        model: Name of a shipped Kim CNN.
        text: Anything a visitor pasted.
    """
    result = loading.read_sentiment(model, text).result
    if result is None:
        return None
    predictor = loading.kim_predictor(model)
    return Explained(
        result,
        evidence(result, predictor.runtime.network),
        *sentences_of(predictor, result),
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
    """Word scores as an attribution for the class of a positive logit.

    Args:
        explained: A text of N words, and what the network read in it.
        method: The method that the scores come from.
        words: Score of each word, float32 ``[N]``.
        additive: What the scores should add up to; None where the method promises no sum.
    """
    record = RECORDS[method]
    owners, spans = explained.token_sentence, explained.sentence_spans
    rows = sums_of_sentences(words, owners, len(spans))
    target = 1 if record.signed else None
    return Attribution(record, explained.result, owners, spans, words, rows, target, additive)


def attribute(
    model: str, text: str, method: Method, random: bool = False
) -> Attribution[SentimentResult]:
    """A number for each word of a text that was read, by one method.

    Args:
        model: Name of a shipped Kim CNN.
        text: The text; it holds a word.
        method: Key of METHODS.
        random: Whether the network has random weights.
    """
    explained = explain(model, text)
    if method == "evidence" and not random and explained is not None:
        return _exact(explained, explained.evidence)
    with aside():
        return _worked_out(model, text, method, random)


def _exact(explained: Explained, found: Evidence) -> Attribution[SentimentResult]:
    additive = Additive(found.bias, explained.result.logit)
    return attribution_of(explained, "evidence", found.words, additive)


@st.cache_resource(max_entries=64, show_spinner="Working it out, word by word …")
def _worked_out(
    model: str, text: str, method: Method, random: bool
) -> Attribution[SentimentResult]:
    explained = explain(model, text)
    if explained is None:
        raise ValueError("a text without words has no attribution; read it first")
    network = loading.kim_predictor(model).runtime.network
    if random:
        network = _randomized(model)
        pooled, positions = network.read(explained.result.token_ids)
        logit = network.logit_of(pooled)
        result = replace(explained.result, logit=logit, pooled=pooled, positions=positions)
        explained = replace(explained, result=result, evidence=evidence(result, network))
    result = explained.result
    if method == "evidence":
        return _exact(explained, explained.evidence)
    if method == "delete" or method == "unknown":
        words = network_effects(result.token_ids, network, method)
        return attribution_of(explained, method, words)
    found = saliency(result, network, _GRADIENTS[method])
    additive = None
    if method == "gradient_x_input":
        additive = Additive(explained.evidence.bias, result.logit)
    elif found.gap is not None:
        summed = float(found.words.sum(dtype=np.float64))
        additive = Additive(result.logit - summed + found.gap, result.logit)
    return attribution_of(explained, method, found.words, additive)


def rankings(model: str, text: str, side: int, mode: Mode) -> dict[str, NDArray[np.float32]]:
    """Word scores for one class by each method, float32 ``[N]``; the gradient norm has no sign.

    Args:
        model: Name of a shipped Kim CNN.
        text: The text; it holds a word.
        side: 1 for the positive class, -1 for the negative one.
        mode: How words are left out.
    """
    names: tuple[Method, ...] = ("evidence", "integrated_gradients", "gradient_norm", mode)
    return {
        name: (side if RECORDS[name].signed else 1) * attribute(model, text, name).words
        for name in names
    }


@st.cache_resource(max_entries=64, show_spinner="Removing words …")
def faithfulness(model: str, text: str, mode: Mode) -> Faithfulness:
    """`dlnlp.explain.faithfulness.measure` for the predicted class of a text that holds a word."""
    explained = explain(model, text)
    if explained is None:
        raise ValueError("a text without words cannot be measured; read it first")
    side, runtime = 1 if explained.result.predicted else -1, loading.kim_predictor(model).runtime

    def ask(documents: list[Document]) -> NDArray[np.float64]:
        logits = runtime.run([np.concatenate(document) for document in documents]).logits
        return probabilities(side * logits.astype(np.float64))

    return measure([explained.result.token_ids], rankings(model, text, side, mode), ask, mode)
