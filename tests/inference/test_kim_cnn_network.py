"""The closed forms that evidence and saliency share."""

import numpy as np
import pytest

from dlnlp.inference.kim_cnn_network import both_columns, of_target
from tests.kim_cnn_results import random_runtime, result_of
from tests.reference_kim_cnn import reference_kim_cnn

TOKENS = [4, 9, 1, 4, 7, 7]


def test_gains_are_the_winning_values_without_bias_also_below_zero():
    for tokens in (TOKENS, TOKENS[:1], TOKENS[:3]):
        runtime = random_runtime(5, bias=-3)
        network, result = runtime.network, result_of(runtime, tokens)
        reference = reference_kim_cnn(runtime.weights, network.vectors(result.token_ids))
        tops = np.array([values.max() for values in reference["values"]])
        found = network.winning_gains(result.positions, result.token_ids)
        np.testing.assert_allclose(found + network.biases, tops, atol=1e-6)
        assert (tops < 0).any()


def test_shares_of_the_words_add_up_to_the_weighted_gains():
    runtime = random_runtime(6)
    network, result = runtime.network, result_of(runtime, TOKENS)
    weights = np.linspace(-1, 1, 9)
    shares = network.winning_shares(result.positions, result.token_ids, weights)
    gains = network.winning_gains(result.positions, result.token_ids)
    np.testing.assert_allclose(shares.sum(), weights @ gains, atol=1e-9)


def test_rows_are_those_of_real_tokens_and_weighted_filters_only():
    runtime = random_runtime(7)
    network, result = runtime.network, result_of(runtime, TOKENS[:2])
    weights = np.array([1, 0, 0, 0, 0, 0, 0, 0, -2.0])
    found = list(network.winning_rows(result.positions, 2, weights))
    assert [tokens.tolist() for tokens, _ in found] == [
        *([0], [1]),  # width 2
        *([], [], []),
        *([0], [1], [], []),  # width 4, of which two words are real
    ]
    np.testing.assert_allclose(found[1][1][0], network.kernels[0][1, :, 0])
    np.testing.assert_allclose(found[6][1][0], -2 * network.kernels[2][1, :, 2])


@pytest.mark.parametrize("words", [1, 3, 9])
def test_reads_as_the_graph_does(words) -> None:
    runtime = random_runtime(2)
    ids = np.random.default_rng(words).integers(1, 20, words).astype(np.int32)
    pooled, positions = runtime.network.read(ids)
    outputs = runtime.run([ids])
    np.testing.assert_allclose(pooled, outputs.pooled[0], atol=1e-5)
    fired = pooled > 0
    np.testing.assert_array_equal(positions[fired], outputs.positions[0][fired])


@pytest.mark.parametrize("classes", [2, 3])
def test_random_weights_keep_words_and_spread(classes: int) -> None:
    network = random_runtime(2, filters=40, classes=classes).network
    random, again = network.randomized(1), network.randomized(1)
    assert random.embeddings is network.embeddings
    for new, same, old in zip(random.kernels, again.kernels, network.kernels, strict=True):
        np.testing.assert_array_equal(new, same)
        assert new.shape == old.shape and new.std() == pytest.approx(old.std(), rel=0.2)
        assert abs(np.corrcoef(new.ravel(), old.ravel())[0, 1]) < 0.2
    assert random.output_weights.shape == (120, classes)
    first = slice(classes == 2, None)
    drawn, old = random.output_weights[:, first], network.output_weights[:, first]
    assert drawn.std() == pytest.approx(old.std(), rel=0.2)
    assert not random.output_weights[:, : first.start].any()


def test_of_two_classes_one_is_seen_against_the_other() -> None:
    values = np.array([[1.0, 4.0], [2.0, 0.5]])
    np.testing.assert_array_equal(of_target(values, 1), [3, -1.5])
    np.testing.assert_array_equal(of_target(values, 0), [-3, 1.5])
    np.testing.assert_array_equal(of_target(np.eye(3), 1), [0, 1, 0])
    np.testing.assert_array_equal(both_columns(values), values)
    np.testing.assert_array_equal(both_columns(values[:, 1:]), [[0, 4], [0, 0.5]])
