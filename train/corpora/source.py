"""How texts are divided into train, validation, test and unlabelled: data sets that are published.

Tables of one's own are :mod:`train.corpora.own_source`.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path

from dlnlp import datasets
from dlnlp.datasets import BadRow, Review
from train.corpora.sizes import VALIDATION_SHARE

Splits = Mapping[str, Callable[[], Iterator[Review]]]


class Source(ABC):
    """Texts by split, each time read anew.

    Attributes:
        name: name of the corpus.
        class_names: names of the classes in the order of `Review.label`.
        held_out: how validation is chosen, as part of a sentence: "by film".
        origin: where the texts come from, for error messages.
        bad_rows: place and reason of each row that could not be read.
    """

    name: str
    class_names: tuple[str, ...]
    held_out: str
    origin: str

    def __init__(self, report: Callable[[str], None]) -> None:
        self.report = report
        self.bad_rows: set[tuple[str, str]] = set()

    @abstractmethod
    def splits(self) -> Splits:
        """What reads each split: train, validation, test, and unsup where there is one."""

    def bad(self, where: str, reason: str) -> None:
        """Note and report a row that could not be read; once, as texts are read several times."""
        if (where, reason) not in self.bad_rows:
            self.bad_rows.add((where, reason))
            self.report(f"skipped {where}: {reason}")


def share_of(key: str) -> float:
    """A number from 0 to below 1 that belongs to a text: SHA-256 decides, not order nor seed."""
    digest = hashlib.sha256(key.encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def is_validation(dataset: str, review: Review) -> bool:
    """Whether a document of the published train split is held out for validation.

    Decided by the film where there is one (IMDB), else by the text, so that copies of a text stay
    on one side.
    """
    key = review.group if dataset == "imdb" else review.text
    return share_of(key) < VALIDATION_SHARE[dataset]


class PublishedSource(Source):
    """Reads a published data set's splits as the corpus divides them.

    Args:
        dataset: its name.
        path: its archive.
        report: called with a sentence for each row that is skipped.
    """

    def __init__(self, dataset: str, path: Path, report: Callable[[str], None]) -> None:
        super().__init__(report)
        self.name, self.path = dataset, path
        self.class_names = tuple(datasets.DATASETS[dataset].class_names)
        self.held_out = "by film" if dataset == "imdb" else "by hash of the text"
        self.origin = f"the archive of {dataset}, {path}"

    def splits(self) -> Splits:
        """As :meth:`Source.splits`."""
        found: dict[str, Callable[[], Iterator[Review]]] = {
            "train": self._train,
            "validation": self._validation,
            "test": lambda: self._reviews("test"),
        }
        return found | ({"unsup": self._unlabelled} if self.name == "imdb" else {})

    def _bad(self, row: BadRow) -> None:
        self.bad(row.where, row.problem)

    def _reviews(self, published: str) -> Iterator[Review]:
        return datasets.iterate(self.name, published, path=self.path, on_bad_row=self._bad)

    def _train(self) -> Iterator[Review]:
        return (r for r in self._reviews("train") if not is_validation(self.name, r))

    def _validation(self) -> Iterator[Review]:
        return (r for r in self._reviews("train") if is_validation(self.name, r))

    def _unlabelled(self) -> Iterator[Review]:
        """Reviews without labels, less those whose text is in validation or test too."""
        held_out = {_digest(r) for r in chain(self._validation(), self._reviews("test"))}
        return (r for r in self._reviews("unsup") if _digest(r) not in held_out)


def _digest(review: Review) -> bytes:
    return hashlib.sha256(review.text.encode("utf-8", "replace")).digest()
