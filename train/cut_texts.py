"""Texts cut into words, kept on disk: cutting takes longer than all else of preparing a corpus.

Counting words cuts every training text. What it found is written here, and encoded later.
"""

import os
import pickle
from collections.abc import Iterable, Iterator
from pathlib import Path

Cut = tuple[int, str, int, list[list[str]]]
"""Label, group, row and sentences of a document."""


def packed(documents: Iterable[Cut]) -> bytes:
    """Some documents as one record; words hold no white space."""
    flat = [
        (label, group, row, [len(s) for s in sentences], " ".join(w for s in sentences for w in s))
        for label, group, row, sentences in documents
    ]
    return pickle.dumps(flat, pickle.HIGHEST_PROTOCOL)


def unpacked(record: bytes) -> Iterator[tuple[int, str, int, list[int], list[str]]]:
    """Label, group, row, words of each sentence, and all words of each document."""
    for label, group, row, lengths, text in pickle.loads(record):  # our own file
        yield label, group, row, lengths, text.split(" ") if text else []


class CutTexts:
    """A file of records, complete or absent.

    Args:
        path: of the file.
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
