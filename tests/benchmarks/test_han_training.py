"""What the comparison of two ways of training measures with."""

from pathlib import Path

import numpy as np
import pytest
from scipy.special import log_softmax

from benchmarks.han_training import Chosen, Work, cross_entropy
from tests.small_splits import random_documents, write_split


def test_work_adds_up() -> None:
    both = Work(2, 30, 60, 1.5, 2.0, [0.5]) + Work(1, 10, 40, 0.5, 1.0, [0.25])
    assert both == Work(3, 40, 100, 2.0, 3.0, [0.5, 0.25])


def test_cross_entropy_is_the_mean_of_minus_log_p() -> None:
    rng = np.random.default_rng(1)
    logits, labels = rng.normal(0, 400, (50, 5)), rng.integers(0, 5, 50)
    expected = -log_softmax(logits, axis=1)[np.arange(50), labels].mean()
    assert cross_entropy(logits, labels) == pytest.approx(expected)


def test_chosen_documents_are_those_of_the_split(tmp_path: Path) -> None:
    split = write_split(tmp_path / "train.arrow", random_documents(12, seed=3))
    chosen = Chosen(split, np.array([7, 2, 9]))
    assert len(chosen) == 3
    assert chosen.labels.tolist() == split.labels[[7, 2, 9]].tolist()
    np.testing.assert_array_equal(chosen.tokens(1), split.tokens(2))
    np.testing.assert_array_equal(chosen.sentence_lengths(2), split.sentence_lengths(9))
    assert chosen.token_counts.tolist() == [len(split.tokens(i)) for i in (7, 2, 9)]
