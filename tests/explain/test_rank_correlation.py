"""Kendall's tau-b."""

import numpy as np
import pytest
from scipy.stats import kendalltau

from dlnlp.explain import rank_correlation
from dlnlp.explain.rank_correlation import kendall_tau


@pytest.mark.parametrize("words", [2, 7, 40])
@pytest.mark.parametrize("ties", [False, True])
def test_agrees_with_scipy_also_with_ties(words, ties, monkeypatch) -> None:
    monkeypatch.setattr(rank_correlation, "_ROWS", 3)
    rng = np.random.default_rng(words)
    a, b = rng.normal(size=(2, words))
    if ties:
        a, b = np.round(a), np.round(b)
    if len(set(a)) > 1 and len(set(b)) > 1:
        assert kendall_tau(a, b) == pytest.approx(kendalltau(a, b).statistic)


def test_the_ends_of_the_scale_and_no_order_at_all() -> None:
    a = np.array([3.0, 1.0, 2.0])
    assert kendall_tau(a, 10 * a + 1) == pytest.approx(1)
    assert kendall_tau(a, -a) == pytest.approx(-1)
    assert np.isnan(kendall_tau(a, np.zeros(3))) and np.isnan(kendall_tau(a[:1], a[:1]))


def test_scores_of_other_words_are_refused() -> None:
    with pytest.raises(ValueError, match="not of the same words"):
        kendall_tau(np.zeros(3), np.zeros(4))
