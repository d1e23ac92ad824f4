"""What the HAN page's text view shows of gradients and leave-one-out: numbers to shades to JSON.

As in `attention_text`, one scale for the whole document; where numbers have a sign, it is symmetric
about zero: blue speaks for the class, orange against it.
"""

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.completeness import incomplete
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.ui.han.attention_text import draw_rows, percent, rest_of, what_it_saw
from dlnlp.ui.han.methods import GRADIENTS, LEFT_OUT, METHODS, HanAttribution
from dlnlp.ui.shell.numbers import difference, signed
from dlnlp.ui.text import text_pieces
from dlnlp.ui.text.highlighted_text import HighlightedTextData, ScaleData, Selection


def row_title(attribution: HanAttribution) -> str:
    """What the number of a sentence is."""
    if attribution.method in LEFT_OUT:
        return "Change without the sentence"
    return "Sum of its words" if attribution.method in GRADIENTS else "Sentence attention"


def _shades(values: NDArray[np.float32]) -> tuple[NDArray[np.float64], float]:
    top = float(np.abs(values).max(initial=0))
    numbers = values.astype(np.float64)
    return (numbers / top if top else numbers), top


def _number(attribution: HanAttribution, value: float, digits: int = 3) -> str:
    return signed(value, digits) if METHODS[attribution.method].signed else percent(value)


def _scale(title: str, top: float, attribution: HanAttribution, class_name: str) -> ScaleData:
    if not METHODS[attribution.method].signed:
        return ScaleData(kind="sequential", title=title, low="0", high=percent(top))
    low, high = f"{signed(-top, 2)} against {class_name}", f"{signed(top, 2)} for {class_name}"
    return ScaleData(kind="diverging", title=title, low=low, high=high)


def attribution_data(
    result: AttentionResult, attribution: HanAttribution, class_name: str
) -> HighlightedTextData:
    """Turn numbers for the words into the JSON that `highlighted_text` draws.

    Args:
        result: What the network read.
        attribution: The numbers.
        class_name: Of the class that they speak for.
    """
    method = METHODS[attribution.method]
    (shades, top), (row_shades, row_top) = (
        _shades(attribution.words),
        _shades(attribution.sentences),
    )
    words, importance = attribution.words.tolist(), result.word_importance.tolist()
    counts = np.bincount(result.token_sentence, minlength=len(result.sentence_spans))

    def word_numbers(index: int) -> list[str]:
        return [
            _number(attribution, words[index]),
            percent(importance[index]),
            what_it_saw(result, index),
        ]

    def row_numbers(row: int) -> tuple[str, list[str]]:
        value = float(attribution.sentences[row])
        attention = percent(float(result.sentence_attention[row]))
        numbers = [_number(attribution, value), attention, str(counts[row])]
        return _number(attribution, value, 2), numbers

    rows, drawn_to = draw_rows(result, shades, row_shades, word_numbers, row_numbers)
    return HighlightedTextData(
        title="The review as the network read it, one sentence a line",
        columns=[method.column, "Attention: word × sentence", "The network saw"],
        lead=0,
        row_columns=[row_title(attribution), "Sentence attention", "Words"],
        row_name="Sentence",
        rows=rows,
        scale=_scale(f"Word: {method.column.lower()}", top, attribution, class_name),
        row_scale=_scale(
            f"Sentence: {row_title(attribution).lower()}", row_top, attribution, class_name
        ),
        mark_note="" if bool(result.token_known.all()) else text_pieces.UNKNOWN_NOTE,
        rest=rest_of(result, drawn_to),
    )


def attribution_detail(
    result: AttentionResult, attribution: HanAttribution, selected: Selection
) -> list[tuple[str, str]]:
    """The numbers of a clicked word or sentence by this method, and where it ranks by size."""
    place = selected["row"] if selected["span"] is None else selected["span"]
    of_words = selected["span"] is not None
    values = attribution.words if of_words else attribution.sentences
    rank = 1 + int((np.abs(values) > abs(float(values[place]))).sum())
    title = METHODS[attribution.method].column if of_words else row_title(attribution)
    return [
        (title, _number(attribution, float(values[place]))),
        ("Rank by size", f"{rank} of {len(values):,}"),
    ]


def sums(attribution: HanAttribution, odds: float, class_name: str) -> str:
    """What the words add up to, in a line under the text; nothing for attention.

    Args:
        attribution: The numbers.
        odds: Log odds of the class for the whole text.
        class_name: Of the class.
    """
    words = float(attribution.words.sum(dtype="float64"))
    score = f"the log odds of {class_name}, {signed(odds, 2)}"
    if attribution.gap is not None:
        empty = difference(words - attribution.gap, odds, 2)
        return (
            f"All words {signed(words, 2)}: from {empty} for an empty text to {score}. "
            f"The gap: {signed(attribution.gap, 4)}."
        )
    if METHODS[attribution.method].signed:
        return f"These numbers need not add up to {score}: they sum to {signed(words, 2)}."
    return ""


def gap_warning(attribution: HanAttribution) -> str:
    """A sentence where the words do not add up to the change; else nothing."""
    words = float(attribution.words.sum(dtype="float64"))
    if attribution.gap is None or not incomplete(words, attribution.gap):
        return ""
    return (
        "The words do not add up: the gap is more than 1 % of the change of the log odds, however "
        "finely the way was divided. Take these numbers as rough, or choose leave-one-out."
    )
