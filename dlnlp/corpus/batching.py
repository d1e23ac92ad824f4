"""Batches of one shape: documents are drawn at random and packed, not padded.

A batch takes documents, in an order reshuffled every epoch, until a token budget is spent;
:mod:`dlnlp.corpus.packing` then packs them. Membership is random: sorting by length would show the
network short reviews together. :mod:`dlnlp.corpus.padding` compares with what padding would cost.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.corpus.packing import Batch, BatchShape, make_batch
from dlnlp.corpus.splits import JoinedSplits, PartOfSplit, Split
from dlnlp.text.vocabulary import UNKNOWN

Indices = NDArray[np.integer[Any]]


def plan(
    split: Split | JoinedSplits | PartOfSplit, shape: BatchShape, order: Indices
) -> list[Indices]:
    """Divide documents, taken in ``order``, into batches within the budgets of ``shape``.

    Args:
        split: the documents.
        shape: budgets.
        order: int ``[k]``, indices into the split.

    Returns:
        For each batch the indices of its documents, int ``[b]``.
    """
    batches = []
    first = 0
    while first < len(order):
        # Looks at no more than a batch can take: sums over a whole corpus would need its memory.
        window = order[first : first + shape.documents]
        sentences = split.sentence_counts[window].astype(np.int64)
        tokens = split.token_counts[window].astype(np.int64)
        for long in np.flatnonzero(sentences > shape.grid_length):
            lengths = split.sentence_lengths(int(window[long]))[: shape.grid_length]
            tokens[long] = lengths.sum(dtype=np.int64)
        fits = np.cumsum(tokens) <= shape.token_budget
        fits &= np.cumsum(np.minimum(sentences, shape.grid_length)) <= shape.sentence_budget
        size = max(1, int(np.count_nonzero(fits)))
        batches.append(window[:size])
        first += size
    return batches


class PerClassValues:
    """Values looked up by label on access, in O(C) memory.

    Args:
        labels: class of each document, int ``[n]``.
        values: the value of each class, float32 ``[C, ...]``.

    Attributes:
        shape: n, then the shape of one value; read by a slice or an array of indices.
    """

    def __init__(self, labels: NDArray[np.integer[Any]], values: NDArray[np.float32]) -> None:
        self._labels, self._values = labels, values
        self.shape = len(labels), *values.shape[1:]

    @classmethod
    def one_hot(cls, labels: NDArray[np.integer[Any]], classes: int) -> "PerClassValues":
        """One-hot targets, float32 ``[n, C]``, from class labels, int ``[n]``.

        Example:
            >>> PerClassValues.one_hot(np.array([1, 0, 1]), classes=2)[:2].tolist()
            [[0.0, 1.0], [1.0, 0.0]]
        """
        return cls(labels, np.eye(classes, dtype=np.float32))

    def __len__(self) -> int:
        """Number of documents."""
        return len(self._labels)

    def __getitem__(self, index: slice | Indices) -> NDArray[np.float32]:
        """Values ``[k, ...]``."""
        return np.asarray(self._values[self._labels[index]])


class PackedBatches:
    """The batches of a split, anew for each epoch.

    Args:
        split: documents.
        shape: budgets.
        targets: ``[n, C]``, a distribution over classes for each document of the split.
        weights: float32 ``[n]``, weight of each document in the loss; ones by default.
        seed: with the epoch's number it decides order and word dropout: a resumed epoch
            repeats the interrupted one.
        word_dropout: share of tokens replaced by the unknown word.
    """

    def __init__(
        self,
        split: Split | JoinedSplits | PartOfSplit,
        shape: BatchShape,
        targets: NDArray[np.float32] | PerClassValues,
        weights: NDArray[np.float32] | PerClassValues | None = None,
        *,
        seed: int = 0,
        word_dropout: float = 0.0,
    ) -> None:
        if len(targets) != len(split):
            raise ValueError(f"{len(targets)} targets for {len(split)} documents")
        self.split, self.shape, self.seed, self.word_dropout = split, shape, seed, word_dropout
        self.targets = targets
        self.weights = np.ones(len(split), np.float32) if weights is None else weights

    def plan(self, epoch: int) -> list[Indices]:
        """The documents of each batch of an epoch, as indices into the split, int32 ``[b]``."""
        order = np.arange(len(self.split), dtype=np.int32)
        np.random.default_rng([self.seed, epoch]).shuffle(order)
        return plan(self.split, self.shape, order)

    def epoch(
        self, epoch: int, start: int = 0
    ) -> Iterator[tuple[Batch, NDArray[np.float32], NDArray[np.float32]]]:
        """Yield batch, targets and weights of each batch of an epoch, from number `start` on.

        Targets are float32 ``[D, C]``, weights float32 ``[D]``; an unused place weighs 0.
        """
        for number, members in enumerate(self.plan(epoch)[start:], start):
            yield self.batch(epoch, number, members)

    def batch(
        self, epoch: int, number: int, members: Indices
    ) -> tuple[Batch, NDArray[np.float32], NDArray[np.float32]]:
        """Make one batch of an epoch.

        Args:
            epoch: number of the epoch; it seeds the word dropout.
            number: number of the batch; it seeds the word dropout too.
            members: the batch's entry in the plan, int ``[b]``.

        Returns:
            The batch, targets float32 ``[D, C]`` and weights float32 ``[D]``, 0 at unused places.
        """
        tokens = [self.split.tokens(i) for i in members.tolist()]
        if self.word_dropout:
            rng = np.random.default_rng([self.seed, epoch, number])
            tokens = [
                np.where(rng.random(len(t), np.float32) < self.word_dropout, UNKNOWN, t)
                for t in tokens
            ]
        batch = make_batch(
            tokens, [self.split.sentence_lengths(i) for i in members.tolist()], self.shape
        )
        places = len(batch["documents"])
        targets = np.zeros((places, self.targets.shape[1]), np.float32)
        targets[: len(members)] = self.targets[members]
        weights = np.zeros(places, np.float32)
        weights[: len(members)] = self.weights[members]
        return batch, targets, weights
