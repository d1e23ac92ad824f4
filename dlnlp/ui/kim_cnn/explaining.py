"""Cached explanations of the Kim CNN: once a text and method; a rerun computes nothing."""

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dlnlp.explain.attribution import METHODS as RECORDS
from dlnlp.explain.attribution import Additive, Attribution
from dlnlp.explain.evidence import Evidence, evidence
from dlnlp.explain.faithfulness import Document, Faithfulness, measure
from dlnlp.explain.leave_one_out import Mode
from dlnlp.explain.text_attribution import attribution_of, kim_attribution
from dlnlp.inference.kim_cnn_network import KimCnnNetwork
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.inference.softmax import softmax
from dlnlp.ui.kim_cnn.methods import Method
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.turns import aside

RANDOM_SEED = 0


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


@loading.of_a_network
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


@loading.of_a_network
@st.cache_resource(max_entries=2, show_spinner=False)
def _randomized(model: str) -> KimCnnNetwork:
    return loading.kim_predictor(model).runtime.network.randomized(RANDOM_SEED)


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
        found = explained.evidence
        additive = Additive(found.bias, found.logit)
        return attribution_of(explained.result, method, found.target, found.words, additive)
    with aside():
        return _worked_out(model, text, method, target, random)


@loading.of_a_network
@st.cache_resource(max_entries=64, show_spinner="Working it out, word by word …")
def _worked_out(
    model: str, text: str, method: Method, target: int | None, random: bool
) -> Attribution[SentimentResult]:
    explained = _explained(model, text, target)
    result, label = explained.result, explained.evidence.target
    network = loading.kim_predictor(model).runtime.network
    if random:
        network = _randomized(model)
        pooled, positions = network.read(result.token_ids)
        logits = network.logits_of(pooled)
        result = replace(result, logits=logits, document_vector=pooled, positions=positions)
    return kim_attribution(network, result, method, label)


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


@loading.of_a_network
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
