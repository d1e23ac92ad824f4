"""Where the scoring command writes: a file that appears only when complete, and a progress line."""

import gzip
import io
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, TextIO, cast

from dlnlp import temporary
from dlnlp.commands.ending import closed_streams

_EVERY = 0.2  # seconds
_EVERY_LINE = 10.0  # where there is no terminal
_BAR = 24


def output_problem(output: str, sources: Iterable[str]) -> str | None:
    """Why the table cannot go to `output`, as a sentence; None where it can.

    Args:
        output: name of a file, or ``-``.
        sources: the files that are read: none of them may be replaced, under no name of theirs.
    """
    if output == "-":
        closed = "stdout" in closed_streams
        return "standard output is closed: give --output the name of a file." if closed else None
    path = Path(output)
    if path.is_dir():
        return f"{output} is a folder: give --output the name of a file in a folder."
    if not path.parent.is_dir():
        return f"{path.parent} is no folder: give --output the name of a file in a folder."
    with suppress(OSError):  # there is none yet
        there = path.stat()
        for source in sources:
            with suppress(OSError, ValueError):  # what cannot be read is told later
                if os.path.samestat(there, os.stat(source)):
                    same = "the input itself" if source == output else f"the input {source}"
                    return f"{output} is {same}: give --output another name."
    return None


@contextmanager
def opened_output(name: str, marked: bool) -> Iterator[TextIO]:
    """Text that is written whole or not at all.

    Written next to `name` under a hidden name, and renamed at the end; a failure leaves an older
    file as it was. A device or a pipe is written to directly, a name in ``.gz`` is packed.

    Args:
        name: name of the file; ``-`` for standard output.
        marked: begin with UTF-8's byte order mark.

    Raises:
        OSError: the disk refused.
    """
    encoding = "utf-8-sig" if marked else "utf-8"
    if name == "-":
        out = io.TextIOWrapper(sys.stdout.buffer, encoding, "replace", newline="")
        try:
            yield out
            out.flush()
        finally:
            with suppress(OSError):
                out.detach()  # or it would close standard output
        return
    path = Path(name)
    if path.exists() and not path.is_file():
        with path.open("wb") as raw, _text(raw, path, encoding) as text:
            yield text
        return
    path = path.resolve()  # through a link, which stays
    with temporary.beside(path) as partial:
        with partial.open("wb") as raw:
            with _text(raw, path, encoding) as text:
                yield text
            raw.flush()
            os.fsync(raw.fileno())  # on the disk before the exchange
        os.replace(partial, path)


@contextmanager
def _text(raw: IO[bytes], path: Path, encoding: str) -> Iterator[TextIO]:
    packed = gzip.GzipFile(path.stem, "wb", fileobj=raw) if path.suffix.lower() == ".gz" else None
    text = io.TextIOWrapper(cast(IO[bytes], packed or raw), encoding, "replace", newline="")
    try:
        yield text
        text.flush()
        if packed:
            packed.close()
    finally:
        with suppress(OSError, ValueError):
            text.detach()  # `raw` is closed by its owner


class Progress:
    """A line on a terminal that says how far the work is; elsewhere a new one every ten seconds.

    Args:
        stream: usually standard error.
        total: bytes of the input, None when unknown.
        position: bytes of it that have been read, None when unknown.
        things: that are counted.

    Attributes:
        seconds: since the beginning, or how long it took once it is over.
    """

    def __init__(
        self,
        stream: TextIO,
        total: int | None,
        position: Callable[[], int] | None,
        things: str = "rows",
    ) -> None:
        self._stream, self._total, self._position = stream, total, position
        self._things = things
        self._drawn = stream.isatty()
        self._every = _EVERY if self._drawn else _EVERY_LINE
        self._start = time.monotonic()
        self._end: float | None = None
        self._next = self._start + (0 if self._drawn else self._every)
        self._width = 0

    def __enter__(self) -> "Progress":
        """Return self."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wipe the line."""
        self._end = time.monotonic()
        self._wipe()

    @property
    def seconds(self) -> float:
        """Seconds since the beginning."""
        return (self._end or time.monotonic()) - self._start

    def update(self, rows: int) -> None:
        """Draw the line again, a few times a second, or print another one."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + self._every
        words = f"{rows:,} {self._things}, {rows / max(self.seconds, 1e-9):,.0f} a second"
        if self._total and self._position:
            share = min(self._position() / self._total, 1.0)
            bar = ("█" * round(share * _BAR)).ljust(_BAR, "░") + " " if self._drawn else ""
            rest = self.seconds * (1 - share) / share if share else 0.0
            words = f"{bar}{100 * share:3.0f} %  {words}, {_duration(rest)} left"
        self._wipe()
        self._stream.write(words if self._drawn else f"{words.strip()}\n")
        self._stream.flush()
        self._width = len(words) if self._drawn else 0

    def say(self, sentence: str) -> None:
        """Print a line of its own, above the progress."""
        self._wipe()
        print(sentence, file=self._stream)

    def _wipe(self) -> None:
        if self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()
            self._width = 0


def _duration(seconds: float) -> str:
    minutes, whole = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return (
        f"{hours} h {minutes} min"
        if hours
        else f"{minutes} min {whole} s"
        if minutes
        else f"{whole} s"
    )
