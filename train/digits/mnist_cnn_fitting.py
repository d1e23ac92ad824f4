"""Recipes of the networks for digits, and one training run by a recipe."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from dlnlp.datasets.mnist import read_mnist
from dlnlp.models.mnist_cnn import CLASSES, ORIGIN, MnistCnnConfig, build_mnist_cnn
from dlnlp.schedules import OneCycle, antiphase
from dlnlp.training.callbacks import Checkpoint, HyperparameterScheduler
from dlnlp.training.optimizers import SGD
from train import fitting
from train.checkpoints import CHECKPOINT_MINUTES
from train.digits.augmentation import Augmentation, Distortion, Floats
from train.digits.written_digits import written
from train.evaluation import measures
from train.random_seed import set_random_seed

VALIDATION = 5_000
WRITTEN = 300  # drawings of each way of writing that a training run draws from


@dataclass(frozen=True, eq=False)
class MnistData:
    """MNIST with validation taken from the end of train; images uint8 ``[n, 28, 28]``.

    Attributes:
        sha256: SHA-256 of all pixels and labels, in the order of the attributes.
    """

    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    validation_images: NDArray[np.uint8]
    validation_labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]
    sha256: str


def read_data() -> MnistData:
    """Find MNIST and split it.

    Raises:
        DatasetError: it is missing or damaged.
    """
    train, test = read_mnist("train"), read_mnist("test")
    arrays = (
        train.images[:-VALIDATION], train.labels[:-VALIDATION],
        train.images[-VALIDATION:], train.labels[-VALIDATION:],
        test.images, test.labels,
    )  # fmt: skip
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    return MnistData(*arrays, digest.hexdigest())


@dataclass(frozen=True)
class Recipe:
    """What makes a network.

    Attributes:
        config: its shape.
        epochs: passes over the training digits, each differently distorted.
        batch_size: digits a step.
        max_lr: peak of one cycle (Smith 2018); momentum runs against it, 0.95 -> 0.85 -> 0.95.
        weight_decay: share of a weight that a step of rate 1 removes; kernels only.
        label_smoothing: share of the target that is spread over all classes.
        distortion: how far digits are changed; None: not at all.
        written: digits of each batch that are drawn from strokes, in ways that MNIST hardly has
            (:mod:`train.digits.written_digits`), in place of as many of MNIST's.
    """

    config: MnistCnnConfig = MnistCnnConfig()
    epochs: int = 14
    batch_size: int = 128
    max_lr: float = 0.1
    weight_decay: float = 5e-3
    label_smoothing: float = 0.1
    distortion: Distortion | None = Distortion()
    written: int = 8


RECIPE = Recipe()  # of what ships
# The origin's architecture, trained plainly as there: no distortion, no smoothing, no decay.
ORIGIN_RECIPE = Recipe(
    config=ORIGIN,
    epochs=8,
    max_lr=0.05,
    weight_decay=0.0,
    label_smoothing=0.0,
    distortion=None,
    written=0,
)


def compiled(recipe: Recipe) -> keras.Model:
    """The network of a recipe with fresh weights."""
    model = build_mnist_cnn(recipe.config)
    optimizer = SGD(
        recipe.max_lr, momentum=0.9, nesterov=True, weight_decay=recipe.weight_decay or None
    )
    if recipe.weight_decay:
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    loss = keras.losses.CategoricalCrossentropy(
        from_logits=True, label_smoothing=recipe.label_smoothing
    )
    # XLA's convolutions on a CPU are slower than those TensorFlow calls without it.
    jit = "auto" if keras.backend.backend() == "jax" else False
    model.compile(optimizer=optimizer, loss=loss, jit_compile=jit)
    return model


@dataclass(frozen=True, eq=False)
class DigitBatches:
    """The training digits in batches, shuffled, mixed and distorted anew for each epoch."""

    data: MnistData
    recipe: Recipe
    seed: int

    @cached_property
    def written(self) -> tuple[Floats, NDArray[np.int64]]:
        """Drawings ``[n, 28, 28]`` and their digits ``[n]``; the card measures those of seed 0."""
        ways = written(WRITTEN, self.seed).values()
        digits = np.repeat([digit for digit, _ in ways], WRITTEN)
        return np.concatenate([drawings for _, drawings in ways]), digits

    @property
    def steps(self) -> int:
        """Batches of an epoch; what does not fill one is left out."""
        return len(self.data.train_labels) // self.recipe.batch_size

    def plan(self, epoch: int) -> range:
        """An entry for each batch."""
        return range(self.steps)

    def epoch(
        self, epoch: int, start: int = 0
    ) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32], None]]:
        """Yield images ``[B, 28, 28, 1]`` and targets ``[B, 10]`` of each batch from `start` on."""
        rng = np.random.default_rng((self.seed, epoch))
        size, order = self.recipe.batch_size, rng.permutation(len(self.data.train_images))
        distort = Augmentation(self.recipe.distortion) if self.recipe.distortion else None
        targets = np.eye(CLASSES, dtype=np.float32)
        for step in range(self.steps):
            chosen = order[step * size : (step + 1) * size]
            images = self.data.train_images[chosen].astype(np.float32) / np.float32(255)
            labels = self.data.train_labels[chosen]
            if some := self.recipe.written:
                drawings, digits = self.written
                picked = rng.integers(len(digits), size=some)
                images[:some], labels[:some] = drawings[picked], digits[picked]
            if distort is not None:
                images = distort(images, rng)  # before `start`, too: one generator serves all
            if step >= start:
                yield images[..., None], targets[labels], None


def fit(
    data: MnistData,
    recipe: Recipe,
    seed: int,
    checkpoints: Path,
    *,
    every: float = CHECKPOINT_MINUTES,
) -> tuple[keras.Model, list[dict[str, float]]]:
    """Train one network, or go on with it; `every`: minutes between checkpoints in an epoch.

    Returns:
        The network after the last epoch, and one record an epoch.

    Raises:
        FloatingPointError: a loss is not finite.
        CheckpointError: the checkpoint belongs to another run, or cannot be written.
    """
    set_random_seed(seed)
    model = compiled(recipe)
    batches = DigitBatches(data, recipe, seed)
    rate = OneCycle(recipe.max_lr, total_steps=batches.steps * recipe.epochs)
    scheduler = HyperparameterScheduler(rate, antiphase(rate, 0.85, 0.95))
    scheduler.set_model(model)

    def before(epoch: int, step: int) -> None:
        scheduler.apply(epoch * batches.steps + step)

    def validate() -> Mapping[str, float]:
        logits = predict(model, data.validation_images)
        found = measures(data.validation_labels.astype(int), logits)
        return {name: found[name] for name in ("loss", "accuracy")}

    settings = {"recipe": asdict(recipe), "seed": seed, "data": data.sha256}
    checkpoint = Checkpoint(checkpoints, settings)
    history = fitting.fit(
        model, batches, recipe.epochs, checkpoint, validate,
        before=before, every=every, name=f"seed {seed}",
    )  # fmt: skip
    return model, history


def predict(model: keras.Model, images: NDArray[Any]) -> NDArray[np.float32]:
    """Logits float32 ``[n, 10]`` of digits uint8 ``[n, 28, 28]``."""
    parts = [
        np.asarray(model.predict_on_batch(part[..., None].astype(np.float32) / 255))
        for part in np.array_split(images, max(1, len(images) // 1000))
    ]
    return np.concatenate(parts)
