"""Words of the sentences of plain lines, the quick path for corpora.

Where a sentence ends depends, for almost every stretch of text without white space (``great.``,
``film``, ``end.(Yes)``), on that stretch alone, and else on the one that follows as well
(``Mr. Bell``, ``5. Street``). So what :func:`dlnlp.punkt.sentence_spans` decides is asked once for
each, and looked up from then on. Closing quotes and brackets, which belong to the sentence before
them, hold no words: here they may stay where they are.
"""

import re
from collections.abc import Iterator
from itertools import chain

from dlnlp.punkt import NON_WORD, PunktParameters, ends_plainly, sentence_ends
from dlnlp.words import Remembered, words_of_stretch

# A full stop without white space behind it, as reviewers write ("great.Would buy").
MISSING_SPACE = re.compile(r"[.!?](?<=[a-z)].)(?=[A-Z])")
# Without capitals: marks at which a sentence may end, and such as always end one.
_MAY_END = re.compile(rf"[.?!](?:$|{NON_WORD}|(?<=[a-z)].)[a-z])")
_ENDS = re.compile(r"[^.?!]+[?!]+")
# Neither can be a word: words hold no white space.
_END = "\n"
_DEPENDS = ("\r",)


class PlainLines:
    """Cuts lines of ASCII that hold no white space but blanks.

    Args:
        punkt: parameters of the sentence splitter.
    """

    def __init__(self, punkt: PunktParameters) -> None:
        self._punkt = punkt
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
            return words_of_stretch(lowered)
        if _ENDS.fullmatch(lowered) or (
            lowered[-1] == "." and ends_plainly(lowered[:-1], self._punkt)
        ):
            return (*words_of_stretch(lowered), _END)
        return _DEPENDS

    def _cut_followed(self, pair: str) -> tuple[str, ...]:
        """The same of a stretch with capitals, and the next; that is empty at the line's end."""
        stretch, following = pair.split(" ")
        ends = {match.end() for match in MISSING_SPACE.finditer(stretch)}
        ends.update(sentence_ends(stretch, following, self._punkt))
        found: list[str] = []
        start = 0
        for end in (*sorted(ends), len(stretch)):
            found += [*words_of_stretch(stretch[start:end].lower()), _END]
            start = end
        return tuple(found[:-1])
