"""An attribution as the text view draws it, and what its words add up to."""

from collections.abc import Mapping, Sequence

import numpy as np

from dlnlp.explain.attribution import Attribution
from dlnlp.explain.completeness import incomplete
from dlnlp.explain.shading import (
    Ends,
    Legend,
    ends,
    legend,
    number,
    sentence_words,
    shades,
)
from dlnlp.inference.text_result import TextResult
from dlnlp.ui.shell.numbers import difference, signed
from dlnlp.ui.text import text_pieces
from dlnlp.ui.text.highlighted_text import HighlightedTextData, RowData, ScaleData, SpanData
from dlnlp.ui.text.method_text import MethodText

MAX_TOKENS = 5_000
SAW = "The network saw"
Columns = Mapping[str, Sequence[str]]
NO_COLUMNS: Columns = {}
_ROW_DIGITS = 2  # a row has room for two


def _scale_data(found: Legend) -> ScaleData:
    return ScaleData(
        kind=found.kind,
        title=found.title,
        low=found.low,
        high=found.high,
        numbers=found.numbers,
    )


def what_it_saw(attribution: Attribution[TextResult]) -> list[str]:
    """The N words that the network read in place of what was pasted."""
    reading = attribution.reading
    pairs = zip(reading.tokens, reading.token_known.tolist(), strict=True)
    return [token if known else f"UNK ({token})" for token, known in pairs]


def view_data(
    attribution: Attribution[TextResult],
    words: MethodText,
    *,
    columns: Columns = NO_COLUMNS,
    row_columns: Columns = NO_COLUMNS,
    at_most: str = "",
    max_tokens: int = MAX_TOKENS,
    scales: tuple[Ends, Ends] | None = None,
) -> HighlightedTextData:
    """Turn an attribution into the JSON that `highlighted_text` draws.

    Args:
        attribution: The numbers.
        words: What the page calls them.
        columns: More to say of each word: headings with N texts each.
        row_columns: More to say of each sentence: headings with S texts each.
        at_most: How much of a text the network reads, for what it did not read.
        max_tokens: Draw whole sentences up to this many words (the first one always).
        scales: The ends of the scales of words and of sentences, where another text or method is
            shaded on the same; by default those of these numbers.

    Returns:
        Rows of words and the characters between them; the rows' texts are the text as pasted,
        less white space at the ends of rows.
    """
    reading = attribution.reading
    # Python's own numbers and lists: an element of an array costs ten times as much.
    offsets, known = reading.token_spans.tolist(), reading.token_known.tolist()
    scale, row_scale = scales or (
        ends(attribution, attribution.words),
        ends(attribution, attribution.sentences),
    )
    values = attribution.words.tolist()
    depths = shades(attribution, attribution.words, scale).tolist()
    row_values = attribution.sentences.tolist()
    row_depths = shades(attribution, attribution.sentences, row_scale).tolist()
    told = [*columns.values(), what_it_saw(attribution)]
    inside = sentence_words(attribution)
    row_told = [*row_columns.values(), [f"{len(part):,}" for part in inside]]
    stops = [*attribution.sentence_spans[1:, 0].tolist(), text_pieces.read_end(reading)]
    rows: list[RowData] = []
    at = text_pieces.first_character(reading.text)
    for row, (part, end) in enumerate(zip(inside, stops, strict=True)):
        if rows and part.stop > max_tokens:
            break
        spans: dict[int, SpanData] = {}
        for index in part:
            start, stop = offsets[index]
            spans[index] = SpanData(
                index=index,
                text=reading.text[start:stop],
                shade=round(depths[index], 3),
                numbers=[number(attribution, values[index]), *(column[index] for column in told)],
            )
            if not known[index]:
                spans[index]["marked"] = True
        rows.append(
            RowData(
                index=row,
                shade=round(row_depths[row], 3),
                label=number(attribution, row_values[row], _ROW_DIGITS),
                numbers=[
                    number(attribution, row_values[row]),
                    *(column[row] for column in row_told),
                ],
                spans=text_pieces.pieces(reading.text, offsets, part, at, end, spans),
            )
        )
        at = end
    return HighlightedTextData(
        title="The review as the network read it, one sentence per line",
        columns=[words.column, *columns, SAW],
        row_columns=[words.row_column, *row_columns, "Words"],
        row_name="Sentence",
        rows=rows,
        scale=_scale_data(legend("Word", words.column, attribution, scale)),
        row_scale=_scale_data(legend("Sentence", words.row_column, attribution, row_scale)),
        mark_note="" if all(known) else text_pieces.UNKNOWN_NOTE,
        rest=text_pieces.rest(
            reading,
            at,
            f"Read by the network, not drawn: this view stops after {max_tokens:,} words. "
            "The downloads hold all of them.",
            f"Not read: the network reads at most {at_most} of a text; what follows changed "
            "nothing above.",
        ),
    )


def sums(attribution: Attribution[TextResult], of: str, total: float) -> str:
    """What the words add up to, in a line under the text; nothing for attention and lengths.

    Args:
        attribution: The numbers.
        of: What is explained, such as "the log odds of 5 stars".
        total: Its value for the whole text.
    """
    if not attribution.method.signed:
        return ""
    summed = float(attribution.words.sum(dtype=np.float64))
    words, score = signed(summed, 2), f"{of}, {signed(total, 2)}"
    if attribution.additive is None or attribution.gap is None:
        return f"These numbers need not add up to {score}: they sum to {words}."
    # Of the numbers as they are shown, so that they add up to the reader, too.
    bias = difference(summed - attribution.gap, total, 2)
    if attribution.method.name == "integrated_gradients":
        return (
            f"All words {words}: from {bias} for an empty text to {score}. "
            f"The gap: {signed(attribution.gap, 4)}."
        )
    return f"All words {words}, biases {bias}: together {score}."


def gap_warning(attribution: Attribution[TextResult]) -> str:
    """A sentence where the words do not add up to what they should; else nothing."""
    words = float(attribution.words.sum(dtype=np.float64))
    if attribution.gap is None or not incomplete(words, attribution.gap):
        return ""
    return (
        "The words do not add up: the gap is more than 1 % of the change of the log odds, however "
        "finely the way was divided. Take these numbers as rough, or choose leave-one-out."
    )
