"""The Hierarchical Attention Network step by step: a picture, its formula, and its meaning.

The pictures show the visitor's own review: the heaviest words of its heaviest sentence, its
heaviest sentences, its probabilities. They are lists of shapes, which `ui.picture` draws.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dlnlp.inference.attention_result import AttentionResult
from dlnlp.ui.shell.numbers import probability
from dlnlp.ui.shell.picture import WIDTH, Picture, Shape, box, line, text, triangle

_BLUE, _ORANGE = "rgba(43,127,217,.62)", "rgba(217,96,26,.62)"


@dataclass(frozen=True, slots=True)
class Illustration:
    """What the pictures show: a few words of one sentence, a few sentences, the classes."""

    words: tuple[str, ...]
    word_shares: tuple[float, ...]
    sentences: tuple[str, ...]
    sentence_shares: tuple[float, ...]
    classes: tuple[str, ...]
    class_shares: tuple[float, ...]


SAMPLE = Illustration(
    ("the", "sound", "is", "wonderful"),
    (0.08, 0.3, 0.07, 0.55),
    ("sentence 1", "sentence 2", "sentence 3"),
    (0.6, 0.15, 0.25),
    ("1 star", "2 stars", "3 stars", "4 stars", "5 stars"),
    (0.02, 0.04, 0.08, 0.24, 0.62),
)


def illustrate(result: AttentionResult) -> Illustration:
    """Pick what the pictures show of a result: up to four words, up to three sentences."""
    shares = result.sentence_attention
    sentences = np.sort(np.argsort(-shares, kind="stable")[:3])
    inside = np.flatnonzero(result.token_sentence == int(shares.argmax()))
    attention = result.word_attention[inside]
    words = inside[np.sort(np.argsort(-attention, kind="stable")[:4])]
    return Illustration(
        tuple(result.text[start:end] for start, end in result.token_spans[words].tolist()),
        tuple(result.word_attention[words].tolist()),
        tuple(f"sentence {index + 1}" for index in sentences),
        tuple(shares[sentences].tolist()),
        result.class_names,
        tuple(result.probabilities.tolist()),
    )


def _columns(count: int) -> list[float]:
    return [WIDTH * (2 * k + 1) / (2 * count) for k in range(count)]


def _arrow(x1: float, x2: float, y: float) -> list[Shape]:
    back = -5 if x2 > x1 else 5
    return [line(x1, y, x2 + back, y), triangle(x2, y, back)]


def _vectors(names: Sequence[str]) -> Picture:
    parts: list[Shape] = []
    for x, name in zip(_columns(len(names)), names, strict=True):
        parts += [text(x, 16, name if len(name) < 12 else name[:10] + "…"), line(x, 23, x, 40)]
        parts += [box(x + 11 * (k - 1.5), 40, 11, 16) for k in range(4)]
        parts.append(line(x, 57, x, 76))
    return Picture(76, "Each word becomes a row of numbers.", parts)


def _recurrent(count: int, top: Sequence[str] = ()) -> Picture:
    columns, y = _columns(count), 44 if top else 14
    parts: list[Shape] = []
    for k, x in enumerate(columns):
        if top:
            parts += [box(x, 2, 88, 26), text(x, 20, top[k])]
        parts += [line(x, y - 16, x, y), box(x, y, 44, 34), text(x, y + 21, "GRU")]
        parts.append(line(x, y + 34, x, y + 50))
    for left, right in zip(columns, columns[1:], strict=False):
        parts += _arrow(left + 23, right - 23, y + 11)
        parts += _arrow(right - 23, left + 23, y + 24)
    return Picture(y + 50, "Two GRUs read the row, one forward and one backward.", parts)


def _attention(shares: Sequence[float], fill: str, target: str) -> Picture:
    largest = max(*shares, 1e-9)
    parts: list[Shape] = []
    for x, share in zip(_columns(len(shares)), shares, strict=True):
        height = 40 * share / largest
        parts += [box(x, 46 - height, 24, height, fill), text(x, 62, f"{100 * share:.0f} %")]
        parts.append(line(x, 68, WIDTH / 2, 108, width=0.6 + 4 * share))
    parts += [box(WIDTH / 2, 108, 150, 28), text(WIDTH / 2, 127, target)]
    return Picture(140, f"Shares of attention add up to one {target}.", parts)


def _classes(names: Sequence[str], shares: Sequence[float]) -> Picture:
    parts: list[Shape] = []
    for row, (name, share) in enumerate(reversed(list(zip(names, shares, strict=True)))):
        y = 4 + 23 * row
        parts += [text(74, y + 13, name, "end"), box(84 + 100 * share, y, 200 * share + 1, 16)]
        parts.append(text(92 + 200 * share, y + 13, probability(share), "start"))
    return Picture(8 + 23 * len(names), "Probabilities of the classes.", parts)


def pictures(shown: Illustration) -> tuple[Picture, ...]:
    """One picture for each of STEPS."""
    return (
        _vectors(shown.words),
        _recurrent(len(shown.words)),
        _attention(shown.word_shares, _BLUE, "sentence vector"),
        _recurrent(len(shown.sentences), shown.sentences),
        _attention(shown.sentence_shares, _ORANGE, "document vector"),
        _classes(shown.classes, shown.class_shares),
    )


def numbers_of(result: AttentionResult, embedding_dim: int) -> tuple[str, ...]:
    """What each step did with this review, a few words a step."""
    words, sentences = len(result.tokens), len(result.sentence_spans)
    unknown = words - int(result.token_known.sum())
    size = len(result.document_vector)
    top = int(result.sentence_attention.argmax())
    best = result.class_names[result.predicted]
    share = 100 * float(result.sentence_attention[top])
    return (
        f"{words:,} words, {unknown:,} of them unknown, {embedding_dim} numbers each. "
        f"The picture shows the heaviest words of sentence {top + 1}.",
        f"{words:,} vectors of {size} numbers, {size // 2} from each direction.",
        f"{words:,} words become {sentences} sentence vectors.",
        f"{sentences} vectors of {size} numbers; the heaviest are in the picture.",
        f"sentence {top + 1} has the largest share, {share:.0f} %.",
        f"{best}, {probability(result.probabilities[result.predicted])}.",
    )
