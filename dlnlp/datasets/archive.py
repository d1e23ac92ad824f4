"""Members of a gzip-compressed tar archive, one after the other, without unpacking it."""

import gzip
import io
import tarfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from dlnlp.datasets.registry import DatasetError


@contextmanager
def archive_errors(path: Path) -> Iterator[None]:
    """Turn whatever a broken archive raises while it is read into one `DatasetError`."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile, tarfile.TarError) as error:
        raise DatasetError(
            f"{path} is damaged or cut short ({error}): delete it and get it again."
        ) from error
    except OSError as error:
        raise DatasetError(
            f"{path} cannot be read ({error.strerror or error}): check the file and its rights."
        ) from error


def members(path: Path) -> Generator[tuple[str, int, IO[bytes]], None, None]:
    """Yield (name, size in bytes, file) of each regular file of the archive, in its order.

    A file can be read until the next one is asked for. Nothing is extracted, so that names
    cannot lead out of a folder; callers compare them with the names they expect. Read under
    `archive_errors`: damage may show while a file is read.
    """
    # gzip.open and not mode "r|gz": tarfile's own decompression takes a truncated archive that
    # breaks off at a header for a complete one, and verifies no checksum.
    with gzip.open(path) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
        while (member := archive.next()) is not None:
            if member.isfile() and (file := archive.extractfile(member)) is not None:
                yield member.name.removeprefix("./"), member.size, file
            # TarFile keeps every member it has seen: 100,000 for IMDB.
            archive.members.clear()  # type: ignore[attr-defined]
        # gzip verifies its checksum at the end of the stream, which lies after tar's end mark.
        while stream.read(1 << 16):
            pass


class _Unseekable(io.RawIOBase):
    """A member as a raw stream: the archive is one itself, and tarfile's files say they seek."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self._file.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)


def text_of(file: IO[bytes], errors: str) -> io.TextIOWrapper:
    """A member as UTF-8 text with its line ends as they are; a byte order mark is left out.

    Args:
        file: of `members`.
        errors: what becomes of other bytes, as of `codecs.register_error`.
    """
    raw = io.BufferedReader(_Unseekable(file), 1 << 17)
    return io.TextIOWrapper(raw, "utf-8-sig", errors=errors, newline="")


def missing_member(path: Path, member: str, file_name: str) -> DatasetError:
    """Return the error for an archive that lacks a file it should hold."""
    return DatasetError(
        f"{path} holds no {member}: it is not the published {file_name}; replace it by that."
    )
