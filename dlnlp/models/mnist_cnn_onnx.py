"""The stacked network for digits as an ONNX graph, built from its weights without a converter.

Takes what :func:`dlnlp.models.mnist_cnn.network_weights` gives: batch normalization is folded into
each kernel and bias already. Besides the answer the graph gives every convolution's maps, which
the app shows; a run that does not ask for them need not lay them out.

Needs the ``onnx`` package, which the training side installs; the app only runs the result.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto

from dlnlp.models.onnx_graph import OnnxGraph, Value

# As in `dlnlp.models.mnist_cnn`, which brings Keras along; a test compares the two.
SIDE, CLASSES = 28, 10
CONVOLUTIONS = ("conv1", "conv2", "conv3", "conv4", "conv5")
KERNELS = dict.fromkeys(CONVOLUTIONS, 3) | {"conv1": 5}
STRIDES = dict.fromkeys(CONVOLUTIONS, 1) | {"conv1": 2}
POOLED = "conv3"  # halved by max pooling
UNPADDED = "conv5"
LAYER = "layer:"


def build_mnist_cnn_onnx(weights: Mapping[str, NDArray[Any]]) -> onnx.ModelProto:
    """Build the serving graph of a stacked network.

    Input: ``images`` float32 ``[B, 28, 28, 1]``, light ink on black in [0, 1]. Outputs, float32:

    - ``logits`` ``[B, 10]``;
    - ``embedding`` ``[B, D]``, after its ReLU: what the logits are linear in;
    - ``layer:conv1`` ... ``layer:conv5`` ``[B, h, w, c]``, after ReLU and before pooling;
    - ``conv1.kernel`` ``[5, 5, c]``, the filters of the first layer, whatever the images.

    Args:
        weights: ``conv1.kernel`` ``[5, 5, 1, out]``, ``conv2.kernel`` to ``conv5.kernel``
            ``[3, 3, in, out]``, ``embedding.kernel`` ``[in, D]``, ``classifier.kernel``
            ``[D, 10]``, and for each a bias ``[out]``.

    Returns:
        A checked model of opset 17.

    Raises:
        ValueError: an array is missing or does not fit the others.
    """
    arrays = _checked(weights)
    graph = OnnxGraph()
    outputs: dict[str, Value] = {}
    side = SIDE
    # ONNX convolves [B, c, h, w].
    values = graph.add("Transpose", ["images"], perm=[0, 3, 1, 2])
    for name in CONVOLUTIONS:
        kernel = graph.constant(
            f"{name}.weight", arrays[f"{name}.kernel"].transpose(3, 2, 0, 1).copy()
        )
        bias = graph.constant(f"{name}.bias", arrays[f"{name}.bias"])
        side, pads = _places(name, side)
        strides = [STRIDES[name]] * 2
        summed = graph.add("Conv", [values, kernel, bias], pads=pads, strides=strides)
        values = graph.add("Relu", [summed])
        maps = graph.add("Transpose", [values], output=LAYER + name, perm=[0, 2, 3, 1])
        channels = arrays[f"{name}.bias"].size
        outputs[maps] = (TensorProto.FLOAT, ["images", side, side, channels])
        if name == POOLED:
            values = graph.add("MaxPool", [values], kernel_shape=[2, 2], strides=[2, 2])
            side //= 2
    # Keras flattens [h, w, c], as the last maps are laid out.
    flat = graph.add("Flatten", [maps], axis=1)
    embedding = graph.add("Relu", [_dense(graph, "embedding", flat, arrays)], output="embedding")
    _dense(graph, "classifier", embedding, arrays, output="logits")
    first_filters = arrays["conv1.kernel"][:, :, 0]
    filters_name = graph.constant("conv1.filters", first_filters)
    graph.add("Identity", [filters_name], output="conv1.kernel")
    answers: dict[str, Value] = {
        "logits": (TensorProto.FLOAT, ["images", CLASSES]),
        "embedding": (TensorProto.FLOAT, ["images", arrays["embedding.bias"].size]),
    }
    filters: dict[str, Value] = {"conv1.kernel": (TensorProto.FLOAT, [*first_filters.shape])}
    inputs: dict[str, Value] = {"images": (TensorProto.FLOAT, ["images", SIDE, SIDE, 1])}
    return graph.model("mnist_cnn", inputs, answers | outputs | filters)


def _places(name: str, side: int) -> tuple[int, list[int]]:
    """Places a side to which a kernel is laid, and zeros before and after as Keras adds them."""
    kernel, stride = KERNELS[name], STRIDES[name]
    if name == UNPADDED:
        return (side - kernel) // stride + 1, [0] * 4
    places = -(-side // stride)
    zeros = max((places - 1) * stride + kernel - side, 0)
    before, after = zeros // 2, zeros - zeros // 2
    return places, [before, before, after, after]


def _dense(
    graph: OnnxGraph,
    name: str,
    values: str,
    arrays: Mapping[str, NDArray[np.float32]],
    output: str | None = None,
) -> str:
    kernel = graph.constant(f"{name}.weight", arrays[f"{name}.kernel"])
    bias = graph.constant(f"{name}.bias", arrays[f"{name}.bias"])
    return graph.add("Gemm", [values, kernel, bias], output=output)


def _checked(weights: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.float32]]:
    """The weights as float32, after comparing each shape with what the layer before gives."""
    names = (*CONVOLUTIONS, "embedding", "classifier")
    try:
        found = {
            name: np.asarray(weights[name], np.float32)
            for layer in names
            for name in (f"{layer}.kernel", f"{layer}.bias")
        }
    except KeyError as error:
        raise ValueError(
            f"The network for digits lacks the array {error}; pass all of its weights."
        ) from error
    side, channels = SIDE, 1
    for layer in names:
        size = CLASSES if layer == "classifier" else found[f"{layer}.bias"].size
        if layer in CONVOLUTIONS:
            shape: tuple[int, ...] = (KERNELS[layer], KERNELS[layer], channels, size)
            side = _places(layer, side)[0] // (1 + (layer == POOLED))
        else:
            shape = (channels * side * side, size)
            side = 1
        channels = size
        for name, expected in ((f"{layer}.kernel", shape), (f"{layer}.bias", (size,))):
            if found[name].shape != expected:
                raise ValueError(
                    f"The weight {name} of the network for digits has shape {found[name].shape} "
                    f"where the other arrays ask for {expected}; pass arrays of one network."
                )
    return found
