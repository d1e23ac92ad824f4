"""Recipes of the networks for digits, and one training run by a recipe.

Imported before Keras elsewhere: it names the backend. On a CPU, TensorFlow trained four networks of
this size 1.7 to 3.4 times as fast as JAX did; JAX works too.
"""

import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import hashlib

import keras
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from dlnlp.callbacks import Checkpoint, HyperparameterScheduler
from dlnlp.datasets.mnist import read_mnist
from dlnlp.models.mnist_cnn import CLASSES, ORIGIN, MnistCnnConfig, build_mnist_cnn
from dlnlp.optimizers import SGD
from dlnlp.schedules import OneCycle, antiphase
from train.augmentation import Augmentation, Distortion
from train.evaluation import measures

VALIDATION = 5_000


@dataclass(frozen=True, eq=False)
class MnistData:
    """MNIST with validation taken from the end of train; images uint8 ``[n, 28, 28]``.

    Attributes:
        sha256: of all pixels and labels, in the order of the attributes.
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
    """

    config: MnistCnnConfig = MnistCnnConfig()
    epochs: int = 14
    batch_size: int = 128
    max_lr: float = 0.1
    weight_decay: float = 5e-3
    label_smoothing: float = 0.1
    distortion: Distortion | None = Distortion()


RECIPE = Recipe()  # of what ships
# The origin's architecture, trained plainly as there: no distortion, no smoothing, no decay.
ORIGIN_RECIPE = Recipe(
    config=ORIGIN,
    epochs=8,
    max_lr=0.05,
    weight_decay=0.0,
    label_smoothing=0.0,
    distortion=None,
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


def fit(
    data: MnistData, recipe: Recipe, seed: int, checkpoints: Path
) -> tuple[keras.Model, list[dict[str, float]]]:
    """Train one network, or go on with it.

    Returns:
        The network after the last epoch, and one record an epoch.

    Raises:
        FloatingPointError: a loss is not finite.
        CheckpointError: the checkpoint belongs to another run, or cannot be written.
    """
    keras.utils.set_random_seed(seed)
    model = compiled(recipe)
    settings = {"recipe": asdict(recipe), "seed": seed, "data": data.sha256}
    checkpoint = Checkpoint(checkpoints, settings)
    history: list[dict[str, float]] = (checkpoint.load(model) or {"history": []})["history"]
    steps = len(data.train_images) // recipe.batch_size
    rate = OneCycle(recipe.max_lr, total_steps=steps * recipe.epochs)
    scheduler = HyperparameterScheduler(rate, antiphase(rate, 0.85, 0.95))
    scheduler.set_model(model)
    for epoch in range(len(history), recipe.epochs):
        started = time.perf_counter()
        loss = _epoch(model, data, recipe, np.random.default_rng((seed, epoch)), scheduler, epoch)
        record = {"loss": loss, "seconds": time.perf_counter() - started}
        logits = predict(model, data.validation_images)
        found = measures(data.validation_labels.astype(int), logits)
        record |= {f"validation_{name}": found[name] for name in ("loss", "accuracy")}
        history.append(record)
        checkpoint.save(model, {"history": history})
        tqdm.write(
            f"seed {seed} epoch {epoch + 1}/{recipe.epochs}: "
            + "  ".join(f"{k} {v:.4f}" for k, v in record.items())
        )
    return model, history


def _epoch(
    model: keras.Model,
    data: MnistData,
    recipe: Recipe,
    rng: np.random.Generator,
    scheduler: HyperparameterScheduler,
    epoch: int,
) -> float:
    size, order = recipe.batch_size, rng.permutation(len(data.train_images))
    distort = Augmentation(recipe.distortion) if recipe.distortion else None
    targets = np.eye(CLASSES, dtype=np.float32)
    total, steps = 0.0, len(order) // size
    bar = tqdm(range(steps), desc=f"epoch {epoch + 1}/{recipe.epochs}", disable=None)
    for step in bar:
        chosen = order[step * size : (step + 1) * size]
        images = data.train_images[chosen].astype(np.float32) / np.float32(255)
        if distort is not None:
            images = distort(images, rng)
        scheduler.apply(epoch * steps + step)
        model.reset_metrics()  # else Keras answers with the mean since the beginning
        loss = float(model.train_on_batch(images[..., None], targets[data.train_labels[chosen]]))
        if not np.isfinite(loss):
            raise FloatingPointError(
                f"the loss of epoch {epoch + 1}, step {step + 1} is {loss}: lower max_lr"
            )
        total += loss
    return total / max(1, steps)


def predict(model: keras.Model, images: NDArray[Any]) -> NDArray[np.float32]:
    """Logits float32 ``[n, 10]`` of digits uint8 ``[n, 28, 28]``."""
    parts = [
        np.asarray(model.predict_on_batch(part[..., None].astype(np.float32) / 255))
        for part in np.array_split(images, max(1, len(images) // 1000))
    ]
    return np.concatenate(parts)
