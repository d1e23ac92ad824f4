"""A HAN on several devices or hosts: Keras' data parallelism over JAX's multi-process runtime.

A step takes as many packed batches as there are devices, its *shards*. Each process reads and packs
those of its own devices only; Keras joins what all processes hold along the first axis. Packed
batches refer to their words, cells and documents by position, so each shard counts from where it
lies in the union: the union is a packed batch like any other, and the network, its dropout and its
loss (the weighted mean over all documents of the step) know nothing of devices. One process that
takes the same number of shards computes the same, which is also how a run moves to another number
of devices.

Keras' own sharding of data sets is for ``tf.data`` alone, and is left off.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import keras
import numpy as np
from numpy.typing import NDArray

from dlnlp.corpus.batching import Indices, PackedBatches
from dlnlp.corpus.packing import Batch, BatchShape
from dlnlp.errors import UserError
from dlnlp.models.han import Han
from dlnlp.training.callbacks import CheckpointError

Floats = NDArray[np.float32]


class DistributionError(UserError):
    """The processes cannot work together; the message says what to give."""


@dataclass(frozen=True)
class Parallel:
    """Who takes part in a training.

    Attributes:
        shards: packed batches a step.
        processes: number of processes that share them in equal parts.
        process: number of this one, from 0; number 0 writes.
    """

    shards: int = 1
    processes: int = 1
    process: int = 0

    @property
    def mine(self) -> range:
        """The shards that this process makes."""
        part = self.shards // self.processes
        return range(part * self.process, part * (self.process + 1))


def join(
    coordinator: str | None, processes: int | None, process: int | None, shards: int | None
) -> Parallel:
    """Join the training; before anything else computes.

    Args:
        coordinator: ``host:port`` of process 0; None: as ``KERAS_DISTRIBUTION_JOB_ADDRESSES``
            says, else this process is alone with its devices.
        processes: None: as ``KERAS_DISTRIBUTION_NUM_PROCESSES`` says.
        process: None: as ``KERAS_DISTRIBUTION_PROCESS_ID`` says.
        shards: None: one for each device.

    Raises:
        DistributionError: the backend is not JAX, the runtime refuses, or the shards do not
            divide among the devices.
    """
    if keras.backend.backend() != "jax":
        raise DistributionError("--distributed needs JAX: set KERAS_BACKEND=jax")
    if coordinator or "KERAS_DISTRIBUTION_JOB_ADDRESSES" in os.environ:
        try:
            keras.distribution.initialize(coordinator, processes, process)
        except (RuntimeError, ValueError) as error:
            raise DistributionError(f"the processes did not find each other: {error}") from error
    layout = keras.distribution.DataParallel(auto_shard_dataset=False)
    keras.distribution.set_distribution(layout)
    devices = len(keras.distribution.list_devices())
    shards = devices if shards is None else shards
    if shards < 1 or shards % devices:
        raise DistributionError(
            f"--shards {shards} does not divide among {devices} devices: give a multiple of them"
        )
    return Parallel(shards, layout.num_processes, layout.data_shard_id)


def writes(parallel: Parallel | None) -> bool:
    """Whether this process writes files; of several that hold the same state, one does."""
    return parallel is None or parallel.process == 0


def leave(parallel: Parallel) -> None:
    """End the common work: from here on, this process computes for itself."""
    keras.distribution.set_distribution(None)
    if parallel.processes > 1:
        from dlnlp.models.jax_functions import distributed

        distributed.shutdown()  # type: ignore[no-untyped-call]


@contextmanager
def alone() -> Iterator[None]:
    """Variables that are made in here belong to this process."""
    layout = keras.distribution.distribution()
    keras.distribution.set_distribution(None)
    try:
        yield
    finally:
        keras.distribution.set_distribution(layout)


def copy_of(model: Han) -> Han:
    """The same network in this process alone, for what the others take no part in."""
    with alone():
        copy = Han(model.config)
        for mine, shared in zip(copy.weights, model.weights, strict=True):
            mine.assign(keras.ops.convert_to_numpy(shared))
    return copy


class ShardedBatches:
    """What this process adds to the batches of a training.

    The last step of an epoch is filled up with batches that weigh nothing.

    Args:
        batches: batches of all documents.
        parallel: who makes which.
    """

    def __init__(self, batches: PackedBatches, parallel: Parallel) -> None:
        self.batches, self.parallel = batches, parallel
        self._tokens = 0

    @property
    def shape(self) -> BatchShape:
        """Of one shard."""
        return self.batches.shape

    def plan(self, epoch: int) -> list[list[Indices]]:
        """For each step and each shard the indices of its documents, int32 ``[b]``."""
        whole, size = self.batches.plan(epoch), self.parallel.shards
        return [whole[start : start + size] for start in range(0, len(whole), size)]

    def epoch(self, epoch: int, start: int = 0) -> Iterator[tuple[Batch, Floats, Floats]]:
        """Yield the part of this process in each step from `start` on.

        A part is a batch, targets float32 ``[D, C]`` and weights float32 ``[D]``. D counts the
        places for documents in all shards of this process.

        Raises:
            CheckpointError: the processes have different checkpoints.
        """
        if len({tuple(place) for place in self._together([epoch, start]).tolist()}) > 1:
            raise CheckpointError(
                "the processes have different checkpoints: let all use the same folder"
            )
        for step, shards in enumerate(self.plan(epoch)[start:], start):
            made = [self._shard(epoch, step, shard, shards) for shard in self.parallel.mine]
            needed = np.max([_sizes(batch) for batch, *_ in made], axis=0)
            tokens = sum(_tokens(batch) for batch, _, weights in made if weights.any())
            heard = self._together([*needed, tokens])
            self._tokens = int(heard[:, -1].sum())
            rows, grid_rows, places, distinct = heard[:, :-1].max(axis=0).tolist()
            shape = replace(
                self.shape, rows=rows, grid_rows=grid_rows, documents=places, distinct=distinct
            )
            parts = [
                _placed(batch, shard, self.parallel.shards, shape)
                for shard, (batch, *_) in zip(self.parallel.mine, made, strict=True)
            ]
            yield (
                {name: np.concatenate([part[name] for part in parts]) for name in parts[0]},
                np.concatenate([_grown(targets, places, 0) for _, targets, _ in made]),
                np.concatenate([_grown(weights, places, 0) for *_, weights in made]),
            )

    def count(self, batch: Batch, weights: Floats) -> int:
        """Tokens of the last step in all processes.

        Args:
            batch: not read.
            weights: not read, float32 ``[D]``.
        """
        return self._tokens

    def _shard(
        self, epoch: int, step: int, shard: int, shards: list[Indices]
    ) -> tuple[Batch, Floats, Floats]:
        number = step * self.parallel.shards + shard
        if shard < len(shards):
            return self.batches.batch(epoch, number, shards[shard])
        batch, targets, weights = self.batches.batch(epoch, number, shards[0])
        return batch, targets, np.zeros_like(weights)

    def _together(self, numbers: list[int]) -> NDArray[np.int64]:
        """What every process says, a row each."""
        if self.parallel.processes == 1:
            return np.array([numbers])
        from dlnlp.models.jax_functions import process_allgather

        return np.asarray(process_allgather(np.array(numbers, np.int32)), np.int64)


def _sizes(batch: Batch) -> tuple[int, int, int, int]:
    names = ("sentence_ids", "document_ids", "documents", "word_ids")
    rows, grid_rows, places, distinct = (len(batch[name]) for name in names)
    return rows, grid_rows, places, distinct


def _tokens(batch: Batch) -> int:
    return int(np.count_nonzero(batch["sentence_ids"] < batch["document_ids"].size))


def _grown(array: NDArray[np.generic], length: int, value: int) -> NDArray[np.generic]:
    missing = np.full((length - len(array), *array.shape[1:]), value, array.dtype)
    return np.concatenate([array, missing])


def _placed(batch: Batch, shard: int, shards: int, shape: BatchShape) -> Batch:
    """A shard as a part of the union of `shards` batches of one shape."""
    cells, places = shape.grid_rows * shape.grid_length, shape.documents

    def moved(name: str, end: int, size: int) -> NDArray[np.int32]:
        ids = batch[name]  # `end` marks padding
        return np.where(ids == end, shards * size, ids + shard * size).astype(np.int32)

    sentences = moved("sentence_ids", batch["document_ids"].size, cells)
    documents = moved("document_ids", len(batch["documents"]), places)
    index = (batch["token_index"] + shard * shape.distinct).astype(np.int32)
    return {
        "word_ids": _grown(batch["word_ids"], shape.distinct, 0),
        "token_index": _grown(index, shape.rows, shard * shape.distinct),
        "sentence_ids": _grown(sentences, shape.rows, shards * cells),
        "document_ids": _grown(documents, shape.grid_rows, shards * places),
        "documents": _grown(batch["documents"], places, 0),
    }
