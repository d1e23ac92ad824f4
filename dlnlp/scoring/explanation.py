"""The explanation of a text without the text: small enough to keep thousands, ready to be written.

An :class:`~dlnlp.explain.attribution.Attribution` holds the whole prediction. Here are only the
words, where they stand, and their numbers.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.attribution import Attribution
from dlnlp.inference.text_result import TextResult


@dataclass(frozen=True, slots=True, eq=False)
class TextExplanation:
    """What a method says of the N words and S sentences of a text.

    Attributes:
        method: name of the method.
        label: name of the predicted class.
        probabilities: of each class by its name.
        target: name of the class that is explained; empty where the method knows none.
        tokens: the N words as the network read them.
        spans: first character of each word and the one after its last, int32 ``[N, 2]``.
        token_sentence: index of each word's sentence, int32 ``[N]``.
        words: float32 ``[N]``.
        sentence_spans: as `spans`, int32 ``[S, 2]``.
        sentences: float32 ``[S]``.
        read_to: character at which the network stopped reading; None where it read all.
        bias: what an empty text has; None where the words promise no sum.
        total: what the words and the bias should add up to; None as `bias`.
    """

    method: str
    label: str
    probabilities: dict[str, float]
    target: str
    tokens: tuple[str, ...]
    spans: NDArray[np.int32]
    token_sentence: NDArray[np.int32]
    words: NDArray[np.float32]
    sentence_spans: NDArray[np.int32]
    sentences: NDArray[np.float32]
    read_to: int | None
    bias: float | None
    total: float | None

    @classmethod
    def of(cls, found: Attribution[TextResult]) -> "TextExplanation":
        """Take from an attribution what is written and counted."""
        read, additive = found.reading, found.additive
        return cls(
            method=found.method.name,
            label=read.class_names[read.predicted],
            probabilities=dict(zip(read.class_names, read.probabilities.tolist(), strict=True)),
            target=found.target_name,
            tokens=tuple(read.tokens),
            spans=read.token_spans.astype(np.int32),
            token_sentence=found.token_sentence.astype(np.int32),
            words=found.words.astype(np.float32),
            sentence_spans=found.sentence_spans.astype(np.int32),
            sentences=found.sentences.astype(np.float32),
            read_to=read.cut_from,
            bias=None if additive is None else additive.bias,
            total=None if additive is None else additive.total,
        )

    def with_tokens(self, known: dict[str, str]) -> "TextExplanation":
        """The same with equal words as one object, which takes less memory in many texts.

        Args:
            known: the words so far; grows.
        """
        return replace(self, tokens=tuple(known.setdefault(each, each) for each in self.tokens))

    @property
    def gap(self) -> float | None:
        """Words + bias - total; None where the words promise no sum."""
        if self.bias is None or self.total is None:
            return None
        return float(self.words.sum(dtype=np.float64)) + self.bias - self.total


@dataclass(frozen=True, slots=True, eq=False)
class ReadText:
    """What a file says of one text.

    Attributes:
        row: number in the table, from 1.
        label: name of the predicted class.
        target: name of the class that is explained; empty where the method knows none.
        tokens: its N words.
        token_sentence: index of each word's sentence, ``[N]``.
        values: the number of each word, float64 ``[N]``; NaN where it is not finite.
    """

    row: int
    label: str
    target: str
    tokens: Sequence[str]
    token_sentence: Sequence[int]
    values: NDArray[np.float64]


def digits(values: NDArray[np.float32]) -> list[float | None]:
    """Numbers in as few digits as tell them apart from all other float32; None: not finite.

    Args:
        values: float32 ``[n]``.
    """
    found = values.astype(str).tolist()
    return [float(text) if text[-1].isdigit() else None for text in found]


def records(explained: TextExplanation, row: int, line: int) -> Iterator[dict[str, Any]]:
    """JSON-ready records: one for the row, for each sentence, for each word.

    Args:
        explained: a text of the table.
        row: its number in the table, from 1.
        line: where it starts in the file, from 1.
    """
    target = explained.target or None
    place = {"row": row, "line": line}
    first: dict[str, Any] = {
        "record": "row",
        **place,
        "label": explained.label,
        "probabilities": {name: _seven(p) for name, p in explained.probabilities.items()},
        "method": explained.method,
        "target": target,
        "words": len(explained.tokens),
        "read_to": explained.read_to,
    }
    if explained.bias is not None and explained.total is not None and explained.gap is not None:
        first["bias"], first["total"] = _seven(explained.bias), _seven(explained.total)
        first["gap"] = _seven(explained.gap)
    yield first
    for number, ((start, end), value) in enumerate(
        zip(explained.sentence_spans.tolist(), digits(explained.sentences), strict=True)
    ):
        yield {
            "record": "sentence",
            **place,
            "sentence": number,
            "start": start,
            "end": end,
            "value": value,
            "target": target,
        }
    for token, (start, end), sentence, value in zip(
        explained.tokens,
        explained.spans.tolist(),
        explained.token_sentence.tolist(),
        digits(explained.words),
        strict=True,
    ):
        yield {
            "record": "word",
            **place,
            "token": token,
            "start": start,
            "end": end,
            "sentence": sentence,
            "value": value,
            "target": target,
        }


def json_line(record: dict[str, Any]) -> str:
    """A record as a line of JSON, in UTF-8."""
    return json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n"


def _seven(value: float) -> float | None:
    """Seven digits; JSON has no word for what is not finite."""
    return float(f"{value:.7g}") if isfinite(value) else None
