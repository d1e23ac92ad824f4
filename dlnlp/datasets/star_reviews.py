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

from dlnlp.datasets.archive import archive_errors, members, missing_member, text_of
from dlnlp.datasets.records import MAX_FIELD_CHARACTERS, Review
from dlnlp.datasets.registry import DatasetError, DatasetSpec
from dlnlp.tables.dialect import Dialect
from dlnlp.tables.encoding import UNDECODABLE_ERRORS
from dlnlp.tables.reader import BadRow, Row, TableReader

# Characters; a record of two longest fields is hardly longer. Bounds the memory that a lost newline
# or an unclosed quote can take.
_MAX_RECORD = 1 << 20
_COLUMNS = ("stars", "title", "text")
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
        for number, row in enumerate(_rows(file)):
            count = number + 1
            if sources is not None:
                source = next(sources, None)
                if source is None and number == 0:
                    sources, source = None, ""
                elif source is None:
                    raise _misaligned(path, sources_member, number, "fewer")
            if isinstance(row, Row) and not row.problem:
                try:
                    label, text = _parse(row.fields)
                except ValueError as error:
                    row = BadRow(row.line, row.line, str(error))
                else:
                    yield Review(text, label, source or "", number)
                    continue
            last_line = row.last_line if isinstance(row, BadRow) else row.line
            on_bad_row(BadRow(row.line, last_line, row.problem, member))
        if sources is not None and count and next(sources, None) is not None:
            raise _misaligned(path, sources_member, count, "more")
    # A published file without a checksum is known by its row counts.
    expected = spec.row_counts[split]
    if spec.url is not None and spec.checksum is None and count != expected:
        problem = (
            f"the file holds {count:,} records instead of {expected:,}: {path} is not the "
            "published archive"
        )
        on_bad_row(BadRow(0, 0, problem, member))


def _misaligned(path: Path, member: str, count: int, which: str) -> DatasetError:
    return DatasetError(
        f"{path}: {member} has {which} rows than there are reviews ({count:,} were read), so that "
        "sources cannot be told: get the archive again."
    )


def _rows(file: IO[bytes]) -> Iterator[Row | BadRow]:
    """The rows of a member, and what is none."""
    text = text_of(file, UNDECODABLE_ERRORS)
    return iter(TableReader(text, Dialect(header=False), _MAX_RECORD, _COLUMNS))


def _parse(fields: tuple[str, ...]) -> tuple[int, str]:
    """Return (class index, text) of a row; ValueError says what is wrong with it."""
    stars, title, text = fields
    for field in (title, text):
        if len(field) > MAX_FIELD_CHARACTERS:
            raise ValueError(f"a field has {len(field):,} characters")
    if stars not in {"1", "2", "3", "4", "5"}:
        raise ValueError(f"the star rating is {stars[:20]!r} instead of 1 to 5")
    written = "\n".join(field for field in (title, text) if field)
    if "\\" in written:
        written = _ESCAPE.sub(lambda match: "\n" if match[1] == "n" else "\\", written)
    return int(stars) - 1, written


def _sources(path: Path, member: str) -> Iterator[str]:
    """Yield the first column of the sources file, without its header; nothing if it is absent."""
    with archive_errors(path), closing(members(path)) as files:
        for name, _, file in files:
            if name == member:
                lines = text_of(file, "replace")
                next(lines, None)
                for columns in csv.reader(lines):
                    yield columns[0] if columns else ""
                return
