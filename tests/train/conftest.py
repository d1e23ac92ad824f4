"""Small archives, and corpora prepared from them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

import train.corpora.encoding
import train.corpora.preparation
import train.texts.han_training
from dlnlp.corpus import Corpus
from dlnlp.corpus.packing import BatchShape
from tests.train.archives import write_imdb, write_stars

SIZES = {"embedding_dim": 8, "min_count": 2, "word_vector_epochs": 2}
SHAPE = BatchShape(rows=16, grid_rows=3, documents=24, distinct=512)


@contextmanager
def small_settings(folder: Path) -> Iterator[None]:
    """The archives in `folder`, batches of a size for them, and threads in place of processes.

    JAX, which other tests have loaded, and a forked process do not go together; `test_prepare.py`
    runs the command with processes.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DLNLP_DATA", str(folder))
        patched.setattr(train.corpora.encoding, "ProcessPoolExecutor", ThreadPoolExecutor)
        patched.setattr(train.corpora.encoding, "CHUNK", 32)
        patched.setattr(train.texts.han_training, "SHAPE", SHAPE)
        patched.setattr(train.texts.han_training, "SMALL_SHAPE", SHAPE)
        yield


@pytest.fixture(scope="session")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both archives."""
    folder = tmp_path_factory.mktemp("archives")
    write_stars(folder)
    write_imdb(folder)
    return folder


@pytest.fixture(scope="module", autouse=True)
def settings_of_these_tests(archives: Path) -> Iterator[None]:
    """What the tests of this folder run under, and no others."""
    with small_settings(archives):
        yield


@pytest.fixture(scope="session")
def star_corpus(archives: Path, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The star reviews, prepared."""
    path = tmp_path_factory.mktemp("corpora") / "reviews5"
    with small_settings(archives):
        settings = train.corpora.preparation.Settings(**SIZES)
        return train.corpora.preparation.prepare("reviews5", path, workers=1, settings=settings)


@pytest.fixture(scope="session")
def imdb_corpus(archives: Path, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The film reviews, prepared."""
    path = tmp_path_factory.mktemp("corpora") / "imdb"
    with small_settings(archives):
        settings = train.corpora.preparation.Settings(**SIZES)
        return train.corpora.preparation.prepare("imdb", path, workers=1, settings=settings)
