"""Find, download and read MNIST's file, IMDB and star reviews (Zhang's CSV format).

Files are found under `$DLNLP_DATA` or in the user's cache, downloaded with resume and checksum,
and read as streams, never unpacked to disk nor held whole in memory. Standard library only; the
reader of MNIST (`dlnlp.datasets.mnist`), which needs NumPy, is imported by itself.
"""

from dlnlp.datasets.downloading import DownloadCancelled, download, locate
from dlnlp.datasets.location import cache_directory, find
from dlnlp.datasets.reading import iterate, read_documents
from dlnlp.datasets.records import Review
from dlnlp.datasets.registry import DATASETS, DatasetError, DatasetSpec
from dlnlp.tables.reader import BadRow

__all__ = [
    "DATASETS",
    "BadRow",
    "DatasetError",
    "DatasetSpec",
    "DownloadCancelled",
    "Review",
    "cache_directory",
    "download",
    "find",
    "iterate",
    "locate",
    "read_documents",
]
