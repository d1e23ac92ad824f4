"""An output that is made in parts, so that a command that was ended goes on where it was.

The folder ``OUT.unfinished`` beside the output holds a file for each finished part, and a list of
them: first what run it is, then a line for each part. It goes when the output is whole.
"""

import hashlib
import json
import os
import shutil
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from dlnlp.tables.reader import BadRow, Row

_LIST = "parts.jsonl"


class UnfinishedError(Exception):
    """The folder belongs to another run; the message is a sentence with the remedy."""


@dataclass(frozen=True, slots=True)
class Part:
    """A finished part.

    Attributes:
        file: its name in the folder.
        items: rows of the input, the bad ones among them.
        explained: those that are in it.
        fingerprint: of all rows of the input up to its end.
    """

    file: str
    items: int
    explained: int
    fingerprint: str


class Unfinished:
    """The parts of one output that are finished.

    Args:
        output: the file that is made; its folder exists.
        run: what the run is, JSON-ready: only the same run may go on.

    Attributes:
        folder: where the parts are.
        parts: the finished ones, in their order.

    Raises:
        UnfinishedError: another run left its parts, or is at work.
        OSError: the folder cannot be written.
    """

    def __init__(self, output: Path, run: Mapping[str, Any]) -> None:
        self.folder = output.with_name(f"{output.name}.unfinished")
        self.parts: list[Part] = []
        self.folder.mkdir(exist_ok=True)
        self._lock = FileLock(self.folder / "lock")
        try:
            self._lock.acquire(blocking=False)
        except Timeout as error:
            raise UnfinishedError(
                f"another run writes {output}: wait until it has ended, or choose another name"
            ) from error
        try:
            self._open(dict(run))
        except BaseException:
            self._lock.release()
            raise

    def _open(self, run: dict[str, Any]) -> None:
        lines = self._lines()
        if not lines:
            self._append(run)
        elif lines[0] != run:
            differing = [name for name in run if lines[0].get(name) != run[name]]
            raise UnfinishedError(
                f"{self.folder} holds an unfinished run with another {', '.join(differing)}: run "
                "that command again, or remove the folder"
            )
        self.parts = [Part(**line) for line in lines[1:]]

    def _lines(self) -> list[dict[str, Any]]:
        """The lines of the list; one that was cut off by an end is none, and is cut off."""
        path = self.folder / _LIST
        if not path.exists():
            return []
        content = path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if whole != content:
            path.write_bytes(whole)
        return [json.loads(line) for line in whole.splitlines()]

    def _append(self, line: dict[str, Any]) -> None:
        with (self.folder / _LIST).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")
            stream.flush()
            os.fsync(stream.fileno())

    @property
    def items(self) -> int:
        """Rows of the input in all parts."""
        return sum(part.items for part in self.parts)

    @property
    def files(self) -> list[Path]:
        """The parts' files, in their order."""
        return [self.folder / part.file for part in self.parts]

    def next_file(self) -> Path:
        """Where the next part is to be written."""
        return self.folder / f"{len(self.parts) + 1:06}"

    def add(self, items: int, explained: int, fingerprint: str) -> None:
        """Count the file that was written to `next_file` as finished."""
        part = Part(self.next_file().name, items, explained, fingerprint)
        self._append(asdict(part))
        self.parts.append(part)

    def close(self) -> None:
        """Let others use the folder; one without a part is removed."""
        if not self.parts:
            self.remove()
        self._lock.release()

    def remove(self) -> None:
        """Remove the folder: the output is whole."""
        self._lock.release()
        shutil.rmtree(self.folder, ignore_errors=True)

    def kept(self) -> str:
        """What is kept when the command is ended, for `dlnlp.commands.ending.keeps`."""
        if not self.parts:
            with suppress(OSError):
                shutil.rmtree(self.folder)
            return "nothing was written"
        return (
            f"run the same command again; it goes on behind {self.items:,} rows, which are kept in "
            f"{self.folder}"
        )


class Fingerprints:
    """A sum over the rows of a table that tells whether they are the same again.

    Args:
        every: rows after which it is noted.
    """

    def __init__(self, every: int) -> None:
        self._every = every
        self._sum = hashlib.sha256()
        self._noted: deque[str] = deque()

    @property
    def now(self) -> str:
        """The sum over all rows so far."""
        return self._sum.hexdigest()[:16]

    def through(self, rows: Iterable[Row | BadRow]) -> Iterator[Row | BadRow]:
        """Hand on rows, and note the sum behind every so many, and at the end."""
        for count, row in enumerate(rows, 1):
            said = (row.where, row.problem) if isinstance(row, BadRow) else (row.line, row.fields)
            self._sum.update(repr(said).encode("utf-8", "surrogatepass"))
            if count % self._every == 0:
                self._noted.append(self.now)
            yield row
        self._noted.append(self.now)

    def taken(self) -> str:
        """The oldest that was noted, which is forgotten: rows may have been read ahead."""
        return self._noted.popleft()
