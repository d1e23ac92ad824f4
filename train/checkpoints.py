"""Where a run keeps its state: how often it is written, and that one run at a time uses it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dlnlp.commands.options import Parser, number
from dlnlp.errors import UserError

CHECKPOINT_MINUTES = 10.0


def checkpoint_option(parser: Parser) -> None:
    """Let a command be told how often it writes its state within an epoch."""
    parser.add_argument(
        "--checkpoint-minutes",
        type=number(0, 100_000),
        default=CHECKPOINT_MINUTES,
        help="0: every step",
    )


class FolderInUseError(UserError):
    """Another run works in the folder."""


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Let one run at a time work in `folder`; the operating system frees it when the run dies.

    Raises:
        FolderInUseError: another run is at it.
    """
    from filelock import FileLock, Timeout

    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Beside it: the folder itself may be emptied or renamed meanwhile. The empty file stays.
    lock = FileLock(folder.with_name(f".{folder.name}.lock"))
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise FolderInUseError(
            f"another run is using {folder}: wait until it has ended, or choose another folder"
        ) from error
    try:
        yield
    finally:
        lock.release()


def from_checkpoint(folder: Path) -> Callable[[], str]:
    """What a command does again that keeps its checkpoints in `folder`."""

    def then() -> str:
        if any(folder.glob("**/newest.npz")):
            return f"it goes on from the last checkpoint in {folder}"
        return "it starts from the beginning, as there is no checkpoint yet"

    return then
