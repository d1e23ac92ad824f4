"""The words of a text, and how each is written alike: ``sooooo`` and ``soooo`` are ``sooo``.

One compiled regular expression that follows the Penn Treebank where it matters for sentiment
(``do n't``, ``it 's``). It knows no sentences. There are two such patterns, which differ in the
pictures they take for words: :data:`TWO_BLOCKS` and :data:`EMOJI`. A network keeps the one it was
trained with (:mod:`dlnlp.text.rules`).
"""

import re
from collections.abc import Callable
from itertools import chain
from typing import TypeVar

Made = TypeVar("Made")

_LETTERS = r"""
      [a-z]++(?![\w'+\-:.])                                       # most words, the quick way
    | https?://\S+ | www\.\S+                                   # addresses
    | [:;=]['^-]?[)(\]\[dp/|*](?!\w) | <3 | \^_\^                # emoticons
    | [a-f][+-](?![\w+-])                                        # grades: a+, b-
"""
_OTHERS = r"""
      \d+(?:[.,:/]\d+)*                                          # 10, 3.5, 9/10
    | n't(?!\w) | '(?:s|re|ve|ll|d|m)(?!\w)                      # (do) n't, (it) 's
    | (?:ca|wo|sha|[^\W\d_\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]+?)(?=n't(?!\w))  # do (n't)
    | [^\W\d_\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]++          # words of any alphabet
    | [\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]                  # one ideograph, one token
    | !+ | \?+ | \.{2,} | [$%*]+                                 # punctuation that carries tone
"""
_BLOCKS = r"\u2600-\u27bf\U0001f300-\U0001faff"
# What else has Unicode's property Emoji. Left out: © ® ™ Ⓜ, which are signs rather than pictures,
# and digits, # and *, which are pictures only in a keycap.
_PICTURE = (
    rf"[{_BLOCKS}\u203c\u2049\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf"
    r"\u23e9-\u23f3\u23f8-\u23fa\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2934\u2935\u2b05-\u2b07"
    r"\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299\U0001f004\U0001f0cf\U0001f170\U0001f171"
    r"\U0001f17e\U0001f17f\U0001f18e\U0001f191-\U0001f19a\U0001f201\U0001f202\U0001f21a\U0001f22f"
    r"\U0001f232-\U0001f23a\U0001f250\U0001f251]"
)
# Variation selectors and skin tones: how a picture looks, not what it is.
_LOOKS = r"[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]"
_SEQUENCE = rf"{_PICTURE}{_LOOKS}*+[\U000e0020-\U000e007f]*+"
_KEYCAP = r"[\d\#*]\ufe0f?\u20e3"
# Most characters that are no word are ASCII: they need not be looked for among the pictures.
_EMOJI = rf"(?![\x00-\x7f])(?:[\U0001f1e6-\U0001f1ff]{{2}} | {_SEQUENCE}(?:\u200d{_SEQUENCE})*+)"

_STRETCHED = re.compile(r"(.)\1{3,}")
_LOOK = re.compile(rf"(?<=.){_LOOKS}")


def lower(text: str) -> str:
    """Without capitals, character by character: offsets stay."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few capitals (as in Turkish) grow: keep those
        lowered = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    return lowered


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


class Words:
    """Finds words by one pattern, and writes them alike.

    Args:
        pattern: a verbose regular expression of one word of a text without capitals. No word
            reaches across white space.
        without: what is left out of a word when it is written alike.

    Attributes:
        pattern: the same, compiled.
        alike: each word as the vocabulary knows it.
    """

    def __init__(self, pattern: str, without: re.Pattern[str] | None = None) -> None:
        self.pattern = re.compile(pattern, re.VERBOSE)
        self.alike = Remembered(self._written_alike)
        self._without = without
        # The words of a text are those of its stretches without white space.
        self._in_stretch = Remembered(self.in_stretch)

    def __call__(self, text: str) -> list[str]:
        """Words of a cleaned text, written alike, without offsets (the fast path for corpora)."""
        return self.in_lowered(lower(text))

    def in_lowered(self, lowered: str) -> list[str]:
        """The same of a text without capitals."""
        return list(chain.from_iterable(map(self._in_stretch.__getitem__, lowered.split())))

    def in_stretch(self, stretch: str) -> tuple[str, ...]:
        """The same of a text without capitals and white space."""
        return tuple(map(self.alike.__getitem__, self.pattern.findall(stretch)))

    def _written_alike(self, word: str) -> str:
        """Fold what only differs in length or look: ``sooooo`` -> ``sooo``, ``!!!!`` -> ``!!``."""
        if len(word) < 2:
            return word
        if self._without and not word.isascii():
            word = self._without.sub("", word)
        if word[0] in "!?.$%*" and word[-1] != "\u20e3":
            return "..." if word[0] == "." else word[:2]
        if word[:4] == "http" or word[:4] == "www.":
            return "<url>"
        return _STRETCHED.sub(r"\1\1\1", word) if len(word) > 3 else word


# Two blocks of characters, one of them a word: "👍🏽" is two, "⭐" and "‼" are none.
TWO_BLOCKS = Words(f"{_LETTERS} | {_OTHERS} | [{_BLOCKS}]")
# Emoji by Unicode's property, a whole sequence (skin tone, flag, keycap, family) one word.
EMOJI = Words(f"{_LETTERS} | {_KEYCAP} | {_OTHERS} | {_EMOJI}", _LOOK)
