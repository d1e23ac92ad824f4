"""Downloads into the user's cache: resumed, verified, safe against a second process."""

import gzip
import hashlib
import http.client
import os
import re
import shutil
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from dlnlp.datasets.location import cache_directory, find
from dlnlp.datasets.registry import DatasetError, DatasetSpec, dataset_spec

TIMEOUT_SECONDS = 30.0
_CHUNK = 1 << 18
_PROGRESS_SECONDS = 0.1

Progress = Callable[[int, int | None], None]
"""Called with the bytes on disk and the bytes in all (None: not known)."""


class DownloadCancelled(Exception):
    """The caller's `cancelled` said so; what was downloaded is kept for the next attempt."""


def locate(name: str, progress: Progress | None = None) -> Path:
    """Return the file of data set `name`: `find` it, else `download` it.

    Raises:
        DatasetError: It is not here and cannot be downloaded.
    """
    return find(name) or download(name, progress)


def download(
    name: str,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Path:
    """Download data set `name` into the cache and return its path; at once if it is there.

    An interrupted download leaves `FILE.part`, which the next one continues. The file appears
    under its own name only after its checksum was verified, or, where none is published, the one
    inside its gzip stream. While another process downloads the same file, this one waits for it.

    Args:
        name: Key in `DATASETS`.
        progress: Called about ten times a second, at the beginning and at the end.
        cancelled: Asked about as often as data arrive; True ends the download.

    Raises:
        DatasetError: No address, no connection, no space, or a file that fails verification.
        DownloadCancelled: `cancelled` returned True.
    """
    spec = dataset_spec(name)
    target = cache_directory() / spec.file_name
    if target.is_file():
        return target
    if spec.url is None:
        raise DatasetError(
            f"{name} has no published address: put {spec.file_name} into a folder and set "
            "DLNLP_DATA to that folder."
        )
    report = progress or (lambda done, total: None)
    stopped = cancelled or (lambda: False)
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # The empty file stays: removing it would let two holders lock two files of one name.
        lock = FileLock(target.with_name(target.name + ".lock"))
        while not _acquired(lock):
            _stop_if(stopped, spec)
            report(part.stat().st_size if part.is_file() else 0, spec.size_bytes)
            time.sleep(_PROGRESS_SECONDS)
        try:
            if not target.is_file():
                _fetch(spec, part, report, stopped)
                _verify(spec, part, stopped)
                os.replace(part, target)
        finally:
            lock.release()
    except OSError as error:
        raise DatasetError(
            f"{target} could not be written ({error.strerror or error}): make room or set "
            "DLNLP_CACHE to another folder, then start the download again."
        ) from error
    return target


def _acquired(lock: BaseFileLock) -> bool:
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return False
    return True


def _stop_if(stopped: Callable[[], bool], spec: DatasetSpec) -> None:
    if stopped():
        raise DownloadCancelled(f"The download of {spec.file_name} was cancelled.")


def _fetch(spec: DatasetSpec, part: Path, report: Progress, stopped: Callable[[], bool]) -> None:
    """Bring `part` to its full length, continuing from what it holds."""
    held = part.stat().st_size if part.is_file() else 0
    _stop_if(stopped, spec)
    report(held, spec.size_bytes)
    response = _open(spec, held)
    if response is None:
        report(held, held)
        return
    with response:
        done, total = _extent(response, held)
        free = shutil.disk_usage(part.parent).free + (held - done)
        if total is not None and free < total - done:
            raise DatasetError(
                f"{spec.file_name} needs {total - done:,} bytes in {part.parent} where {free:,} "
                "are free: make room or set DLNLP_CACHE to another folder."
            )
        with part.open("ab" if done else "wb") as file:
            reported = 0.0
            while chunk := _receive(response, spec):
                file.write(chunk)
                done += len(chunk)
                _stop_if(stopped, spec)
                if time.monotonic() - reported > _PROGRESS_SECONDS:
                    reported = time.monotonic()
                    report(done, total or spec.size_bytes)
            file.flush()
            os.fsync(file.fileno())
    if total is not None and done < total:
        raise _connection_lost(spec, f"it ended after {done:,} of {total:,} bytes")
    report(done, done)


def _open(spec: DatasetSpec, held: int) -> http.client.HTTPResponse | None:
    """Ask for what comes after `held` bytes; None when the server says that nothing does."""
    request = urllib.request.Request(spec.url or "", headers={"User-Agent": "dlnlp"})
    if held:
        request.add_header("Range", f"bytes={held}-")
    try:
        response: http.client.HTTPResponse = urllib.request.urlopen(
            request, timeout=TIMEOUT_SECONDS
        )
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 416 and held:
            complete = error.headers.get("Content-Range", "") == f"bytes */{held}"
            return None if complete else _open(spec, 0)
        raise DatasetError(
            f"{spec.url} answered {error.code} {error.reason}: try again later, or get "
            f"{spec.file_name} elsewhere and set DLNLP_DATA to its folder."
        ) from error
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise DatasetError(
            f"{spec.url} cannot be reached ({reason}): check the connection, or get "
            f"{spec.file_name} elsewhere and set DLNLP_DATA to its folder."
        ) from error
    return response


def _extent(response: http.client.HTTPResponse, held: int) -> tuple[int, int | None]:
    """Return where the answer's first byte belongs, and the size of the whole file if told."""
    if response.status == 206:
        match = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
        if match is None or int(match[1]) != held:
            raise DatasetError(
                f"{response.url} did not continue from byte {held:,}: start the download again "
                "after deleting the .part file."
            )
        return held, None if match[2] == "*" else int(match[2])
    length = response.headers.get("Content-Length", "")
    return 0, int(length) if length.isdecimal() else None


def _receive(response: http.client.HTTPResponse, spec: DatasetSpec) -> bytes:
    try:
        # read1 returns what has come, so that `cancelled` is asked on slow connections, too.
        return response.read1(_CHUNK)
    except (OSError, http.client.HTTPException) as error:
        raise _connection_lost(spec, str(error) or type(error).__name__) from error


def _connection_lost(spec: DatasetSpec, reason: str) -> DatasetError:
    return DatasetError(
        f"The connection to {spec.url} was lost ({reason}): start the download again, it "
        "continues where it stopped."
    )


def _verify(spec: DatasetSpec, part: Path, stopped: Callable[[], bool]) -> None:
    """Delete `part` and raise unless it is the published file, as far as that can be told."""
    if spec.checksum is not None:
        algorithm, expected = spec.checksum
        with part.open("rb") as file:
            # Against damage, not against forgery, MD5 is enough.
            digest = hashlib.file_digest(
                file, lambda: hashlib.new(algorithm, usedforsecurity=False)
            ).hexdigest()
        wrong = "" if digest == expected else f"its {algorithm} is {digest} instead of {expected}"
    elif spec.file_name.endswith((".tgz", ".gz")):
        wrong = _gzip_damage(part, spec, stopped)
    else:
        wrong = ""
    if wrong:
        part.unlink()
        raise DatasetError(
            f"{spec.file_name} from {spec.url} is not the published file ({wrong}) and was "
            "deleted: start the download again."
        )


def _gzip_damage(part: Path, spec: DatasetSpec, stopped: Callable[[], bool]) -> str:
    try:
        with gzip.open(part) as file:
            while file.read(1 << 20):
                _stop_if(stopped, spec)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        return str(error)
    return ""
