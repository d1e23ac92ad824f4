"""Files and folders that are written under a hidden name, and renamed when they are complete.

What is under way is known here, so that a process that is told to end leaves nothing half-written.
"""

import shutil
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_NAME = 40  # characters of the final name in the hidden one: names have at most 255 bytes
_WAIT = 1.0  # seconds

_under_way: set[Path] = set()
exchange = threading.Lock()
"""Held while one name takes the place of another, which must not be interrupted."""


def hidden_name(path: Path, suffix: str) -> Path:
    """A fresh hidden name in the folder of `path`."""
    return path.with_name(f".{path.name[:_NAME]}.{uuid.uuid4().hex}.{suffix}")


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Give a fresh hidden name in the folder of `path`; what has not been renamed is removed."""
    with removed(hidden_name(path, "part")) as fresh:
        yield fresh


@contextmanager
def removed(path: Path) -> Iterator[Path]:
    """Remove the file or folder `path` at the end of the block, however that comes."""
    _under_way.add(path)
    try:
        yield path
    finally:
        _remove(path)
        _under_way.discard(path)


def remove_all() -> None:
    """Remove all that is under way, for a process that is about to end; another thread may write.

    An exchange of names is waited for, for a second at most, and none begins any more.
    """
    exchange.acquire(timeout=_WAIT)
    for _ in range(3):  # a file may be made in a folder while this is being emptied
        remove_rest()


def remove_rest() -> None:
    """Remove what was begun after :func:`remove_all`; waits for nothing."""
    for path in list(_under_way):
        _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)
