"""What the drawing of the network is made from: every number of one text, as plain JSON.

Filters are numbered as in the network, from 0; words as they were read. Lists of the same group
belong together: the n-th entry of each speaks of the same word, or of the same filter.
"""

from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.evidence import Evidence
from dlnlp.explain.log_odds import log_odds
from dlnlp.explain.places import Place, Places, logits_without, most_places, places_of
from dlnlp.explain.word_losses import next_windows, word_losses
from dlnlp.inference import KimCnnPredictor
from dlnlp.inference.kim_cnn_network import of_target
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.inference.softmax import softmax
from dlnlp.ui.kim_cnn.flow_details import DetailData, FoundData, detail

MANY_WORDS = (
    400  # from here on, words that no filter chose and that stand far from all are left out
)
NEAR = 8  # words
MAX_WORD = 40  # characters
MAX_GAP = 8
MOST_NEXT = 4
LEAST_NEXT = 0.01


class WordsData(TypedDict):
    """The words that are drawn."""

    number: list[int]
    text: list[str]
    after: list[str]  # what stands between it and the next word
    known: list[int]  # 0: read as the unknown word
    share: list[float]
    lost: list[float]
    neighbours: list[float]  # with biases, fallback and met: the way from the share to the loss
    biases: list[float]
    fallback: list[float]
    met: list[float]
    probability: list[float]  # without the word
    next: list[
        list[list[float]]
    ]  # the windows that its filters take then: start, stop, how many, adds


class FiltersData(TypedDict):
    """The filters that fired, the one that adds most first."""

    number: list[int]
    start: list[int]
    products: list[list[float]]  # of each word of its window with the filter
    bias: list[float]
    weight: list[float]


class PlaceData(TypedDict):
    """Adjacent words where filters fire; filters by their number."""

    start: int
    stop: int
    named: list[int]
    others: list[int]
    lost: float | None  # None: no word would be left
    probability: float | None


class FlowData(TypedDict):
    """Everything the component draws."""

    words: WordsData
    many_words: int
    sentences: list[int]  # the first word of each that was read
    embedding_dim: int
    widths: list[int]
    many_filters: int
    filters: FiltersData
    places: list[PlaceData]
    elsewhere: list[int]
    details: list[DetailData]
    class_names: list[str]
    probabilities: list[float]
    target: int
    predicted: int
    logit: float  # of the target
    offset: float  # where the probability of the target is one half
    bias: float  # the output's own
    word_bias: float  # what the words' shares and the logit differ by
    found: FoundData | None


def flow_data(result: SentimentResult, predictor: KimCnnPredictor, evidence: Evidence) -> FlowData:
    """Take a text apart for the class of its evidence.

    Args:
        result: What the network read.
        predictor: The model that read it.
        evidence: Its exact contribution.
    """
    network, target = predictor.runtime.network, evidence.target
    contributions = evidence.filters.astype(np.float64)
    places = places_of(result, network, contributions, most_places(len(result.tokens)))
    spans = [(place.start, place.stop) for place in places.places]
    without = logits_without(result, predictor.runtime, spans)
    named = [number for place in places.places for number in place.named]
    return FlowData(
        words=_words(result, predictor, evidence, places),
        many_words=len(result.tokens),
        sentences=np.unique(result.token_sentence, return_index=True)[1].tolist(),
        embedding_dim=predictor.runtime.embeddings.shape[1],
        widths=list(predictor.widths),
        many_filters=len(predictor.filters),
        filters=_filters(result, predictor, evidence),
        places=[
            _place(place, evidence, logits)
            for place, logits in zip(places.places, without, strict=True)
        ],
        elsewhere=list(places.elsewhere),
        details=[detail(result, predictor, number, target) for number in named],
        class_names=list(result.class_names),
        probabilities=[float(f"{share:.6g}") for share in result.probabilities],
        target=target,
        predicted=result.predicted,
        logit=round(evidence.logit, 6),
        offset=round(evidence.logit - float(log_odds(result.logits)[target]), 6),
        bias=round(evidence.classifier_bias, 6),
        word_bias=round(evidence.bias, 6),
        found=None,
    )


def _place(place: Place, evidence: Evidence, logits: NDArray[np.float32] | None) -> PlaceData:
    data = PlaceData(
        start=place.start,
        stop=place.stop,
        named=list(place.named),
        others=list(place.others),
        lost=None,
        probability=None,
    )
    if logits is not None:  # without these words
        data["lost"] = round(evidence.logit - float(of_target(logits, evidence.target)), 4)
        data["probability"] = round(float(softmax(logits)[evidence.target]), 4)
    return data


def _words(
    result: SentimentResult, predictor: KimCnnPredictor, evidence: Evidence, places: Places
) -> WordsData:
    network = predictor.runtime.network
    losses = word_losses(result, network, evidence.target)
    windows = next_windows(result, network, evidence.weights)
    kept = np.flatnonzero(_drawn(result, predictor, places)).tolist()

    def rounded(values: NDArray[np.float64]) -> list[float]:
        return list(values[kept].round(4).tolist())

    spans = [*result.token_spans.tolist(), [len(result.text), 0]]
    read_to = len(result.text) if result.cut_from is None else result.cut_from
    gaps = [result.text[spans[i][1] : min(spans[i + 1][0], read_to)] for i in kept]
    return WordsData(
        number=kept,
        text=[_short(result.text[spans[i][0] : spans[i][1]], MAX_WORD) for i in kept],
        after=[_gap(gap) for gap in gaps],
        known=result.token_known[kept].astype(int).tolist(),
        share=rounded(losses.shares),
        lost=rounded(losses.lost),
        neighbours=rounded(losses.neighbours),
        biases=rounded(losses.biases),
        fallback=rounded(losses.fallback),
        met=rounded(losses.met),
        probability=rounded(losses.probabilities),
        next=[
            [
                [window.start, window.stop, window.filters, round(window.contribution, 3)]
                for window in windows[word][:MOST_NEXT]
                if abs(window.contribution) >= LEAST_NEXT
            ]
            for word in kept
        ],
    )


def _drawn(
    result: SentimentResult, predictor: KimCnnPredictor, places: Places
) -> NDArray[np.bool_]:
    """Which words are drawn: all, or in a long text those that filters chose and their next."""
    words = len(result.tokens)
    if words <= MANY_WORDS:
        return np.ones(words, np.bool_)
    drawn = np.zeros(words, np.bool_)
    drawn[:NEAR] = True
    for place in places.places:
        drawn[max(place.start - NEAR, 0) : place.stop + NEAR] = True
    widths = predictor.runtime.network.filter_widths
    for number in np.flatnonzero(result.pooled > 0):
        drawn[result.positions[number] : result.positions[number] + widths[number]] = True
    return drawn


def _short(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def _gap(text: str) -> str:
    """Punctuation after a word, and one space where there is white space."""
    short = _short(text, MAX_GAP)
    lead = " " if text[:1].isspace() and short else ""
    return lead + short + (" " if text[-1:].isspace() else "")


def _filters(
    result: SentimentResult,
    predictor: KimCnnPredictor,
    evidence: Evidence,
) -> FiltersData:
    network = predictor.runtime.network
    order = np.argsort(-np.abs(evidence.filters), kind="stable")
    order = order[result.pooled[order] > 0]
    products = network.winning_products(result.positions, result.token_ids).round(4).tolist()
    widths = np.minimum(network.filter_widths, len(result.tokens) - result.positions)
    return FiltersData(
        number=order.tolist(),
        start=result.positions[order].tolist(),
        products=[products[f][: widths[f]] for f in order],
        bias=network.biases[order].astype(np.float64).round(4).tolist(),
        weight=evidence.weights[order].astype(np.float64).round(5).tolist(),
    )
