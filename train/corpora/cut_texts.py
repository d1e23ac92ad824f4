"""Texts cut into words, kept on disk: cutting takes longer than all else of preparing a corpus.

Counting words cuts every training text. What it found is written here, and encoded later. A record
holds some documents: their words once, and each document as positions among these. So words are
counted by NumPy, and looked up in a vocabulary once a record.
"""

import os
import pickle
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Cut = tuple[int, str, int, list[list[str]]]
"""Label, group, row and sentences of a document."""


@dataclass(frozen=True, slots=True)
class CutRecord:
    """Some documents.

    Attributes:
        about: label, group, row and length of each sentence, for each document.
        words: the distinct words, in order of appearance.
        positions: uint32, of all words of all documents one after the other.
    """

    about: list[tuple[int, str, int, list[int]]]
    words: list[str]
    positions: NDArray[np.uint32]

    @classmethod
    def of(cls, documents: Iterable[Cut]) -> "CutRecord":
        """Put documents into a record."""
        about, sentences = [], []
        for label, group, row, cut in documents:
            about.append((label, group, row, [len(sentence) for sentence in cut]))
            sentences += cut
        numbering: defaultdict[str, int] = defaultdict(count().__next__)
        numbers = map(numbering.__getitem__, chain.from_iterable(sentences))
        positions = np.fromiter(numbers, np.uint32)
        return cls(about, list(numbering), positions)

    def counts(self) -> dict[str, int]:
        """How often each word occurs."""
        found = np.bincount(self.positions, minlength=len(self.words))
        return dict(zip(self.words, found.tolist(), strict=True))

    def to_bytes(self) -> bytes:
        """For :class:`CutTexts`."""
        return pickle.dumps(
            (self.about, self.words, self.positions.tobytes()), pickle.HIGHEST_PROTOCOL
        )

    @classmethod
    def from_bytes(cls, stored: bytes) -> "CutRecord":
        """The inverse of :meth:`to_bytes`, for our own files."""
        about, words, positions = pickle.loads(stored)
        return cls(about, words, np.frombuffer(positions, np.uint32))


class CutTexts:
    """A file of records, complete or absent.

    Args:
        path: path of the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, records: Iterable[bytes]) -> None:
        """Write all records; the file appears when there are no more."""
        partial = self.path.with_name(self.path.name + ".partial")
        with partial.open("wb") as file:
            for record in records:
                file.write(len(record).to_bytes(8, "little"))
                file.write(record)
        os.replace(partial, self.path)

    def __iter__(self) -> Iterator[bytes]:
        """The records, one in memory at a time."""
        with self.path.open("rb") as file:
            while size := file.read(8):
                yield file.read(int.from_bytes(size, "little"))
