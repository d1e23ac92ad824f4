"""Token ids through the serving graph, in padded groups."""

import numpy as np
import pytest

from dlnlp.inference import kim_cnn_runtime
from dlnlp.inference.kim_cnn_runtime import KimCnnRuntime
from dlnlp.models.kim_cnn_onnx import build_kim_cnn_onnx
from tests.reference_kim_cnn import random_kim_cnn_weights, reference_kim_cnn

WIDTHS = (4, 2, 3)
WEIGHTS = {
    classes: random_kim_cnn_weights(seed=2, widths=WIDTHS, classes=classes, bias=-1)
    for classes in (2, 5)
}
EMBEDDINGS = np.random.default_rng(3).standard_normal((30, 5)).astype(np.float16)


@pytest.fixture(scope="module", params=WEIGHTS)
def weights(request):
    return WEIGHTS[request.param]


@pytest.fixture(scope="module")
def runtime(weights):
    return KimCnnRuntime(EMBEDDINGS, build_kim_cnn_onnx(weights, WIDTHS).SerializeToString())


def documents_of(count, longest=20, seed=0):
    rng = np.random.default_rng(seed)
    return [
        rng.integers(1, 30, size=rng.integers(1, longest + 1)).astype(np.int32)
        for _ in range(count)
    ]


@pytest.mark.parametrize("limit", [1, 60, 100_000])
def test_agrees_with_the_reference_in_groups_of_any_size(runtime, weights, monkeypatch, limit):
    monkeypatch.setattr(kim_cnn_runtime, "POSITIONS_PER_RUN", limit)
    documents = [*documents_of(30), np.array([7], np.int32)]
    outputs = runtime.run(documents)
    for number, document in enumerate(documents):
        expected = reference_kim_cnn(weights, EMBEDDINGS[document], WIDTHS)
        np.testing.assert_allclose(outputs.logits[number], expected["logits"], atol=1e-5)
        np.testing.assert_allclose(outputs.pooled[number], expected["pooled"], atol=1e-5)
        for mine, theirs, values in zip(
            outputs.positions[number], expected["positions"], expected["values"], strict=True
        ):
            # Another region only where the difference is rounding.
            assert mine == theirs or values[theirs] - values[mine] < 1e-5


def test_runs_are_bounded_and_each_document_is_in_one():
    lengths = np.random.default_rng(0).integers(1, 3000, 300).tolist()
    lengths.append(kim_cnn_runtime.POSITIONS_PER_RUN + 1)
    groups = list(kim_cnn_runtime._groups(lengths))
    assert sorted(number for group in groups for number in group) == list(range(301))
    for group in groups:
        positions = len(group) * max(lengths[number] for number in group)
        assert len(group) == 1 or positions <= kim_cnn_runtime.POSITIONS_PER_RUN


def test_the_weights_are_those_of_the_training_side(runtime, weights):
    assert runtime.widths == WIDTHS
    assert runtime.filters == 9
    assert set(runtime.weights) == set(weights)
    for name, array in weights.items():
        np.testing.assert_array_equal(runtime.weights[name], array)


def test_the_network_for_explanations_is_the_same_network(runtime, weights):
    document = documents_of(1)[0]
    network = runtime.network
    expected = reference_kim_cnn(weights, EMBEDDINGS[document], WIDTHS)
    np.testing.assert_array_equal(network.vectors(document), EMBEDDINGS[document])
    np.testing.assert_allclose(network.logits_of(expected["pooled"]), expected["logits"], atol=1e-6)
    assert network.filter_widths.tolist() == [4, 4, 4, 2, 2, 2, 3, 3, 3]
    assert network.widths == WIDTHS


def test_run_refuses_empty_documents_and_takes_none(runtime):
    with pytest.raises(ValueError, match="document 1 has no word"):
        runtime.run([np.array([2], np.int32), np.array([], np.int32)])
    outputs = runtime.run([])
    assert outputs.logits.shape == (0, runtime.classes)
    assert outputs.pooled.shape == outputs.positions.shape == (0, 9)


def test_dtypes(runtime):
    outputs = runtime.run(documents_of(3))
    assert (outputs.logits.dtype, outputs.pooled.dtype) == (np.float32, np.float32)
    assert outputs.positions.dtype == np.int64


def test_a_matrix_of_another_width_or_a_broken_graph_is_refused():
    graph = build_kim_cnn_onnx(WEIGHTS[2], WIDTHS).SerializeToString()
    with pytest.raises(ValueError, match=r"shape \(30, 4\) do not fit .* vectors of 5"):
        KimCnnRuntime(EMBEDDINGS[:, :4], graph)
    with pytest.raises(ValueError, match="the network is not a graph that ONNX Runtime"):
        KimCnnRuntime(EMBEDDINGS, graph[:100])
