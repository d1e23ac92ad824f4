"""What the text view of the Kim CNN shows: signed numbers to shades to JSON.

Every shade of a review is on one scale, linear and symmetric about zero, stated in the legend.
"""

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.evidence import Evidence, Region
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.ui.kim_cnn.methods import METHODS, Attribution
from dlnlp.ui.shell.numbers import signed
from dlnlp.ui.text import text_pieces
from dlnlp.ui.text.highlighted_text import (
    HighlightedTextData,
    RowData,
    ScaleData,
    Selection,
    SpanData,
)

MAX_TOKENS = 5_000
Rows = tuple[int, ...]  # index of the first word of each row; the first is 0


def region_text(result: SentimentResult, start: int, stop: int) -> str:
    """The text of the words `start` to `stop`, as pasted, on one line."""
    if start >= stop:
        return ""
    first, last = int(result.token_spans[start, 0]), int(result.token_spans[stop - 1, 1])
    return " ".join(result.text[first:last].split())


def strongest_regions(result: SentimentResult, evidence: Evidence) -> list[Region | None]:
    """The strongest region that covers each word; None where no filter was moved by it."""
    found: list[Region | None] = [None] * len(result.tokens)
    for region in evidence.regions:  # strongest first
        for index in range(region.start, min(region.stop, len(found))):
            if found[index] is None:
                found[index] = region
    return found


def row_words(rows: Rows, words: int) -> list[range]:
    """The words of each row."""
    edges = [*rows, words]
    return [range(start, stop) for start, stop in zip(edges, edges[1:], strict=False)]


def _number(value: float, sign: bool, digits: int = 3) -> str:
    return signed(value, digits) if sign else f"{value:.{digits}f}"


def _shades(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Map numbers to [-1, 1] on one symmetric scale; returns the shades and its end."""
    top = float(np.abs(values).max(initial=0))
    return (values / top if top else values), top


def _scale(title: str, top: float, sign: bool, class_names: tuple[str, str]) -> ScaleData:
    if not sign:
        return ScaleData(kind="sequential", title=title, low="0", high=f"{top:.2f}")
    low, high = f"{signed(-top, 2)} {class_names[0]}", f"{signed(top, 2)} {class_names[1]}"
    return ScaleData(kind="diverging", title=title, low=low, high=high)


def _word_numbers(
    result: SentimentResult,
    attribution: Attribution,
    evidence: Evidence,
    index: int,
    region: Region | None,
) -> list[str]:
    value = float(attribution.words[index])
    exact = float(evidence.words[index])
    text = "none"
    if region is not None:
        text = f"“{region_text(result, region.start, region.stop)[:60]}” "
        text += signed(region.contribution, 2)
    known = bool(result.token_known[index])
    return [
        _number(value, METHODS[attribution.method].signed),
        "" if attribution.method == "evidence" else signed(exact, 3),
        text,
        result.tokens[index] if known else f"UNK ({result.tokens[index]})",
    ]


def view_data(
    result: SentimentResult,
    attribution: Attribution,
    evidence: Evidence,
    rows: Rows,
    *,
    max_tokens: int = MAX_TOKENS,
) -> HighlightedTextData:
    """Turn a result into the JSON that `highlighted_text` draws.

    Args:
        result: What the network read.
        attribution: The number that shades each word.
        evidence: The exact evidence, for the numbers beside it.
        rows: First word of each row (a sentence, or a part of a long one).
        max_tokens: Draw whole rows up to this many words (the first one always).

    Returns:
        Rows of words and the characters between them; the rows' texts are the text as pasted,
        less white space at the ends of rows.
    """
    method = METHODS[attribution.method]
    values = attribution.words.astype(np.float64)
    words_of = row_words(rows, len(values))
    sums = np.array([values[words.start : words.stop].sum() for words in words_of])
    (shades, top), (row_shades, row_top) = _shades(values), _shades(sums)
    regions = strongest_regions(result, evidence)
    # Python's own numbers and lists: an element of an array costs ten times as much.
    offsets, known = result.token_spans.tolist(), result.token_known.tolist()
    word_shades = shades.tolist()
    drawn: list[RowData] = []
    at = text_pieces.first_character(result.text)
    for row, words in enumerate(words_of):
        if drawn and words.stop > max_tokens:
            break
        spans: dict[int, SpanData] = {}
        for index in words:
            begin, stop = offsets[index]
            spans[index] = SpanData(
                i=index,
                t=result.text[begin:stop],
                v=round(word_shades[index], 3),
                n=_word_numbers(result, attribution, evidence, index, regions[index]),
            )
            if not known[index]:
                spans[index]["m"] = True
        last = row + 1 == len(words_of)
        end = (
            text_pieces.read_end(result)
            if last
            else int(result.token_spans[words_of[row + 1][0], 0])
        )
        drawn.append(
            RowData(
                v=round(float(row_shades[row]), 3),
                label=_number(float(sums[row]), method.signed, 2),
                n=[_number(float(sums[row]), method.signed), f"{len(words):,}"],
                spans=text_pieces.pieces(result.text, offsets, words, at, end, spans),
            )
        )
        at = end
    return HighlightedTextData(
        title="The review as the network read it, one sentence a line",
        columns=[method.column, "Exact evidence", "Strongest region here", "The network saw"],
        lead=0,
        row_columns=[f"{method.column}, sum of its words", "Words"],
        row_name="Sentence",
        rows=drawn,
        scale=_scale(f"Word: {method.column.lower()}", top, method.signed, result.class_names),
        row_scale=_scale("Sentence: sum", row_top, method.signed, result.class_names),
        mark_note="" if bool(result.token_known.all()) else text_pieces.UNKNOWN_NOTE,
        rest=text_pieces.rest(
            result,
            at,
            f"Read by the network, not drawn: this view stops after {max_tokens:,} words. "
            "The downloads hold all of them.",
            f"Not read: the network reads at most {len(result.tokens):,} words of a text; what "
            "follows changed nothing above.",
        ),
    )


def detail(
    result: SentimentResult,
    attribution: Attribution,
    evidence: Evidence,
    rows: Rows,
    selected: Selection,
) -> tuple[str, list[tuple[str, str]]]:
    """The numbers of a clicked word or sentence, and where it ranks.

    Args:
        result: What the network read.
        attribution: The numbers that shade the words.
        evidence: The exact evidence.
        rows: First word of each row.
        selected: A valid selection of its view.

    Returns:
        A title (it may hold the user's text: never markdown) and label, value pairs.
    """
    method = METHODS[attribution.method]
    row, index = selected["row"], selected["span"]
    words = row_words(rows, len(result.tokens))[row]
    if index is None:
        total = float(attribution.words[words.start : words.stop].sum())
        own = np.abs(attribution.words[words.start : words.stop])
        heaviest = result.tokens[words.start + int(own.argmax())]
        exact = float(evidence.words[words.start : words.stop].sum())
        text = region_text(result, words.start, words.stop)
        facts = [(f"{method.column}, sum", _number(total, method.signed))]
        if attribution.method != "evidence":
            facts.append(("Exact evidence, sum", signed(exact, 3)))
        return f"Sentence {row + 1}: {text[:160]}", [
            *facts,
            ("Words", f"{len(words):,}"),
            ("Heaviest word", heaviest),
        ]
    begin, stop = (int(offset) for offset in result.token_spans[index])
    rank = 1 + int((np.abs(attribution.words) > abs(float(attribution.words[index]))).sum())
    region = strongest_regions(result, evidence)[index]
    names = [method.column, "Exact evidence", "Strongest region here", "The network saw"]
    numbers = _word_numbers(result, attribution, evidence, index, region)
    facts = [pair for pair in zip(names, numbers, strict=True) if pair[1]]
    covering = [part for part in evidence.regions if part.start <= index < part.stop]
    return f"“{result.text[begin:stop][:160]}”", [
        facts[0],
        ("Rank by size", f"{rank} of {len(result.tokens):,}"),
        *facts[1:],
        ("Regions that hold it", f"{len(covering):,}"),
        ("Filters they moved", f"{sum(len(part.filters) for part in covering):,}"),
    ]
