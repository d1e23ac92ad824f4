"""Cached loading: models once a process, answers once a text. The only cache of the HAN page."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dlnlp import artifacts
from dlnlp.explain.attention import AttentionResult, EmptyTextError, TextTooLongError
from dlnlp.explain.document_map import Neighbour
from dlnlp.inference import HanPredictor

_TITLES = {"han_stars": "Stars, 1 to 5", "han_imdb": "Films, good or bad"}


def han_models() -> tuple[str, ...]:
    """The shipped HAN models, the default first."""
    found = [name for name in artifacts.available_models(artifacts.WEIGHTS) if name[:4] == "han_"]
    return tuple(sorted(found, key=lambda name: (name != "han_stars", name)))


def model_title(name: str) -> str:
    """What a model is called on the page."""
    return _TITLES.get(name, name)


@st.cache_resource(show_spinner="Opening the model …")
def han_predictor(name: str) -> HanPredictor:
    """The model, loaded and verified once a process; raises ArtifactError."""
    return HanPredictor.load(artifacts.WEIGHTS / name)


@dataclass(frozen=True, eq=False)
class Reading:
    """A model's answer to one text.

    Attributes:
        result: The prediction with its attention; None when there was nothing to read.
        message: One sentence for the page when `result` is None.
        position: Place of the text on the document map, [2].
        neighbours: The most similar documents of the map, nearest first.
    """

    result: AttentionResult | None
    message: str = ""
    position: NDArray[np.float32] | None = None
    neighbours: tuple[Neighbour, ...] = ()


@st.cache_data(max_entries=32, show_spinner=False)
def read_review(model: str, text: str) -> Reading:
    """Let a model read a text; a rerun that changes neither costs nothing.

    Args:
        model: Name of a shipped model.
        text: Anything a visitor pasted.

    Returns:
        The answer, or the sentence that says why there is none.
    """
    predictor = han_predictor(model)
    try:
        result = predictor.predict(text)
    except (EmptyTextError, TextTooLongError) as error:
        return Reading(result=None, message=str(error))
    document_map = predictor.document_map
    return Reading(
        result=result,
        position=document_map.place(result.document_vector),
        neighbours=tuple(document_map.neighbours(result.document_vector)),
    )
