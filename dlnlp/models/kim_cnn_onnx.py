"""Kim's CNN as an ONNX graph, built from its weights without a converter.

Kim (2014), "Convolutional Neural Networks for Sentence Classification". A convolution over words
is a sum of one product for each word of a region: each distinct word of the batch is multiplied by
every row of the kernels once, and regions add up the results. A word that occurs a hundred times
costs one product, and equal regions have exactly equal values. The embedding matrix is not part of
the graph: the caller passes the vectors of the words that occur.

Needs the ``onnx`` package, which the training side installs; the app only runs the result.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto

from dlnlp.models.onnx_graph import OnnxGraph, Value


def build_kim_cnn_onnx(
    weights: Mapping[str, NDArray[Any]], widths: Sequence[int]
) -> onnx.ModelProto:
    """Build the serving graph of a Kim CNN.

    Region p of width w and filter f of a text of n words ``x`` has the value
    ``a = b_f + sum_j x[p + j] . W[j, :, f]`` for ``p = 0 .. max(n - w, 0)``; a text shorter than w
    is continued by zero vectors. A filter gives ``max_p relu(a)``, the logits are linear in them.

    Inputs, for B texts of at most L words, D of them distinct:

    - ``word_vectors`` float32 ``[D, E]``;
    - ``token_index`` int32 ``[B, L]``: rows of ``word_vectors``, any valid row (0) at padding;
    - ``lengths`` int32 ``[B]``: words of each text, at least 1.

    Outputs, with K = ``len(widths) * F`` filters in the order of `widths`: ``logits`` float32
    ``[B, C]`` (of two classes only the log odds of the second, ``[B]``), ``pooled`` float32
    ``[B, K]``, ``positions`` int64 ``[B, K]`` (the first region that reaches the filter's maximum),
    and every array of `weights` under its own name, from which the app computes explanations.

    Args:
        weights: ``conv{w}.kernel`` ``[w, E, F]`` and ``conv{w}.bias`` ``[F]`` for each width,
            ``classifier.kernel`` ``[K, C]``, ``classifier.bias`` ``[C]``, of two classes only the
            column of the second.
        widths: words a region has, in the order of the filters.

    Returns:
        A checked model of opset 17.

    Raises:
        ValueError: an array is missing or has the wrong shape, or the widths are not distinct
            positive numbers.
    """
    arrays = _checked(weights, widths)
    _, embedding_dim, filters = arrays[f"conv{widths[0]}.kernel"].shape
    graph = OnnxGraph()
    index, positions, lengths = _index(graph, embedding_dim, max(widths))
    table = _products(graph, arrays, widths)

    rows = graph.scalar("rows", sum(widths), np.int32)
    index = graph.add("Mul", [index, rows])
    maxima, places, first_row = [], [], 0
    for width in widths:
        values = _regions(graph, table, index, range(first_row, first_row + width))
        first_row += width
        # A padded region gets the lowest number: it loses against any real one, also below zero.
        start = graph.add("Sub", [lengths, graph.scalar(f"width_{width}", width, np.int64)])
        start = graph.add("Max", [start, graph.scalar("zero", 0, np.int64)])
        real = graph.add("LessOrEqual", [positions, start])
        real = graph.add("Unsqueeze", [real, graph.integers(2)])
        lowest = graph.scalar("lowest", float(np.finfo(np.float32).min))
        values = graph.add("Where", [real, values, lowest])
        top = graph.add("ReduceMax", [values], axes=[1], keepdims=0)
        biased = graph.add("Add", [top, f"conv{width}.bias.constant"])
        maxima.append(graph.add("Relu", [biased]))
        places.append(graph.add("ArgMax", [values], axis=1, keepdims=0, select_last_index=0))
    pooled = graph.add("Concat", maxima, output="pooled", axis=1)
    graph.add("Concat", places, output="positions", axis=1)
    product = graph.add("MatMul", [pooled, "classifier.kernel.constant"])
    classes = len(arrays["classifier.bias"])
    if classes == 1:
        column = graph.add("Add", [product, "classifier.bias.constant"])
        graph.add("Squeeze", [column, graph.integers(1)], output="logits")
    else:
        graph.add("Add", [product, "classifier.bias.constant"], output="logits")

    count = filters * len(widths)
    outputs: dict[str, Value] = {
        "logits": (TensorProto.FLOAT, ["texts"] if classes == 1 else ["texts", classes]),
        "pooled": (TensorProto.FLOAT, ["texts", count]),
        "positions": (TensorProto.INT64, ["texts", count]),
    }
    for name, array in arrays.items():
        graph.add("Identity", [f"{name}.constant"], output=name)
        outputs[name] = (TensorProto.FLOAT, list(array.shape))
    inputs: dict[str, Value] = {
        "word_vectors": (TensorProto.FLOAT, ["distinct_words", embedding_dim]),
        "token_index": (TensorProto.INT32, ["texts", "words"]),
        "lengths": (TensorProto.INT32, ["texts"]),
    }
    return graph.model("kim_cnn", inputs, outputs)


def _index(graph: OnnxGraph, embedding_dim: int, widest: int) -> tuple[str, str, str]:
    """Rows of the words, positions and lengths.

    Returns:
        int32 ``[B, L + widest - 1]``, where padding names the row of zeros after the last word;
        int64 ``[L]``; int64 ``[B, 1]``.
    """
    shape = graph.add("Shape", ["token_index"], start=1, end=2)
    start, step = graph.scalar("zero", 0, np.int64), graph.scalar("one", 1, np.int64)
    positions = graph.add("Range", [start, graph.add("Squeeze", [shape]), step])
    lengths = graph.add("Unsqueeze", ["lengths", graph.integers(1)])
    lengths = graph.add("Cast", [lengths], to=TensorProto.INT64)
    zero_row = graph.add("Squeeze", [graph.add("Shape", ["word_vectors"], start=0, end=1)])
    zero_row = graph.add("Cast", [zero_row], to=TensorProto.INT32)
    real = graph.add("Less", [positions, lengths])
    index = graph.add("Where", [real, "token_index", zero_row])
    pads = graph.constant("pads", np.array([0, 0, 0, widest - 1], np.int64))
    return graph.add("Pad", [index, pads, zero_row]), positions, lengths


def _products(
    graph: OnnxGraph, arrays: Mapping[str, NDArray[np.float32]], widths: Sequence[int]
) -> str:
    """Every word times every row of the kernels, then zeros: ``[(D + 1) R, F]``, R = sum(widths).

    Row ``word * R + r`` is the word's share of a region in which it meets kernel row r.
    """
    _, embedding_dim, filters = arrays[f"conv{widths[0]}.kernel"].shape
    for name, array in arrays.items():
        graph.constant(f"{name}.constant", array)
    # Laid out anew by the graph, once as it is opened: the file holds every kernel once.
    kernels = [
        graph.add("Transpose", [f"conv{width}.kernel.constant"], perm=[1, 0, 2]) for width in widths
    ]
    rows = graph.add("Concat", kernels, axis=1)
    matrix = graph.add("Reshape", [rows, graph.integers(embedding_dim, -1)])
    product = graph.add("MatMul", ["word_vectors", matrix])
    zeros = graph.constant("zeros", np.zeros((1, sum(widths) * filters), np.float32))
    table = graph.add("Concat", [product, zeros], axis=0)
    return graph.add("Reshape", [table, graph.integers(-1, filters)])


def _regions(graph: OnnxGraph, table: str, index: str, kernel_rows: range) -> str:
    """Values without bias of the regions at every position, float32 ``[B, L, F]``."""
    widest_end = graph.add("Shape", ["token_index"], start=1, end=2)
    total = ""
    for offset, row in enumerate(kernel_rows):
        first = graph.integers(offset)
        end = graph.add("Add", [widest_end, first])
        words = graph.add("Slice", [index, first, end, graph.integers(1)])
        words = graph.add("Add", [words, graph.scalar(f"row_{row}", row, np.int32)])
        share = graph.add("Gather", [table, words], axis=0)
        total = graph.add("Add", [total, share]) if total else share
    return total


def _checked(
    weights: Mapping[str, NDArray[Any]], widths: Sequence[int]
) -> dict[str, NDArray[np.float32]]:
    """The weights as float32, after comparing every shape with the first kernel's."""
    if not widths or len(set(widths)) != len(widths) or min(widths) < 1:
        raise ValueError(f"Kim CNN widths {tuple(widths)} must be distinct positive numbers.")
    try:
        _, embedding_dim, filters = np.shape(weights[f"conv{widths[0]}.kernel"])
        expected: dict[str, tuple[int, ...]] = {}
        for width in widths:
            expected[f"conv{width}.kernel"] = (width, embedding_dim, filters)
            expected[f"conv{width}.bias"] = (filters,)
        classes = len(weights["classifier.bias"])
        expected["classifier.kernel"] = (filters * len(widths), classes)
        expected["classifier.bias"] = (classes,)
        found = {name: np.asarray(weights[name], np.float32) for name in expected}
    except KeyError as error:
        raise ValueError(
            f"Kim CNN weights lack the array {error}; pass all of the network."
        ) from error
    for name, shape in expected.items():
        if found[name].shape != shape:
            raise ValueError(
                f"Kim CNN weight {name} has shape {found[name].shape} where the other arrays ask "
                f"for {shape}; pass arrays of one network in Keras' layout."
            )
    return found
