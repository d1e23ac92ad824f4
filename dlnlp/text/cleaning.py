"""Text without markup, entities and control characters, and where each character came from.

It knows no sentences and no words; offsets found in the cleaned text lead back to the text as
given, however much shorter cleaning made it.
"""

import html
import re
from html.entities import html5

import numpy as np
from numpy.typing import NDArray

# What cannot be read as text: markup, entities, control characters, line separators.
_UNCLEAN = re.compile(
    r"<[a-zA-Z/!][^<>]{0,300}>|&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});"
    r"|[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff…]"
)
# Where none of these is, nothing above matches either: one look at each character is quick.
_SUSPECT = re.compile(r"[<&\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff…]")
_LINE_BREAKING_TAG = re.compile(r"</?(?:br|p|div|li|ul|ol|tr|h[1-6])\b", re.IGNORECASE)
# One character for one character, so that offsets stay.
_ONE_TO_ONE = str.maketrans("‘’‛`´“”„–—", "'''''\"\"\"--")


def clean(text: str, *, typography: bool = True) -> tuple[str, NDArray[np.int64] | None]:
    """Replace markup, entities and control characters.

    Args:
        text: anything.
        typography: whether "…" is three full stops (else one), and whether quotes and dashes that
            are written as entities count as those that are typed.

    Returns:
        The cleaned text of n characters, and the offsets ``(start, end)`` in ``text`` that each
        cleaned character stands for, int64 ``[n, 2]``; None when they are the same.
    """
    if not text.isascii() or "`" in text:
        text = text.translate(_ONE_TO_ONE)
        if not typography:
            text = text.replace("…", ".")
    if not _SUSPECT.search(text) or not _UNCLEAN.search(text):
        return text, None
    pieces: list[str] = []
    edges: list[tuple[int, int, int]] = []  # of each replacement: start, end, new length
    position = 0
    for match in _UNCLEAN.finditer(text):
        new = _replacement(match.group(), typography)
        if new == match.group():  # an unknown name: its characters keep their own places
            continue
        pieces += [text[position : match.start()], new]
        edges.append((match.start(), match.end(), len(new)))
        position = match.end()
    if not edges:
        return text, None
    pieces.append(text[position:])
    starts, ends, new_lengths = np.array(edges, np.int64).T
    # Kept and replaced stretches in turn: what each stands for, and how long it has become.
    kept_from, kept_to = np.append(0, ends), np.append(starts, len(text))
    lengths = np.zeros(2 * len(edges) + 1, np.int64)
    lengths[::2], lengths[1::2] = kept_to - kept_from, new_lengths
    kept = np.repeat(np.arange(len(lengths)) % 2 == 0, lengths)
    first = np.zeros_like(lengths)
    first[::2], first[1::2] = kept_from, starts
    inside = np.arange(len(kept)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    left = np.repeat(first, lengths) + inside * kept
    after = np.zeros_like(lengths)
    after[1::2] = ends
    right = np.where(kept, left + 1, np.repeat(after, lengths))
    return "".join(pieces), np.stack([left, right], axis=1)


def _replacement(found: str, typography: bool) -> str:
    if found[0] == "<":
        return "\n" if _LINE_BREAKING_TAG.match(found) else " "
    if found[0] == "&":
        if typography and found[1] != "#" and found[1:] not in html5:
            return found  # "&notit;" is no "¬" followed by "it;"
        character = html.unescape(found)
        # An unknown name stays as it is; an escaped tag or control character is only a space.
        if not character.isprintable() or "<" in character:
            return " "
        return character.translate(_ONE_TO_ONE).replace("…", "...") if typography else character
    if found == "…":
        return "..."
    return "\n" if found in "\x0b\x0c\x0d\x85\u2028\u2029" else " "
