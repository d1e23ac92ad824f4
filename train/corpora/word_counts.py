"""Exact counts of more distinct words than memory should hold."""

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from types import TracebackType

HELD = 200_000


class WordCounts:
    """Adds counts up; what exceeds memory goes to sorted files, which are merged at the end.

    The number of distinct words of a language grows with the text (Heaps' law), mostly by words
    that are seen once. Use as a context manager, which removes the files.

    Args:
        folder: for the files.
        held: distinct words in memory before they are written.
    """

    def __init__(self, folder: Path, held: int = HELD) -> None:
        self._folder, self._held = folder, held
        self._counts: Counter[str] = Counter()
        self._files: list[Path] = []

    def __enter__(self) -> "WordCounts":
        """Return self."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the files."""
        for path in self._files:
            path.unlink(missing_ok=True)

    def update(self, counts: Mapping[str, int]) -> None:
        """Add the counts of some texts."""
        self._counts.update(counts)
        if len(self._counts) > self._held:
            self._files.append(self._folder / f"word_counts_{len(self._files)}.txt")
            with self._files[-1].open("w", encoding="utf-8") as file:
                file.writelines(f"{word} {self._counts[word]}\n" for word in sorted(self._counts))
            self._counts.clear()

    def most_frequent(self, limit: int, min_count: int = 1) -> tuple[dict[str, int], int]:
        """Words and their counts, as ``Vocabulary.build`` orders them.

        Args:
            limit: words at most.
            min_count: rarer words are left out.

        Returns:
            The words with their counts, and the number of distinct words of all texts.
        """
        distinct = 0

        def candidates() -> Iterator[tuple[int, str]]:
            nonlocal distinct
            for word, same in groupby(self._merged(), key=lambda pair: pair[0]):
                distinct += 1
                if (count := sum(n for _, n in same)) >= min_count:
                    yield -count, word

        kept = heapq.nsmallest(limit, candidates())
        return {word: -count for count, word in kept}, distinct

    def _merged(self) -> Iterator[tuple[str, int]]:
        held = ((word, self._counts[word]) for word in sorted(self._counts))
        yield from heapq.merge(held, *map(_read, self._files))


def _read(path: Path) -> Iterator[tuple[str, int]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            word, count = line.rstrip("\n").split(" ")
            yield word, int(count)
