r"""Star reviews in the CSV format of Zhang, Zhao & LeCun (2015), arXiv:1509.01626.

Three quoted columns a row, without header: stars "1" to "5", title (may be empty), text. A quote
is doubled; a newline is written as `\n`, a backslash (in reviews5) as two.
"""

import csv
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import IO

from dlnlp.datasets.archive import archive_errors, members, missing_member
from dlnlp.datasets.records import MAX_FIELD_CHARACTERS, BadRow, Review
from dlnlp.datasets.registry import DatasetError, DatasetSpec

# Bytes; a record of two longest fields is hardly longer. Bounds the memory that a lost newline
# or an unclosed quote can take.
_MAX_RECORD = 1 << 20
_FIELD = rb'"([^"]*+(?:""[^"]*+)*+)"'
_ROW = re.compile(rb'"([1-5])",' + _FIELD + rb"," + _FIELD + rb"\r?\n?")
_ESCAPE = re.compile(r"\\([\\n])")


def iterate_star_reviews(
    spec: DatasetSpec, split: str, path: Path, on_bad_row: Callable[[BadRow], None]
) -> Generator[Review, None, None]:
    """Yield the reviews of a split in the order of its CSV file.

    Raises:
        DatasetError: The archive is damaged, lacks the split's files, or its sources file has
            another number of rows than its reviews.
    """
    member = f"{spec.folder}/{split}.csv"
    sources_member = f"{spec.folder}/{split}_sources.csv"
    with archive_errors(path), closing(members(path)) as files:
        file = next((file for name, _, file in files if name == member), None)
        if file is None:
            raise missing_member(path, member, spec.file_name)
        # The sources may come after the reviews, so they are read from the archive opened again,
        # in step with the reviews. Without such a member every group is "".
        sources = _sources(path, sources_member) if spec.has_sources else None
        source: str | None = ""
        count = 0
        for row, (line, record, size) in enumerate(_records(file)):
            count = row + 1
            if sources is not None:
                source = next(sources, None)
                if source is None and row == 0:
                    sources, source = None, ""
                elif source is None:
                    raise _misaligned(path, sources_member, row, "fewer")
            try:
                if size > _MAX_RECORD:
                    raise ValueError(f"the record has {size:,} bytes: a quote may be unclosed")
                label, text = _parse(record)
            except ValueError as error:
                on_bad_row(BadRow(f"{member}, line {line}", str(error)))
            else:
                yield Review(text, label, source or "", row)
        if sources is not None and count and next(sources, None) is not None:
            raise _misaligned(path, sources_member, count, "more")
    # A published file without a checksum is known by its row counts.
    expected = spec.row_counts[split]
    if spec.url is not None and spec.checksum is None and count != expected:
        on_bad_row(
            BadRow(
                member,
                f"the file holds {count:,} records instead of {expected:,}: {path} is not the "
                "published archive",
            )
        )


def _misaligned(path: Path, member: str, count: int, which: str) -> DatasetError:
    return DatasetError(
        f"{path}: {member} has {which} rows than there are reviews ({count:,} were read), so that "
        "sources cannot be told: get the archive again."
    )


def _records(file: IO[bytes]) -> Iterator[tuple[int, bytes, int]]:
    """Yield (line where it starts, bytes, size in bytes) of each record, blank lines left out.

    A quoted field may hold newlines. After an unclosed quote, the next line that is a whole row by
    itself starts a new record, so that one fault does not swallow the rows after it. Of a record
    above `_MAX_RECORD` only the beginning is kept.
    """
    parts: list[bytes] = []
    size = quotes = start = 0
    line, at_line_start = 1, True
    while piece := file.readline(_MAX_RECORD):
        if size and at_line_start and _ROW.fullmatch(piece):
            yield start, b"".join(parts), size
            parts, size, quotes = [], 0, 0
        if not size:
            start = line
        if size <= _MAX_RECORD:
            parts.append(piece)
        size += len(piece)
        quotes += piece.count(b'"')
        at_line_start = piece.endswith(b"\n")
        line += at_line_start
        if at_line_start and quotes % 2 == 0:
            if size > 2 or piece.strip():
                yield start, b"".join(parts), size
            parts, size, quotes = [], 0, 0
    if size:
        yield start, b"".join(parts), size


def _parse(record: bytes) -> tuple[int, str]:
    """Return (class index, text) of a record; ValueError says what is wrong with it."""
    if b"\0" in record:
        raise ValueError("the record holds a NUL byte")
    if match := _ROW.fullmatch(record):
        stars, title, text = (field.decode().replace('""', '"') for field in match.groups())
    else:
        stars, title, text = _parse_slowly(record.decode("utf-8-sig"))
    for field in (title, text):
        if len(field) > MAX_FIELD_CHARACTERS:
            raise ValueError(f"a field has {len(field):,} characters")
    if stars not in {"1", "2", "3", "4", "5"}:
        raise ValueError(f"the star rating is {stars[:20]!r} instead of 1 to 5")
    written = "\n".join(field for field in (title, text) if field)
    if "\\" in written:
        written = _ESCAPE.sub(lambda match: "\n" if match[1] == "n" else "\\", written)
    return int(stars) - 1, written


def _parse_slowly(record: str) -> list[str]:
    try:
        rows = list(csv.reader([record], strict=True))
    except csv.Error as error:
        raise ValueError(f"the record is no CSV ({error})") from error
    columns = rows[0] if rows else []
    if len(columns) != 3:
        raise ValueError(f"the record has {len(columns)} columns instead of 3")
    return columns


def _sources(path: Path, member: str) -> Iterator[str]:
    """Yield the first column of the sources file, without its header; nothing if it is absent."""
    with archive_errors(path), closing(members(path)) as files:
        for name, _, file in files:
            if name == member:
                lines = (line.decode("utf-8", "replace") for line in file)
                next(lines, None)
                for columns in csv.reader(lines):
                    yield columns[0] if columns else ""
                return
