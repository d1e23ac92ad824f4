"""Words of the sentences of plain lines, the quick path for corpora.

Where a sentence ends depends, for almost every stretch of text without white space (``great.``,
``film``, ``end.(Yes)``), on that stretch alone, and else on the one that follows as well
(``Mr. Bell``, ``5. Street``). So :class:`dlnlp.text.sentences.SentenceSplitter` is asked once
for each, and its answer looked up from then on. Closing quotes and brackets, which belong to the
sentence before them, hold no words: here they may stay where they are.
"""

import re
from collections.abc import Iterator
from itertools import chain

from dlnlp.text.punkt import NON_WORD
from dlnlp.text.sentences import SentenceSplitter
from dlnlp.text.words import Remembered, Words

# Without capitals: marks at which a sentence may end, and such as always end one.
_MAY_END = re.compile(rf"[.?!](?:$|{NON_WORD}|(?<=[a-z)].)[a-z])")
_ENDS = re.compile(r"[^.?!]+[?!]+")
# Neither can be a word: words hold no white space.
_END = "\n"
_DEPENDS = ("\r",)


class PlainLines:
    """Cuts lines of ASCII that hold no white space but blanks.

    Args:
        splitter: what decides where a sentence ends.
        words: what counts as a word.
    """

    def __init__(self, splitter: SentenceSplitter, words: Words) -> None:
        self._splitter = splitter
        self._words = words.in_stretch
        self._alone = Remembered(self._cut_alone)
        self._followed = Remembered(self._cut_followed)

    @staticmethod
    def takes(line: str) -> bool:
        """Whether a line is plain."""
        return line.isascii() and line.isprintable()

    def sentences(self, line: str) -> Iterator[list[str]]:
        """The words of each sentence of a plain line, of at least one word."""
        stretches = line.lower().split()
        found = list(map(self._alone.__getitem__, stretches))
        if stretches and not stretches[-1][-2:].strip("!?"):  # a line's last mark ends nothing
            found[-1] = _DEPENDS
        if _DEPENDS in found:
            self._decide(found, [*line.split(), ""])
        flat = [*chain.from_iterable(found), _END]
        start = 0
        for _ in range(flat.count(_END)):
            end = flat.index(_END, start)
            if start < end:
                yield flat[start:end]
            start = end + 1

    def _decide(self, found: list[tuple[str, ...]], stretches: list[str]) -> None:
        place = 0
        for _ in range(found.count(_DEPENDS)):
            place = found.index(_DEPENDS, place)
            found[place] = self._followed[f"{stretches[place]} {stretches[place + 1]}"]

    def _cut_alone(self, lowered: str) -> tuple[str, ...]:
        """Words of a stretch that another follows, with the end of a sentence."""
        if not _MAY_END.search(lowered):
            return self._words(lowered)
        if _ENDS.fullmatch(lowered) or (
            lowered[-1] == "." and self._splitter.ends_plainly(lowered[:-1])
        ):
            return (*self._words(lowered), _END)
        return _DEPENDS

    def _cut_followed(self, pair: str) -> tuple[str, ...]:
        """The same of a stretch with capitals, and the next; that is empty at the line's end."""
        stretch, following = pair.split(" ")
        found: list[str] = []
        start = 0
        for end in (*self._splitter.ends(stretch, following), len(stretch)):
            found += [*self._words(stretch[start:end].lower()), _END]
            start = end
        return tuple(found[:-1])
