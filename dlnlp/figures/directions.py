"""Which of the words of a line stands where, when some are read from right to left.

The order of the Unicode bidirectional algorithm (UAX #9), with words in place of characters: the
order inside a word is left to what draws it.
"""

import unicodedata
from collections.abc import Sequence
from typing import Literal

Direction = Literal["L", "R"]
_STRONG: dict[str, Direction] = {"L": "L", "R": "R", "AL": "R"}
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def direction(text: str) -> Direction | None:
    """The direction of the first character that has one; None where no character has."""
    for character in text:
        found = _STRONG.get(unicodedata.bidirectional(character))
        if found:
            return found
    return None


def levels(words: Sequence[str], base: Direction) -> list[int]:
    """The embedding level of each word: even ones are read from left to right.

    Args:
        words: Of one line, in the order in which they are read.
        base: Direction of the text.
    """
    own = [direction(word) for word in words]
    digits = [
        found is None and any(map(str.isdigit, word))
        for found, word in zip(own, words, strict=True)
    ]
    resolved: list[Direction] = []
    for index, found in enumerate(own):
        if found is None:
            before = next((each for each in reversed(own[:index]) if each), base)
            after = next((each for each in own[index + 1 :] if each), base)
            found = before if digits[index] or before == after else base
        resolved.append(found)
    # Numbers are read from left to right among words that are not.
    low = 0 if base == "L" else 1
    return [
        2 if digit and each == "R" else low + (each != base)
        for each, digit in zip(resolved, digits, strict=True)
    ]


def visual_order(found: Sequence[int]) -> list[int]:
    """Indices of the words from left to right, from their levels (rule L2)."""
    order = list(range(len(found)))
    for level in range(max(found, default=0), 0, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and found[order[end]] >= level:
                end += 1
            order[start:end] = reversed(order[start:end])
            start = max(end, start + 1)
    return order


def mirrored(text: str) -> str:
    """Brackets as they look where text is read from right to left."""
    return text.translate(_MIRRORED)
