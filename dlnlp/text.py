"""The one path from text to tokens: clean, split into sentences, split into words.

Training, the pages and the command line all call :class:`Preprocessor`; nothing else in the
project cuts text. It knows no vocabulary and no padding.

Cleaning is :mod:`dlnlp.cleaning`. Sentences come from Punkt (Kiss & Strunk 2006, "Unsupervised
Multilingual Sentence Boundary Detection") with NLTK's algorithm (:mod:`dlnlp.punkt`); its
parameters are learned from the training texts (:mod:`train.corpora.punkt_training`) and shipped
with the weights, so that nothing is downloaded. Words come from one compiled regular expression
that follows the Penn Treebank where it matters for sentiment (``do n't``, ``it 's``).
``python -m benchmarks.tokenization`` measures both against NLTK's.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from dlnlp.cleaning import clean
from dlnlp.punkt import PunktParameters, sentence_spans

FORMAT = 1
Made = TypeVar("Made")

_WORD = re.compile(
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
# Punkt needs white space after a full stop; reviewers often leave it out ("great.Would buy").
_MISSING_SPACE = re.compile(r"[.!?](?<=[a-z)].)(?=[A-Z])")
_LINE = re.compile(r"[^\n]+")
# Punkt looks at a whole line at once; a line this long holds no sentence worth its time.
_LONGEST_LINE = 20_000


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: tokens as the network sees them, offsets into the text as given.

    Attributes:
        start: offset of the first character.
        end: offset after the last character.
        tokens: normalised words.
        spans: ``(start, end)`` of each token in the text as given.
    """

    start: int
    end: int
    tokens: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


def _stretches(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a line at a space before every `_LONGEST_LINE` characters; a longer word anywhere."""
    while end - start > _LONGEST_LINE:
        space = text.rfind(" ", start + 1, start + _LONGEST_LINE)
        cut = start + _LONGEST_LINE if space < 0 else space
        yield start, cut
        start = cut
    yield start, end


def words(text: str) -> list[str]:
    """Normalised words of a cleaned text, without offsets (the fast path for corpora)."""
    return _words_of(_lower(text))


def _words_of(lowered: str) -> list[str]:
    """Normalised words of a text without capitals."""
    return list(chain.from_iterable(map(_WORDS_IN.__getitem__, lowered.split())))


def _lower(text: str) -> str:
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


class _Cache(dict[str, Made]):
    """What was made of a piece of text before: looking it up takes a tenth of the time."""

    def __init__(self, make: Callable[[str], Made]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, piece: str) -> Made:
        made = self._make(piece)
        if len(self) < 100_000 and len(piece) <= 30:  # hostile text cannot fill the memory
            self[piece] = made
        return made


_NORMALISED = _Cache(_normalise)
# No word reaches across white space: the words of a text are those of its stretches without any.
_WORDS_IN = _Cache(lambda piece: tuple(map(_NORMALISED.__getitem__, _WORD.findall(piece))))


@dataclass(frozen=True)
class Preprocessor:
    """Text to sentences of normalised words.

    Attributes:
        punkt: parameters of the sentence splitter.
        max_words: a longer sentence continues in a next :class:`Sentence`; nothing is dropped.
        max_sentences: how many sentences of a document the network reads; whoever encodes the
            document applies it and says what was cut off.
    """

    punkt: PunktParameters = field(default_factory=PunktParameters)
    max_words: int = 50
    max_sentences: int = 64

    def __post_init__(self) -> None:
        """Raises ValueError on limits below one."""
        if self.max_words < 1 or self.max_sentences < 1:
            raise ValueError(
                f"max_words={self.max_words} and max_sentences={self.max_sentences} must be >= 1"
            )

    def __call__(self, text: str, limit: int | None = None) -> tuple[Sentence, ...]:
        """The sentences of a text that hold a word, with offsets into the text as given.

        Args:
            text: anything, markup and control characters included.
            limit: stop after so many sentences (a hostile megabyte costs no more than a page);
                all by default.

        Returns:
            Sentences of at most ``max_words`` tokens, in order.
        """
        cleaned, offsets = clean(text)
        lowered = _lower(cleaned)
        sentences: list[Sentence] = []
        for start, end in self._sentence_spans(cleaned):
            if limit is not None and len(sentences) >= limit:
                break
            found = list(_WORD.finditer(lowered, start, end))
            for first in range(0, len(found), self.max_words):
                part = found[first : first + self.max_words]
                spans = [match.span() for match in part]
                # The pieces of a long sentence meet without a gap.
                left = start if first == 0 else spans[0][0]
                rest = found[first + self.max_words : first + self.max_words + 1]
                right = rest[0].start() if rest else end
                right = left + len(cleaned[left:right].rstrip())
                if offsets is not None:
                    spans = [(int(offsets[a, 0]), int(offsets[b - 1, 1])) for a, b in spans]
                    left, right = int(offsets[left, 0]), int(offsets[right - 1, 1])
                tokens = tuple(_NORMALISED[match.group()] for match in part)
                sentences.append(Sentence(left, right, tokens, tuple(spans)))
        return tuple(sentences[:limit])

    def token_lists(self, text: str) -> list[list[str]]:
        """The tokens of :meth:`__call__` without offsets, several times as fast."""
        cleaned, _ = clean(text)
        lowered = _lower(cleaned)
        result = []
        for start, end in self._sentence_spans(cleaned):
            found = _words_of(lowered[start:end])
            for first in range(0, len(found), self.max_words):
                result.append(found[first : first + self.max_words])
        return result

    def _sentence_spans(self, cleaned: str) -> Iterator[tuple[int, int]]:
        for line in _LINE.finditer(cleaned):
            for base, after in _stretches(cleaned, line.start(), line.end()):
                piece = cleaned[base:after]
                if not _WORD.search(_lower(piece)):
                    continue
                cuts = [match.end() for match in _MISSING_SPACE.finditer(piece)]
                passed = 0
                for start, end in sentence_spans(piece, self.punkt):
                    while passed < len(cuts) and cuts[passed] < end:
                        if cuts[passed] > start:
                            yield base + start, base + cuts[passed]
                            start = cuts[passed]
                        passed += 1
                    yield base + start, base + end

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready content of ``preprocessor.json``."""
        return {
            "format": FORMAT,
            "max_words": self.max_words,
            "max_sentences": self.max_sentences,
            "punkt": self.punkt.to_dict(),
        }

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> "Preprocessor":
        """The inverse of :meth:`to_dict`; raises ValueError on a newer or damaged format."""
        try:
            if content["format"] != FORMAT:
                raise ValueError(
                    f"preprocessor format {content['format']!r} is not {FORMAT}: update dlnlp"
                )
            punkt = PunktParameters.from_dict(content["punkt"])
            return cls(punkt, int(content["max_words"]), int(content["max_sentences"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"the preprocessor lacks or spoils {error}") from error

    def save(self, path: Path) -> None:
        """Write ``preprocessor.json``."""
        path.write_text(json.dumps(self.to_dict(), ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Preprocessor":
        """Read what :meth:`save` wrote; raises ValueError that names the file."""
        try:
            return cls.from_dict(json.loads(path.read_text(encoding="utf-8")))
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
