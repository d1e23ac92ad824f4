"""Document vectors on invented texts of two kinds."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from train.texts import document_vectors as module
from train.texts.document_vectors import document_vectors

TEXTS, WORDS = 240, 60


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("DRAWN", 32), ("TEXTS", 16), ("PAIRS", 256)):
        monkeypatch.setattr(module, name, value)


@pytest.fixture(scope="module")
def grams() -> csr_matrix:
    """Texts of even number hold words of the first half, others of the second, and a few of all."""
    rng = np.random.default_rng(0)
    matrix = np.zeros((TEXTS, WORDS), np.float32)
    for text in range(TEXTS):
        own = rng.choice(WORDS // 2, 8, replace=False) + (text % 2) * WORDS // 2
        matrix[text, own] = 1
        matrix[text, rng.choice(WORDS, 2)] = 1
    return csr_matrix(matrix)


def test_texts_of_like_words_lie_together(grams: csr_matrix) -> None:
    vectors = document_vectors(grams, size=16, epochs=12)
    assert vectors.shape == (TEXTS, 16) and vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    cosines = vectors @ vectors.T
    alike = np.add.outer(np.arange(TEXTS), np.arange(TEXTS)) % 2 == 0
    np.fill_diagonal(alike, False)
    other = np.add.outer(np.arange(TEXTS), np.arange(TEXTS)) % 2 == 1
    assert cosines[alike].mean() > cosines[other].mean() + 0.2


def test_the_seed_decides(grams: csr_matrix) -> None:
    first, again, other = (document_vectors(grams, size=4, epochs=1, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other)


def test_a_turn_never_changes_a_length_nor_goes_beyond_its_limit() -> None:
    rows = np.eye(3, dtype=np.float32)
    found = np.array(module._turned(rows, 1e6 * rows[::-1], np.ones(3, np.float32), 1))
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    # Half a unit sideways: the tangent of the angle.
    assert found[0, 2] / found[0, 0] == pytest.approx(-module.WIDEST_TURN)


def test_a_text_without_ngrams_and_a_very_long_one_do_no_harm(
    grams: csr_matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = csr_matrix(np.vstack([grams.toarray(), np.zeros(WORDS), np.ones(WORDS)]))
    monkeypatch.setattr(module, "PAIRS", 40)  # fewer than the last text holds
    vectors = document_vectors(odd, size=5, epochs=1)
    assert np.isfinite(vectors).all()


def test_negatives_are_distinct_and_frequent_ones_come_more_often() -> None:
    cumulative = np.cumsum([0.9, *[0.1 / 99] * 99])
    rng = np.random.default_rng(0)
    drawn = [module._negatives(cumulative, rng) for _ in range(50)]
    assert all(len(set(n.tolist())) == len(n) == 32 for n in drawn)
    counts = np.bincount(np.concatenate(drawn), minlength=100)
    assert counts[0] > 1.5 * counts[1:].max()
