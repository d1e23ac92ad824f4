"""What the text view of a Hierarchical Attention Network shows: numbers to shades to JSON.

Shades are linear in the number and share one scale across the whole document, stated in the
legend: nothing is rescaled sentence by sentence, so any two words can be compared.
"""

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dlnlp.inference.attention_result import AttentionResult
from dlnlp.ui.text import text_pieces
from dlnlp.ui.text.highlighted_text import (
    HighlightedTextData,
    RestData,
    RowData,
    ScaleData,
    Selection,
    SpanData,
)

Shading = Literal["within", "product", "raw"]
SHADINGS: Mapping[Shading, str] = {
    "within": "Word attention within its sentence",
    "product": "Word attention × sentence attention",
    "raw": "Raw scores of the words",
}
MAX_TOKENS = 5_000
COLUMNS = (
    "Word attention",
    "compared with uniform",
    "Sentence attention",
    "Word × sentence",
    "Raw score",
    "The network saw",
)
ROW_COLUMNS = ("Sentence attention", "compared with uniform", "Raw score", "Words")


def percent(share: float) -> str:
    """Format a share for people: `0.1234` is `"12.3 %"`, tiny shares keep two digits."""
    value = 100 * share
    if 0 < value < 0.005:
        return "< 0.01 %"
    return f"{value:.2f} %" if value < 1 else f"{value:.1f} %"


def _shades(values: NDArray[np.float32], shading: Shading) -> tuple[NDArray[np.float64], str, str]:
    """Map numbers to [0, 1] on one scale for the document; returns shades and both end labels."""
    numbers = values.astype(np.float64)
    if numbers.size == 0:
        return numbers, "0", "0"
    high = float(numbers.max())
    if shading == "raw":
        low = float(numbers.min())
        width = high - low
        shades = (numbers - low) / width if width > 0 else np.full_like(numbers, 0.5)
        return shades, f"{low:.2f}", f"{high:.2f}"
    return numbers / high if high > 0 else numbers, "0", f"{percent(high)} (largest here)"


def word_values(result: AttentionResult, shading: Shading) -> NDArray[np.float32]:
    """The number each word is shaded by, [N]."""
    if shading == "product":
        return result.word_importance
    return result.word_scores if shading == "raw" else result.word_attention


def _row_ends(result: AttentionResult) -> list[int]:
    """Where each row's text ends: at the next sentence, or where reading stopped."""
    starts = [int(start) for start in result.sentence_spans[1:, 0]]
    return [*starts, text_pieces.read_end(result)]


def draw_rows(
    result: AttentionResult,
    shades: NDArray[np.float64],
    row_shades: NDArray[np.float64],
    word_numbers: Callable[[int], list[str]],
    row_numbers: Callable[[int], tuple[str, list[str]]],
    max_tokens: int = MAX_TOKENS,
) -> tuple[list[RowData], int]:
    """The rows of a view: a sentence each, with its words and the characters between them.

    Args:
        result: What the network read.
        shades: Of the words, ``[N]``, as the scale of the view says.
        row_shades: Of the sentences, ``[S]``.
        word_numbers: The numbers of a word.
        row_numbers: The label of a sentence, and its numbers.
        max_tokens: Draw whole sentences up to this many words (the first one always).

    Returns:
        The rows, and the offset of the text up to which they show it.
    """
    counts = np.bincount(result.token_sentence, minlength=len(result.sentence_spans))
    bounds = np.concatenate(([0], np.cumsum(counts)))
    # Python's own numbers and lists: an element of an array costs ten times as much.
    offsets, known = result.token_spans.tolist(), result.token_known.tolist()
    word_shades, sentence_shades = shades.tolist(), row_shades.tolist()
    rows: list[RowData] = []
    drawn_to = 0
    for row, end in enumerate(_row_ends(result)):
        words = range(int(bounds[row]), int(bounds[row + 1]))
        if rows and words.stop > max_tokens:
            break
        spans: dict[int, SpanData] = {}
        for index in words:
            begin, stop = offsets[index]
            spans[index] = SpanData(
                i=index,
                t=result.text[begin:stop],
                v=round(word_shades[index], 3),
                n=word_numbers(index),
            )
            if not known[index]:
                spans[index]["m"] = True
        start = drawn_to if row else text_pieces.first_character(result.text)
        label, numbers = row_numbers(row)
        rows.append(
            RowData(
                v=round(sentence_shades[row], 3),
                label=label,
                n=numbers,
                spans=text_pieces.pieces(result.text, offsets, words, start, end, spans),
            )
        )
        drawn_to = end
    return rows, drawn_to


def what_it_saw(result: AttentionResult, index: int) -> str:
    """The word that the network read in place of what was pasted."""
    token = result.tokens[index]
    return token if result.token_known[index] else f"UNK ({token})"


def rest_of(result: AttentionResult, drawn_to: int, max_tokens: int = MAX_TOKENS) -> list[RestData]:
    """What follows the rows: text that was read and is not drawn, and text that was not read."""
    return text_pieces.rest(
        result,
        drawn_to,
        f"Read by the network, not drawn: this view stops after {max_tokens:,} words. "
        "The downloads hold all of them.",
        f"Not read: the network reads at most {len(result.sentence_spans)} sentences "
        "of a text; what follows changed nothing above.",
    )


def view_data(
    result: AttentionResult, shading: Shading, *, max_tokens: int = MAX_TOKENS
) -> HighlightedTextData:
    """Turn a result into the JSON that `highlighted_text` draws.

    Args:
        result: What the network read.
        shading: What shades a word: its attention within its sentence, that times its
            sentence's attention, or its score before the softmax.
        max_tokens: Draw whole sentences up to this many words (the first one always).

    Returns:
        Rows of words and the characters between them; the rows' texts are the text as pasted,
        less white space at the ends of rows.
    """
    shades, low, high = _shades(word_values(result, shading), shading)
    row_scores = result.sentence_scores if shading == "raw" else result.sentence_attention
    row_shades, row_low, row_high = _shades(row_scores, shading)
    counts = np.bincount(result.token_sentence, minlength=len(result.sentence_spans)).tolist()
    owners, attention = result.token_sentence.tolist(), result.word_attention.tolist()
    importance, scores = result.word_importance.tolist(), result.word_scores.tolist()
    sentences = [percent(share) for share in result.sentence_attention.tolist()]

    def word_numbers(index: int) -> list[str]:
        row, weight = owners[index], attention[index]
        return [
            percent(weight),
            f"{weight * counts[row]:.2f} ×",
            sentences[row],
            percent(importance[index]),
            f"{scores[index]:.3f}",
            what_it_saw(result, index),
        ]

    def row_numbers(row: int) -> tuple[str, list[str]]:
        share, score = float(result.sentence_attention[row]), float(result.sentence_scores[row])
        return f"{score:.2f}" if shading == "raw" else sentences[row], [
            sentences[row],
            f"{share * len(counts):.2f} ×",
            f"{score:.3f}",
            str(counts[row]),
        ]

    rows, drawn_to = draw_rows(result, shades, row_shades, word_numbers, row_numbers, max_tokens)
    return HighlightedTextData(
        title="The review as the network read it, one sentence a line",
        columns=list(COLUMNS),
        lead={"within": 0, "product": 3, "raw": 4}[shading],
        row_columns=list(ROW_COLUMNS),
        row_name="Sentence",
        rows=rows,
        scale=ScaleData(kind="sequential", title=SHADINGS[shading], low=low, high=high),
        row_scale=ScaleData(
            kind="sequential",
            title="Sentence score" if shading == "raw" else "Sentence attention",
            low=row_low,
            high=row_high,
        ),
        mark_note="" if bool(result.token_known.all()) else text_pieces.UNKNOWN_NOTE,
        rest=rest_of(result, drawn_to, max_tokens),
    )


def detail(result: AttentionResult, selected: Selection) -> tuple[str, list[tuple[str, str]]]:
    """The numbers of a clicked word or sentence, and where it ranks.

    Args:
        result: What the network read.
        selected: A valid selection of its view.

    Returns:
        A title (it may hold the user's text: never markdown) and label, value pairs.
    """
    row, index = selected["row"], selected["span"]
    inside = result.token_sentence == row
    order = 1 + int((result.sentence_attention > result.sentence_attention[row]).sum())
    sentence = [
        ("Sentence attention", percent(float(result.sentence_attention[row]))),
        ("Rank of the sentence", f"{order} of {len(result.sentence_spans)}"),
    ]
    if index is None:
        start, end = (int(offset) for offset in result.sentence_spans[row])
        heaviest = int(np.flatnonzero(inside)[result.word_attention[inside].argmax()])
        return f"Sentence {row + 1}: {result.text[start:end][:160]}", [
            *sentence,
            ("Raw score", f"{float(result.sentence_scores[row]):.3f}"),
            ("Words", str(int(inside.sum()))),
            ("Heaviest word", result.tokens[heaviest]),
        ]
    start, end = (int(offset) for offset in result.token_spans[index])
    within = 1 + int((result.word_attention[inside] > result.word_attention[index]).sum())
    overall = 1 + int((result.word_importance > result.word_importance[index]).sum())
    return f"“{result.text[start:end][:160]}”", [
        ("Word attention", percent(float(result.word_attention[index]))),
        ("Rank in its sentence", f"{within} of {int(inside.sum())}"),
        ("Word × sentence", percent(float(result.word_importance[index]))),
        ("Rank in the review", f"{overall} of {len(result.tokens)}"),
        ("Raw score", f"{float(result.word_scores[index]):.3f}"),
        *sentence,
    ]
