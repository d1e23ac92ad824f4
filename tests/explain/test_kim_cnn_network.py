"""The closed forms that evidence and saliency share."""

import numpy as np

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
