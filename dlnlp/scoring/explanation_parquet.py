"""Explanations as Parquet: a row for each word, in groups, so that memory stays bounded."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from dlnlp.scoring.explanation import ReadText, TextExplanation

GROUP = 1 << 16
"""Words of a group of rows."""
_Text = tuple[TextExplanation, int, int]  # with its row and its line
SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("line", pa.int64()),
        ("token", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("sentence", pa.int32()),
        ("sentence_value", pa.float32()),
        ("value", pa.float32()),
        ("target", pa.string()),
        ("label", pa.string()),
        ("method", pa.string()),
        ("bias", pa.float64()),
        ("total", pa.float64()),
    ]
)


class ParquetWriter:
    """Writes a file; words are gathered until they fill a group.

    Args:
        where: path of the file, or a stream of bytes, which stays open.
    """

    def __init__(self, where: Path | IO[bytes]) -> None:
        self._file = pq.ParquetWriter(where, SCHEMA)
        self._texts: list[_Text] = []
        self._text_words = 0
        self._gathered: list[Any] = []
        self._words = 0

    def write(self, explained: TextExplanation, row: int, line: int) -> None:
        """As of `dlnlp.scoring.explanation_files.Writer`."""
        self._texts.append((explained, row, line))
        self._text_words += len(explained.tokens)
        if self._text_words >= GROUP:
            self._add_texts()

    def _add_texts(self) -> None:
        if self._texts:
            self.add(_table(self._texts))
        self._texts, self._text_words = [], 0

    def add(self, table: Any) -> None:
        """Write rows of another table of this schema."""
        self._gathered.append(table)
        self._words += table.num_rows
        if self._words >= GROUP:
            self._write(self._words - self._words % GROUP)

    def _write(self, words: int) -> None:
        table = pa.concat_tables(self._gathered)
        self._file.write_table(table.slice(0, words), row_group_size=GROUP)
        # A copy: a slice would keep the whole table alive.
        rest = table.slice(words)
        self._gathered = [rest.take(np.arange(rest.num_rows))] if rest.num_rows else []
        self._words = rest.num_rows

    def __enter__(self) -> "ParquetWriter":
        """Return self."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Write what is gathered, unless that failed, and close the file."""
        try:
            if kind is None:
                self._add_texts()
                if self._words:
                    self._write(self._words)
        finally:
            self._file.close()


def _table(texts: Sequence[_Text]) -> Any:
    """A row for each word of some texts."""
    found = [explained for explained, _, _ in texts]
    counts = [len(explained.tokens) for explained in found]

    def joined(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(explained, name) for explained in found])

    def repeated(values: Iterable[Any], kind: Any) -> Any:
        which = pa.array(np.repeat(np.arange(len(counts)), counts))
        return pa.array(list(values), kind).take(which)

    columns = {
        "row": np.repeat([row for _, row, _ in texts], counts),
        "line": np.repeat([line for _, _, line in texts], counts),
        "token": [_plain(token) for explained in found for token in explained.tokens],
        "start": joined("spans")[:, 0],
        "end": joined("spans")[:, 1],
        "sentence": joined("token_sentence"),
        "sentence_value": np.concatenate([e.sentences[e.token_sentence] for e in found]),
        "value": joined("words"),
        "target": repeated((e.target or None for e in found), pa.string()),
        "label": repeated((e.label for e in found), pa.string()),
        "method": repeated((e.method for e in found), pa.string()),
        "bias": repeated((e.bias for e in found), pa.float64()),
        "total": repeated((e.total for e in found), pa.float64()),
    }
    return pa.table(columns, SCHEMA)


def _plain(token: str) -> str:
    """A token in UTF-8: half of a pair of surrogates, which a table may hold, has no code there."""
    return token.encode("utf-8", "replace").decode("utf-8")


def join_parquet(parts: Sequence[Path], path: Path) -> None:
    """Write the rows of files one behind the other; a group of rows is in memory at a time.

    Args:
        parts: files that this module wrote.
        path: of the new file.
    """
    with ParquetWriter(path) as whole:
        for part in parts:
            with pq.ParquetFile(part) as file:
                for group in range(file.num_row_groups):
                    whole.add(file.read_row_group(group))


def read_parquet(path: Path) -> Iterator[ReadText]:
    """Read the texts of a file that this module wrote, one after the other."""
    with pq.ParquetFile(path) as file:
        names = ["row", "token", "sentence", "value", "target", "label"]
        words = (
            word
            for batch in file.iter_batches(columns=names)
            for word in zip(*(batch[name].to_pylist() for name in names), strict=True)
        )
        for row, found in groupby(words, lambda word: word[0]):
            _, tokens, sentences, values, targets, labels = zip(*found, strict=True)
            numbers = np.array(values, np.float64)
            yield ReadText(row, labels[0], targets[0] or "", tokens, sentences, numbers)
