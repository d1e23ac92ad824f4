"""One training run of a HAN by a recipe."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from dlnlp.corpus import Corpus
from dlnlp.corpus.batching import PackedBatches, PerClassValues
from dlnlp.corpus.packing import Batch, BatchShape
from dlnlp.models.han import Han, HanConfig, build_han
from dlnlp.training.callbacks import Checkpoint
from train import fitting
from train.checkpoints import CHECKPOINT_MINUTES
from train.evaluation import measures, temperature_of_classes
from train.random_seed import set_random_seed
from train.rates import RateShape
from train.texts.asking import asks_han
from train.texts.distribution import Parallel, ShardedBatches, alone, copy_of, writes
from train.texts.han_predictions import predict_split
from train.texts.han_recipes import Recipe
from train.texts.recording import Recorder
from train.texts.text_optimizer import warmed_adamw

SHAPE = BatchShape(rows=512, grid_rows=48, documents=768, distinct=6144)
# Film reviews are long, and few: smaller batches give the optimizer enough steps.
SMALL_SHAPE = BatchShape(rows=256, grid_rows=24, documents=256, distinct=5120)


def class_weights(labels: NDArray[Any], classes: int, power: float) -> NDArray[np.float32]:
    """Weight of a document of each class, float32 ``[C]``; over the documents the mean is 1."""
    counts = np.bincount(labels, minlength=classes)
    per_class = (counts.mean() / np.maximum(counts, 1)) ** power
    mean = np.average(per_class, weights=counts)
    return np.asarray((per_class / mean).astype(np.float32))


def compiled_han(corpus: Corpus, recipe: Recipe, optimizer: keras.optimizers.Optimizer) -> Han:
    """The network of a recipe with fresh weights and the corpus' word vectors, compiled."""
    config = HanConfig(
        vocabulary_size=len(corpus.vocabulary),
        num_classes=len(corpus.class_names),
        embedding_dim=corpus.info["word_vectors"]["dim"],
        units=recipe.units,
        attention_dim=recipe.units,
        dropout=recipe.dropout,
    )
    model = build_han(config, corpus.embeddings())
    model.embedding.trainable = recipe.embedding_rate > 0
    loss = keras.losses.CategoricalCrossentropy(
        from_logits=True, reduction="mean_with_sample_weight"
    )
    jit = "auto" if keras.backend.backend() == "jax" else False  # XLA on TensorFlow lacks the loop
    model.compile(optimizer=optimizer, loss=loss, jit_compile=jit)
    return model


def labelled_batches(corpus: Corpus, recipe: Recipe, shape: BatchShape, seed: int) -> PackedBatches:
    """The labelled training split with the recipe's weights of classes."""
    split, classes = corpus.split("train"), len(corpus.class_names)
    weights = class_weights(split.labels, classes, recipe.class_weight_power)
    return PackedBatches(
        split,
        shape,
        PerClassValues.one_hot(split.labels, classes),
        PerClassValues(split.labels, weights),
        seed=seed,
        word_dropout=recipe.word_dropout,
    )


def fit(
    corpus: Corpus,
    batches: PackedBatches,
    recipe: Recipe,
    seed: int,
    checkpoints: Path,
    settings: dict[str, Any],
    *,
    begin: Han | None = None,
    every: float = CHECKPOINT_MINUTES,
    parallel: Parallel | None = None,
    patience: int | None = None,
    recorder: Recorder | None = None,
    follower: fitting.Follower | None = None,
    shape: RateShape | None = None,
) -> tuple[Han, list[dict[str, float]]]:
    """Train one network, or go on with it.

    Args:
        corpus: for word vectors and the validation split.
        batches: batches of the training documents.
        recipe: how.
        seed: seed of the weights and the dropout.
        checkpoints: where the state is kept.
        settings: JSON-ready description of the run, which a checkpoint must agree with.
        begin: whose weights it begins with; None: fresh ones.
        every: minutes between checkpoints within an epoch.
        parallel: who takes part; None: nobody else.
        patience: epochs without a lower loss on validation, calibrated, after which training ends,
            with the weights of its best epoch; None: it goes on to the last.
        recorder: is asked between the steps; with `parallel` it records nothing.
        follower: as of :func:`train.fitting.fit`.
        shape: of the learning rate over the training; None: a warm-up, then a cosine.

    Returns:
        The network after the last epoch (with `patience`: the best), of this process alone, and
        one record an epoch.

    Raises:
        FloatingPointError: a loss is not finite.
        CheckpointError: the checkpoint belongs to another run, or cannot be written.
    """
    set_random_seed(seed)
    shared = batches if parallel is None else ShardedBatches(batches, parallel)
    optimizer = warmed_adamw(
        len(shared.plan(0)) * recipe.epochs,
        max_lr=recipe.max_lr,
        embedding_rate=recipe.embedding_rate,
        weight_decay=recipe.weight_decay,
        shape=shape,
    )
    model = compiled_han(corpus, recipe, optimizer)
    if begin is not None:
        model.set_weights(begin.get_weights())
    validation = corpus.split("validation")

    def validate() -> Mapping[str, float]:
        if isinstance(shared, PackedBatches):
            logits = predict_split(model, validation, shared.shape)["logits"]
        else:
            with alone():
                logits = predict_split(copy_of(model), validation, shared.shape)["logits"]
        if patience is not None:
            # The best epoch is that of the lowest loss once the logits are calibrated, as they
            # will be: a small table makes a network right, and too sure, long before it is best.
            logits = logits / temperature_of_classes(logits, validation.labels)
        return measures(validation.labels.astype(int), logits)

    checkpoint = Checkpoint(checkpoints, settings, writes=writes(parallel))
    count = count_tokens if isinstance(shared, PackedBatches) else shared.count
    if parallel is not None:
        recorder = None  # the weights are spread over the devices
    if recorder is not None:
        limits = shared.shape.row_length, shared.shape.grid_length
        recorder.asks(asks_han(model, recorder.documents, *limits))
    history = fitting.fit(
        model, shared, recipe.epochs, checkpoint, validate,
        count=count, every=every, patience=patience, recorder=recorder, follower=follower,
    )  # fmt: skip
    return copy_of(model) if parallel else model, history


def count_tokens(batch: Batch, weights: NDArray[np.float32]) -> int:
    """Count the tokens of a packed batch.

    Args:
        batch: ``sentence_ids`` int32 ``[R, T]`` and ``document_ids`` int32 ``[Q, M]`` are read.
        weights: not read, float32 ``[D]``.
    """
    return int(np.count_nonzero(batch["sentence_ids"] < batch["document_ids"].size))
