"""Changes to a text by character offsets, and which words two versions of a text differ in.

A change is a change of the text itself: what is shown, linked to and read by the network is one
text, and typing it again gives the same answer. The tokenizer (:mod:`dlnlp.text`) decides where
two pieces need a space between them, so that a change of one word changes no other.
"""

import re
from difflib import SequenceMatcher
from itertools import groupby

from dlnlp.text.cleaning import clean
from dlnlp.text.words import EMOJI

# One token of its own wherever it stands, also inside a word ("it☐" is two tokens), and in no
# vocabulary: the network reads an unknown word.
MASK = "☐"
MAX_REPLACEMENT = 200
Span = tuple[int, int]

_CONTEXT = 60  # no token that matters is longer
_OPENING, _CLOSING = "([{“‘\"'", ".,;:!?)]}…%”’\"'"
_WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
# Comparing word by word takes the product of both lengths.
_MAX_COMPARED = 2_000


def delete_span(text: str, start: int, end: int) -> str:
    """Leave out ``text[start:end]`` and the white space that has lost its purpose.

    Args:
        text: Any text.
        start: Offset of the first character to leave out.
        end: Offset after the last one.

    Returns:
        The text without it: one gap where there were two, none at the ends nor before a comma;
        a space where two other words would have grown together.

    Raises:
        ValueError: The offsets do not name a part of the text.
    """
    _check(text, start, end)
    left, right = text[:start].rstrip(), text[end:].lstrip()
    before, after = text[len(left) : start], text[end : len(text) - len(right)]
    if not left or not right:
        return left or right
    if before and after:
        gap = max(before, after, key=lambda space: ("\n" in space, space is before, len(space)))
    elif before:
        gap = "" if right[0] in _CLOSING else before
    else:
        gap = "" if left[-1] in _OPENING else after
    return left + (gap or _space(left, right)) + right


def replace_span(text: str, start: int, end: int, replacement: str) -> str:
    """Put other words in the place of ``text[start:end]``.

    Args:
        text: Any text.
        start: Offset of the first character to replace.
        end: Offset after the last one.
        replacement: The new words; their white space is tidied, and they are cut after
            MAX_REPLACEMENT characters. Without any, the span is deleted.

    Returns:
        The text with the new words, set off by spaces where they would grow together with others.

    Raises:
        ValueError: The offsets do not name a part of the text.
    """
    _check(text, start, end)
    new = " ".join(replacement.split())[:MAX_REPLACEMENT].rstrip()
    if not new:
        return delete_span(text, start, end)
    left, right = text[:start], text[end:]
    return left + _space(left, new) + new + _space(new, right) + right


def mask_span(text: str, start: int, end: int) -> str:
    """Put MASK, which every network reads as an unknown word, in the place of a word.

    Raises:
        ValueError: The offsets do not name a part of the text.
    """
    return replace_span(text, start, end, MASK)


def changed_spans(before: str, after: str) -> tuple[list[Span], list[Span]]:
    """The words in which two versions of a text differ.

    Words and punctuation marks are compared, white space is not. Long texts that differ in many
    places count as changed from the first difference to the last.

    Args:
        before: One version.
        after: The other.

    Returns:
        Offsets ``(start, end)`` of the words that only `before` holds, and of those that only
        `after` holds; neighbours joined.
    """
    old, new = ([match.span() for match in _WORD.finditer(text)] for text in (before, after))
    a, b = [before[i:j] for i, j in old], [after[i:j] for i, j in new]
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    middle_a, middle_b = a[head : len(a) - tail], b[head : len(b) - tail]
    if max(len(middle_a), len(middle_b)) > _MAX_COMPARED:
        gone, come = list(range(len(middle_a))), list(range(len(middle_b)))
    else:
        gone, come = [], []
        matcher = SequenceMatcher(None, middle_a, middle_b, autojunk=False)
        for tag, a_start, a_end, b_start, b_end in matcher.get_opcodes():
            if tag != "equal":
                gone += range(a_start, a_end)
                come += range(b_start, b_end)
    return _joined(old[head:], gone), _joined(new[head:], come)


def _check(text: str, start: int, end: int) -> None:
    if not 0 <= start < end <= len(text):
        raise ValueError(f"offsets {start} to {end} name no part of a text of {len(text)}")


def _space(left: str, right: str) -> str:
    """A space if the two pieces, set side by side, would be read as other words."""
    a = left[-_CONTEXT:].split()[-1:] if left and not left[-1].isspace() else []
    b = right[:_CONTEXT].split()[:1] if right and not right[0].isspace() else []
    if not a or not b:
        return ""
    return "" if _tokens(a[0] + b[0]) == _tokens(a[0]) + _tokens(b[0]) else " "


def _tokens(piece: str) -> list[str]:
    return EMOJI(clean(piece)[0])


def _joined(spans: list[Span], chosen: list[int]) -> list[Span]:
    """The chosen spans, runs of neighbours as one."""
    runs = groupby(enumerate(chosen), key=lambda pair: pair[1] - pair[0])
    found = []
    for _, run in runs:
        numbers = [number for _, number in run]
        found.append((spans[numbers[0]][0], spans[numbers[-1]][1]))
    return found
