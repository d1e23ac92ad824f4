"""Explanations of a table's texts as files: JSON lines, or Parquet with a row for each word.

Both are written as a stream. Files that hold consecutive parts of a table are joined to one.
"""

import gzip
import io
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import IO, Protocol, cast

import numpy as np

from dlnlp.scoring.explanation import ReadText, TextExplanation, json_line, records

PARQUET = ".parquet"


class Writer(Protocol):
    """What takes explanations one by one."""

    def write(self, explained: TextExplanation, row: int, line: int) -> None:
        """Write a text: row `row` of the table, from 1, which starts in `line` of the file."""


class JsonLines:
    """Writes JSON lines.

    Args:
        stream: of text, which stays open.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, explained: TextExplanation, row: int, line: int) -> None:
        """As of `Writer`."""
        self._stream.writelines(map(json_line, records(explained, row, line)))


@contextmanager
def json_lines(stream: IO[bytes], packed: bool = False) -> Iterator[Writer]:
    """Write JSON lines in UTF-8 to a stream, which stays open.

    Args:
        stream: of bytes.
        packed: as gzip, without the time, so that equal content gives equal bytes.
    """
    inner = gzip.GzipFile("", "wb", fileobj=stream, mtime=0) if packed else None
    text = io.TextIOWrapper(cast(IO[bytes], inner or stream), "utf-8", "replace", newline="")
    try:
        yield JsonLines(text)
        text.flush()
    finally:
        text.detach()
    if inner:
        inner.close()


@contextmanager
def opened(path: Path, suffix: str) -> Iterator[Writer]:
    """Write a file of the kind that the end of a name says.

    Args:
        path: of the file.
        suffix: ``.parquet``, ``.gz`` for packed JSON lines, ``.jsonl``; in lower case.
    """
    if suffix == PARQUET:
        from dlnlp.scoring.explanation_parquet import ParquetWriter

        with ParquetWriter(path) as writer:
            yield writer
        return
    with path.open("wb") as stream, json_lines(stream, suffix == ".gz") as lines:
        yield lines


def join(parts: Sequence[Path], path: Path, suffix: str) -> None:
    """Write the parts of a table one behind the other; they stay.

    Args:
        parts: files of this kind.
        path: of the new file.
        suffix: as of :func:`opened`.
    """
    if suffix == PARQUET:
        from dlnlp.scoring.explanation_parquet import join_parquet

        join_parquet(parts, path)
        return
    with path.open("wb") as whole:  # lines may follow lines, and packed ones packed ones
        for part in parts:
            with part.open("rb") as stream:
                shutil.copyfileobj(stream, whole)


def read(path: Path, suffix: str) -> Iterator[ReadText]:
    """Read the texts of a file, one after the other.

    Args:
        path: of the file.
        suffix: as of :func:`opened`.
    """
    if suffix == PARQUET:
        from dlnlp.scoring.explanation_parquet import read_parquet

        yield from read_parquet(path)
        return
    with gzip.open(path, "rb") if suffix == ".gz" else path.open("rb") as stream:
        lines = (json.loads(line) for line in stream)
        for row, found in groupby(lines, lambda record: record["row"]):
            first, *others = found
            words = [record for record in others if record["record"] == "word"]
            yield ReadText(
                row,
                first["label"],
                first["target"] or "",
                [word["token"] for word in words],
                [word["sentence"] for word in words],
                np.array([word["value"] for word in words], np.float64),
            )
