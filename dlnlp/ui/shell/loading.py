"""Cached loading: models once a process, answers once a text. The only cache of these pages."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dlnlp import artifacts
from dlnlp.artifacts import ArtifactError
from dlnlp.cards import model_title as model_title
from dlnlp.inference import HanPredictor, KimCnnPredictor, TextPredictor, load_predictor
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.inference.document_map import Neighbour
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.inference.text_result import EmptyTextError, TextTooLongError
from dlnlp.ui.shell import heap, networks

Result = TypeVar("Result", AttentionResult, SentimentResult)
Cache = TypeVar("Cache", bound=Callable[..., Any])
MOST_OWN = 6  # networks of people's own that stay open
_of_networks: list[Callable[..., Any]] = []


def of_a_network(cache: Cache) -> Cache:
    """Mark a cache of what networks say, by their names: it is emptied when one is trained anew."""
    _of_networks.append(cache)
    return cache


def han_models() -> tuple[str, ...]:
    """The HANs, the default first, one's own last."""
    return tuple(sorted(networks.text_models("han"), key=lambda name: name != "han_stars"))


def kim_models() -> tuple[str, ...]:
    """The networks of Kim's kind, the default first, one's own last."""
    return networks.text_models("kim_cnn")


@st.cache_resource(show_spinner="Opening the model …")
def _shipped(name: str) -> TextPredictor:
    found = load_predictor(artifacts.WEIGHTS / name)
    heap.freeze_heap(name)
    return found


@st.cache_resource(show_spinner="Opening the model …", max_entries=MOST_OWN)
def _own(path: Path, stamp: tuple[int, ...]) -> TextPredictor:
    return load_predictor(path)


@st.cache_resource(show_spinner=False)
def _stamps() -> dict[Path, tuple[int, ...]]:
    return {}


def stamp_of(path: Path) -> tuple[int, ...]:
    """What changes when a directory of weights is written anew; () where it cannot be read."""
    try:
        status = (path / artifacts.CARD).stat()
    except OSError:
        return ()
    return status.st_mtime_ns, status.st_size, status.st_ino


def predictor(name: str) -> TextPredictor:
    """The model, loaded and verified once a process; raises ArtifactError.

    One that was trained anew under its name is opened anew.
    """
    path = networks.directory(name)
    if path == artifacts.WEIGHTS / name:
        return _shipped(name)
    stamp, stamps = stamp_of(path), _stamps()
    if stamps.setdefault(path, stamp) != stamp:
        for cache in _of_networks:
            cache.clear()  # type: ignore[attr-defined]
        stamps[path] = stamp
    return _own(path, stamp)


def han_predictor(name: str) -> HanPredictor:
    """A model with attention, loaded once a process; raises ArtifactError, also for another."""
    found = predictor(name)
    if not isinstance(found, HanPredictor):
        raise ArtifactError(f"{name} holds no network with attention; restore weights/{name}.")
    return found


def kim_predictor(name: str) -> KimCnnPredictor:
    """A Kim CNN, loaded once a process; raises ArtifactError, also for another network."""
    found = predictor(name)
    if not isinstance(found, KimCnnPredictor):
        raise ArtifactError(f"{name} holds no Kim CNN; restore weights/{name}.")
    return found


@dataclass(frozen=True, eq=False)
class Reading(Generic[Result]):
    """A model's answer to one text.

    Attributes:
        result: The prediction with what explains it; None when there was nothing to read.
        message: One sentence for the page when `result` is None.
        position: Place of the text on the document map, [2].
        neighbours: The most similar documents of the map, nearest first.
    """

    result: Result | None
    message: str = ""
    position: NDArray[np.float32] | None = None
    neighbours: tuple[Neighbour, ...] = ()


@of_a_network
@st.cache_resource(max_entries=32, show_spinner=False)
def read_review(model: str, text: str) -> Reading[AttentionResult]:
    """Let a model with attention read a text; a rerun that changes neither costs nothing.

    Args:
        model: Name of a shipped model.
        text: Anything a visitor pasted.

    Returns:
        The answer, or the sentence that says why there is none.
    """
    reader = han_predictor(model)
    try:
        result = reader.predict(text)
    except (EmptyTextError, TextTooLongError) as error:
        return Reading(result=None, message=str(error))
    return _placed(reader, result)


@of_a_network
@st.cache_resource(max_entries=32, show_spinner=False)
def read_sentiment(model: str, text: str) -> Reading[SentimentResult]:
    """Let a Kim CNN read a text; otherwise as `read_review`."""
    reader = kim_predictor(model)
    try:
        result = reader.predict(text)
    except (EmptyTextError, TextTooLongError) as error:
        return Reading(result=None, message=str(error))
    return _placed(reader, result)


def _placed(reader: TextPredictor, result: Result) -> Reading[Result]:
    document_map = reader.document_map
    return Reading(
        result=result,
        position=document_map.place(result.document_vector),
        neighbours=tuple(document_map.neighbours(result.document_vector)),
    )
