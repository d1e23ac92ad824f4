"""The network in NumPy against the plain reference, and against the graph that answers."""

import numpy as np
import pytest

from dlnlp.inference.han_network import HanNetwork
from dlnlp.inference.han_runtime import HanRuntime
from dlnlp.models.han_onnx import build_han_onnx
from tests.reference_han import random_han_weights, reference_han

WEIGHTS = random_han_weights(seed=2, classes=5)
EMBEDDINGS = np.random.default_rng(3).standard_normal((30, 5)).astype(np.float16)


@pytest.fixture(scope="module")
def network() -> HanNetwork:
    return HanRuntime(EMBEDDINGS, build_han_onnx(WEIGHTS).SerializeToString()).network


@pytest.mark.parametrize("lengths", [(1,), (4, 1, 7), (2,) * 9])
def test_every_number_is_that_of_the_reference(network, lengths) -> None:
    rng = np.random.default_rng(sum(lengths))
    document = [rng.integers(1, 30, length).astype(np.int32) for length in lengths]
    reading = network.read(document)
    (expected,) = reference_han(WEIGHTS, [[network.vectors(s) for s in document]])
    np.testing.assert_allclose(reading.logits, expected["logits"], atol=1e-12)
    np.testing.assert_allclose(
        [sentence.pooled for sentence in reading.sentences],
        expected["sentence_vectors"],
        atol=1e-12,
    )
    for number, sentence in enumerate(reading.sentences):
        np.testing.assert_allclose(sentence.scores, expected["word_scores"][number], atol=1e-12)
        np.testing.assert_allclose(
            sentence.attention, expected["word_attention"][number], atol=1e-12
        )


def test_a_memory_is_what_its_gates_make_of_the_one_before(network) -> None:
    reading = network.read([np.arange(1, 9, dtype=np.int32)]).sentences[0]
    steps = reading.memory.shape[1]
    for direction, before in ((0, -1), (1, 1)):
        for step in range(steps):
            inside = 0 <= step + before < steps
            old = reading.memory[direction, step + before] if inside else 0.0
            update = reading.update[direction, step]
            new = update * old + (1 - update) * reading.candidate[direction, step]
            np.testing.assert_allclose(reading.memory[direction, step], new, atol=1e-12)
    np.testing.assert_allclose(reading.terms.sum(axis=1), reading.scores)
    assert reading.states.shape == (steps, 2 * reading.memory.shape[2])


def test_random_weights_have_the_spread_of_the_trained_ones_and_follow_the_seed(network) -> None:
    other = network.randomized(0)
    assert other.embeddings is network.embeddings
    for ours, theirs in ((other.word, network.word), (other.sentence, network.sentence)):
        assert ours.kernel.shape == theirs.kernel.shape and (ours.kernel != theirs.kernel).all()
        assert ours.kernel.std() == pytest.approx(theirs.kernel.std(), rel=0.3)
    document = [np.arange(1, 5, dtype=np.int32)]
    logits = [network.randomized(seed).read(document).logits for seed in (0, 0, 1)]
    assert (logits[0] == logits[1]).all() and (logits[0] != logits[2]).all()
