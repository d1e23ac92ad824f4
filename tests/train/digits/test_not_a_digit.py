"""The choice of a score for what is no digit, on a tiny random network."""

import numpy as np

from dlnlp.inference.digits import DigitRuntime, read_digits
from dlnlp.inference.out_of_distribution import METHODS
from dlnlp.models.mnist_cnn_onnx import build_mnist_cnn_onnx
from tests.reference_mnist_cnn import random_mnist_cnn_weights
from tests.small_digits import small_digits
from train.digits.non_digits import KINDS
from train.digits.not_a_digit import FALSE_ALARMS, ReadDigits, choose, found, learned, record


def test_the_score_that_finds_most_is_chosen_and_recorded() -> None:
    network = build_mnist_cnn_onnx(random_mnist_cnn_weights(embedding=12)).SerializeToString()
    runtime = DigitRuntime(network)
    train, validation, test = (
        ReadDigits.by(runtime, *small_digits(count, seed))
        for seed, count in enumerate((300, 400, 200))
    )
    score, compared = choose(runtime, train, validation, per_kind=20)
    assert set(compared) == set(METHODS)
    assert compared[score.method]["mean"] == max(shares["mean"] for shares in compared.values())
    # At most that share of plain and distorted validation digits together lies above.
    assert np.mean(score(*validation.read) > score.threshold) <= 2 * FALSE_ALARMS
    about = record(runtime, score, compared, validation, test, per_kind=20)
    assert set(about["share_found"]) == {*KINDS, "mean"}
    outputs = read_digits(runtime, score, test.images / np.float32(255))
    assert about["share_of_false_alarms"]["test"] == np.mean(~outputs.is_digit)
    again = found(score, test.non_digits(runtime, 2, 20, 1))
    assert about["share_found"] == again


def test_what_is_learned_tells_two_clouds_apart() -> None:
    rng = np.random.default_rng(0)
    ones = np.ones((400, 1))
    digits = np.hstack([rng.normal(0, 5, (400, 1)), rng.normal(3, 1, (400, 1)), ones])
    others = np.hstack([rng.normal(0, 5, (400, 1)), rng.normal(7, 1, (400, 1)), ones])
    coefficients = learned(digits, others)
    assert np.mean(digits @ coefficients < 0) > 0.95 < np.mean(others @ coefficients > 0)
    # The first feature says nothing, the second tells between 3 and 7.
    assert abs(coefficients[0]) < 0.1 * coefficients[1]
    assert -coefficients[2] / coefficients[1] > 3
