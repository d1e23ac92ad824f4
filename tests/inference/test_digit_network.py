"""The network for digits in NumPy: the same numbers as the reference, layer by layer."""

from pathlib import Path

import numpy as np
import pytest

from dlnlp.inference import digit_network
from dlnlp.inference.digit_network import DigitNetwork
from dlnlp.inference.digits import DigitPredictor
from dlnlp.models import mnist_cnn_onnx
from tests.reference_mnist_cnn import reference_mnist_cnn
from tests.tiny_mnist_cnn import random_pictures, write_tiny_mnist_cnn


def test_every_layer_is_the_references(tmp_path: Path) -> None:
    weights = write_tiny_mnist_cnn(tmp_path / "mnist_cnn", seed=3)
    network = DigitPredictor.load(tmp_path / "mnist_cnn").network
    picture = random_pictures(1, 4)[0]
    expected = reference_mnist_cnn(weights, picture)
    layers = network.layers(picture)
    for number, summed in enumerate(layers, 1):
        np.testing.assert_allclose(np.maximum(summed, 0), expected[f"conv{number}"], atol=1e-5)
    for layer, summed in enumerate(layers):  # the rest of the network, from any layer on
        logits = network.logits_from(summed[None], layer)
        np.testing.assert_allclose(logits[0], expected["logits"], atol=1e-5)


def test_shapes_are_those_of_the_graph() -> None:
    names = mnist_cnn_onnx.CONVOLUTIONS
    assert digit_network.SIDE == mnist_cnn_onnx.SIDE
    assert dict(zip(names, digit_network.STRIDES, strict=True)) == mnist_cnn_onnx.STRIDES
    assert names[digit_network.POOLED] == mnist_cnn_onnx.POOLED
    assert names[digit_network.UNPADDED] == mnist_cnn_onnx.UNPADDED


def test_a_graph_without_a_layer_is_refused() -> None:
    with pytest.raises(ValueError, match=r"lacks the constant 'conv1\.weight'"):
        DigitNetwork.from_constants({})
