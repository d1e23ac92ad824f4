"""A complete artifact of a tiny random network for digits, for tests of what serves it."""

from functools import partial
from pathlib import Path

import numpy as np

from dlnlp.artifacts import json_bytes, write_artifact
from dlnlp.inference.digit_index import DigitIndex
from dlnlp.inference.digit_pictures import save_pictures
from dlnlp.inference.digits import DigitRuntime
from dlnlp.inference.out_of_distribution import OutOfDistributionScore, measure, whitened_classes
from dlnlp.models.mnist_cnn_onnx import build_mnist_cnn_onnx
from tests.reference_mnist_cnn import FILTERS, random_mnist_cnn_weights
from tests.tiny_han import tiny_card

NAMES = tuple("0123456789")
EMBEDDING = 12


def random_pictures(count, seed=0) -> np.ndarray:
    """Blurred noise inside of MNIST's box, float32 [count, 28, 28] in [0, 1]."""
    rng = np.random.default_rng(seed)
    pictures = np.zeros((count, 28, 28), np.float32)
    pictures[:, 4:24, 4:24] = rng.random((count, 5, 5)).repeat(4, 1).repeat(4, 2)
    return pictures


def as_pixels(pictures) -> np.ndarray:
    """Pictures in [0, 1] as uint8 from 0 to 255."""
    return np.rint(255 * pictures).astype(np.uint8)


def write_tiny_mnist_cnn(
    path: Path, seed: int = 0, *, digits: int = 60, tested: int = 200
) -> dict[str, np.ndarray]:
    """Writes all files of ``weights/mnist_cnn`` for an untrained network; returns its weights.

    Conv layers of 3, 4, 5, 6 and 4 filters, an embedding of 12. The index holds `digits` random
    pictures as training digits 0, 3, 6 ... with labels in turn; the model's record `tested` test
    digits, one in ten misread. Its score of what is no digit is a distance, as training may choose.
    """
    weights = random_mnist_cnn_weights(seed, embedding=EMBEDDING)
    network = build_mnist_cnn_onnx(weights).SerializeToString()
    rng = np.random.default_rng(seed)
    pictures = random_pictures(digits, seed)
    logits, embeddings = DigitRuntime(network).run(pictures)
    labels = np.arange(digits) % 10
    means, whitening = whitened_classes(embeddings, labels, 10)
    distances = measure("distance", logits, embeddings, means, whitening)
    out_of_distribution = OutOfDistributionScore.scaled(
        "distance", distances, 3 * distances, 0.02, means, whitening
    )
    index = DigitIndex.fit(embeddings, labels, np.arange(0, 3 * digits, 3), directions=8)
    truth = rng.integers(10, size=tested).astype(np.uint8)
    answers = np.where(np.arange(tested) % 10 == 0, (truth + 1) % 10, truth)
    probabilities = np.full((tested, 10), 0.01, np.float16)
    probabilities[np.arange(tested), answers] = 0.91
    config = {
        "format": 1,
        "model": "mnist_cnn",
        "dataset": "mnist",
        "class_names": list(NAMES),
        "architecture": "stacked",
        "filters": list(FILTERS),
        "embedding": EMBEDDING,
        "dropout": 0.2,
    }
    card = tiny_card(path.name, "mnist", NAMES) | {
        "temperature": 1.1,
        "parameters": int(sum(array.size for array in weights.values())),
        "not_a_digit": {"method": "distance", "threshold": out_of_distribution.threshold},
    }

    def predictions(file: Path) -> None:
        with file.open("wb") as stream:
            np.savez_compressed(stream, labels=truth, probabilities=probabilities)

    write_artifact(
        path,
        {
            "config.json": json_bytes(config),
            "network.onnx": network,
            "network.weights.h5": b"an untrained network has no Keras weights",
            "history.json": json_bytes({"epochs": [{"loss": 0.7}, {"loss": 0.5}]}),
            "neighbours.npz": index.save,
            "neighbour_pictures.npz": partial(save_pictures, pictures=as_pixels(pictures)),
            "test_pictures.npz": partial(
                save_pictures, pictures=as_pixels(random_pictures(tested, seed + 1))
            ),
            "not_a_digit.npz": out_of_distribution.save,
            "test_predictions.npz": predictions,
        },
        card,
    )
    return weights
