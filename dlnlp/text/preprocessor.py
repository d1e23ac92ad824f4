"""The one path from text to tokens: clean, split into sentences, split into words.

Training, the pages and the command line all call :class:`Preprocessor`; nothing else in the
project cuts text. It knows no vocabulary and no padding.

Cleaning is :mod:`dlnlp.text.cleaning`. Sentences come from Punkt (Kiss & Strunk 2006, "Unsupervised
Multilingual Sentence Boundary Detection") with NLTK's algorithm (:mod:`dlnlp.text.punkt`); its
parameters are learned from the training texts (:mod:`train.corpora.punkt_training`) and shipped
with the weights, so that nothing is downloaded. What is known of English
(:mod:`dlnlp.text.english`) goes before what was learned. Words are :mod:`dlnlp.text.words`. Which
of these a network was trained with is written in its ``preprocessor.json``
(:mod:`dlnlp.text.rules`).
``python -m benchmarks.tokenization`` measures both against NLTK's.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from dlnlp.text.cleaning import clean
from dlnlp.text.plain_lines import PlainLines
from dlnlp.text.punkt import PunktParameters
from dlnlp.text.rules import ENGLISH, LEARNED, RULES, TextRules
from dlnlp.text.sentences import SentenceSplitter
from dlnlp.text.words import lower

# Format 1 names no rules: it was written when there was one set of them.
FORMATS = (1, 2)
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


@dataclass(frozen=True)
class Preprocessor:
    """Text to sentences of normalised words.

    Attributes:
        punkt: parameters of the sentence splitter.
        max_words: a longer sentence continues in a next :class:`Sentence`; nothing is dropped.
        max_sentences: how many sentences of a document the network reads; whoever encodes the
            document applies it and says what was cut off.
        rules: by which sentences and words are found.
    """

    punkt: PunktParameters = field(default_factory=PunktParameters)
    max_words: int = 50
    max_sentences: int = 64
    rules: TextRules = ENGLISH

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
        cleaned, offsets = clean(text, typography=self.rules.english)
        alike, lowered = self.rules.words.alike, lower(cleaned)
        sentences: list[Sentence] = []
        for start, end in self._sentence_spans(cleaned):
            if limit is not None and len(sentences) >= limit:
                break
            found = list(self.rules.words.pattern.finditer(lowered, start, end))
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
                tokens = tuple(alike[match.group()] for match in part)
                sentences.append(Sentence(left, right, tokens, tuple(spans)))
        return tuple(sentences[:limit])

    def token_lists(self, text: str) -> list[list[str]]:
        """The tokens of :meth:`__call__` without offsets, several times as fast."""
        cleaned, _ = clean(text, typography=self.rules.english)
        result: list[list[str]] = []
        for line in cleaned.split("\n"):
            if len(line) <= _LONGEST_LINE and self._plain_lines.takes(line):
                sentences = self._plain_lines.sentences(line)
            else:
                lowered = lower(line)
                spans = self._line_spans(line, 0, len(line))
                sentences = (
                    self.rules.words.in_lowered(lowered[start:end]) for start, end in spans
                )
            for found in sentences:
                if len(found) > self.max_words:
                    firsts = range(0, len(found), self.max_words)
                    result += [found[first : first + self.max_words] for first in firsts]
                elif found:
                    result.append(found)
        return result

    @cached_property
    def _plain_lines(self) -> PlainLines:
        return PlainLines(self._splitter, self.rules.words)

    @cached_property
    def _splitter(self) -> SentenceSplitter:
        return SentenceSplitter(self.punkt, self.rules.english)

    def _sentence_spans(self, cleaned: str) -> Iterator[tuple[int, int]]:
        for line in _LINE.finditer(cleaned):
            yield from self._line_spans(cleaned, *line.span())

    def _line_spans(self, cleaned: str, first: int, last: int) -> Iterator[tuple[int, int]]:
        for base, after in _stretches(cleaned, first, last):
            piece = cleaned[base:after]
            if self.rules.words.pattern.search(lower(piece)):
                for start, end in self._splitter.spans(piece):
                    yield base + start, base + end

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready content of ``preprocessor.json``."""
        named = {"format": 1} if self.rules == LEARNED else {"format": 2, "rules": self.rules.name}
        return {
            **named,
            "max_words": self.max_words,
            "max_sentences": self.max_sentences,
            "punkt": self.punkt.to_dict(),
        }

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> "Preprocessor":
        """The inverse of :meth:`to_dict`; raises ValueError on a newer or damaged format."""
        try:
            if content["format"] not in FORMATS:
                raise ValueError(
                    f"preprocessor format {content['format']!r} is none of {FORMATS}: update dlnlp"
                )
            name = content["rules"] if content["format"] > 1 else LEARNED.name
            if name not in RULES:
                raise ValueError(
                    f"preprocessor rules {name!r} are none of {', '.join(RULES)}: update dlnlp"
                )
            punkt = PunktParameters.from_dict(content["punkt"])
            limits = int(content["max_words"]), int(content["max_sentences"])
            return cls(punkt, *limits, RULES[name])
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
