"""Reviews of a split in memory, to look words up in them, fetch one by its row or draw one."""

import random
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dlnlp.datasets.records import Review

MAX_TERMS = 5
_SNIPPET = 90  # characters on either side of what was found
_BLOCK_BYTES = 1 << 20
# Bytes of a word: ASCII letters and digits, and every byte of other letters in UTF-8.
_INSIDE = rb"[0-9a-z\x80-\xff]"
_TERM = re.compile(r'"([^"]*)"?|(\S+)')


@dataclass(frozen=True, slots=True)
class Hit:
    """A review that holds what was looked for.

    Attributes:
        row: `Review.row`.
        label: Class index.
        snippet: The text around the first term, on one line.
    """

    row: int
    label: int
    snippet: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Attributes:
        total: Reviews that hold all terms.
        hits: The first of them.
    """

    total: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, eq=False)
class _Block:
    """About a megabyte of texts, end to end, with a zero byte after each."""

    data: bytes
    starts: list[int]  # one for each text, and one for the end

    def holders(self, pattern: re.Pattern[bytes], lowered: bytes) -> Iterator[tuple[int, int]]:
        """Each text that holds the pattern as whole words, and where it does first."""
        at = 0
        while match := pattern.search(lowered, at):
            start = match.start()
            if start and re.match(_INSIDE, lowered[start - 1 : start]):
                at = start + 1
                continue
            number = bisect_right(self.starts, start) - 1
            yield number, start
            at = self.starts[number + 1]


class ReviewStore:
    """Reviews as UTF-8 in blocks of a megabyte: about the size of their texts, and no more.

    They are shuffled once, always alike, so that what a search shows first is no matter of the
    archive's order. May be shared by threads: nothing changes after it is made.

    Args:
        reviews: For example those of a test split.
    """

    def __init__(self, reviews: Iterable[Review]) -> None:
        texts = [(review.row, review.label, _stored(review.text)) for review in reviews]
        texts.sort()
        random.Random(0).shuffle(texts)
        self._rows = [row for row, _, _ in texts]
        self._labels = [label for _, label, _ in texts]
        self._places: dict[int, tuple[int, int]] = {}
        self._blocks: list[_Block] = []
        parts: list[bytes] = []
        starts = [0]
        for number, (row, _, text) in enumerate(texts):
            texts[number] = (row, 0, b"")  # what lies in a block is held once
            self._places[row] = number, len(self._blocks)
            parts += [text, b"\0"]
            starts.append(starts[-1] + len(text) + 1)
            if starts[-1] >= _BLOCK_BYTES or number == len(texts) - 1:
                self._blocks.append(_Block(b"".join(parts), starts))
                parts, starts = [], [0]
        self._firsts = [0]
        for block in self._blocks:
            self._firsts.append(self._firsts[-1] + len(block.starts) - 1)

    def __len__(self) -> int:
        """Number of reviews."""
        return len(self._rows)

    def __contains__(self, row: int) -> bool:
        """Whether there is a review of this `Review.row`."""
        return row in self._places

    def review(self, row: int) -> Review:
        """The review of a row, with line breaks for IMDB's tags; raises KeyError."""
        number, block_number = self._places[row]
        block = self._blocks[block_number]
        inside = number - self._firsts[block_number]
        text = block.data[block.starts[inside] : block.starts[inside + 1] - 1].decode()
        return Review(text, self._labels[number], "", row)

    def draw(self) -> Review:
        """A review at random; raises IndexError when there is none."""
        return self.review(random.SystemRandom().choice(self._rows))

    def search(self, query: str, limit: int = 20) -> Found:
        """The reviews that hold all terms of a query as whole words.

        Args:
            query: Words, and phrases in double quotes; case and punctuation at the ends of terms
                do not matter. Terms of one letter and those after the first MAX_TERMS are left out.
            limit: Hits to return at most.

        Returns:
            How many there are, and the first of them.
        """
        patterns = _patterns(query)
        if not patterns:
            return Found(0, ())
        total = 0
        hits: list[Hit] = []
        for first, block in zip(self._firsts, self._blocks, strict=False):
            lowered = block.data.lower()
            found = dict(block.holders(patterns[0], lowered))
            for pattern in patterns[1:]:
                if not found:
                    break
                also = {number for number, _ in block.holders(pattern, lowered)}
                found = {number: place for number, place in found.items() if number in also}
            total += len(found)
            for number, place in list(found.items())[: max(0, limit - len(hits))]:
                start, end = block.starts[number], block.starts[number + 1] - 1
                snippet = _snippet(block.data[start:end], place - start)
                hits.append(Hit(self._rows[first + number], self._labels[first + number], snippet))
        return Found(total, tuple(hits))


def _stored(text: str) -> bytes:
    return text.replace("<br />", "\n").replace("\0", " ").encode("utf-8", errors="replace")


def _patterns(query: str) -> list[re.Pattern[bytes]]:
    """A pattern for each term that begins with plain bytes, which the search looks for fast."""
    found = []
    for match in _TERM.finditer(query.lower()):
        words = [re.sub(r"^\W+|\W+$", "", word) for word in (match[1] or match[2] or "").split()]
        phrase = rb"\s+".join(re.escape(word.encode(errors="replace")) for word in words if word)
        if len(phrase) > 1:
            found.append(re.compile(phrase + rb"(?!" + _INSIDE + rb")"))
    # The longest term is likely the rarest.
    return sorted(found[:MAX_TERMS], key=lambda pattern: -len(pattern.pattern))


def _snippet(text: bytes, place: int) -> str:
    """The whole words around a place."""
    left, right = max(0, place - _SNIPPET), place + _SNIPPET
    before, after = text[left:place], text[place:right]
    if left:
        before = before.partition(b" ")[2]
    if right < len(text):
        after = after.rpartition(b" ")[0] or after
    around = " ".join((before + after).decode(errors="ignore").split())
    return ("… " if left else "") + around + (" …" if right < len(text) else "")
