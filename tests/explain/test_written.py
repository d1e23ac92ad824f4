"""What sentences wrote adds up to every logit, on invented texts, in both networks that ship."""

from pathlib import Path

import numpy as np
import pytest

from dlnlp.explain.written import (
    memory_shares,
    sentence_parts,
    word_shares,
    written,
    written_vectors,
)
from dlnlp.inference import HanPredictor
from tests.ui.text.attributions import assert_contract

SHIPPED = Path(__file__).resolve().parents[2] / "weights"
TEXTS = 200


@pytest.fixture(scope="module", params=["han_imdb", "han_stars"])
def predictor(request: pytest.FixtureRequest) -> HanPredictor:
    return HanPredictor.load(SHIPPED / request.param)


def random_text(words: tuple[str, ...], rng: np.random.Generator) -> str:
    """Up to eight sentences of up to 15 words of the vocabulary, some of them unknown."""
    sentences = []
    for _ in range(rng.integers(1, 9)):
        chosen = [str(words[n]) for n in rng.integers(2, len(words), rng.integers(1, 16))]
        if rng.random() < 0.3:
            chosen.insert(0, "Qwxyzzy")
        sentences.append(" ".join(chosen).capitalize() + ".")
    return " ".join(sentences)


def sentences_of(predictor: HanPredictor, result) -> list[np.ndarray]:
    ids = predictor.vocabulary.encode(result.tokens).astype(np.int32)
    counts = np.bincount(result.token_sentence)
    return np.split(ids, np.cumsum(counts)[:-1])


def test_parts_and_bias_are_every_logit_and_attention_is_the_predictors(predictor) -> None:
    network, rng = predictor.runtime.network, np.random.default_rng(0)
    for _ in range(TEXTS):
        result = predictor.predict(random_text(predictor.vocabulary.words, rng))
        reading = network.read(sentences_of(predictor, result))
        parts = sentence_parts(network, reading)
        for some in (parts.written, parts.attended):
            np.testing.assert_allclose(some.sum(axis=0) + parts.bias, result.logits, atol=1e-5)
        np.testing.assert_allclose(reading.document.attention, result.sentence_attention, atol=1e-5)
        attention = np.concatenate([sentence.attention for sentence in reading.sentences])
        np.testing.assert_allclose(attention, result.word_attention, atol=1e-5)
        np.testing.assert_allclose(reading.document.pooled, result.document_vector, atol=1e-5)


def test_words_wrote_the_sentence_vector_and_their_numbers_the_logit(predictor) -> None:
    network, rng = predictor.runtime.network, np.random.default_rng(1)
    for _ in range(20):
        result = predictor.predict(random_text(predictor.vocabulary.words, rng))
        reading = network.read(sentences_of(predictor, result))
        for sentence in reading.sentences:
            np.testing.assert_allclose(
                written_vectors(sentence).sum(axis=0), sentence.pooled, atol=1e-12
            )
            assert word_shares(sentence).sum() == pytest.approx(1)
        for target in range(len(result.class_names)):
            attribution = written(network, reading, result, target)
            assert_contract(attribution)
            assert attribution.target == target and abs(attribution.gap or 0) < 1e-5
            assert attribution.additive is not None
            assert attribution.additive.total == pytest.approx(result.logits[target], abs=1e-5)
            sums = np.bincount(result.token_sentence, attribution.words)
            np.testing.assert_allclose(sums, attribution.sentences, atol=1e-5)


def test_what_was_written_is_the_definition_term_by_term(predictor) -> None:
    """The sum of the docstring, in plain loops."""
    level = predictor.runtime.network.word
    (reading,) = level.read([np.random.default_rng(2).normal(size=(5, level.kernel.shape[1]))])
    found = np.split(written_vectors(reading), 2, axis=1)
    shares = memory_shares(reading)
    for direction in (0, 1):
        held = np.zeros((5, 5, reading.update.shape[2]))
        for t in range(5):
            for k in range(5):
                if k > t if direction == 0 else k < t:
                    continue
                between = range(k + 1, t + 1) if direction == 0 else range(t, k)
                kept = np.prod([reading.update[direction, j] for j in between], axis=0)
                new = (1 - reading.update[direction, k]) * reading.candidate[direction, k]
                held[t, k] = kept * new
        np.testing.assert_allclose(held.sum(axis=1), reading.memory[direction], atol=1e-12)
        expected = np.einsum("t,tkh->kh", reading.attention, held)
        np.testing.assert_allclose(found[direction], expected, atol=1e-12)
        sizes = np.abs(held).sum(axis=2)
        np.testing.assert_allclose(
            shares[direction], sizes / sizes.sum(axis=1, keepdims=True), atol=1e-12
        )


def test_a_vector_of_zeros_is_shared_evenly(predictor) -> None:
    level = predictor.runtime.network.word
    (reading,) = level.read([np.zeros((3, level.kernel.shape[1]))])
    object.__setattr__(reading, "pooled", np.zeros_like(reading.pooled))
    assert word_shares(reading) == pytest.approx([1 / 3] * 3)
