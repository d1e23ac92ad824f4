import errno
import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from dlnlp.datasets import (
    DATASETS,
    DatasetError,
    DownloadCancelled,
    download,
    downloading,
    locate,
    registry,
)

CONTENT = bytes(range(256)) * 8192  # 2 MiB: several chunks
NAME = "mnist.npz"


class Server(ThreadingHTTPServer):
    """Serves `content` for any path and remembers the Range headers it was asked with."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = CONTENT
        self.ranges = True
        self.status = 0
        self.send_length = True
        self.sent_at_most: int | None = None
        self.shift = 0
        self.asked: list[str | None] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what some tests are about."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *arguments: Any) -> None:
        pass

    def do_GET(self) -> None:
        server = self.server
        wanted = self.headers["Range"]
        server.asked.append(wanted)
        total = len(server.content)
        start = 0
        if server.status:
            self.send_error(server.status)
            return
        if wanted and server.ranges:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            if start >= total:
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{total}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(206)
            told = start + server.shift
            self.send_header("Content-Range", f"bytes {told}-{total - 1}/{total}")
        else:
            self.send_response(200)
        if server.send_length:
            self.send_header("Content-Length", str(total - start))
        self.end_headers()
        self.wfile.write(server.content[start:][: server.sent_at_most])


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def cache(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, with the data sets' addresses on the test's own server."""
    address = f"http://127.0.0.1:{server.server_port}"
    checksum = ("sha256", hashlib.sha256(CONTENT).hexdigest())
    here = {
        "mnist": replace(DATASETS["mnist"], url=f"{address}/mnist.npz", checksum=checksum),
        "amazon_full": replace(DATASETS["amazon_full"], url=f"{address}/amazon.tgz"),
        "reviews5": DATASETS["reviews5"],
    }
    monkeypatch.setattr(registry, "DATASETS", here)
    monkeypatch.setenv("DLNLP_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("DLNLP_DATA", raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return tmp_path / "cache"


def hold(cache: Path, content: bytes) -> Path:
    cache.mkdir()
    part = cache / f"{NAME}.part"
    part.write_bytes(content)
    return part


def test_download_verifies_reports_and_is_found_afterwards(cache: Path, server: Server) -> None:
    progress: list[tuple[int, int | None]] = []
    path = download("mnist", lambda done, total: progress.append((done, total)))
    assert path == cache / NAME
    assert path.read_bytes() == CONTENT
    assert not (cache / f"{NAME}.part").exists()
    assert progress[0][0] == 0
    assert progress[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _ in progress] == sorted(done for done, _ in progress)
    assert download("mnist") == locate("mnist") == path
    assert server.asked == [None]


def test_resume_asks_only_for_the_rest(cache: Path, server: Server) -> None:
    hold(cache, CONTENT[:1_000_000])
    progress: list[int] = []
    assert download("mnist", lambda done, _: progress.append(done)).read_bytes() == CONTENT
    assert server.asked == ["bytes=1000000-"]
    assert progress[0] == 1_000_000


def test_resume_restarts_when_the_server_ignores_ranges(cache: Path, server: Server) -> None:
    server.ranges = False
    hold(cache, b"x" * (len(CONTENT) + 5))
    assert download("mnist").read_bytes() == CONTENT


@pytest.mark.parametrize(("extra", "requests"), [(b"", 1), (b"too long", 2)])
def test_resume_of_all_bytes_needs_no_more(
    cache: Path, server: Server, extra: bytes, requests: int
) -> None:
    hold(cache, CONTENT + extra)
    assert download("mnist").read_bytes() == CONTENT
    assert len(server.asked) == requests


def test_a_resumed_answer_from_elsewhere_is_refused(cache: Path, server: Server) -> None:
    server.shift = 1
    hold(cache, CONTENT[:1000])
    with pytest.raises(DatasetError, match="did not continue from byte 1,000"):
        download("mnist")


def test_a_lost_connection_keeps_what_came(cache: Path, server: Server) -> None:
    server.sent_at_most = 700_000
    with pytest.raises(DatasetError, match="was lost .* continues where it stopped"):
        download("mnist")
    assert (cache / f"{NAME}.part").read_bytes() == CONTENT[:700_000]
    server.sent_at_most = None
    assert download("mnist").read_bytes() == CONTENT
    assert server.asked == [None, "bytes=700000-"]


def test_cancel_keeps_what_came_and_the_next_download_continues(
    cache: Path, server: Server
) -> None:
    answers = iter([False, False, True])
    with pytest.raises(DownloadCancelled):
        download("mnist", cancelled=lambda: next(answers))
    held = (cache / f"{NAME}.part").stat().st_size
    assert 0 < held < len(CONTENT)
    assert not (cache / NAME).exists()
    assert download("mnist").read_bytes() == CONTENT
    assert server.asked == [None, f"bytes={held}-"]


def test_what_the_progress_callback_raises_passes_through(cache: Path) -> None:
    def stop(done: int, total: int | None) -> None:
        raise KeyError(done)

    with pytest.raises(KeyError):
        download("mnist", stop)
    assert download("mnist").read_bytes() == CONTENT  # the lock is free


def test_a_wrong_checksum_deletes_the_file(cache: Path, server: Server) -> None:
    server.content = CONTENT[:-1] + b"x"
    with pytest.raises(DatasetError, match=r"is not the published file \(its sha256 is .* deleted"):
        download("mnist")
    assert [each.name for each in cache.iterdir()] == [f"{NAME}.lock"]


def test_without_a_checksum_the_gzip_stream_is_verified(cache: Path, server: Server) -> None:
    server.content = gzip.compress(b"rows" * 1000)[:-3]
    with pytest.raises(DatasetError, match="is not the published file .* deleted"):
        download("amazon_full")
    assert [each.name for each in cache.iterdir()] == ["amazon_review_full_csv.tgz.lock"]
    server.content = gzip.compress(b"rows" * 1000)
    server.send_length = False
    assert download("amazon_full").read_bytes() == server.content


def test_refusals_of_the_server_and_missing_servers_are_one_error(
    cache: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.status = 503
    with pytest.raises(DatasetError, match=r"mnist\.npz answered 503 .*DLNLP_DATA"):
        download("mnist")
    nowhere = replace(DATASETS["mnist"], url="http://127.0.0.1:1/mnist.npz")
    monkeypatch.setitem(registry.DATASETS, "mnist", nowhere)
    with pytest.raises(DatasetError, match=r"cannot be reached .*check the connection"):
        download("mnist")
    with pytest.raises(DatasetError, match="reviews5 has no published address"):
        download("reviews5")


def test_a_silent_server_times_out(
    cache: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading, "TIMEOUT_SECONDS", 0.2)
    silence = threading.Event()
    monkeypatch.setattr(Handler, "end_headers", lambda self: silence.wait(5))
    with pytest.raises(DatasetError, match=r"cannot be reached .*timed out"):
        download("mnist")
    silence.set()


def test_a_full_disk_is_one_error(
    cache: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as context:
        context.setattr(os, "fsync", full)
        with pytest.raises(DatasetError, match="No space left on device.*DLNLP_CACHE"):
            download("mnist")
    assert (cache / f"{NAME}.part").exists()
    assert download("mnist").read_bytes() == CONTENT


def test_too_little_space_is_told_before_the_download(
    cache: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(9, 9, 1000))
    with pytest.raises(DatasetError, match=r"needs 2,097,152 bytes .* 1,000 are free"):
        download("mnist")


def test_a_cache_that_cannot_be_made_is_one_error(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.write_bytes(b"a file in the way")
    with pytest.raises(DatasetError, match="could not be written .* DLNLP_CACHE"):
        download("mnist")


def test_downloads_at_once_fetch_the_file_once(cache: Path, server: Server) -> None:
    paths: list[Path] = []
    threads = [threading.Thread(target=lambda: paths.append(download("mnist"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert paths == [cache / NAME] * 4
    assert paths[0].read_bytes() == CONTENT
    assert server.asked == [None]


def test_another_process_that_downloads_is_waited_for(cache: Path, server: Server) -> None:
    cache.mkdir()
    lock = cache / f"{NAME}.lock"
    code = (
        "import sys; from filelock import FileLock\n"
        "with FileLock(sys.argv[1]): print(True, flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        answers = iter([False, True])
        with pytest.raises(DownloadCancelled):
            download("mnist", cancelled=lambda: next(answers))
        assert server.asked == []
        other.kill()  # the operating system drops the lock of a process that dies
    assert download("mnist").read_bytes() == CONTENT
