"""The Hierarchical Attention Network as an ONNX graph, built from its weights without a converter.

Yang et al. (2016), "Hierarchical Attention Networks for Document Classification". The recurrent
layers are ONNX's own GRU operator, which takes lengths instead of masks; with
``linear_before_reset=1`` it computes what Keras calls ``reset_after=True``. The embedding matrix is
not part of the graph: the caller passes the vectors of the words that occur.

Needs the ``onnx`` package, which the training side installs; the app only runs the result.
"""

from collections.abc import Mapping

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto

from dlnlp.models.onnx_graph import OnnxGraph, Value

Weights = Mapping[str, NDArray[np.float32]]

INPUTS: dict[str, tuple[int, list[str]]] = {
    "word_vectors": (TensorProto.FLOAT, ["distinct_words", "embedding_dim"]),
    "token_index": (TensorProto.INT32, ["words", "sentences"]),
    "word_counts": (TensorProto.INT32, ["sentences"]),
    "read_sentences": (TensorProto.FLOAT, ["sentences_read_before", "state"]),
    "sentence_index": (TensorProto.INT64, ["sentences_of_document", "documents"]),
    "sentence_counts": (TensorProto.INT32, ["documents"]),
}
OUTPUTS: dict[str, list[str]] = {
    "logits": ["documents", "classes"],
    "word_scores": ["sentences", "words"],
    "word_attention": ["sentences", "words"],
    "sentence_scores": ["documents", "sentences_of_document"],
    "sentence_attention": ["documents", "sentences_of_document"],
    "sentence_vectors": ["sentences", "state"],
    "document_vectors": ["documents", "state"],
}


def build_han_onnx(weights: Weights) -> onnx.ModelProto:
    """Build the serving graph of a HAN.

    The graph reads S sentences, and D documents of these or of earlier ones. Inputs:

    - ``word_vectors`` float32 ``[U, E]``: embeddings of the distinct words;
    - ``token_index`` int32 ``[W, S]``, time first: rows of ``word_vectors``, any valid row (0) at
      padding;
    - ``word_counts`` int32 ``[S]``: words of each sentence, at least 1;
    - ``read_sentences`` float32 ``[K, 2h]``: ``sentence_vectors`` of an earlier run, so that
      sentences of one length can be read together, and documents after them; K may be 0;
    - ``sentence_index`` int64 ``[M, D]``, time first: which of the S + K sentences, those of this
      run first; any (0) at padding;
    - ``sentence_counts`` int32 ``[D]``: sentences of each document, at least 1.

    Outputs, all float32: ``logits [D, C]``, ``word_scores`` and ``word_attention [S, W]``,
    ``sentence_scores`` and ``sentence_attention [D, M]`` (scores and weights are exactly 0 at
    padding), ``sentence_vectors [S, 2h]``, ``document_vectors [D, 2h]``.

    A score is ``tanh(u W + b) . context`` of the GRU state ``u``; the attention is the softmax of
    the scores over the real positions.

    Args:
        weights: the network's arrays by name. ``word_gru.`` and ``sentence_gru.`` have ``kernel``
            ``[2, input, 3h]``, ``recurrent_kernel`` ``[2, h, 3h]`` and ``bias`` ``[2, 2, 3h]``:
            forward and backward; gates in the order update, reset, candidate; input bias, then
            recurrent bias. ``word_attention.`` and ``sentence_attention.`` have ``kernel``
            ``[2h, A]``, ``bias`` ``[A]`` and ``context`` ``[A]``; ``classifier.`` has ``kernel``
            ``[2h, C]`` and ``bias`` ``[C]``.

    Returns:
        A checked model of opset 17.

    Raises:
        ValueError: an array is missing or has the wrong shape.
    """
    arrays = _checked(weights)
    graph = OnnxGraph()
    vectors = graph.add("Gather", ["word_vectors", "token_index"], axis=0)
    _encode(graph, arrays, "word", vectors, "word_counts", "sentence_vectors")
    sentences = graph.add("Concat", ["sentence_vectors", "read_sentences"], axis=0)
    vectors = graph.add("Gather", [sentences, "sentence_index"], axis=0)
    _encode(graph, arrays, "sentence", vectors, "sentence_counts", "document_vectors")
    kernel = graph.constant("classifier.kernel", arrays["classifier.kernel"])
    product = graph.add("MatMul", ["document_vectors", kernel])
    bias = graph.constant("classifier.bias", arrays["classifier.bias"])
    graph.add("Add", [product, bias], output="logits")

    state, classes = arrays["classifier.kernel"].shape
    sizes = {"state": state, "classes": classes}
    sizes["embedding_dim"] = arrays["word_gru.kernel"].shape[1]

    def value(kind: int, dims: list[str]) -> Value:
        return kind, [sizes.get(dim, dim) for dim in dims]

    inputs = {name: value(kind, dims) for name, (kind, dims) in INPUTS.items()}
    outputs = {name: value(TensorProto.FLOAT, dims) for name, dims in OUTPUTS.items()}
    return graph.model("han", inputs, outputs)


def _encode(
    graph: OnnxGraph, arrays: Weights, level: str, vectors: str, counts: str, output: str
) -> None:
    """Add bidirectional GRU and attention: ``[T, B, input] -> [B, 2h]``, named `output`."""
    kernel = arrays[f"{level}_gru.kernel"]
    recurrent = arrays[f"{level}_gru.recurrent_kernel"]
    bias = arrays[f"{level}_gru.bias"]
    gru = graph.add(
        "GRU",
        [
            vectors,
            # ONNX keeps Keras' order of gates, but one row a unit, and both biases in one row.
            graph.constant(f"{level}_gru.kernel", kernel.transpose(0, 2, 1)),
            graph.constant(f"{level}_gru.recurrent_kernel", recurrent.transpose(0, 2, 1)),
            graph.constant(f"{level}_gru.bias", bias.reshape(2, -1)),
            counts,
        ],
        direction="bidirectional",
        hidden_size=recurrent.shape[1],
        linear_before_reset=1,
    )
    batch_first = graph.add("Transpose", [gru], perm=[2, 0, 1, 3])
    states = graph.add("Reshape", [batch_first, graph.integers(0, 0, -1)])
    _attend(graph, arrays, level, states, counts, output)


def _attend(
    graph: OnnxGraph, arrays: Weights, level: str, states: str, counts: str, output: str
) -> None:
    """Add attention pooling of ``[B, T, 2h]``: scores and weights ``[B, T]``, sums ``[B, 2h]``."""
    last, first = graph.integers(-1), graph.integers(1)
    zero = graph.scalar("zero", 0.0)
    kernel, bias = (
        graph.constant(name, arrays[name])
        for name in (f"{level}_attention.kernel", f"{level}_attention.bias")
    )
    product = graph.add("MatMul", [states, kernel])
    biased = graph.add("Add", [product, bias])
    context = arrays[f"{level}_attention.context"][:, None]
    column = graph.constant(f"{level}_attention.context", context)
    all_scores = graph.add("MatMul", [graph.add("Tanh", [biased]), column])
    all_scores = graph.add("Squeeze", [all_scores, last])

    length = graph.add("Squeeze", [graph.add("Shape", [states], start=1, end=2)])
    start, step = graph.scalar("start", 0, np.int64), graph.scalar("step", 1, np.int64)
    positions = graph.add("Range", [start, length, step])
    limits = graph.add("Cast", [graph.add("Unsqueeze", [counts, first])], to=TensorProto.INT64)
    real = graph.add("Less", [positions, limits])
    scores = graph.add("Where", [real, all_scores, zero], output=f"{level}_scores")

    # The maximum is subtracted before exp, so that no score overflows; padding is set to 0
    # afterwards, so that it is exactly 0; the floor turns an empty row into zeros, not NaN.
    lowest = graph.scalar("lowest", float(np.finfo(np.float32).min))
    candidates = graph.add("Where", [real, scores, lowest])
    top = graph.add("ReduceMax", [candidates], axes=[-1], keepdims=1)
    exponentials = graph.add("Exp", [graph.add("Sub", [candidates, top])])
    exponentials = graph.add("Where", [real, exponentials, zero])
    total = graph.add("ReduceSum", [exponentials, last], keepdims=1)
    total = graph.add("Max", [total, graph.scalar("tiny", float(np.finfo(np.float32).tiny))])
    attention = graph.add("Div", [exponentials, total], output=f"{level}_attention")

    row = graph.add("Unsqueeze", [attention, first])
    graph.add("Squeeze", [graph.add("MatMul", [row, states]), first], output=output)


def _checked(weights: Weights) -> Weights:
    """The weights as float32, after comparing every shape with the first layers' sizes."""
    try:
        embedding_dim = weights["word_gru.kernel"].shape[1]
        units = weights["word_gru.recurrent_kernel"].shape[1]
        attention = {lv: len(weights[f"{lv}_attention.bias"]) for lv in ("word", "sentence")}
        classes = len(weights["classifier.bias"])
        expected = {"classifier.kernel": (2 * units, classes), "classifier.bias": (classes,)}
        for level, inputs in (("word", embedding_dim), ("sentence", 2 * units)):
            expected[f"{level}_gru.kernel"] = (2, inputs, 3 * units)
            expected[f"{level}_gru.recurrent_kernel"] = (2, units, 3 * units)
            expected[f"{level}_gru.bias"] = (2, 2, 3 * units)
            expected[f"{level}_attention.kernel"] = (2 * units, attention[level])
            expected[f"{level}_attention.bias"] = (attention[level],)
            expected[f"{level}_attention.context"] = (attention[level],)
        found = {name: np.asarray(weights[name], np.float32) for name in expected}
    except KeyError as error:
        raise ValueError(f"HAN weights lack the array {error}; pass all of the network.") from error
    for name, shape in expected.items():
        if found[name].shape != shape:
            raise ValueError(
                f"HAN weight {name} has shape {found[name].shape} where the other arrays ask for "
                f"{shape}; pass arrays of one network in Keras' layout."
            )
    return found
