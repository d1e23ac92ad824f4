"""The ONNX graph of the HAN against the NumPy reference."""

import numpy as np
import onnx
import onnxruntime
import pytest

from dlnlp.models.han_onnx import OUTPUTS, build_han_onnx
from tests.reference_han import random_han_weights, reference_han

RAGGED = [[3, 1, 7], [1], [2, 9], [4, 4, 1, 1, 6]]


def session_of(weights):
    model = build_han_onnx(weights)
    return onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )


def documents_of(lengths, embedding_dim, seed=1):
    rng = np.random.default_rng(seed)
    return [
        [rng.standard_normal((words, embedding_dim)).astype(np.float32) for words in document]
        for document in lengths
    ]


def feeds_of(documents, *, extra_words=0, extra_sentences=0, filler=0):
    """Pads documents by hand; each token is its own distinct word."""
    sentences = [sentence for document in documents for sentence in document]
    word_counts = np.array([len(sentence) for sentence in sentences], np.int32)
    sentence_counts = np.array([len(document) for document in documents], np.int32)
    words = word_counts.max() + extra_words
    token_index = np.full((words, len(sentences)), filler, np.int32)
    sentence_index = np.full(
        (sentence_counts.max() + extra_sentences, len(documents)), filler, np.int64
    )
    token = sentence_number = 0
    for column, sentence in enumerate(sentences):
        for row in range(len(sentence)):
            token_index[row, column] = token
            token += 1
    for column, document in enumerate(documents):
        for row in range(len(document)):
            sentence_index[row, column] = sentence_number
            sentence_number += 1
    return {
        "word_vectors": np.concatenate(sentences),
        "token_index": token_index,
        "word_counts": word_counts,
        "sentence_index": sentence_index,
        "sentence_counts": sentence_counts,
    }


def run(session, feeds):
    shapes = {value.name: value.shape for value in session.get_inputs()}
    none = np.zeros((0, shapes["read_sentences"][1]), np.float32)
    feeds = {"read_sentences": none, **feeds}
    return dict(zip(OUTPUTS, session.run(list(OUTPUTS), feeds), strict=True))


def assert_agrees(outputs, expected, tolerance=1e-5):
    """Compares a padded batch with the reference, and asks for exact zeros at padding."""
    row = 0
    for number, document in enumerate(expected):
        sentences = len(document["sentence_scores"])
        for name, key in (("logits", "logits"), ("document_vectors", "document_vector")):
            np.testing.assert_allclose(outputs[name][number], document[key], atol=tolerance)
        for name in ("sentence_scores", "sentence_attention"):
            np.testing.assert_allclose(
                outputs[name][number, :sentences], document[name], atol=tolerance
            )
            assert not outputs[name][number, sentences:].any()
        for sentence in range(sentences):
            words = len(document["word_scores"][sentence])
            np.testing.assert_allclose(
                outputs["sentence_vectors"][row],
                document["sentence_vectors"][sentence],
                atol=tolerance,
            )
            for name in ("word_scores", "word_attention"):
                np.testing.assert_allclose(
                    outputs[name][row, :words], document[name][sentence], atol=tolerance
                )
                assert not outputs[name][row, words:].any()
            row += 1


@pytest.mark.parametrize(
    ("lengths", "sizes"),
    [
        (RAGGED, {}),
        ([[1]], {}),
        ([[6]], {"classes": 2}),
        ([[1, 1, 1]], {"units": 1}),
        (RAGGED, {"embedding_dim": 20, "units": 17, "attention_dim": 9, "classes": 5}),
    ],
)
def test_agrees_with_the_reference(lengths, sizes):
    weights = random_han_weights(**sizes)
    documents = documents_of(lengths, sizes.get("embedding_dim", 5))
    outputs = run(session_of(weights), feeds_of(documents))
    assert_agrees(outputs, reference_han(weights, documents))


def test_a_batch_gives_what_each_document_gives_alone():
    weights = random_han_weights(seed=3)
    documents = documents_of(RAGGED, 5)
    session = session_of(weights)
    together = run(session, feeds_of(documents))
    for number, document in enumerate(documents):
        alone = run(session, feeds_of([document]))
        for name in ("logits", "document_vectors"):
            np.testing.assert_allclose(together[name][number], alone[name][0], atol=1e-6)
        np.testing.assert_allclose(
            together["sentence_attention"][number, : len(document)],
            alone["sentence_attention"][0],
            atol=1e-6,
        )


def test_padding_changes_nothing_whatever_it_points_to():
    weights = random_han_weights(seed=4)
    documents = documents_of(RAGGED, 5)
    session = session_of(weights)
    outputs = run(session, feeds_of(documents, extra_words=5, extra_sentences=3, filler=2))
    assert_agrees(outputs, reference_han(weights, documents))


def test_a_shared_row_serves_every_occurrence_of_a_word():
    weights = random_han_weights(seed=5)
    vectors = np.random.default_rng(0).standard_normal((2, 5)).astype(np.float32)
    documents = [[vectors[[0, 1, 0]], vectors[[1]]]]
    feeds = feeds_of(documents)
    feeds["word_vectors"] = vectors
    feeds["token_index"] = np.array([[0, 1], [1, 0], [0, 0]], np.int32)
    assert_agrees(run(session_of(weights), feeds), reference_han(weights, documents))


def test_documents_are_made_of_sentences_of_this_run_and_of_earlier_ones():
    weights = random_han_weights(seed=9)
    (document,) = documents_of([[3, 1, 4]], 5)
    session = session_of(weights)
    early = run(session, feeds_of([document[:2]]))["sentence_vectors"]
    feeds = feeds_of([document[2:]])
    feeds["read_sentences"] = early[::-1]
    feeds["sentence_index"] = np.array([[2], [1], [0]])
    feeds["sentence_counts"] = np.array([3], np.int32)
    found = run(session, feeds)
    (expected,) = reference_han(weights, [document])
    np.testing.assert_allclose(found["logits"][0], expected["logits"], atol=1e-5)
    np.testing.assert_allclose(
        found["sentence_attention"][0], expected["sentence_attention"], atol=1e-5
    )
    assert len(found["sentence_vectors"]) == 1


@pytest.mark.parametrize("sign", [1, -1])
def test_huge_scores_neither_overflow_nor_wake_padding(sign):
    weights = random_han_weights(seed=6)
    for level in ("word", "sentence"):
        weights[f"{level}_attention.context"] *= np.float32(sign * 1e4)
    documents = documents_of(RAGGED, 5)
    outputs = run(session_of(weights), feeds_of(documents, extra_words=2, extra_sentences=2))
    assert np.abs(outputs["word_scores"]).max() > 1000
    assert all(np.isfinite(array).all() for array in outputs.values())
    np.testing.assert_allclose(outputs["word_attention"].sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(outputs["sentence_attention"].sum(axis=1), 1, atol=1e-6)
    padded = np.arange(outputs["word_attention"].shape[1]) >= np.concatenate(RAGGED)[:, None]
    assert not outputs["word_attention"][padded].any()


def test_direction_and_gates_are_not_exchanged():
    """A forward and a backward pass with different weights must not commute."""
    weights = random_han_weights(seed=7)
    swapped = {
        name: array[::-1].copy() if "_gru" in name else array for name, array in weights.items()
    }
    documents = documents_of([[4, 2]], 5)
    outputs = run(session_of(swapped), feeds_of(documents))
    assert (
        np.abs(outputs["logits"][0] - reference_han(weights, documents)[0]["logits"]).max() > 0.01
    )


def test_the_model_is_portable():
    model = build_han_onnx(random_han_weights())
    onnx.checker.check_model(model, full_check=True)
    assert model.ir_version == 8
    assert [(entry.domain, entry.version) for entry in model.opset_import] == [("", 17)]


def test_missing_or_misshapen_weights_are_named():
    weights = random_han_weights()
    with pytest.raises(ValueError, match=r"classifier\.bias"):
        build_han_onnx({k: v for k, v in weights.items() if k != "classifier.bias"})
    weights["sentence_gru.bias"] = weights["sentence_gru.bias"][:, :, 1:]
    with pytest.raises(ValueError, match=r"sentence_gru\.bias has shape \(2, 2, 8\)"):
        build_han_onnx(weights)


def test_an_empty_sentence_gives_zeros_not_nan():
    """Callers leave empty sentences out; a stray one must not poison its batch."""
    weights = random_han_weights(seed=8)
    documents = documents_of([[2, 3]], 5)
    feeds = feeds_of(documents)
    feeds["word_counts"] = np.array([0, 3], np.int32)
    outputs = run(session_of(weights), feeds)
    assert all(np.isfinite(array).all() for array in outputs.values())
    for name in ("word_attention", "word_scores", "sentence_vectors"):
        assert not outputs[name][0].any()
