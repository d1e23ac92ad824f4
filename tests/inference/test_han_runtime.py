"""Token ids through the serving graph, in padded groups."""

import numpy as np
import pytest

from dlnlp.inference import han_runtime
from dlnlp.inference.han_runtime import HanRuntime
from dlnlp.models.han_onnx import build_han_onnx
from tests.reference_han import random_han_weights, reference_han

WEIGHTS = random_han_weights(seed=2, classes=5)
EMBEDDINGS = np.random.default_rng(3).standard_normal((30, 5)).astype(np.float16)


@pytest.fixture(scope="module")
def runtime():
    return HanRuntime(EMBEDDINGS, build_han_onnx(WEIGHTS).SerializeToString())


def documents_of(count, seed=0):
    rng = np.random.default_rng(seed)
    return [
        [
            rng.integers(1, 30, size=rng.integers(1, 9)).astype(np.int32)
            for _ in range(rng.integers(1, 6))
        ]
        for _ in range(count)
    ]


@pytest.mark.parametrize("limit", [1, 60, 100_000])
def test_agrees_with_the_reference_in_groups_of_any_size(runtime, monkeypatch, limit):
    monkeypatch.setattr(han_runtime, "POSITIONS_PER_RUN", limit)
    documents = documents_of(20)
    outputs = runtime.run(documents)
    vectors = EMBEDDINGS.astype(np.float32)
    expected = reference_han(WEIGHTS, [[vectors[s] for s in document] for document in documents])
    for number, reference in enumerate(expected):
        for found, wanted in (
            (outputs.logits, reference["logits"]),
            (outputs.document_vectors, reference["document_vector"]),
            (outputs.sentence_scores, reference["sentence_scores"]),
            (outputs.sentence_attention, reference["sentence_attention"]),
            (outputs.word_scores, np.concatenate(reference["word_scores"])),
            (outputs.word_attention, np.concatenate(reference["word_attention"])),
        ):
            np.testing.assert_allclose(found[number], wanted, atol=1e-5)


def test_runs_are_bounded_and_each_row_is_in_one():
    counts = np.random.default_rng(0).integers(1, 60, 3000).astype(np.int32)
    groups = list(han_runtime._groups(counts))
    assert sorted(np.concatenate(groups).tolist()) == list(range(3000))
    for group in groups:
        positions = counts[group].max() * len(group)
        assert positions <= han_runtime.POSITIONS_PER_RUN
        assert positions - counts[group].sum() <= han_runtime.PADDING_PER_RUN
    assert len(groups) < 70
    assert [len(group) for group in han_runtime._groups(np.array([9000, 5000], np.int32))] == [1, 1]
    assert list(han_runtime._groups(np.zeros(0, np.int32))) == []


def test_run_refuses_empty_documents_and_takes_none(runtime):
    for documents in ([[]], [[np.array([2], np.int32), np.array([], np.int32)]]):
        with pytest.raises(ValueError, match="document 0 has no sentence, or one without words"):
            runtime.run(documents)
    assert runtime.run([]).logits.shape == (0, 5)


def test_run_keeps_the_sentences_of_token_ids_apart(runtime):
    ids = np.arange(2, 8, dtype=np.int32)
    outputs = runtime.run([[ids], [ids[:3], ids[3:]]])
    assert [len(a) for a in outputs.sentence_attention] == [1, 2]
    assert [len(a) for a in outputs.word_attention] == [6, 6]
    assert outputs.word_attention[1][:3].sum() == pytest.approx(1, abs=1e-6)
    assert np.abs(outputs.logits[0] - outputs.logits[1]).max() > 1e-4


def test_a_matrix_of_another_width_or_a_broken_graph_is_refused():
    graph = build_han_onnx(WEIGHTS).SerializeToString()
    with pytest.raises(ValueError, match=r"shape \(30, 4\) do not fit .* vectors of 5"):
        HanRuntime(EMBEDDINGS[:, :4], graph)
    with pytest.raises(ValueError, match="the network is not a graph that ONNX Runtime"):
        HanRuntime(EMBEDDINGS, graph[:100])


@pytest.mark.parametrize("limit", [1, 60, 100_000])
def test_shared_sentences_change_no_logit(runtime, monkeypatch, limit):
    monkeypatch.setattr(han_runtime, "POSITIONS_PER_RUN", limit)
    text = documents_of(1, seed=5)[0]
    variants = [text, text[1:] or text, *documents_of(6), [*text, text[0]], text]
    np.testing.assert_allclose(runtime.logits(variants), runtime.run(variants).logits, atol=1e-6)


def test_a_shared_sentence_is_read_once(runtime, monkeypatch):
    read = []
    inner = runtime._read_sentences
    monkeypatch.setattr(
        runtime, "_read_sentences", lambda *given: (read.append(len(given[0])), inner(*given))[1]
    )
    ids = np.arange(2, 8, dtype=np.int32)
    runtime.logits([[ids, ids[:3]], [ids, ids[1:]], [ids]])
    assert read == [3]
    with pytest.raises(ValueError, match="document 1 has no sentence, or one without words"):
        runtime.logits([[ids], []])
    assert runtime.logits([]).shape == (0, 5)


def test_a_graph_that_reads_all_in_one_run_is_refused():
    graph = build_han_onnx(WEIGHTS)
    for node in graph.graph.node:
        for number, name in enumerate(node.input):
            if name == "read_sentences":
                node.input[number] = "sentence_vectors"
    del graph.graph.input[[value.name for value in graph.graph.input].index("read_sentences")]
    with pytest.raises(ValueError, match=r"older version exported .* train the model again"):
        HanRuntime(EMBEDDINGS, graph.SerializeToString())
