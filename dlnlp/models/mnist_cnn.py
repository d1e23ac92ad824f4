"""Convolutional networks for drawn digits: the one that ships, and the origin's as a baseline.

``stacked``: five convolutions with batch normalization (Ioffe & Szegedy 2015), halved by the
first one's stride and by a max pooling, then a dense layer, the embedding, and the logits::

    28 x 28 -> conv1 5x5, stride 2 -> 14 x 14 -> conv2 3x3 -> conv3 3x3 -> pool -> 7 x 7
            -> conv4 3x3 -> conv5 3x3 (valid) -> 5 x 5 -> flat -> embedding -> logits

The stride keeps the largest maps small, which is where a CPU loses its time.

``branches``: the origin's idea (Tixier 2018), four parallel branches of two convolutions, each
branch with a kernel size of its own, side by side to the logits.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

Architecture = Literal["stacked", "branches"]
SIDE, CLASSES = 28, 10
CONVOLUTIONS = ("conv1", "conv2", "conv3", "conv4", "conv5")
BRANCH_KERNELS = (3, 4, 5, 6)


@dataclass(frozen=True)
class MnistCnnConfig:
    """Everything needed to rebuild a network.

    Attributes:
        architecture: see the module.
        filters: number of filters in each of the five convolutions; in a branch's two.
        embedding: size of the dense layer (stacked only).
        dropout: rate before the logits.
    """

    architecture: Architecture = "stacked"
    filters: tuple[int, ...] = (24, 32, 48, 96, 96)
    embedding: int = 96
    dropout: float = 0.2

    def __post_init__(self) -> None:
        """Refuse a number of filters that does not fit."""
        needed = {"stacked": len(CONVOLUTIONS), "branches": 2}.get(self.architecture)
        if needed != len(self.filters):
            raise ValueError(
                f"architecture {self.architecture!r} with filters {self.filters}: 'stacked' takes "
                "five numbers, 'branches' two"
            )

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "MnistCnnConfig":
        """From ``config.json``; keys of other concerns are ignored."""
        known = {f.name: content[f.name] for f in fields(cls) if f.name in content}
        return cls(**known | {"filters": tuple(content["filters"])})

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self) | {"filters": list(self.filters)}


ORIGIN = MnistCnnConfig("branches", (16, 32), dropout=0.3)


def build_mnist_cnn(config: MnistCnnConfig) -> keras.Model:
    """A network with fresh weights.

    Returns:
        Images float ``[B, 28, 28, 1]`` in [0, 1] to logits ``[B, 10]``.
    """
    images = keras.Input((SIDE, SIDE, 1), name="images")
    body = _stacked if config.architecture == "stacked" else _branches
    features = body(images, config)
    dropped = layers.Dropout(config.dropout, name="dropout")(features)
    logits = layers.Dense(CLASSES, name="classifier")(dropped)
    return keras.Model(images, logits, name="mnist_cnn")


def _stacked(images: Any, config: MnistCnnConfig) -> Any:
    values = images
    for name, filters in zip(CONVOLUTIONS, config.filters, strict=True):
        values = layers.Conv2D(
            filters,
            kernel_size=5 if name == "conv1" else 3,
            strides=2 if name == "conv1" else 1,
            padding="valid" if name == "conv5" else "same",
            use_bias=False,
            name=name,
        )(values)
        values = layers.BatchNormalization(momentum=0.95, name=f"{name}_norm")(values)
        values = layers.ReLU(name=f"{name}_relu")(values)
        if name == "conv3":
            values = layers.MaxPooling2D(name=f"{name}_pool")(values)
    values = layers.Flatten(name="flat")(values)
    values = layers.Dense(config.embedding, use_bias=False, name="embedding")(values)
    values = layers.BatchNormalization(momentum=0.95, name="embedding_norm")(values)
    return layers.ReLU(name="embedding_relu")(values)


def _branches(images: Any, config: MnistCnnConfig) -> Any:
    ends = []
    for kernel in BRANCH_KERNELS:
        values = images
        for step, filters in enumerate(config.filters, start=1):
            name = f"branch{kernel}_conv{step}"
            values = layers.Conv2D(filters, kernel, padding="same", name=name)(values)
            values = layers.ReLU(name=f"{name}_relu")(values)
            values = layers.MaxPooling2D(name=f"{name}_pool")(values)
        ends.append(layers.Flatten(name=f"branch{kernel}_flat")(values))
    return layers.Concatenate(name="branches")(ends)


def network_weights(model: keras.Model) -> dict[str, NDArray[np.float32]]:
    """Weights of a stacked network with its normalizations folded in, as inference needs them.

    Batch normalization after a linear layer is linear: ``gamma (x W - mean) / sqrt(var + eps) +
    beta``. So each layer keeps one kernel and one bias.

    Returns:
        ``conv1.kernel`` ``[5, 5, 1, out]``, ``conv1.bias`` ``[out]``, ``conv2.kernel``
        ``[3, 3, in, out]``, ... ``conv5``,
        ``embedding.kernel`` ``[in, D]``, ``embedding.bias``, ``classifier.kernel`` ``[D, 10]``,
        ``classifier.bias``; float32.
    """
    found: dict[str, NDArray[np.float32]] = {}
    for name in (*CONVOLUTIONS, "embedding"):
        kernel = _numpy(model.get_layer(name).kernel)
        norm = model.get_layer(f"{name}_norm")
        scale = _numpy(norm.gamma) / np.sqrt(_numpy(norm.moving_variance) + norm.epsilon)
        found[f"{name}.kernel"] = (kernel * scale).astype(np.float32)
        shifted = _numpy(norm.beta) - _numpy(norm.moving_mean) * scale
        found[f"{name}.bias"] = shifted.astype(np.float32)
    classifier = model.get_layer("classifier")
    found["classifier.kernel"] = _numpy(classifier.kernel).astype(np.float32)
    found["classifier.bias"] = _numpy(classifier.bias).astype(np.float32)
    return found


def _numpy(variable: Any) -> NDArray[np.float64]:
    return np.asarray(ops.convert_to_numpy(variable), np.float64)
