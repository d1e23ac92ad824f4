"""Cached explanations of the Kim CNN: once a text and method; a rerun computes nothing."""

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dlnlp.explain.evidence import Evidence, evidence
from dlnlp.explain.faithfulness import Document, Faithfulness, measure
from dlnlp.explain.leave_one_out import Mode, network_effects
from dlnlp.explain.log_odds import probabilities
from dlnlp.explain.saliency import Method as SaliencyMethod
from dlnlp.explain.saliency import saliency
from dlnlp.inference import KimCnnPredictor
from dlnlp.inference.kim_cnn_network import KimCnnNetwork
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.ui.kim_cnn.methods import METHODS, Attribution, Method
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.turns import aside

RANDOM_SEED = 0
_GRADIENTS: dict[Method, SaliencyMethod] = {
    "input_x_gradient": "gradient_x_input",
    "integrated_gradients": "integrated_gradients",
    "gradient_norm": "gradient",
}


@dataclass(frozen=True, eq=False)
class Explained:
    """A result taken apart.

    Attributes:
        result: What the network read.
        evidence: Who adds how much to its score.
        rows: Index of the first word of each line: a sentence, or a part of a long one.
        start: Place of the text on the map before training, [2].
    """

    result: SentimentResult
    evidence: Evidence
    rows: tuple[int, ...]
    start: NDArray[np.float32]


def first_words(predictor: KimCnnPredictor, result: SentimentResult) -> tuple[int, ...]:
    """Index of the first word of each sentence that was read."""
    # As many sentences hold at least as many words.
    sentences = predictor.preprocessor(result.text, len(result.tokens))
    starts = np.array([sentence.start for sentence in sentences])
    found = np.unique(np.searchsorted(result.token_spans[:, 0], starts))
    inside = found[(found > 0) & (found < len(result.tokens))]
    return (0, *(int(index) for index in inside))


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
        result=result,
        evidence=evidence(result, predictor.runtime.network),
        rows=first_words(predictor, result),
        start=predictor.place_before(result.token_ids),
    )


@st.cache_resource(max_entries=2, show_spinner=False)
def _randomized(model: str) -> KimCnnNetwork:
    return loading.kim_predictor(model).runtime.network.randomized(RANDOM_SEED)


def attribute(model: str, text: str, method: Method, random: bool = False) -> Attribution:
    """A number for each word of a text that was read, by one method.

    Args:
        model: Name of a shipped Kim CNN.
        text: The text; it holds a word.
        method: Key of METHODS.
        random: Of the same network with random weights.
    """
    explained = explain(model, text)
    if method == "evidence" and not random and explained is not None:
        return Attribution(method, explained.evidence.words)
    with aside():
        return _worked_out(model, text, method, random)


@st.cache_resource(max_entries=64, show_spinner="Working it out, word by word …")
def _worked_out(model: str, text: str, method: Method, random: bool) -> Attribution:
    explained = explain(model, text)
    if explained is None:
        raise ValueError("a text without words has no attribution; read it first")
    result, network = explained.result, loading.kim_predictor(model).runtime.network
    if random:
        network = _randomized(model)
        pooled, positions = network.read(result.token_ids)
        logit = network.logit_of(pooled)
        result = replace(result, logit=logit, pooled=pooled, positions=positions)
    if method == "evidence":
        return Attribution(method, evidence(result, network).words)
    if method == "delete" or method == "unknown":
        return Attribution(method, network_effects(result.token_ids, network, method))
    found = saliency(result, network, _GRADIENTS[method])
    return Attribution(method, found.words, found.gap)


def rankings(model: str, text: str, side: int, mode: Mode) -> dict[str, NDArray[np.float32]]:
    """How much each word speaks for a side of the score, by each method; the norm takes none.

    Args:
        model: Name of a shipped Kim CNN.
        text: The text; it holds a word.
        side: 1 for the positive class, -1 for the negative one.
        mode: How words are left out.
    """
    names: tuple[Method, ...] = ("evidence", "integrated_gradients", "gradient_norm", mode)
    return {
        name: (side if METHODS[name].signed else 1) * attribute(model, text, name).words
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
