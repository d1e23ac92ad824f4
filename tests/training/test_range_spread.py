"""Range tests of several seeds: their band, and the spread of what they suggest."""

import numpy as np
import pytest

from dlnlp.training.range_analysis import RangeTestResult, analyse
from dlnlp.training.range_spread import band, spread

RATES = np.geomspace(1e-4, 2, 120)


def curve(where: float, length: int = 120, noise: float = 0.0, seed: int = 0) -> RangeTestResult:
    """A fall around one learning rate, a rise at thirty times it."""
    rates = RATES[:length]
    losses = 2 - 1.8 / (1 + (where / rates) ** 2) + 5 * np.maximum(rates - 30 * where, 0)
    return analyse(rates, losses + noise * np.random.default_rng(seed).normal(size=length))


def test_equal_tests_do_not_spread() -> None:
    one = curve(0.01)
    for found in spread([one, one, one]):
        suggestion = one.suggestion(found.name)
        assert suggestion is not None and found.explanation == suggestion.explanation
        assert found.low == found.rate == found.high == suggestion.rate
        assert found.seeds == 3 and found.factor == 1
    assert len(spread([one])) == len(one.suggestions) > 0


def test_median_and_ends_are_those_of_the_seeds() -> None:
    results = [curve(where) for where in (0.02, 0.005, 0.01)]
    rates = [result.suggestion("steepest").rate for result in results]  # type: ignore[union-attr]
    found = next(s for s in spread(results) if s.name == "steepest")
    assert (found.low, found.rate, found.high) == (rates[1], rates[2], rates[0])
    assert found.factor == pytest.approx(4, rel=0.2)


def test_what_few_seeds_suggest_is_left_out() -> None:
    flat = analyse(RATES, np.ones(120))
    assert flat.suggestions == ()
    two_of_three = spread([flat, curve(0.01), curve(0.02)])
    assert {s.seeds for s in two_of_three} == {2}
    assert spread([flat, flat, curve(0.01)]) == ()


def test_band_lies_around_every_curve_and_goes_as_far_as_the_longest() -> None:
    results = [curve(0.01, noise=0.05, seed=1), curve(0.012, 90), curve(0.008, noise=0.05, seed=2)]
    found = band(results)
    assert len(found.rates) == 120
    for result in results:
        part = slice(len(result.smoothed))
        assert (found.low[part] <= result.smoothed).all()
        assert (found.high[part] >= result.smoothed).all()
    np.testing.assert_array_equal(
        found.median[:90], np.median([result.smoothed[:90] for result in results], axis=0)
    )


def test_a_step_without_any_loss_is_no_number() -> None:
    losses = np.r_[np.linspace(2, 1, 118), np.nan, np.nan]
    found = band([analyse(RATES, losses)] * 2)
    assert np.isnan(found.median[-2:]).all() and np.isfinite(found.median[:-2]).all()


def test_what_does_not_belong_together_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one seed"):
        band([])
    with pytest.raises(ValueError, match="in the same steps"):
        band([curve(0.01), analyse(2 * RATES, np.linspace(2, 1, 120))])
