"""One split of a corpus on disk: documents of token ids in a memory-mapped Arrow file.

Only what is touched is read: a split may be far larger than memory.
"""

import mmap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dlnlp.errors import UserError

BATCH_ROWS = 8192
# After so many reads, pages of the file are given back: else all of it would become resident.
READS = 32
SCHEMA = pa.schema(
    [
        ("token_ids", pa.large_list(pa.uint16())),
        ("sentence_lengths", pa.list_(pa.uint8())),
        ("label", pa.int8()),
        ("group", pa.dictionary(pa.int32(), pa.string())),
        ("row", pa.int64()),
    ]
)


class CorpusError(UserError):
    """A corpus that is missing or damaged; the message names the file and the remedy."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a corpus.

    Attributes:
        token_ids: uint16 ``[n]``, all sentences end to end.
        sentence_lengths: uint8 ``[s]``, tokens of each sentence; they sum to n.
        label: class index, -1 where there is none.
        group: where it comes from (a film, a source).
        row: position in its split of the data set, as in ``datasets.Review.row``.
    """

    token_ids: NDArray[np.uint16]
    sentence_lengths: NDArray[np.uint8]
    label: int
    group: str
    row: int


class SplitWriter:
    """Writes documents of one split in order, a record batch at a time.

    Use as a context manager; memory stays at one batch of ``BATCH_ROWS`` documents.
    """

    def __init__(self, path: Path) -> None:
        options = pa.ipc.IpcWriteOptions(emit_dictionary_deltas=True)
        self._writer = pa.ipc.new_file(path, SCHEMA, options=options)
        self._rows: list[Document] = []
        self._groups: dict[str, int] = {}

    def __enter__(self) -> "SplitWriter":
        """Return self."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write what is left and close the file."""
        if kind is None:
            self._flush()
        self._writer.close()

    def append(self, document: Document) -> None:
        """Add a document at the end."""
        self._rows.append(document)
        if len(self._rows) == BATCH_ROWS:
            self._flush()

    def _flush(self) -> None:
        if not self._rows:
            return
        rows = self._rows
        codes = [self._groups.setdefault(r.group, len(self._groups)) for r in rows]
        columns = [
            pa.LargeListArray.from_arrays(
                _offsets([len(r.token_ids) for r in rows], np.int64),
                pa.array(np.concatenate([r.token_ids for r in rows]).astype(np.uint16)),
            ),
            pa.ListArray.from_arrays(
                _offsets([len(r.sentence_lengths) for r in rows], np.int32),
                pa.array(np.concatenate([r.sentence_lengths for r in rows]).astype(np.uint8)),
            ),
            pa.array([r.label for r in rows], pa.int8()),
            pa.DictionaryArray.from_arrays(
                pa.array(codes, pa.int32()), pa.array(list(self._groups), pa.string())
            ),
            pa.array([r.row for r in rows], pa.int64()),
        ]
        self._writer.write_batch(pa.record_batch(columns, schema=SCHEMA))
        self._rows = []


def _offsets(lengths: Sequence[int], dtype: type) -> pa.Array:
    return pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(dtype))


class Split:
    """The documents of one split, read where they lie."""

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            reader = pa.ipc.open_file(pa.py_buffer(self._map))
            self._table = reader.read_all()  # maps, does not copy
        except FileNotFoundError as error:
            raise CorpusError(
                f"{path} is missing: run `python -m train.prepare` for its data set"
            ) from error
        except (pa.ArrowInvalid, OSError, ValueError) as error:
            raise CorpusError(f"{path} is damaged ({error}): prepare the corpus again") from error
        batches = self._table.to_batches()
        self._first_row = np.cumsum([0, *(b.num_rows for b in batches)])
        self._tokens = [_list_views(b.column("token_ids")) for b in batches]
        self._lengths = [_list_views(b.column("sentence_lengths")) for b in batches]
        self._reads = 0

    def __len__(self) -> int:
        """Number of documents."""
        return int(self._first_row[-1])

    @cached_property
    def labels(self) -> NDArray[np.int8]:
        """Class labels, int8 ``[n]``; read once, then kept."""
        return np.asarray(self._table["label"].to_numpy())

    @cached_property
    def token_counts(self) -> NDArray[np.int32]:
        """Number of tokens of each document, int32 ``[n]``; read once, then kept."""
        return self._counts(self._tokens)

    @cached_property
    def sentence_counts(self) -> NDArray[np.int32]:
        """Number of sentences of each document, int32 ``[n]``; read once, then kept."""
        return self._counts(self._lengths)

    @property
    def rows(self) -> NDArray[np.int64]:
        """`Document.row` of each document, int64 ``[n]``; read anew."""
        return np.asarray(self._table["row"].to_numpy())

    @property
    def groups(self) -> list[str]:
        """The group of each document."""
        return [str(g) for g in self._table["group"].to_pylist()]

    def tokens(self, index: int) -> NDArray[np.uint16]:
        """Token ids of a document, uint16 ``[tokens]``; a view into the file."""
        return self._view(self._tokens, index)

    def sentence_lengths(self, index: int) -> NDArray[np.uint8]:
        """Tokens in each sentence of a document, uint8 ``[sentences]``; a view into the file."""
        return self._view(self._lengths, index)

    def sentences(self, index: int, limit: int) -> list[NDArray[np.int32]]:
        """Token ids of the first ``limit`` sentences of a document, int32 ``[words]`` each."""
        tokens = self.tokens(index).astype(np.int32)
        ends = np.cumsum(self.sentence_lengths(index)[:limit], dtype=np.int64)
        return np.split(tokens[: ends[-1] if len(ends) else 0], ends[:-1]) if len(ends) else []

    def _give_back(self) -> None:
        """Let go of the pages that were read; reading them again is possible and cheap."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def _counts(self, columns: list[tuple[NDArray[Any], NDArray[Any]]]) -> NDArray[np.int32]:
        counts = np.zeros(len(self), np.int32)
        for first, (offsets, _) in zip(self._first_row, columns, strict=False):
            counts[first : first + len(offsets) - 1] = np.diff(offsets)
            self._give_back()
        return counts

    def _view(self, columns: list[tuple[NDArray[Any], NDArray[Any]]], index: int) -> NDArray[Any]:
        if not 0 <= index < len(self):
            raise IndexError(f"document {index} of a split of {len(self)}")
        self._reads += 1
        if self._reads % READS == 0:
            self._give_back()
        batch = int(np.searchsorted(self._first_row, index, side="right")) - 1
        offsets, values = columns[batch]
        local = index - int(self._first_row[batch])
        return values[offsets[local] : offsets[local + 1]]


class JoinedSplits:
    """Several splits read as one, in order; what :mod:`dlnlp.corpus.batching` needs of a split."""

    def __init__(self, splits: Sequence[Split]) -> None:
        self._splits = list(splits)
        self._first = np.cumsum([0, *map(len, splits)])
        self.token_counts = np.concatenate([s.token_counts for s in splits])
        self.sentence_counts = np.concatenate([s.sentence_counts for s in splits])

    def __len__(self) -> int:
        """Number of documents."""
        return int(self._first[-1])

    def tokens(self, index: int) -> NDArray[np.uint16]:
        """Token ids of a document, uint16 ``[tokens]``; see :meth:`Split.tokens`."""
        part = int(np.searchsorted(self._first, index, side="right")) - 1
        return self._splits[part].tokens(index - int(self._first[part]))

    def sentence_lengths(self, index: int) -> NDArray[np.uint8]:
        """Tokens in each sentence, uint8 ``[sentences]``; see :meth:`Split.sentence_lengths`."""
        part = int(np.searchsorted(self._first, index, side="right")) - 1
        return self._splits[part].sentence_lengths(index - int(self._first[part]))


class PartOfSplit:
    """Some documents of a split, read as a split of their own.

    Args:
        split: where they are.
        indices: which they are, int ``[n]``.
    """

    def __init__(self, split: Split, indices: NDArray[np.integer[Any]]) -> None:
        self._split, self._indices = split, indices
        self.token_counts = split.token_counts[indices]
        self.sentence_counts = split.sentence_counts[indices]
        self.labels = split.labels[indices]

    def __len__(self) -> int:
        """Number of documents."""
        return len(self._indices)

    def tokens(self, index: int) -> NDArray[np.uint16]:
        """Token ids of a document, uint16 ``[tokens]``; see :meth:`Split.tokens`."""
        return self._split.tokens(int(self._indices[index]))

    def sentence_lengths(self, index: int) -> NDArray[np.uint8]:
        """Tokens in each sentence, uint8 ``[sentences]``; see :meth:`Split.sentence_lengths`."""
        return self._split.sentence_lengths(int(self._indices[index]))


def _list_views(column: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    return column.offsets.to_numpy(), column.values.to_numpy(zero_copy_only=True)
