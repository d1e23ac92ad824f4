"""The words of a text, and how each is written alike: ``sooooo`` and ``soooo`` are ``sooo``.

One compiled regular expression that follows the Penn Treebank where it matters for sentiment
(``do n't``, ``it 's``). It knows no sentences.
"""

import re
from collections.abc import Callable
from itertools import chain
from typing import TypeVar

Made = TypeVar("Made")

WORD = re.compile(
    r"""
      [a-z]++(?![\w'+\-:.])                                       # most words, the quick way
    | https?://\S+ | www\.\S+                                   # addresses
    | [:;=]['^-]?[)(\]\[dp/|*](?!\w) | <3 | \^_\^                # emoticons
    | [a-f][+-](?![\w+-])                                        # grades: a+, b-
    | \d+(?:[.,:/]\d+)*                                          # 10, 3.5, 9/10
    | n't(?!\w) | '(?:s|re|ve|ll|d|m)(?!\w)                      # (do) n't, (it) 's
    | (?:ca|wo|sha|[^\W\d_]+?)(?=n't(?!\w))                      # do (n't)
    | [^\W\d_\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]++          # words of any alphabet
    | [\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]                  # one ideograph, one token
    | !+ | \?+ | \.{2,} | [$%*]+                                 # punctuation that carries tone
    | [\u2600-\u27bf\U0001f300-\U0001faff]                       # emoji
    """,
    re.VERBOSE,
)
_STRETCHED = re.compile(r"(.)\1{3,}")


def words(text: str) -> list[str]:
    """Normalised words of a cleaned text, without offsets (the fast path for corpora)."""
    return words_of(lower(text))


def words_of(lowered: str) -> list[str]:
    """Normalised words of a text without capitals."""
    return list(chain.from_iterable(map(_WORDS_IN.__getitem__, lowered.split())))


def lower(text: str) -> str:
    """Without capitals, character by character: offsets stay."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few capitals (as in Turkish) grow: keep those
        lowered = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    return lowered


def _normalise(word: str) -> str:
    """Fold what only differs in length: ``sooooo`` -> ``sooo``, ``!!!!`` -> ``!!``."""
    if len(word) < 2:
        return word
    if word[0] in "!?.$%*":
        return "..." if word[0] == "." else word[:2]
    if word[:4] == "http" or word[:4] == "www.":
        return "<url>"
    return _STRETCHED.sub(r"\1\1\1", word) if len(word) > 3 else word


class Remembered(dict[str, Made]):
    """What was made of a piece of text before: looking it up takes a tenth of the time.

    Args:
        make: what to do with a piece that was not seen yet.
    """

    def __init__(self, make: Callable[[str], Made]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, piece: str) -> Made:
        """Make it, and keep it unless it is long or there are very many."""
        made = self._make(piece)
        if len(self) < 100_000 and len(piece) <= 30:  # hostile text cannot fill the memory
            self[piece] = made
        return made


NORMALISED = Remembered(_normalise)


def words_of_stretch(stretch: str) -> tuple[str, ...]:
    """Normalised words of a text without capitals and white space."""
    return tuple(map(NORMALISED.__getitem__, WORD.findall(stretch)))


# No word reaches across white space: the words of a text are those of its stretches without any.
_WORDS_IN = Remembered(words_of_stretch)
