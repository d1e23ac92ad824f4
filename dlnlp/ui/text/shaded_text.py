"""An attribution as shades: what the text view draws, and the numbers of what is selected.

The one place where the number of a word becomes a shade. Shades are linear in the number and share
one scale across the whole text, stated in the legend: nothing is rescaled sentence by sentence, so
any two words can be compared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.attribution import Attribution, ReadText
from dlnlp.explain.completeness import incomplete
from dlnlp.ui.shell.numbers import difference, signed
from dlnlp.ui.text import text_pieces
from dlnlp.ui.text.highlighted_text import HighlightedTextData, RowData, ScaleData, SpanData
from dlnlp.ui.text.method_text import MethodText

MAX_TOKENS = 5_000
SAW = "The network saw"
Columns = Mapping[str, Sequence[str]]
NO_COLUMNS: Columns = {}
# Above or below zero there is something to say in three digits; rows have room for two.
_DIGITS, _ROW_DIGITS = 3, 2


def percent(share: float) -> str:
    """Format a share for people: `0.1234` is `"12.3 %"`, tiny shares keep two digits."""
    value = 100 * share
    if 0 < value < 0.005:
        return "< 0.01 %"
    return f"{value:.2f} %" if value < 1 else f"{value:.1f} %"


def number(attribution: Attribution[ReadText], value: float, digits: int = _DIGITS) -> str:
    """Format a number of an attribution by what it is: a share, a signed change, a length."""
    scale = attribution.method.scale
    if scale == "share":
        return percent(value)
    return signed(value, digits) if scale == "logit" else f"{value:.{digits}f}"


@dataclass(frozen=True, slots=True)
class Ends:
    """The numbers between which shades lie: those of no shade and of the full one.

    Attributes:
        low: The least attention logit; 0 for every other number.
        high: The largest attention logit; for every other number the largest by size.
    """

    low: float
    high: float


def ends(attribution: Attribution[ReadText], *values: NDArray[np.float32]) -> Ends:
    """The ends of the scale that numbers of one kind share.

    Args:
        attribution: The attribution to show.
        values: Numbers of its words or of its sentences, float32 ``[n]``, and of what else is to
            be shaded on the same scale.
    """
    numbers = np.concatenate(values).astype(np.float64)
    if not numbers.size:
        return Ends(0.0, 0.0)
    if attribution.method.scale == "score":
        return Ends(float(numbers.min()), float(numbers.max()))
    return Ends(0.0, float(np.abs(numbers).max()))


def shades(
    attribution: Attribution[ReadText], values: NDArray[np.float32], scale: Ends | None = None
) -> NDArray[np.float64]:
    """Map numbers to shades on one scale.

    Args:
        attribution: The attribution to show.
        values: Numbers of its words or of its sentences, float32 ``[n]``.
        scale: The ends of the scale; those of `values` by default.

    Returns:
        float64 ``[n]``: -1 to 1 where numbers have a sign (0 is 0), else 0 to 1.
    """
    numbers, scale = values.astype(np.float64), scale or ends(attribution, values)
    width = scale.high - scale.low
    if width:
        return (numbers - scale.low) / width
    return np.full_like(numbers, 0.5 if attribution.method.scale == "score" else 0.0)


def _title(of: str, heading: str) -> str:
    """`heading` as the title of a scale, which says whether words or sentences are meant."""
    return heading if heading.startswith(of) else f"{of}: {heading.lower()}"


def _legend(title: str, attribution: Attribution[ReadText], scale: Ends) -> ScaleData:
    kind, name = attribution.method.scale, attribution.target_name
    if kind == "logit":
        low, high = signed(-scale.high, 2), signed(scale.high, 2)
        return ScaleData(
            kind="diverging",
            title=title,
            low=f"{low} against {name}",
            high=f"{high} for {name}",
            numbers=(low, high),
        )
    low = "0" if kind != "score" else number(attribution, scale.low, 2)
    high = number(attribution, scale.high, 2)
    largest = " (largest here)" if kind == "share" else ""
    return ScaleData(
        kind="sequential", title=title, low=low, high=high + largest, numbers=(low, high)
    )


def what_it_saw(attribution: Attribution[ReadText]) -> list[str]:
    """The N words that the network read in place of what was pasted."""
    reading = attribution.reading
    pairs = zip(reading.tokens, reading.token_known.tolist(), strict=True)
    return [token if known else f"UNK ({token})" for token, known in pairs]


def sentence_words(attribution: Attribution[ReadText]) -> list[range]:
    """The words of each of the S sentences."""
    counts = np.bincount(attribution.token_sentence, minlength=len(attribution.sentence_spans))
    ends = np.cumsum(counts).tolist()
    return [range(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def view_data(
    attribution: Attribution[ReadText],
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
        scale=_legend(_title("Word", words.column), attribution, scale),
        row_scale=_legend(_title("Sentence", words.row_column), attribution, row_scale),
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


def sums(attribution: Attribution[ReadText], of: str, total: float) -> str:
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


def gap_warning(attribution: Attribution[ReadText]) -> str:
    """A sentence where the words do not add up to what they should; else nothing."""
    words = float(attribution.words.sum(dtype=np.float64))
    if attribution.gap is None or not incomplete(words, attribution.gap):
        return ""
    return (
        "The words do not add up: the gap is more than 1 % of the change of the log odds, however "
        "finely the way was divided. Take these numbers as rough, or choose leave-one-out."
    )
