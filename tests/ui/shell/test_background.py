"""Downloads run beside the page and stop when asked."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dlnlp import datasets
from dlnlp.ui.shell.background import Download


def wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end, "waited for too long"
        time.sleep(0.01)


def test_progress_and_cancel(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def download(name: str, progress: Callable, cancelled: Callable[[], bool]) -> Path:
        calls.append(name)
        progress(10, 100)
        wait(cancelled)
        raise datasets.DownloadCancelled(name)

    monkeypatch.setattr(datasets, "download", download)
    job = Download("imdb")
    assert not job.running
    job.start()
    job.start()  # a second visitor joins
    wait(lambda: job.done == 10)
    assert job.running and job.total == 100
    job.cancel()
    wait(lambda: not job.running)
    assert calls == ["imdb"] and job.error == ""


def test_failure_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def download(name: str, progress: Callable, cancelled: Callable[[], bool]) -> Path:
        raise datasets.DatasetError("The checksum is wrong.")

    monkeypatch.setattr(datasets, "download", download)
    job = Download("imdb")
    job.start()
    wait(lambda: not job.running)
    assert job.error == "The checksum is wrong."
    assert not any(thread.name == "download imdb" for thread in threading.enumerate())
