"""How the project divides a data set into train, validation, test and unlabelled text."""

import hashlib
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from dlnlp import datasets
from dlnlp.datasets import BadRow, Review
from train.corpora.sizes import VALIDATION_SHARE


def is_validation(dataset: str, review: Review) -> bool:
    """Whether a document of the published train split is held out for validation.

    Decided by SHA-256 of the film where there is one (IMDB), else of the text, so that neither
    order nor seed matters and copies of a text stay on one side.
    """
    key = review.group if dataset == "imdb" else review.text
    draw = int.from_bytes(hashlib.sha256(key.encode("utf-8", "replace")).digest()[:8], "big")
    return draw / 2**64 < VALIDATION_SHARE[dataset]


class Source:
    """Reads a data set's splits as the corpus divides them.

    Attributes:
        bad_rows: place and reason of each row that could not be read.
    """

    def __init__(self, dataset: str, path: Path, report: Callable[[str], None]) -> None:
        self.dataset, self.path, self.report = dataset, path, report
        self.bad_rows: set[tuple[str, str]] = set()

    def _bad(self, row: BadRow) -> None:
        if (row.where, row.reason) not in self.bad_rows:  # an archive is read several times
            self.bad_rows.add((row.where, row.reason))
            self.report(f"skipped {row.where}: {row.reason}")

    def reviews(self, published: str) -> Iterator[Review]:
        """All documents of a published split."""
        return datasets.iterate(self.dataset, published, path=self.path, on_bad_row=self._bad)

    def train(self) -> Iterator[Review]:
        """Published train without validation."""
        return (r for r in self.reviews("train") if not is_validation(self.dataset, r))

    def validation(self) -> Iterator[Review]:
        """What is held out of published train."""
        return (r for r in self.reviews("train") if is_validation(self.dataset, r))

    def splits(self) -> dict[str, Callable[[], Iterator[Review]]]:
        """What reads each split of a corpus."""
        found: dict[str, Callable[[], Iterator[Review]]] = {
            "train": self.train,
            "validation": self.validation,
            "test": lambda: self.reviews("test"),
        }
        if self.dataset == "imdb":
            found["unsup"] = self.unlabelled
        return found

    def unlabelled(self) -> Iterator[Review]:
        """IMDB's reviews without labels, less those whose text is in validation or test too."""
        if self.dataset == "imdb":
            held_out = {_digest(r) for r in chain(self.validation(), self.reviews("test"))}
            yield from (r for r in self.reviews("unsup") if _digest(r) not in held_out)


def _digest(review: Review) -> bytes:
    return hashlib.sha256(review.text.encode("utf-8", "replace")).digest()
