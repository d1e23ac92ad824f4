"""Batches of texts of like length: little padding, few shapes to compile, as many tokens each.

A text goes to the bucket of the smallest length that holds it. A batch takes texts of one bucket,
so many that all batches have about the same number of positions: short texts come in large
batches, long ones in small. Texts are shuffled within their bucket, and the batches of all
buckets among each other, anew for every epoch.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.corpus.splits import JoinedSplits, PartOfSplit, Split
from dlnlp.text.vocabulary import PADDING, UNKNOWN

LENGTHS = (32, 64, 96, 128, 160, 192, 224, 256, 320, 384, 448, 512, 640, 768, 1024, 1536, 2560)
# A quarter more padding, and half as many shapes to compile: for few texts.
FEW_LENGTHS = (32, 64, 128, 256, 512, 1024, 2560)


@dataclass(frozen=True)
class Buckets:
    """Lengths of the buckets and the size of a batch.

    Attributes:
        lengths: positions of a row of each bucket, rising; longer texts are cut at the last.
        positions: positions in a batch, padding included.
    """

    lengths: tuple[int, ...] = LENGTHS
    positions: int = 16_384

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        if not self.lengths or self.lengths[0] < 1 or list(self.lengths) != sorted({*self.lengths}):
            raise ValueError(f"lengths {self.lengths} of buckets must rise from 1 or more")
        if self.positions < self.lengths[-1]:
            raise ValueError(
                f"a batch of {self.positions} positions does not hold a row of {self.lengths[-1]}"
            )

    def rows(self, bucket: int) -> int:
        """Texts of a batch from this bucket."""
        return self.positions // self.lengths[bucket]

    @classmethod
    def up_to(
        cls, limit: int, positions: int = 16_384, lengths: Sequence[int] = LENGTHS
    ) -> "Buckets":
        """The usual lengths, or others, with no row longer than `limit`."""
        return cls(tuple(sorted({min(length, limit) for length in lengths})), positions)

    def of(self, counts: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """The bucket of each text, int64 ``[n]``, from its number of tokens, int ``[n]``."""
        return np.minimum(np.searchsorted(self.lengths, counts), len(self.lengths) - 1)


class BucketedBatches:
    """Batches of the non-empty documents of a split.

    Args:
        split: where the documents are.
        buckets: shapes.
        targets: float32 ``[n, ...]``, one for each document of the split.
        weights: float32 ``[n]``; None: 1 each. They are divided by their mean number in a batch,
            so that a document counts the same in a small batch and in a large one.
        seed: seed of the shuffling and of the word dropout.
        word_dropout: share of tokens that are read as unknown.
    """

    def __init__(
        self,
        split: Split | JoinedSplits | PartOfSplit,
        buckets: Buckets,
        targets: NDArray[np.float32],
        weights: NDArray[np.float32] | None = None,
        *,
        seed: int = 0,
        word_dropout: float = 0.0,
    ) -> None:
        self.split, self.buckets, self.targets = split, buckets, targets
        self.weights = np.ones(len(split), np.float32) if weights is None else weights
        self.seed, self.word_dropout = seed, word_dropout
        if len(targets) != len(split) or len(self.weights) != len(split):
            raise ValueError(
                f"{len(targets)} targets and {len(self.weights)} weights for {len(split)} documents"
            )

    def plan(self, epoch: int) -> list[NDArray[np.int64]]:
        """The documents of each batch of an epoch, as indices into the split, int64 ``[b]``."""
        return plan(self.split, self.buckets, np.random.default_rng((self.seed, epoch)))

    def epoch(
        self, epoch: int, start: int = 0
    ) -> Iterator[tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]]:
        """Yields token ids ``[B, L]``, targets ``[B, ...]`` and weights ``[B]`` from `start` on.

        A row without a document holds one unknown word and weighs nothing.
        """
        batches = self.plan(epoch)
        rng = np.random.default_rng((self.seed, epoch, 1))
        usual = self.weights[np.concatenate(batches)].sum() / len(batches) if batches else 1.0
        for number, members in enumerate(batches):
            ids = padded([self.split.tokens(i) for i in members.tolist()], self.buckets)
            if self.word_dropout:
                dropped = rng.random(ids.shape, np.float32) < self.word_dropout
                ids[dropped & (ids != PADDING)] = UNKNOWN
            if number < start:
                continue  # one generator serves all batches
            rows = len(ids)
            targets = np.zeros((rows, *self.targets.shape[1:]), np.float32)
            targets[: len(members)] = self.targets[members]
            weights = np.zeros(rows, np.float32)
            weights[: len(members)] = self.weights[members] * (rows / usual)
            yield ids, targets, weights


def plan(
    split: Split | JoinedSplits | PartOfSplit,
    buckets: Buckets,
    rng: np.random.Generator | None = None,
) -> list[NDArray[np.int64]]:
    """Divide the non-empty documents of a split into batches of one bucket each.

    Args:
        split: the documents.
        buckets: the lengths of rows, and how many rows a batch has.
        rng: shuffles documents and batches; None: shorter buckets first, documents in order.

    Returns:
        For each batch the indices of its documents, int64 ``[b]``.
    """
    place = buckets.of(split.token_counts)
    batches: list[NDArray[np.int64]] = []
    for bucket in range(len(buckets.lengths)):
        members = np.flatnonzero((place == bucket) & (split.token_counts > 0))
        if rng is not None:
            rng.shuffle(members)
        size = buckets.rows(bucket)
        batches += [members[start : start + size] for start in range(0, len(members), size)]
    return [batches[i] for i in rng.permutation(len(batches))] if rng is not None else batches


def padded(texts: Sequence[NDArray[np.integer[Any]]], buckets: Buckets) -> NDArray[np.int32]:
    """Token ids int32 ``[B, L]`` of texts of one bucket; empty rows hold one unknown word."""
    longest = int(buckets.of(np.array([max(len(text) for text in texts)]))[0])
    ids = np.full((buckets.rows(longest), buckets.lengths[longest]), PADDING, np.int32)
    for row, text in enumerate(texts):
        kept = text[: ids.shape[1]]
        ids[row, : len(kept)] = kept
    ids[len(texts) :, 0] = UNKNOWN
    return ids


def padding_share(split: Split | JoinedSplits, buckets: Buckets) -> float:
    """Share of the positions of an epoch that hold no token."""
    place = buckets.of(split.token_counts)
    batches = plan(split, buckets)
    positions = sum(
        buckets.rows(int(place[members[0]])) * buckets.lengths[int(place[members[0]])]
        for members in batches
    )
    lengths = np.minimum(split.token_counts, buckets.lengths[-1])
    return 1 - float(lengths.sum()) / positions if positions else 0.0
