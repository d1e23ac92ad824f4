"""What the editor is told of a text: shades and numbers of words and sentences, in flat lists.

The lists are filled from what `shaded_text.view_data` makes for every view, so that a word has the
same shade in the editor, beside it, and in the files that are saved.
"""

from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.attribution import Attribution
from dlnlp.inference.text_result import TextResult
from dlnlp.ui.text.highlighted_text import HighlightedTextData, RowData, ScaleData, SpanData
from dlnlp.ui.text.shaded_text import SAW


class Stretches(TypedDict):
    """N words, or S sentences.

    Attributes:
        spans: Where each begins and ends: 2 N offsets, as JavaScript counts.
        shades: A shade for each, as of `SpanData`.
        columns: What the numbers are.
        numbers: For each column the N formatted numbers.
        scale: What a shade means.
    """

    spans: list[int]
    shades: list[float]
    columns: list[str]
    numbers: list[list[str]]
    scale: ScaleData


class RestPlace(TypedDict):
    """From here on nothing is shaded, and why."""

    start: int
    note: str


class Shading(TypedDict):
    """Everything that the editor draws behind a text.

    Attributes:
        words: The N words that are shaded.
        sentences: The S sentences.
        labels: What is written beside each sentence.
        sentence_of: Number of each word's sentence.
        unknown: Numbers of the words that the network does not know.
        unknown_note: What that means; empty where it knows all.
        rest: Where the text is not shaded any more, in the order of the text.
    """

    words: Stretches
    sentences: Stretches
    labels: list[str]
    sentence_of: list[int]
    unknown: list[int]
    unknown_note: str
    rest: list[RestPlace]


def utf16_offsets(text: str, offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Offsets in characters as JavaScript counts them.

    Args:
        text: The text.
        offsets: Offsets in it, int64 of any shape.

    Returns:
        The same places in UTF-16 units, int64 of that shape.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    wide = np.concatenate(([0], np.cumsum(codes > 0xFFFF)))
    found: NDArray[np.int64] = offsets + wide[offsets]
    return found


def character_offset(text: str, offset: int) -> int:
    """An offset as JavaScript counts it, in characters of `text`.

    Raises:
        ValueError: It does not lie in the text, or halves a character.
    """
    before = text.encode("utf-16-le", "surrogatepass")[: 2 * max(offset, 0)]
    if len(before) != 2 * offset:
        raise ValueError(f"offset {offset} does not lie in a text of {len(text)} characters")
    try:
        return len(before.decode("utf-16-le"))
    except UnicodeDecodeError as error:
        raise ValueError(f"offset {offset} halves a character") from error


def _stretches(
    text: str,
    spans: NDArray[np.int64],
    drawn: list[SpanData] | list[RowData],
    columns: list[str],
    scale: ScaleData,
) -> Stretches:
    numbers = [each["numbers"] for each in drawn]
    return Stretches(
        spans=utf16_offsets(text, spans[: len(drawn)]).ravel().tolist(),
        shades=[each["shade"] for each in drawn],
        columns=columns,
        numbers=[list(column) for column in zip(*numbers, strict=True)],
        scale=scale,
    )


def shading(attribution: Attribution[TextResult], view: HighlightedTextData) -> Shading:
    """An attribution as the editor draws it.

    Args:
        attribution: Numbers of the words and sentences of a text.
        view: What `view_data` makes of them; it may stop before the last word.
    """
    reading, rows = attribution.reading, view["rows"]
    words = [piece for row in rows for piece in row["spans"] if not isinstance(piece, str)]
    starts = np.array([rest["start"] for rest in view["rest"]], np.int64)
    notes = [rest["note"] for rest in view["rest"]]
    places = utf16_offsets(reading.text, starts).tolist()
    row_scale = view["row_scale"] or view["scale"]
    found = _stretches(reading.text, reading.token_spans, words, view["columns"], view["scale"])
    if SAW in found["columns"]:  # said where it is not what stands there
        saw = found["numbers"][found["columns"].index(SAW)]
        for place, word in enumerate(words):
            saw[place] = "" if saw[place] == word["text"].lower() else saw[place]
    return Shading(
        words=found,
        sentences=_stretches(
            reading.text, attribution.sentence_spans, rows, view["row_columns"], row_scale
        ),
        labels=[row["label"] for row in rows],
        sentence_of=attribution.token_sentence[: len(words)].tolist(),
        unknown=[place for place, word in enumerate(words) if word.get("marked")],
        unknown_note=view["mark_note"],
        rest=[RestPlace(start=start, note=note) for start, note in zip(places, notes, strict=True)],
    )
