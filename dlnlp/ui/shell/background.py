"""Slow work beside the page: reading the texts of a map, fetching a data set. One job a process."""

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from dlnlp import datasets
from dlnlp.logs import logged

# The longest review that a list of neighbours unfolds; keeps thousands of texts in a few megabytes.
MAX_CHARACTERS = 4_000


@dataclass
class Download:
    """A download that any session may start, watch and cancel.

    Attributes:
        done: Bytes so far.
        total: Bytes in all, None when unknown.
        error: One sentence, empty while all is well.
    """

    dataset: str
    done: int = 0
    total: int | None = None
    error: str = ""
    _cancel: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def running(self) -> bool:
        """Whether bytes are on their way."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Start, unless it runs already."""
        with self._lock:
            if self.running:
                return
            self.done, self.error = 0, ""
            self._cancel.clear()
            self._thread = threading.Thread(
                target=self._run, name=f"download {self.dataset}", daemon=True
            )
            self._thread.start()

    def cancel(self) -> None:
        """Ask it to stop; it does at the next block."""
        self._cancel.set()

    def _progress(self, done: int, total: int | None) -> None:
        self.done, self.total = done, total

    def _run(self) -> None:
        try:
            datasets.download(self.dataset, self._progress, self._cancel.is_set)
        except datasets.DownloadCancelled:
            pass
        except (datasets.DatasetError, OSError) as error:
            logging.getLogger(__name__).exception("the download of %s failed", self.dataset)
            self.error = str(error)


@st.cache_resource(show_spinner=False)
def download_of(dataset: str) -> Download:
    """The one download of a data set in this process."""
    return Download(dataset)


@st.cache_resource(show_spinner=False)
def _reader() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="read documents")


def _read(dataset: str, rows: tuple[int, ...], path: Path) -> dict[int, str]:
    found = datasets.read_documents(dataset, "test", rows, path=path)
    return {row: review.text[: MAX_CHARACTERS + 1] for row, review in found.items()}


@st.cache_resource(max_entries=4, show_spinner=False)
def document_texts(
    dataset: str, path: str, modified: float, _rows: tuple[int, ...], model: str
) -> Future[dict[int, str]]:
    """Texts of all documents of a map, read once in the background.

    Args:
        dataset: Name of the data set.
        path: Its file, as found on this machine.
        modified: The file's time of change: a new file is read again.
        _rows: Rows of the test split; not hashed, `model` stands for them.
        model: Name of the model with the map.

    Returns:
        A future of texts by row, each cut after MAX_CHARACTERS + 1 characters.
    """
    return _reader().submit(logged(_read), dataset, _rows, Path(path))
