"""Recipes of the Kim CNN, and one training run by a recipe."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from dlnlp.corpus import Corpus
from dlnlp.corpus.bucketing import LENGTHS, BucketedBatches, Buckets, padded, plan
from dlnlp.corpus.splits import JoinedSplits, PartOfSplit, Split
from dlnlp.models.kim_cnn import KimCnn, KimCnnConfig, Variant, build_kim_cnn
from dlnlp.training.callbacks import Checkpoint
from train import fitting
from train.checkpoints import CHECKPOINT_MINUTES
from train.evaluation import measures, temperature_of_classes
from train.random_seed import set_random_seed
from train.rates import RateShape
from train.texts.asking import asks_kim_cnn
from train.texts.compiled_outputs import CompiledOutputs
from train.texts.recording import Recorder
from train.texts.text_optimizer import warmed_adamw


@dataclass(frozen=True)
class Recipe:
    """What makes a network.

    Attributes:
        widths: see :class:`dlnlp.models.kim_cnn.KimCnnConfig`, as the next four.
        filters: number of filters of each width.
        variant: how the word vectors start and whether they are trained.
        dropout: rate on the pooled values.
        max_tokens: words of a text that are read.
        epochs: passes over the training documents.
        max_lr: peak of the learning rate; it warms up for 5 % of the steps, then decays to 0
            along a cosine.
        weight_decay: weight decay of AdamW.
        word_dropout: share of tokens read as unknown while training.
        embedding_rate: learning rate of the word vectors as a share of that of the rest.
        positions: positions in a batch, padding included.
        lengths: of the buckets, as far as `max_tokens` allows.
    """

    widths: tuple[int, ...] = (1, 2, 3)
    filters: int = 200
    variant: Variant = "non-static"
    dropout: float = 0.3
    max_tokens: int = LENGTHS[-1]
    epochs: int = 4
    max_lr: float = 4e-3
    weight_decay: float = 1e-2
    word_dropout: float = 0.05
    embedding_rate: float = 0.5
    positions: int = 16_384
    lengths: tuple[int, ...] = LENGTHS

    @property
    def buckets(self) -> Buckets:
        """Shapes of the batches."""
        return Buckets.up_to(self.max_tokens, self.positions, self.lengths)


RECIPE = Recipe()  # of what ships
# What is known of the origin's network (widths 3 and 4, 150 filters, vectors trained like the rest,
# texts cut), on our tokens and word vectors.
ORIGIN = Recipe(
    widths=(3, 4),
    filters=150,
    max_tokens=200,
    dropout=0.5,
    epochs=3,
    max_lr=1e-3,
    weight_decay=0.0,
    word_dropout=0.0,
    embedding_rate=1.0,
)


def compiled_kim_cnn(corpus: Corpus, recipe: Recipe, optimizer: Any) -> KimCnn:
    """The network of a recipe with fresh weights and the corpus' word vectors, compiled."""
    config = KimCnnConfig(
        vocabulary_size=len(corpus.vocabulary),
        num_classes=len(corpus.class_names),
        embedding_dim=corpus.info["word_vectors"]["dim"],
        widths=recipe.widths,
        filters=recipe.filters,
        dropout=recipe.dropout,
        variant=recipe.variant,
        max_tokens=recipe.max_tokens,
    )
    model = build_kim_cnn(config, None if recipe.variant == "random" else corpus.embeddings())
    model.compile(optimizer=optimizer, loss=keras.losses.CategoricalCrossentropy(from_logits=True))
    return model


def fit(
    corpus: Corpus,
    documents: Split | JoinedSplits | PartOfSplit,
    targets: NDArray[np.float32],
    recipe: Recipe,
    seed: int,
    checkpoints: Path,
    settings: dict[str, Any],
    *,
    weights: NDArray[np.float32] | None = None,
    every: float = CHECKPOINT_MINUTES,
    patience: int | None = None,
    recorder: Recorder | None = None,
    follower: fitting.Follower | None = None,
    shape: RateShape | None = None,
) -> tuple[KimCnn, list[dict[str, float]]]:
    """Train one network, or go on with it.

    Args:
        corpus: for word vectors and the validation split.
        documents: what is learned from.
        targets: probabilities of the classes of each document, float32 ``[n, C]``.
        recipe: how.
        seed: seed of the weights, the order and the dropout.
        checkpoints: where the state is kept.
        settings: JSON-ready description of the run, which a checkpoint must agree with.
        weights: weight of each document, float32 ``[n]``; None: 1 each.
        every: minutes between checkpoints within an epoch.
        patience: as of :func:`train.texts.han_fitting.fit`.
        recorder: is asked between the steps.
        follower: as of :func:`train.fitting.fit`.
        shape: as of :func:`train.texts.han_fitting.fit`.

    Returns:
        The network after the last epoch (with `patience`: the best), and one record an epoch.

    Raises:
        FloatingPointError: a loss is not finite.
        CheckpointError: the checkpoint belongs to another run, or cannot be written.
    """
    set_random_seed(seed)
    batches = BucketedBatches(
        documents, recipe.buckets, targets, weights, seed=seed, word_dropout=recipe.word_dropout
    )
    optimizer = warmed_adamw(
        len(batches.plan(0)) * recipe.epochs,
        max_lr=recipe.max_lr,
        embedding_rate=recipe.embedding_rate,
        weight_decay=recipe.weight_decay,
        shape=shape,
    )
    model = compiled_kim_cnn(corpus, recipe, optimizer)
    validation = corpus.split("validation")

    def validate() -> Mapping[str, float]:
        logits = predict_split(model, validation, recipe.buckets)["logits"]
        if patience is not None:  # as in a HAN's fit
            logits = logits / temperature_of_classes(logits, validation.labels)
        found = measures(validation.labels.astype(int), logits)
        return {name: found[name] for name in ("loss", "accuracy")}

    def count_tokens(ids: NDArray[np.int32], weights: NDArray[np.float32]) -> int:
        return int(np.count_nonzero(ids[weights > 0]))

    checkpoint = Checkpoint(checkpoints, settings)
    if recorder is not None:
        recorder.asks(asks_kim_cnn(model, recorder.documents))
    history = fitting.fit(
        model, batches, recipe.epochs, checkpoint, validate,
        count=count_tokens, every=every, patience=patience, recorder=recorder, follower=follower,
    )  # fmt: skip
    return model, history


@lru_cache(maxsize=1)
def _compiled(model: KimCnn) -> CompiledOutputs:
    return CompiledOutputs(model, "logits", "pooled")


def predict_split(
    model: KimCnn, split: Split | JoinedSplits, buckets: Buckets
) -> dict[str, NDArray[np.float32]]:
    """``logits`` ``[n, C]`` and ``pooled`` ``[n, K]`` of all documents; 0 where one is empty."""
    outputs = _compiled(model)
    found = {
        "logits": np.zeros((len(split), model.config.num_classes), np.float32),
        "pooled": np.zeros((len(split), len(model.config.widths) * model.config.filters), "f4"),
    }
    for members in plan(split, buckets):
        answer = outputs.predict_on_batch(
            padded([split.tokens(i) for i in members.tolist()], buckets)
        )
        for name, values in found.items():
            values[members] = np.asarray(answer[name])[: len(members)]
    return found
