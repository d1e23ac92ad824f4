"""A text cut into words that can be shaded, the characters between them, and what was not read."""

from collections.abc import Mapping, Sequence

from dlnlp.inference.text_result import TextResult
from dlnlp.ui.text.highlighted_text import RestData, SpanData

MAX_REST = 3_000
UNKNOWN_NOTE = "not in the vocabulary: read as UNK"


def read_end(result: TextResult) -> int:
    """The offset at which reading stopped."""
    return len(result.text) if result.cut_from is None else result.cut_from


def first_character(text: str) -> int:
    """The offset of the first character that is not white space."""
    return len(text) - len(text.lstrip())


def pieces(
    text: str,
    offsets: Sequence[Sequence[int]],
    words: range,
    start: int,
    end: int,
    spans: Mapping[int, SpanData],
) -> list[SpanData | str]:
    """Words and the characters between them, in order; together they are `text[start:end]`.

    Args:
        text: The text as pasted.
        offsets: Offsets of the words that were read: first character, and after the last.
        words: Indices of the words of this row.
        start: Offset at which the row begins.
        end: Offset at which it ends; white space before it is left out.
        spans: The shaded words by their index.
    """
    cut: list[SpanData | str] = []
    at = start
    for index in words:
        word_start, word_end = offsets[index]
        if word_start > at:
            cut.append(text[at:word_start])
        cut.append(spans[index])
        at = word_end
    tail = text[at:end].rstrip()
    if tail:
        cut.append(tail)
    return cut


def rest(result: TextResult, drawn_to: int, not_drawn: str, not_read: str) -> list[RestData]:
    """Text that is not shaded: read but not drawn, or not read by the network.

    Args:
        result: What was read.
        drawn_to: Offset up to which the rows show the text.
        not_drawn: The sentence above text that was read and is not shaded.
        not_read: The sentence above text that was not read.
    """
    cut = read_end(result)
    parts = ((drawn_to, cut, not_drawn), (cut, len(result.text), not_read))
    shown = []
    for start, end, note in parts:
        text = result.text[start:end].strip()
        if not text:
            continue
        start += len(result.text[start:end]) - len(result.text[start:end].lstrip())
        if len(text) > MAX_REST:
            note += f" (Its first {MAX_REST:,} of {len(text):,} characters.)"
        shown.append(RestData(start=start, text=text[:MAX_REST], note=note))
    return shown
