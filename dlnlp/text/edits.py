"""Changes to a text by character offsets.

A change is a change of the text itself: what is shown, linked to and read by the network is one
text, and typing it again gives the same answer. The tokenizer (:mod:`dlnlp.text`) decides where
two pieces need a space between them, so that a change of one word changes no other.
"""

from dlnlp.text.cleaning import clean
from dlnlp.text.words import EMOJI

# One token of its own wherever it stands, also inside a word ("it☐" is two tokens), and in no
# vocabulary: the network reads an unknown word.
MASK = "☐"
MAX_REPLACEMENT = 200

_CONTEXT = 60  # no token that matters is longer
_OPENING, _CLOSING = "([{“‘\"'", ".,;:!?)]}…%”’\"'"


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
