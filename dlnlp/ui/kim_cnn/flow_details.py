"""More about one filter for the drawing of the network, and the search among all of them."""

from collections.abc import Sequence
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.filter_reading import read_filter
from dlnlp.inference import KimCnnPredictor
from dlnlp.inference.sentiment_result import SentimentResult

FOUND = 12


class TermsData(TypedDict):
    """The numbers whose products are a window's value: a list for each of its words."""

    vectors: list[list[float]]
    weights: list[list[float]]


class DetailData(TypedDict):
    """More about one filter."""

    number: int
    width: int
    weight: float
    windows: int
    map: list[list[float]]  # the windows where it is above 0: first word, value
    phrases: list[list[Any]]  # text and value
    active_share: float
    mean: float
    terms: TermsData | None  # only of a filter that was opened and fires


class FoundData(TypedDict):
    """The filters whose phrases hold some words, those that add most here first."""

    query: str
    many: int
    filters: list[dict[str, Any]]


def detail(
    result: SentimentResult, predictor: KimCnnPredictor, number: int, target: int
) -> DetailData:
    """Where else a filter fires in the text, and what it listens to.

    Args:
        result: What the network read.
        predictor: The model that read it.
        number: Of the filter, from 0.
        target: Index of the class whose logit it adds to.
    """
    reading = read_filter(result, predictor.runtime.network, number, target)
    entry = predictor.filters[number]
    above = np.flatnonzero(reading.values > 0)
    return DetailData(
        number=number,
        width=reading.width,
        weight=round(reading.weight, 5),
        windows=len(reading.values),
        map=[[int(start), round(float(reading.values[start]), 3)] for start in above],
        phrases=[[phrase.text, round(phrase.value, 2)] for phrase in entry.phrases],
        active_share=entry.active_share,
        mean=entry.mean,
        terms=None,
    )


def terms(result: SentimentResult, predictor: KimCnnPredictor, number: int) -> TermsData | None:
    """The word vectors of a filter's best window and its own weights; None where it fires nowhere.

    Args:
        result: What the network read.
        predictor: The model that read it.
        number: Of the filter, from 0.
    """
    network = predictor.runtime.network
    if result.pooled[number] <= 0:
        return None
    kernel = network.kernels[number // network.filters][:, :, number % network.filters]
    start = int(result.positions[number])
    vectors = network.vectors(result.token_ids[start : start + len(kernel)])
    return TermsData(
        vectors=np.round(vectors.astype(np.float64), 4).tolist(),
        weights=np.round(kernel[: len(vectors)].astype(np.float64), 4).tolist(),
    )


def find_filters(
    predictor: KimCnnPredictor, contributions: NDArray[np.float64], query: str
) -> FoundData:
    """The filters whose phrases hold all of some words, or that have a number, counted from 1.

    Args:
        predictor: The model.
        contributions: What each filter adds to the text, float64 ``[K]``.
        query: What a visitor typed.
    """
    words = query.lower().split()[:10]
    hits = []
    for number in np.argsort(-np.abs(contributions), kind="stable").tolist():
        phrases = [phrase.text for phrase in predictor.filters[number].phrases]
        if words == [str(number + 1)] or (words and _all_in(words, phrases)):
            hits.append((number, phrases))
    return FoundData(
        query=query,
        many=len(hits),
        filters=[
            {"number": number, "phrases": phrases, "adds": round(float(contributions[number]), 4)}
            for number, phrases in hits[:FOUND]
        ],
    )


def _all_in(words: Sequence[str], phrases: Sequence[str]) -> bool:
    text = "\n".join(phrases)
    return all(word in text for word in words)
