"""Sequences end to end in rows of fixed length: how documents become one dense batch.

The sentences of a batch are packed into rows of words (best fit, longest first), and its documents,
as sequences of sentences, into rows of the document grid: about 98 % of the positions are real.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Batch = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class BatchShape:
    """The one shape of all batches; see :mod:`dlnlp.models.han` for the letters.

    Attributes:
        rows: R, rows of words.
        row_length: T, words a row; no sentence is longer.
        grid_rows: Q, rows of sentences.
        grid_length: M, sentences a row; longer documents are cut there.
        documents: D, places for documents.
        distinct: U, places for distinct words.
    """

    rows: int = 256
    row_length: int = 50
    grid_rows: int = 24
    grid_length: int = 64
    documents: int = 384
    distinct: int = 4096

    # What random membership leaves unfilled, so that packing (nearly) always succeeds.
    FILL = 0.975

    def of_rows(self, rows: int) -> "BatchShape":
        """The shape of batches of another size, with as much room for all that they hold.

        Distinct words grow more slowly than words: as their number to the power of 0.6 (Heaps
        1978, "Information Retrieval", section 7.5).
        """
        factor = rows / self.rows
        return replace(
            self,
            rows=rows,
            grid_rows=math.ceil(self.grid_rows * factor),
            documents=math.ceil(self.documents * factor),
            distinct=math.ceil(self.distinct * factor**0.6),
        )

    @property
    def token_budget(self) -> int:
        """Tokens that a batch takes."""
        return int(self.FILL * self.rows * self.row_length)

    @property
    def sentence_budget(self) -> int:
        """Sentences that a batch takes."""
        return int(self.FILL * self.grid_rows * self.grid_length)


def pack(lengths: NDArray[np.integer[Any]], row_length: int) -> tuple[NDArray[np.int64], int]:
    """Best-fit decreasing: put sequences end to end into as few rows as it finds.

    Args:
        lengths: int ``[n]``, each between 1 and ``row_length``.
        row_length: T.

    Returns:
        Position ``row * T + column`` of the first element of each sequence, int64 ``[n]``, and
        the number of rows used.

    Raises:
        ValueError: a length is out of range.

    Example:
        >>> starts, rows = pack(np.array([3, 2, 4]), row_length=5)
        >>> starts.tolist(), rows  # 4 in the first row, 3 and 2 in the second
        ([5, 8, 0], 2)
    """
    if len(lengths) and not 1 <= lengths.min() <= lengths.max() <= row_length:
        raise ValueError(
            f"lengths from {lengths.min()} to {lengths.max()} do not fit rows of {row_length}"
        )
    starts = np.zeros(len(lengths), np.int64)
    open_rows: list[list[int]] = [[] for _ in range(row_length + 1)]  # by room left
    used = 0
    for index in np.argsort(-lengths.astype(np.int64), kind="stable").tolist():
        length = int(lengths[index])
        room = length
        while room <= row_length and not open_rows[room]:
            room += 1
        if room > row_length:
            row, room, used = used, row_length, used + 1
        else:
            row = open_rows[room].pop()
        starts[index] = row * row_length + row_length - room
        open_rows[room - length].append(row)
    return starts, used


def _spread(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions of all elements of packed sequences, in the order of the sequences."""
    ends = np.cumsum(lengths)
    inside = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - lengths, lengths)
    return np.repeat(starts, lengths) + inside


def make_batch(
    tokens: Sequence[NDArray[np.integer[Any]]],
    sentence_lengths: Sequence[NDArray[np.integer[Any]]],
    shape: BatchShape,
) -> Batch:
    """Pack documents into one batch.

    Args:
        tokens: for each document its token ids, int ``[tokens]``, all sentences end to end.
        sentence_lengths: for each document the tokens of each sentence, int ``[sentences]``.
        shape: budgets. Documents that need more rows, grid rows, places or distinct words enlarge
            the batch in steps of a quarter: that costs a new compilation, but nothing is lost.

    Returns:
        The arrays that :mod:`dlnlp.models.han` describes: int32 ``[U]``, ``[R, T]`` and
        ``[Q, M]``, and float32 ``[D]``.

    Example:
        >>> shape = BatchShape(
        ...     rows=1, row_length=5, grid_rows=1, grid_length=3, documents=2, distinct=4
        ... )
        >>> batch = make_batch([np.array([7, 8, 9, 7])], [np.array([3, 1])], shape)
        >>> batch["word_ids"].tolist(), batch["token_index"].tolist()
        ([7, 8, 9, 0], [[0, 1, 2, 0, 0]])
        >>> batch["sentence_ids"].tolist(), batch["document_ids"].tolist()  # 3 and 2 are padding
        ([[0, 0, 0, 1, 3]], [[0, 0, 2]])
    """
    limit, t, m = shape.grid_length, shape.row_length, shape.grid_length
    cut = [lengths[:limit].astype(np.int64) for lengths in sentence_lengths]
    lengths = np.concatenate(cut)
    flat = np.concatenate([ids[: c.sum()] for ids, c in zip(tokens, cut, strict=True)])
    sentences = np.array([len(c) for c in cut])

    starts, used = pack(sentences, m)
    q = _enough(used, shape.grid_rows)
    cells = _spread(starts, sentences)
    d = _enough(len(tokens), shape.documents)
    document_ids = np.full(q * m, d, np.int32)
    document_ids[cells] = np.repeat(np.arange(len(tokens)), sentences)

    starts, used = pack(lengths, t)
    r = _enough(used, shape.rows)
    places = _spread(starts, lengths)
    sentence_ids = np.full(r * t, q * m, np.int32)
    sentence_ids[places] = np.repeat(cells, lengths)
    distinct, index = np.unique(flat, return_inverse=True)
    token_index = np.zeros(r * t, np.int32)
    token_index[places] = index
    word_ids = np.zeros(_enough(len(distinct), shape.distinct), np.int32)
    word_ids[: len(distinct)] = distinct
    return {
        "word_ids": word_ids,
        "token_index": token_index.reshape(r, t),
        "sentence_ids": sentence_ids.reshape(r, t),
        "document_ids": document_ids.reshape(q, m),
        "documents": (np.arange(d) < len(tokens)).astype(np.float32),
    }


def _enough(needed: int, planned: int) -> int:
    step = max(1, planned // 4)
    return planned if needed <= planned else planned + -(-(needed - planned) // step) * step
