"""From a trained network for digits to ``weights/mnist_cnn``: export, calibration, card.

The temperature is folded into the classifier first: what is evaluated is what ships, run by ONNX
Runtime as the app does. Nothing is saved unless it agrees with Keras on real digits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from numpy.typing import NDArray

from dlnlp.artifacts import FORMAT, json_bytes, write_artifact
from dlnlp.datasets.mnist import Digits
from dlnlp.inference.digits import DigitRuntime, read_digits
from dlnlp.inference.softmax import softmax
from dlnlp.models.mnist_cnn import CLASSES, network_weights
from dlnlp.models.mnist_cnn_onnx import build_mnist_cnn_onnx
from train.digits import not_a_digit
from train.digits.digit_robustness import robustness
from train.digits.mnist_pictures import picture_files
from train.digits.not_a_digit import ReadDigits, as_floats
from train.digits.written_digits import ways_of_writing
from train.evaluation import reliability, report, temperature_of_classes
from train.provenance import ParityError, commit, network_files, versions

if TYPE_CHECKING:  # it names the backend, which is the command's to do
    from train.digits.mnist_cnn_fitting import MnistData

TOLERANCE = 1e-4  # of logits; relative to 1 and more
DIGITS_PER_RUN = 500
ABOUT = {
    "data": "MNIST (LeCun et al. 1998): 60,000 handwritten digits to train, 10,000 to test, 28 x "
    "28 pixels, by other writers.",
    "intended_use": "To explore and teach how a convolutional network reads a digit. Not for "
    "forms, cheques or anything that a misread digit can harm.",
    "limits": [
        "One digit a picture, written as in the United States in the 1990s; pictures must be "
        "cropped, scaled and centred as dlnlp.images does.",
        "What is no digit is told by a score that misses many halves of digits and some letters.",
        "Probabilities are calibrated on MNIST; on drawings by mouse they are too sure.",
    ],
}


@dataclass(frozen=True, eq=False)
class Exported:
    """A network as it ships.

    Attributes:
        weights: arrays of the network by name, calibrated.
        network: the ONNX graph.
        temperature: by which the logits were divided.
        parity: largest difference between ONNX Runtime and Keras.
    """

    weights: dict[str, NDArray[np.float32]]
    network: bytes
    temperature: float
    parity: float


def export(model: keras.Model, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> Exported:
    """Calibrate on validation digits, build the graph, compare with Keras on all of them.

    The model itself stays as it is: its logits are those of the graph times the temperature.

    Args:
        model: a stacked network.
        images: uint8 ``[n, 28, 28]``.
        labels: ``[n]``.

    Raises:
        ParityError: the graph differs from the network.
    """
    parts = np.array_split(as_floats(images), max(1, len(images) // DIGITS_PER_RUN))
    logits = np.concatenate([np.asarray(model.predict_on_batch(part[..., None])) for part in parts])
    temperature = temperature_of_classes(logits, labels)
    weights = network_weights(model)
    for name in ("classifier.kernel", "classifier.bias"):
        weights[name] = weights[name] / np.float32(temperature)
    network = build_mnist_cnn_onnx(weights).SerializeToString()
    theirs, _ = DigitRuntime(network).run(as_floats(images))
    parity = float(np.max(np.abs(theirs - logits / temperature) / np.maximum(1, np.abs(theirs))))
    if not parity <= TOLERANCE:  # NaN where any is
        raise ParityError(
            f"ONNX Runtime and Keras differ by {parity:.2e} on real digits (allowed "
            f"{TOLERANCE:.0e}): nothing was saved; the checkpoint is kept"
        )
    return Exported(weights, network, temperature, parity)


def save_artifact(
    model: keras.Model,
    exported: Exported,
    data: "MnistData",
    history: list[dict[str, float]],
    facts: Mapping[str, Any],
    output: Path,
    *,
    per_kind: int = not_a_digit.PER_KIND,
) -> dict[str, Any]:
    """Evaluate on validation and test, write ``output``.

    Args:
        model: as :func:`export` was given; its classifier is calibrated here.
        exported: what it returned.
        data: MNIST.
        history: one record an epoch.
        facts: facts of the training and of other runs, for the card.
        output: directory to write.
        per_kind: non-digits of each kind that the score is chosen and measured on.

    Returns:
        The card.

    Raises:
        UntrainedError: it was not trained, or its weights are not finite.
    """
    runtime = DigitRuntime(exported.network)
    train = ReadDigits.by(runtime, data.train_images, data.train_labels)
    validation = ReadDigits.by(runtime, data.validation_images, data.validation_labels)
    test = ReadDigits.by(runtime, data.test_images, data.test_labels)
    score, compared = not_a_digit.choose(runtime, train, validation, per_kind=per_kind)
    reports = {
        name: report(split.labels, split.read[0])
        for name, split in (("validation", validation), ("test", test))
    }
    for found in reports.values():
        del found["metrics"]["within_one"]  # a 3 is no nearer to a 4 than to an 8
    probabilities = softmax(test.read[0])
    predict = partial(read_digits, runtime, score)
    card = {
        "model": output.name,
        "architecture": "Convolutional network with batch normalization, five convolutions",
        "dataset": "mnist",
        "class_names": _names(),
        **ABOUT,
        "metrics": {name: found["metrics"] for name, found in reports.items()},
        "per_class": reports["test"]["per_class"],
        "confusion": reports["test"]["confusion"],
        "temperature": exported.temperature,
        "reliability": reliability(probabilities, data.test_labels, cases="digits"),
        "robustness": robustness(predict, as_floats(data.test_images), data.test_labels),
        "ways_of_writing": ways_of_writing(predict),
        "not_a_digit": not_a_digit.record(
            runtime, score, compared, validation, test, per_kind=per_kind
        ),
        "digits": {
            "train": len(data.train_labels),
            "validation": len(data.validation_labels),
            "test": len(data.test_labels),
        },
        "data_sha256": data.sha256,
        **facts,
        "parameters": int(sum(array.size for array in exported.weights.values())),
        "parity_onnx_keras": exported.parity,
        "versions": versions(),
        "commit": commit(),
    }
    config = {
        "format": FORMAT,
        "model": "mnist_cnn",
        "dataset": "mnist",
        "class_names": _names(),
        **_shape(exported.weights),
    }
    _calibrate(model, exported.temperature)
    # Not the compiled model: its optimizer's velocities would be saved along.
    learned = network_files(keras.Model(model.inputs, model.outputs), history)
    write_artifact(
        output,
        {
            "config.json": json_bytes(config),
            "network.onnx": exported.network,
            **learned,
            **picture_files(train.read[1], Digits(train.images, train.labels), test.images),
            "not_a_digit.npz": score.save,
            "test_predictions.npz": lambda path: _save_predictions(
                path, data.test_labels, probabilities
            ),
        },
        card,
    )
    for name, found in reports.items():
        print(name, {k: round(v["value"], 4) for k, v in found["metrics"].items()})
    return card


def _names() -> list[str]:
    return [str(digit) for digit in range(CLASSES)]


def _shape(weights: Mapping[str, NDArray[np.float32]]) -> dict[str, Any]:
    """What rebuilds the network: :class:`MnistCnnConfig` without what only training needs."""
    filters = [weights[f"conv{number}.bias"].size for number in range(1, 6)]
    embedding = weights["embedding.bias"].size
    return {"architecture": "stacked", "filters": filters, "embedding": embedding}


def _calibrate(model: keras.Model, temperature: float) -> None:
    classifier = model.get_layer("classifier")
    for variable in (classifier.kernel, classifier.bias):
        variable.assign(variable / temperature)


def _save_predictions(
    path: Path, labels: NDArray[np.uint8], probabilities: NDArray[np.float64]
) -> None:
    with path.open("wb") as file:  # a path without .npz would be given one
        np.savez_compressed(file, labels=labels, probabilities=probabilities.astype(np.float16))
