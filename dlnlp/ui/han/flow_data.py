"""The numbers of the connected network for one review, as the browser draws them.

Of one sentence, the opened one, everything is sent: embeddings, gates, what each word wrote. Of the
others what their rows show. Long arrays travel as integers with a scale.
"""

import base64
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.targets import target_name
from dlnlp.explain.written import memory_shares, sentence_parts, word_shares
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.inference.han_network import DocumentReading, HanNetwork, LevelReading

# Characters of a sentence that are sent: a row shows fewer.
SENTENCE_CHARACTERS = 240
WORD_CHARACTERS = 60


class Packed(TypedDict):
    """An array as integers of 8 or 16 bits, little-endian, in base64; times the scale."""

    bits: int
    scale: float
    data: str


class GatesData(TypedDict):
    """What a GRU computed at T steps: each packed ``[2, T, h]``."""

    update: Packed
    reset: Packed
    candidate: Packed
    memory: Packed


class WordData(TypedDict):
    """A word of the opened sentence."""

    token: int  # its number in the text
    text: str
    known: bool
    logit: float
    attention: float
    wrote: float  # its share of the sentence vector


class OpenedData(TypedDict):
    """Everything of the opened sentence."""

    sentence: int
    words: list[WordData]
    embeddings: Packed  # [T, E]
    gates: GatesData
    shares: Packed  # of the memory, [2, T, T]
    terms: Packed  # of the attention logits, [T, A]
    row_gates: GatesData  # of the second GRU at this sentence, [2, 2, h]: before it and at it
    row_terms: Packed  # [A]


class SentenceData(TypedDict):
    """A sentence of the review."""

    text: str
    first_token: int
    words: int
    logit: float
    attention: float
    word_attention: list[float]
    vector: Packed  # [2h]
    written: list[float]  # its part of each logit, by what it wrote
    attended: list[float]  # and by where the attention was


class FlowData(TypedDict):
    """Everything that the diagram draws."""

    class_names: list[str]
    contrast: str  # what the upper classes against the lower ones are called; "" without an order
    predicted: int
    target: int  # of a class, or behind them the contrast
    logits: list[float]
    probabilities: list[float]
    bias: list[float]
    units: int
    sentences: list[SentenceData]
    shares: Packed  # of the second GRU's memory, [2, S, S]
    document: Packed  # [2h]
    opened: OpenedData
    unread: bool


def packed(values: NDArray[Any], bits: int = 16) -> Packed:
    """An array of any shape and any dtype.

    Args:
        values: The array.
        bits: 16 for what is written in numbers, 8 for what is only drawn.
    """
    most = 2 ** (bits - 1) - 1
    scale = max(float(np.abs(values).max(initial=0)), 1e-9) / most
    whole = np.round(np.asarray(values, np.float64) / scale).astype(f"<i{bits // 8}")
    return Packed(bits=bits, scale=scale, data=base64.b64encode(whole.tobytes()).decode())


def _gates(level: LevelReading, steps: slice = slice(None)) -> GatesData:
    return GatesData(
        update=packed(level.update[:, steps]),
        reset=packed(level.reset[:, steps], 8),
        candidate=packed(level.candidate[:, steps]),
        memory=packed(level.memory[:, steps]),
    )


def _row_gates(level: LevelReading, place: int) -> GatesData:
    """The gates at one step, and the memory that each direction brought there: ``[2, 2, h]``."""
    before = np.zeros((2, level.memory.shape[2]))
    if place > 0:
        before[0] = level.memory[0, place - 1]
    if place + 1 < level.memory.shape[1]:
        before[1] = level.memory[1, place + 1]
    found = _gates(level, slice(place, place + 1))
    found["memory"] = packed(np.stack([before, level.memory[:, place]], axis=1))
    return found


def _short(text: str, characters: int) -> str:
    flat = " ".join(text[: 4 * characters].split())
    return flat if len(flat) <= characters else flat[: characters - 1] + "…"


def _numbers(values: NDArray[Any], digits: int = 5) -> list[float]:
    return [round(value, digits) for value in np.asarray(values, np.float64).tolist()]


def heaviest_sentence(result: AttentionResult) -> int:
    """The sentence that is open at first: the one with the largest share of attention."""
    return int(result.sentence_attention.argmax())


def flow_data(
    network: HanNetwork,
    reading: DocumentReading,
    result: AttentionResult,
    token_ids: NDArray[np.integer[Any]],
    *,
    opened: int,
    target: int,
) -> FlowData:
    """Turn what a HAN computed for a text, its token ids int ``[N]``, into what the diagram draws.

    The sentence `opened` is drawn word by word; `target` is what the sentences speak for or against
    at first, as in `dlnlp.explain.targets`.
    """
    parts = sentence_parts(network, reading)
    counts = np.bincount(result.token_sentence, minlength=len(reading.sentences))
    firsts = (np.cumsum(counts) - counts).tolist()
    spans = result.sentence_spans.tolist()
    level = reading.document
    sentences = [
        SentenceData(
            text=_short(result.text[slice(*spans[place])], SENTENCE_CHARACTERS),
            first_token=firsts[place],
            words=int(counts[place]),
            logit=round(float(level.scores[place]), 5),
            attention=round(float(level.attention[place]), 7),
            word_attention=_numbers(sentence.attention, 3),
            vector=packed(sentence.pooled, 8),
            written=_numbers(parts.written[place]),
            attended=_numbers(parts.attended[place]),
        )
        for place, sentence in enumerate(reading.sentences)
    ]
    return FlowData(
        class_names=list(result.class_names),
        contrast=target_name(result, len(result.class_names)) if result.ordered else "",
        predicted=result.predicted,
        target=target,
        logits=_numbers(reading.logits),
        probabilities=_numbers(result.probabilities, 7),
        bias=_numbers(parts.bias),
        units=level.memory.shape[2],
        sentences=sentences,
        shares=packed(memory_shares(level)),
        document=packed(level.pooled, 8),
        opened=_opened(network, reading, result, token_ids, opened, firsts[opened]),
        unread=result.cut_from is not None,
    )


def _opened(
    network: HanNetwork,
    reading: DocumentReading,
    result: AttentionResult,
    token_ids: NDArray[np.integer[Any]],
    place: int,
    first: int,
) -> OpenedData:
    sentence = reading.sentences[place]
    wrote = word_shares(sentence)
    words = []
    for step in range(len(wrote)):
        start, end = result.token_spans[first + step].tolist()
        words.append(
            WordData(
                token=first + step,
                text=_short(result.text[start:end], WORD_CHARACTERS),
                known=bool(result.token_known[first + step]),
                logit=round(float(sentence.scores[step]), 5),
                attention=round(float(sentence.attention[step]), 7),
                wrote=round(float(wrote[step]), 5),
            )
        )
    return OpenedData(
        sentence=place,
        words=words,
        embeddings=packed(network.vectors(token_ids[first : first + len(words)]), 8),
        gates=_gates(sentence),
        shares=packed(memory_shares(sentence)),
        terms=packed(sentence.terms),
        row_gates=_row_gates(reading.document, place),
        row_terms=packed(reading.document.terms[place]),
    )
