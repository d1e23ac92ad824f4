"""Log odds of a softmax."""

import numpy as np
import pytest

from dlnlp.explain.log_odds import log_odds


def test_they_are_those_of_the_softmax() -> None:
    logits = np.random.default_rng(0).normal(size=(4, 5))
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert log_odds(logits) == pytest.approx(np.log(shares / (1 - shares)))


def test_nothing_overflows_where_a_class_is_certain() -> None:
    assert log_odds(np.array([0.0, 800.0])).tolist() == [-800, 800]
