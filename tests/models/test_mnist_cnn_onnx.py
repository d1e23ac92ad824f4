"""The ONNX graph of the network for digits against the NumPy reference and against Keras."""

import keras
import numpy as np
import onnx
import pytest
from keras import ops

from dlnlp.inference.onnx_session import open_session
from dlnlp.models import mnist_cnn, mnist_cnn_onnx
from dlnlp.models.mnist_cnn_onnx import build_mnist_cnn_onnx
from tests.models.test_mnist_cnn import SMALL, with_moving_statistics
from tests.reference_mnist_cnn import FILTERS, random_mnist_cnn_weights, reference_mnist_cnn
from tests.tiny_mnist_cnn import random_pictures

LAYERS = [f"layer:conv{number}" for number in range(1, 6)]


def outputs_of(weights, pictures) -> dict[str, np.ndarray]:
    session = open_session(build_mnist_cnn_onnx(weights).SerializeToString())
    names = [output.name for output in session.get_outputs()]
    found = session.run(names, {"images": pictures[..., None]})
    return dict(zip(names, found, strict=True))


def test_every_output_agrees_with_the_reference() -> None:
    weights, pictures = random_mnist_cnn_weights(seed=2), random_pictures(3, 1)
    found = outputs_of(weights, pictures)
    assert list(found) == ["logits", "embedding", *LAYERS, "conv1.kernel"]
    for row, picture in enumerate(pictures):
        expected = reference_mnist_cnn(weights, picture)
        for name in ("logits", "embedding", *LAYERS):
            wanted = expected[name.removeprefix("layer:")]
            np.testing.assert_allclose(found[name][row], wanted, atol=1e-5)
    np.testing.assert_array_equal(found["conv1.kernel"], weights["conv1.kernel"][:, :, 0])
    assert [found[name].shape[1:] for name in LAYERS] == [
        (side, side, count) for side, count in zip((14, 14, 14, 7, 5), FILTERS, strict=True)
    ]


def test_it_agrees_with_keras() -> None:
    keras.utils.set_random_seed(4)
    model = with_moving_statistics(mnist_cnn.build_mnist_cnn(SMALL), seed=4)
    pictures = random_pictures(7, 2)
    found = outputs_of(mnist_cnn.network_weights(model), pictures)
    outputs = {name: model.get_layer(f"{name[6:]}_relu").output for name in LAYERS}
    outputs |= {"embedding": model.get_layer("embedding_relu").output, "logits": model.output}
    whole = keras.Model(model.input, outputs)
    for name, expected in whole(pictures[..., None], training=False).items():
        np.testing.assert_allclose(found[name], ops.convert_to_numpy(expected), atol=1e-5)


def test_constants_are_those_of_the_keras_network() -> None:
    for name in ("SIDE", "CLASSES", "CONVOLUTIONS"):
        assert getattr(mnist_cnn_onnx, name) == getattr(mnist_cnn, name)


def test_no_picture_gives_no_answer() -> None:
    found = outputs_of(random_mnist_cnn_weights(), random_pictures(0))
    assert found["logits"].shape == (0, 10) and found["layer:conv5"].shape == (0, 5, 5, 4)


def test_the_model_is_portable() -> None:
    weights = random_mnist_cnn_weights()
    model = build_mnist_cnn_onnx(weights)
    onnx.checker.check_model(model, full_check=True)
    assert model.ir_version == 8
    assert [(entry.domain, entry.version) for entry in model.opset_import] == [("", 17)]
    assert model.ByteSize() < 4 * sum(array.size for array in weights.values()) + 5_000


def test_missing_or_misshapen_weights_are_named() -> None:
    weights = random_mnist_cnn_weights()
    with pytest.raises(ValueError, match=r"lacks the array 'conv4\.bias'"):
        build_mnist_cnn_onnx({k: v for k, v in weights.items() if k != "conv4.bias"})
    for name, shape, wanted in (
        ("conv3.kernel", (3, 3, 9, 5), r"\(3, 3, 4, 5\)"),
        ("embedding.kernel", (99, 7), r"\(100, 7\)"),
        ("classifier.bias", (9,), r"\(10,\)"),
    ):
        wrong = weights | {name: np.zeros(shape, np.float32)}
        with pytest.raises(ValueError, match=rf"weight {name} .* ask for {wanted}"):
            build_mnist_cnn_onnx(wrong)
