"""The data sets that dlnlp knows: file names, published addresses, checksums, splits.

Knows nothing about the network or about what is inside an archive.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dlnlp.errors import UserError


class DatasetError(UserError):
    """One clear sentence: which file or data set, what is wrong, and the remedy."""


@dataclass(frozen=True)
class DatasetSpec:
    """What is known about a data set before its file is opened.

    Attributes:
        name: Key in `DATASETS`.
        file_name: Published name of the file, under which it is found and stored.
        folder: Top folder inside the archive; "" when the file is no archive of texts.
        url: Published address, or None when there is none.
        checksum: (algorithm, hexadecimal digest) of the published file, or None when unknown.
            Verified when downloading, never when finding.
        size_bytes: Size of the published file, or None when unknown.
        class_names: Names of the classes, in the order of `Review.label`.
        row_counts: Number of records of each split in the published file.
        has_sources: Whether each split has a `SPLIT_sources.csv` next to its `SPLIT.csv`.
        note: Source, citation and terms of use, for a model card.
    """

    name: str
    file_name: str
    folder: str
    url: str | None
    checksum: tuple[str, str] | None
    size_bytes: int | None
    class_names: tuple[str, ...]
    row_counts: Mapping[str, int]
    note: str
    has_sources: bool = False

    @property
    def splits(self) -> tuple[str, ...]:
        """Names of the splits, such as ("train", "test")."""
        return tuple(self.row_counts)


_STARS = ("1 star", "2 stars", "3 stars", "4 stars", "5 stars")

_SPECS = (
    DatasetSpec(
        name="reviews5",
        file_name="reviews5_csv.tar.gz",
        folder="reviews5_csv",
        url=None,
        checksum=None,
        size_bytes=None,
        class_names=_STARS,
        row_counts=MappingProxyType({"train": 216_505, "test": 18_839}),
        note=(
            "English reviews with 1 to 5 stars from fifteen public collections, in the format of "
            "amazon_review_full_csv; third-party text, for research only."
        ),
        has_sources=True,
    ),
    DatasetSpec(
        name="amazon_full",
        file_name="amazon_review_full_csv.tgz",
        folder="amazon_review_full_csv",
        url="https://s3.amazonaws.com/fast-ai-nlp/amazon_review_full_csv.tgz",
        checksum=None,
        size_bytes=None,
        class_names=_STARS,
        row_counts=MappingProxyType({"train": 3_000_000, "test": 650_000}),
        note=(
            "Amazon reviews with 1 to 5 stars (Zhang, Zhao & LeCun 2015, Character-level "
            "Convolutional Networks for Text Classification); third-party text, for research only."
        ),
    ),
    DatasetSpec(
        name="imdb",
        file_name="aclImdb_v1.tar.gz",
        folder="aclImdb",
        url="https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz",
        checksum=("md5", "7c2ac02c03563afcf9b574c7e56c153a"),
        size_bytes=84_125_825,
        class_names=("negative", "positive"),
        row_counts=MappingProxyType({"train": 25_000, "test": 25_000, "unsup": 50_000}),
        note=(
            "Large Movie Review Dataset (Maas et al. 2011, Learning Word Vectors for Sentiment "
            "Analysis); third-party text, for research only."
        ),
    ),
    DatasetSpec(
        name="mnist",
        file_name="mnist.npz",
        folder="",
        url="https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
        checksum=("sha256", "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"),
        size_bytes=11_490_434,
        class_names=tuple("0123456789"),
        row_counts=MappingProxyType({"train": 60_000, "test": 10_000}),
        note="MNIST handwritten digits (LeCun, Cortes & Burges), as packed by Keras.",
    ),
)

DATASETS: Mapping[str, DatasetSpec] = MappingProxyType({spec.name: spec for spec in _SPECS})


def dataset_spec(name: str) -> DatasetSpec:
    """Return the entry of `DATASETS` called `name`.

    Raises:
        DatasetError: There is no such data set.
    """
    if name not in DATASETS:
        raise DatasetError(f"There is no data set {name!r}: choose one of {', '.join(DATASETS)}.")
    return DATASETS[name]
