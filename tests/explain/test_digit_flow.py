"""A digit on its way: parts add up to what the predictor says; effects are true by recomputing."""

from pathlib import Path

import numpy as np
import pytest

from dlnlp.artifacts import WEIGHTS
from dlnlp.explain.digit_flow import DigitFlow, digit_flow
from dlnlp.images import preprocess
from dlnlp.inference.digits import DigitPredictor
from dlnlp.ui.mnist_cnn.examples import EXAMPLES
from dlnlp.ui.mnist_cnn.strokes import rasterize
from tests.tiny_mnist_cnn import random_pictures, write_tiny_mnist_cnn

Case = tuple[DigitPredictor, np.ndarray, DigitFlow]


def cases(tmp: Path) -> list[Case]:
    write_tiny_mnist_cnn(tmp / "mnist_cnn", seed=2)
    tiny, shipped = (DigitPredictor.load(folder / "mnist_cnn") for folder in (tmp, WEIGHTS))
    drawings = [preprocess(rasterize(example.drawing)).image for example in EXAMPLES[:10]]
    pictures = [(tiny, picture) for picture in random_pictures(2, 8)]
    pictures += [(shipped, picture) for picture in drawings]
    return [(model, picture, digit_flow(picture, model.network)) for model, picture in pictures]


@pytest.fixture(scope="module")
def flows(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    return cases(tmp_path_factory.mktemp("weights"))


def test_units_and_bias_are_the_predictors_logits(flows: list[Case]) -> None:
    for model, picture, flow in flows:
        outputs = model.predict(picture[None])
        summed = (flow.units[:, None] * flow.weights).sum(0) + flow.biases
        np.testing.assert_allclose(summed, outputs.logits[0], rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(flow.logits, outputs.logits[0], rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(flow.units, outputs.embeddings[0], rtol=1e-5, atol=1e-5)
        again = np.maximum(flow.unit_parts.sum(1) + flow.unit_biases, 0)
        np.testing.assert_allclose(again, flow.units, rtol=1e-5, atol=1e-5)


def test_parts_and_bias_are_the_framed_pixel_of_the_predictors_map(flows: list[Case]) -> None:
    for model, picture, flow in flows:
        for layer, maps in zip(flow.layers, model.runtime.maps(picture).values(), strict=True):
            np.testing.assert_allclose(layer.maps, maps, rtol=1e-5, atol=1e-5)
            pixels = maps[layer.places[:, 0], layer.places[:, 1], np.arange(maps.shape[2])]
            np.testing.assert_array_equal(pixels, maps.max((0, 1)))
            summed = np.maximum(layer.parts.sum(1) + layer.biases, 0)
            np.testing.assert_allclose(summed, pixels, rtol=1e-5, atol=1e-5)


def test_effects_are_what_is_lost_when_a_map_is_swapped(flows: list[Case]) -> None:
    for model, picture, flow in flows[::4]:
        network = model.network
        for number, layer in enumerate(flow.layers):
            heavy = int(np.abs(layer.effects).max(1).argmax())
            for swapped in {0, heavy, len(layer.biases) - 1}:
                changed = network.layers(picture)[number][None].copy()
                changed[..., swapped] = network.empty[number][..., swapped]
                lost = flow.logits - network.logits_from(changed, number)[0]
                np.testing.assert_allclose(layer.effects[swapped], lost, atol=2e-5)


def test_a_picture_without_ink_loses_nothing(flows: list[Case]) -> None:
    network = flows[0][0].network
    empty = digit_flow(np.zeros((28, 28), np.float32), network)
    for layer in empty.layers:
        np.testing.assert_allclose(layer.effects, 0, atol=1e-5)
