"""The ONNX graph of the Kim CNN against the NumPy reference."""

import numpy as np
import onnx
import pytest

from dlnlp.inference.onnx_session import open_session
from dlnlp.models.kim_cnn_onnx import build_kim_cnn_onnx
from tests.reference_kim_cnn import random_kim_cnn_weights, reference_kim_cnn

OUTPUTS = ["logits", "pooled", "positions"]
LENGTHS = (7, 1, 12, 3, 2, 4, 5)


def texts_of(lengths, embedding_dim=5, seed=1):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal((n, embedding_dim)).astype(np.float32) for n in lengths]


def feeds_of(texts, *, extra=0, filler=0):
    """Pads texts by hand; each token is its own distinct word."""
    lengths = np.array([len(text) for text in texts], np.int32)
    token_index = np.full((len(texts), lengths.max() + extra), filler, np.int32)
    first = 0
    for row, text in enumerate(texts):
        token_index[row, : len(text)] = np.arange(first, first + len(text))
        first += len(text)
    return {
        "word_vectors": np.concatenate(texts),
        "token_index": token_index,
        "lengths": lengths,
    }


def assert_agrees(weights, widths, texts, feeds):
    session = open_session(build_kim_cnn_onnx(weights, widths).SerializeToString())
    logits, pooled, positions = session.run(OUTPUTS, feeds)
    classes = len(weights["classifier.bias"])
    assert logits.shape == ((len(texts),) if classes == 1 else (len(texts), classes))
    for row, text in enumerate(texts):
        expected = reference_kim_cnn(weights, text, widths)
        np.testing.assert_allclose(logits[row], expected["logits"][-classes:].squeeze(), atol=1e-5)
        np.testing.assert_allclose(pooled[row], expected["pooled"], atol=1e-5)
        np.testing.assert_array_equal(positions[row], expected["positions"])


@pytest.mark.parametrize("widths", [(2, 3, 4), (1,), (5, 2), (3,), (1, 2, 3, 4, 5, 6)])
@pytest.mark.parametrize("bias", [0, -4, 4])
def test_agrees_with_the_reference(widths, bias):
    """In mixed lengths, also below the width; with filters that mostly fire or mostly do not."""
    weights = random_kim_cnn_weights(seed=len(widths), widths=widths, bias=bias)
    texts = texts_of(LENGTHS)
    assert_agrees(weights, widths, texts, feeds_of(texts))


@pytest.mark.parametrize("classes", [3, 50])
def test_more_than_two_classes_have_a_logit_each(classes):
    weights = random_kim_cnn_weights(seed=classes, classes=classes)
    texts = texts_of(LENGTHS)
    assert_agrees(weights, (2, 3, 4), texts, feeds_of(texts))


@pytest.mark.parametrize("length", LENGTHS)
def test_a_text_alone(length):
    weights = random_kim_cnn_weights(seed=length)
    texts = texts_of([length])
    assert_agrees(weights, (2, 3, 4), texts, feeds_of(texts))


@pytest.mark.parametrize("filler", [0, 2, 33])
def test_padding_changes_nothing_whatever_it_points_to(filler):
    weights = random_kim_cnn_weights(seed=4)
    texts = texts_of(LENGTHS)
    assert_agrees(weights, (2, 3, 4), texts, feeds_of(texts, extra=9, filler=filler))


def test_padding_does_not_win_where_every_real_region_is_negative():
    """All real regions are worth -100 or less before a bias of 60: padding would be worth 60."""
    weights = random_kim_cnn_weights(widths=(2, 3), embedding_dim=1, filters=1)
    for width in (2, 3):
        weights[f"conv{width}.kernel"] = np.full((width, 1, 1), -50, np.float32)
        weights[f"conv{width}.bias"] = np.array([60], np.float32)
    weights["classifier.kernel"] = np.ones((2, 1), np.float32)
    weights["classifier.bias"] = np.zeros(1, np.float32)
    session = open_session(build_kim_cnn_onnx(weights, (2, 3)).SerializeToString())
    texts = [np.ones((n, 1), np.float32) for n in (8, 3, 2, 1)]
    logits, pooled, positions = session.run(OUTPUTS, feeds_of(texts, extra=5))
    # The text of one word has one region of each width, worth 60 - 50.
    np.testing.assert_array_equal(pooled, [[0, 0], [0, 0], [0, 0], [10, 10]])
    np.testing.assert_array_equal(logits, [0, 0, 0, 20])
    assert not positions.any()


def test_of_equal_regions_the_first_is_named():
    weights = random_kim_cnn_weights(seed=6)
    vectors = texts_of([3])[0]
    feeds = {
        "word_vectors": vectors,
        "token_index": np.tile(np.arange(3, dtype=np.int32), 9)[None],
        "lengths": np.array([27], np.int32),
    }
    session = open_session(build_kim_cnn_onnx(weights, (2, 3, 4)).SerializeToString())
    assert session.run(["positions"], feeds)[0].max() <= 2


def test_the_graph_gives_its_weights_back():
    weights = random_kim_cnn_weights(seed=7)
    model = build_kim_cnn_onnx(weights, (2, 3, 4))
    session = open_session(model.SerializeToString())
    for name, array in weights.items():
        (found,) = session.run([name], feeds_of(texts_of([1])))
        np.testing.assert_array_equal(found, array)
    assert model.ByteSize() < 4 * sum(array.size for array in weights.values()) + 12_000


def test_the_model_is_portable():
    model = build_kim_cnn_onnx(random_kim_cnn_weights(), (2, 3, 4))
    onnx.checker.check_model(model, full_check=True)
    assert model.ir_version == 8
    assert [(entry.domain, entry.version) for entry in model.opset_import] == [("", 17)]


def test_missing_or_misshapen_weights_are_named():
    weights = random_kim_cnn_weights()
    with pytest.raises(ValueError, match=r"lack the array 'classifier\.bias'"):
        build_kim_cnn_onnx({k: v for k, v in weights.items() if k != "classifier.bias"}, (2, 3, 4))
    with pytest.raises(ValueError, match=r"lack the array 'conv5\.kernel'"):
        build_kim_cnn_onnx(weights, (2, 5))
    weights["conv3.bias"] = weights["conv3.bias"][1:]
    with pytest.raises(ValueError, match=r"conv3\.bias has shape \(2,\) .* ask for \(3,\)"):
        build_kim_cnn_onnx(weights, (2, 3, 4))
    for width in ((), (2, 2), (0, 1)):
        with pytest.raises(ValueError, match="must be distinct positive"):
            build_kim_cnn_onnx(weights, width)
