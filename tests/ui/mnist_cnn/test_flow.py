"""What the diagram of the network is told: all numbers, in few bytes."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.artifacts import WEIGHTS
from dlnlp.explain.digit_flow import digit_flow
from dlnlp.images import preprocess
from dlnlp.inference.digits import DigitPredictor
from dlnlp.ui.mnist_cnn import flow, kernels
from dlnlp.ui.mnist_cnn.examples import EXAMPLES
from dlnlp.ui.mnist_cnn.flow import flow_data
from dlnlp.ui.mnist_cnn.flow_numbers import Scaled, floats, scaled
from dlnlp.ui.mnist_cnn.kernels import kernels_data
from dlnlp.ui.mnist_cnn.strokes import rasterize


def unscaled(sent: Scaled) -> np.ndarray:
    return np.frombuffer(base64.b64decode(sent["values"]), "<i2") * sent["scale"]


@given(st.lists(st.floats(-1e6, 1e6, width=32), max_size=20))
def test_steps_are_fine_enough(values: list[float]) -> None:
    array = np.array(values, np.float32)
    most = np.abs(array).max(initial=0)
    assert np.abs(unscaled(scaled(array)) - array).max(initial=0) <= most / 65_000 + 1e-30


def test_the_numbers_of_a_digit_arrive_whole_and_small() -> None:
    model = DigitPredictor.load(WEIGHTS / "mnist_cnn")
    image = preprocess(rasterize(EXAMPLES[0].drawing)).image
    found = digit_flow(image, model.network)
    shares = model.predict(image[None]).probabilities[0].tolist()
    data = flow_data(found, model.network, model.class_names, shares, "v")
    assert len(json.dumps(data)) < 180_000
    assert data["guesses"][0] == 7 and len(data["shares"]) == 10
    for sent, layer in zip(data["layers"], found.layers, strict=True):
        maps = unscaled(sent["maps"]).reshape(sent["count"], sent["side"], sent["side"])
        np.testing.assert_allclose(maps.transpose(1, 2, 0), layer.maps, atol=1e-3)
        assert [divmod(place, sent["side"]) for place in sent["places"]] == [
            tuple(place) for place in layer.places.tolist()
        ]
        effects = np.frombuffer(base64.b64decode(sent["effects"]), "<f4")
        np.testing.assert_array_equal(effects, layer.effects.ravel())
    weights = np.frombuffer(base64.b64decode(data["weights"]), "<f4").reshape(10, -1)
    units = np.frombuffer(base64.b64decode(data["units"]), "<f4")
    biases = np.frombuffer(base64.b64decode(data["biases"]), "<f4")
    np.testing.assert_allclose(weights @ units + biases, found.logits, atol=1e-5)
    sent = kernels_data(model.network, "v")
    first = unscaled(sent["kernels"][1]).reshape(32, 24, 3, 3)
    np.testing.assert_allclose(first[5, 7], model.network.kernels[1][:, :, 7, 5], atol=1e-4)


def test_floats_are_exact() -> None:
    array = np.array([[1.1, -2.5], [3e-9, 0]], np.float32)
    np.testing.assert_array_equal(
        np.frombuffer(base64.b64decode(floats(array)), "<f4"), array.ravel()
    )


@pytest.mark.parametrize("module", [flow, kernels])
def test_scripts_never_parse_text_as_html(module: object) -> None:
    from dlnlp.ui.shell.component import script

    text = script(Path(str(module.__file__)).with_suffix(".js"))  # type: ignore[attr-defined]
    for parser in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert parser not in text
