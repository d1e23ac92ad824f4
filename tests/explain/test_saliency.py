"""Closed-form saliency against automatic differentiation, finite differences and axioms."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnlp.explain.evidence import evidence
from dlnlp.explain.saliency import logit_gradient, saliency
from dlnlp.inference.kim_cnn_network import KimCnnNetwork
from tests.kim_cnn_results import VOCABULARY, random_runtime, result_of
from tests.reference_kim_cnn import reference_kim_cnn

TEXTS = st.lists(st.integers(1, VOCABULARY - 1), min_size=1, max_size=25)
WIDTHS = (2, 3, 4)


def keras_gradient(runtime, token_ids):
    """Logit, and its gradient ``[V, E]``, by one step of gradient descent with a rate of 1."""
    embeddings = np.asarray(runtime.embeddings, np.float32)
    inputs = keras.Input((len(token_ids),), dtype="int32")
    embedding = keras.layers.Embedding(*embeddings.shape)
    vectors, pooled = embedding(inputs), []
    for width in WIDTHS:
        convolution = keras.layers.Conv1D(3, width, activation="relu", name=f"conv{width}")
        pooled.append(keras.layers.GlobalMaxPooling1D()(convolution(vectors)))
    logit = keras.layers.Dense(1, name="classifier")(keras.layers.Concatenate()(pooled))
    model = keras.Model(inputs, logit)
    embedding.set_weights([embeddings])
    for name in ("conv2", "conv3", "conv4", "classifier"):
        layer = model.get_layer(name)
        layer.set_weights([runtime.weights[f"{name}.kernel"], runtime.weights[f"{name}.bias"]])
        layer.trainable = False
    model.compile(optimizer=keras.optimizers.SGD(1.0), loss=lambda _, predicted: predicted)
    loss = model.train_on_batch(token_ids[None], np.zeros((1, 1)))
    return float(loss), embeddings - embedding.get_weights()[0]


def test_the_gradient_is_that_of_automatic_differentiation():
    runtime = random_runtime(1, bias=-2)
    token_ids = np.array([3, 8, 1, 12, 8, 19, 5, 2, 8], np.int32)
    result = result_of(runtime, token_ids)
    assert 0 < (result.pooled == 0).sum() < 9
    logit, expected = keras_gradient(runtime, token_ids)
    assert result.logits[1] == pytest.approx(logit, abs=1e-5)
    assert np.abs(expected).max() > 0.1
    found = np.zeros_like(expected)
    np.add.at(found, token_ids, logit_gradient(result, runtime.network, 1))
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("token_ids", [[3, 8, 1, 12, 8, 19], [4], [9, 9, 2]])
def test_the_gradient_is_that_of_finite_differences(token_ids):
    runtime = random_runtime(4)
    found = logit_gradient(result_of(runtime, token_ids), runtime.network, 1)
    vectors = np.asarray(runtime.embeddings[token_ids], np.float64)
    for place in np.ndindex(vectors.shape):
        slope = 0.0
        for sign in (1, -1):
            moved = vectors.copy()
            moved[place] += sign * 1e-5
            slope += sign * reference_kim_cnn(runtime.weights, moved)["logits"][1] / 2e-5
        assert found[place] == pytest.approx(slope, abs=1e-5)


def test_the_gradient_method_is_its_length_without_a_sign():
    runtime = random_runtime(5)
    result = result_of(runtime, [3, 8, 1, 12])
    found = saliency(result, runtime.network, "gradient", 1)
    rows = logit_gradient(result, runtime.network, 1)
    np.testing.assert_allclose(found.words, np.sqrt((rows**2).sum(axis=1)), rtol=1e-6)
    assert found.gap is None
    assert found.words.dtype == np.float32


@settings(max_examples=20)
@given(TEXTS, st.integers(0, 99))
def test_gradient_x_input_is_the_exact_evidence_of_the_words(token_ids, seed):
    runtime = random_runtime(seed, bias=-1)
    result = result_of(runtime, token_ids)
    found = saliency(result, runtime.network, "gradient_x_input", 1)
    vectors = runtime.network.vectors(result.token_ids)
    products = (logit_gradient(result, runtime.network, 1) * vectors).sum(axis=1)
    np.testing.assert_allclose(found.words, products, atol=1e-5)
    np.testing.assert_array_equal(found.words, evidence(result, runtime.network, 1).words)


def stepwise(runtime, token_ids, steps):
    """Integrated gradients as they are defined: a new gradient at each point of the way."""
    vectors = np.asarray(runtime.embeddings[token_ids], np.float64)
    total = np.zeros(len(vectors))
    for step in range(steps):
        reference = reference_kim_cnn(runtime.weights, vectors * (step + 0.5) / steps)
        for number in np.flatnonzero(reference["pooled"] > 0):
            width = WIDTHS[number // 3]
            weight = runtime.weights["classifier.kernel"][number, 0]
            for offset in range(width):
                place = reference["positions"][number] + offset
                if place < len(vectors):
                    kernel = runtime.weights[f"conv{width}.kernel"][offset, :, number % 3]
                    total[place] += weight * (kernel @ vectors[place]) / steps
    return total


@pytest.mark.parametrize("token_ids", [[3, 8, 1, 12, 8, 19, 5, 5], [4], [9, 9, 2]])
@pytest.mark.parametrize("bias", [-1.0, 1.0])
def test_integrated_gradients_are_those_of_the_definition(token_ids, bias):
    runtime = random_runtime(8, bias=bias)
    result = result_of(runtime, token_ids)
    found = saliency(result, runtime.network, "integrated_gradients", 1, steps=16)
    expected = stepwise(runtime, token_ids, 16)
    np.testing.assert_allclose(found.words, expected, atol=1e-6)
    at_zero = reference_kim_cnn(runtime.weights, np.zeros((len(token_ids), 5)))["logits"][1]
    assert found.gap == pytest.approx(expected.sum() - (result.logits[1] - at_zero), abs=1e-5)


@settings(max_examples=40)
@given(TEXTS, st.integers(0, 99), st.sampled_from([-2.0, 0.0, 2.0]))
def test_the_exact_integral_is_complete_and_steps_approach_it(token_ids, seed, bias):
    runtime = random_runtime(seed, bias=bias)
    result, network = result_of(runtime, token_ids), runtime.network
    exact = saliency(result, network, "integrated_gradients", 1, steps=None)
    assert exact.gap == pytest.approx(0, abs=1e-5)
    near = saliency(result, network, "integrated_gradients", 1, steps=4096)
    # Each filter switches at most once: the midpoint rule errs by half a step of its gain.
    gains = network.winning_gains(result.positions, result.token_ids)
    bound = np.abs(gains * network.output_weights[:, 1]).sum() / 8192
    assert abs(near.gap) <= bound + 1e-5
    np.testing.assert_allclose(near.words, exact.words, atol=20 * bound + 1e-5)


def test_a_filter_that_fires_only_on_the_way_counts():
    """With a bias of 2 and words worth -4, the filter fires on the first half of the way only."""
    runtime = random_runtime(widths=(1,), filters=1, embedding_dim=1)
    runtime.network.kernels[0][:] = -1
    runtime.network.biases[:] = 2
    runtime.network.output_weights[:, 1] = 3
    runtime.embeddings[5] = 4
    result = result_of(runtime, [5])
    result = replace(
        result, document_vector=np.zeros(1, np.float32), logits=runtime.network.output_bias
    )
    for steps in (None, 64):
        found = saliency(result, runtime.network, "integrated_gradients", 1, steps=steps)
        assert found.words.tolist() == [-6]  # 3 (0 - 2): what is lost of the filter's start
        assert found.gap == pytest.approx(0, abs=1e-6)


@settings(max_examples=30)
@given(TEXTS, st.integers(0, 99), st.sampled_from(["gradient_x_input", "integrated_gradients"]))
def test_every_class_has_its_own_and_of_two_classes_one_is_the_others_negative(
    token_ids, seed, method
):
    for classes in (2, 3):
        runtime = random_runtime(seed, classes=classes)
        result, network = result_of(runtime, token_ids), runtime.network
        found = [saliency(result, network, method, target) for target in range(classes)]
        if method == "integrated_gradients":
            np.testing.assert_allclose([one.gap for one in found], 0, atol=1e-5)
        if classes == 2:
            np.testing.assert_allclose(found[0].words, -found[1].words, atol=1e-6)
        else:
            # A network with only this class' column has the same gradients.
            single = KimCnnNetwork.from_weights(
                runtime.embeddings,
                runtime.weights
                | {
                    "classifier.kernel": network.output_weights[:, 2:],
                    "classifier.bias": network.output_bias[2:],
                },
                WIDTHS,
            )
            alike = replace(result, logits=np.array([0, result.logits[2]], np.float32))
            expected = saliency(alike, single, method, 1)
            np.testing.assert_allclose(found[2].words, expected.words, atol=1e-6)


def test_wrong_choices_are_one_sentence():
    runtime = random_runtime()
    result = result_of(runtime, [3])
    with pytest.raises(ValueError, match=r"method 'magic' is none of gradient, "):
        saliency(result, runtime.network, "magic", 1)
    with pytest.raises(ValueError, match="steps=0 must be at least 1"):
        saliency(result, runtime.network, "integrated_gradients", 1, steps=0)
