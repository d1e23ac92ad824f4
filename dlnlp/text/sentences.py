"""Where the sentences of a line end: Punkt, missing spaces, and what is known of English."""

import re
from collections.abc import Iterator
from functools import partial

from dlnlp.text.english import Addresses, may_be_abbreviation, stop_ends
from dlnlp.text.punkt import (
    Known,
    PunktParameters,
    ends_plainly,
    sentence_ends,
    sentence_spans,
    starts_sentence,
)

# A full stop without white space behind it, as reviewers write ("great.Would buy").
_MISSING_SPACE = re.compile(r"[.!?](?<=[a-z)].)(?=[A-Z])")
# What is known of English needs to see no more of a long word.
_LONGEST_WORD = 100


class SentenceSplitter:
    """Cuts lines into sentences.

    Args:
        punkt: what Punkt learned.
        english: whether abbreviations and addresses of English are known besides.
    """

    def __init__(self, punkt: PunktParameters, english: bool) -> None:
        self._punkt = punkt
        self._english = english

    def spans(self, line: str) -> Iterator[tuple[int, int]]:
        """Spans ``(start, end)`` of the sentences of a text without line breaks."""
        known = self._known_of(line)
        cuts = self._missing_spaces(line, known)
        passed = 0
        for start, end in sentence_spans(line, self._punkt, known):
            while passed < len(cuts) and cuts[passed] < end:
                if cuts[passed] > start:
                    yield start, cuts[passed]
                    start = cuts[passed]
                passed += 1
            yield start, end

    def ends(self, stretch: str, following: str) -> list[int]:
        """Where sentences end in a stretch of text without white space, by its offsets.

        Closing quotes and brackets still count to the next sentence.

        Args:
            stretch: what lies between two white spaces of a line.
            following: the next such stretch; empty where there is none.
        """
        line = f"{stretch} {following}"
        known = self._known_of(line)
        ends = [*self._missing_spaces(line, known), *sentence_ends(line, self._punkt, known)]
        return sorted({end for end in ends if end <= len(stretch)})

    def ends_plainly(self, word: str) -> bool:
        """Whether a full stop after the word ends a sentence whatever follows: most do."""
        return ends_plainly(word, self._punkt) and not (
            self._english and may_be_abbreviation(word.lower())
        )

    def _missing_spaces(self, line: str, known: Known | None) -> list[int]:
        """Offsets at which a sentence begins though a space is missing."""
        found = [match.end() for match in _MISSING_SPACE.finditer(line)]
        if known is None:
            return found
        return [end for end in found if known(_before(line, end - 1), end) is not False]

    def _known_of(self, line: str) -> Known | None:
        return partial(self._known, line, Addresses(line)) if self._english else None

    def _known(self, line: str, addresses: Addresses, before: str, end: int) -> bool | None:
        if line[end] != " " and (line[end] in ".?!" or addresses.hold(end)):
            return False  # inside a run of marks, or an address
        if line[end - 1] != ".":
            return None
        if not before.isalpha():
            before = "".join(before[-_LONGEST_WORD:].split()[-1:])
        return stop_ends(before, line, end, self._starts_sentence)

    def _starts_sentence(self, word: str) -> bool:
        context = self._punkt.ortho_context.get(word.lower(), 0)
        return starts_sentence(word, context) is True


def _before(line: str, end: int) -> str:
    return line[max(0, end - _LONGEST_WORD) : end]
