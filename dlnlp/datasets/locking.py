"""One process at a time: a lock that the operating system drops when its holder dies."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def exclusive(path: Path) -> Iterator[Callable[[], bool]]:
    """Give a function that tries to take the lock on file `path`, without waiting for it.

    The function returns whether the lock is held now; it is released at the end of the `with`
    block. It excludes other processes and other threads. The empty file stays: removing it would
    let two holders lock two files of one name.
    """
    with path.open("ab") as file:

        def acquire() -> bool:
            try:
                _try_lock(file.fileno())
            except (BlockingIOError, PermissionError):  # POSIX, Windows
                return False
            return True

        yield acquire
