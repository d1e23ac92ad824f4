"""Suggestions on curves whose right answer is known."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.training import range_analysis
from dlnlp.training.loss_smoothing import default_smoothing, exponential_average
from dlnlp.training.range_analysis import RangeTestError, analyse

NAMES = ("steepest", "valley", "minimum_tenth", "smith_max", "smith_base_4", "smith_base_6")
RATES = np.geomspace(1e-5, 10, 300)
LOG = np.log10(RATES)


def trough():
    """Flat at 2 until 1e-3, a straight fall to 1 at 0.1, flat until 1, then a divergence."""
    return np.interp(LOG, [-3, -1], [2, 1]) + np.maximum(LOG, 0) * 20


def logistic():
    """Falls from 2 to 1 around 1e-2, steepest there; rises above 1."""
    return 1 + 1 / (1 + np.exp((LOG + 2) / 0.25)) + np.maximum(LOG, 0) ** 2 * 30


def tip():
    """Two straight lines; the lowest point is at 0.3."""
    place = np.log10(0.3)
    return np.where(place > LOG, 2 - (LOG + 5) / (place + 5), 1 + 3 * (LOG - place))


def suggested(losses, rates=RATES, **options):
    return {s.name: s.rate for s in analyse(rates, losses, **options).suggestions}


def within(rate, expected, factor=1.25):
    return expected / factor < rate < expected * factor


def test_a_straight_fall():
    found = suggested(trough())
    assert tuple(found) == NAMES
    assert within(found["valley"], 1e-2)
    assert 1e-3 < found["steepest"] < 1e-1
    assert within(found["smith_max"], 10**-1.1)  # 95 % of the way from 1e-3 to 0.1
    assert 0.1 / 1.25 < found["minimum_tenth"] * 10 < 1.25
    assert found["smith_base_4"] == found["smith_max"] / 4
    assert found["smith_base_6"] == found["smith_max"] / 6


def test_a_logistic_fall():
    found = suggested(logistic())
    assert within(found["steepest"], 1e-2)
    assert within(found["valley"], 1e-2)


def test_a_tip():
    """Smoothing shifts the lowest point away from the steeper side: to the safe one."""
    assert 0.03 / 2 < suggested(tip())["minimum_tenth"] <= 0.03
    assert within(suggested(tip(), smoothing=0.3)["minimum_tenth"], 0.03, 1.15)


@pytest.mark.parametrize("curve", [trough, logistic, tip])
@pytest.mark.parametrize("seed", range(5))
def test_single_spikes_change_little(curve, seed):
    rng = np.random.default_rng(seed)
    losses = curve()
    places = np.arange(8, 290, 14) + rng.integers(0, 6, 21)
    losses[places] *= rng.choice([0.01, 30, 1e6], len(places))
    calm, spiky = suggested(curve()), suggested(losses)
    for name in ("valley", "smith_max", "smith_base_4"):
        assert within(spiky[name], calm[name], 1.3), name
    if curve is logistic:  # of straight slopes any point is right
        assert within(spiky["steepest"], calm["steepest"], 1.3)
    if curve is not trough:  # of a flat floor, too
        assert within(spiky["minimum_tenth"], calm["minimum_tenth"], 1.3)


@pytest.mark.parametrize("seed", range(5))
def test_noise_of_batches_changes_little(seed):
    losses = logistic() + np.random.default_rng(seed).normal(0, 0.15, 300)
    found = suggested(losses)
    assert within(found["valley"], 1e-2, 1.6)
    assert within(found["steepest"], 1e-2, 3)
    assert 10**-2 < found["smith_max"] < 1


@pytest.mark.parametrize("curve", [trough, logistic, tip])
@pytest.mark.parametrize("tail", [[np.nan] * 40, [np.inf] + [np.nan] * 39, [1e30] + [np.nan] * 39])
def test_the_tail_of_a_divergence_changes_nothing(curve, tail):
    rates = np.geomspace(1e-5, 10 ** (1 + 6 / 299 * 40), 340)
    rates[:300] = RATES
    losses = np.concatenate([curve(), tail])
    whole = analyse(rates, losses, smoothing=0.9)
    for suggestion in analyse(RATES, curve(), smoothing=0.9).suggestions:
        assert within(whole.suggestion(suggestion.name).rate, suggestion.rate, 1.01)
    assert np.isnan(whole.smoothed[-39:]).all() and np.isfinite(whole.smoothed[:300]).all()
    np.testing.assert_array_equal(whole.losses, losses)


@pytest.mark.parametrize("seed", range(20))
def test_noise_alone_suggests_nothing(seed):
    result = analyse(RATES, np.random.default_rng(seed).normal(2.3, 0.2, 300))
    assert result.suggestions == () and "nothing to suggest" in result.note
    assert result.suggestion("valley") is None


TEN_ROWS = (
    [
        1e-06,
        5.094e-06,
        2.595e-05,
        1.322e-04,
        6.734e-04,
        3.43e-03,
        1.748e-02,
        8.902e-02,
        0.4535,
        2.31,
    ],
    [2.3255, 2.3091, 2.3093, 2.1812, 1.6664, 0.7921, 0.554, 0.5003, 1.5271, 13.903],
)


def test_ten_rows_with_a_diverging_end_are_enough():
    found = suggested(TEN_ROWS[1], TEN_ROWS[0])
    assert 1.32e-4 <= found["steepest"] <= 3.43e-3  # it falls most between 6.7e-4 and 3.4e-3
    assert found["smith_max"] < 0.0891, "before the lowest loss"


def planted(rows, place, noise, seed):
    """A fall that is steepest at 10 ** place, and a divergence two decades above it."""
    log_rates = np.linspace(-6, 0.4, rows)
    losses = 0.5 + 1.8 / (1 + np.exp((log_rates - place) / 0.35))
    losses += 12 * np.maximum(log_rates - place - 2, 0) ** 2
    return 10**log_rates, losses + np.random.default_rng(seed).normal(0, noise, rows)


@given(st.integers(10, 40), st.floats(-4, -2), st.sampled_from([0, 0.02]), st.integers(0, 99))
def test_the_steepest_point_of_few_rows_is_found_or_more_rows_are_asked_for(
    rows, place, noise, seed
):
    rates, losses = planted(rows, place, noise, seed)
    result = analyse(rates, losses)
    found = result.suggestion("steepest")
    if found is None:
        assert rows <= 12 and "more rows are needed" in result.note
    else:
        assert within(found.rate, 10**place, rates[1] / rates[0])


def test_few_rows_of_noise_seldom_suggest_anything():
    rng = np.random.default_rng(0)
    for rows in (10, 15, 25):
        results = [analyse(RATES[:rows], rng.normal(2.3, 0.2, rows)) for _ in range(100)]
        assert sum(bool(result.suggestions) for result in results) <= 5
        assert {result.note for result in results if not result.suggestions} <= {
            f"With {rows} losses a fall cannot be told from noise: more rows are needed.",
            "The loss never fell beyond its noise: there is nothing to suggest.",
            "Only the first loss lies above the others: start at a lower learning rate.",
        }


@pytest.mark.parametrize("rows", [13, 20, 30, 100, 300])
@pytest.mark.parametrize("start", [[1e6, 5e5, 2e5], [1e6], [3.9, 3.7, 3.6], [8.0, 1e9]])
def test_a_high_start_is_not_the_steepest_fall(rows, start):
    rates, losses = planted(rows, -3, 0.01, 0)
    calm = analyse(rates, losses)
    losses[: len(start)] = start
    found = analyse(rates, losses)
    for name in ("steepest", "valley", "smith_max"):
        both = found.suggestion(name).rate, calm.suggestion(name).rate
        assert within(*both, max(1.3, rates[1] / rates[0])), name
    assert "passed over" in found.note
    assert np.isnan(found.smoothed[: len(start)]).all()
    np.testing.assert_array_equal(found.losses, losses)


def test_a_fall_within_the_first_rows_asks_for_a_lower_start():
    rates = np.arange(0.001, 6, 0.06)
    losses = 0.48 + np.random.default_rng(0).normal(0, 0.01, len(rates))
    losses[:2] = 1.4, 0.7
    result = analyse(rates, losses)
    assert result.suggestions == () and result.note.endswith("start at a lower learning rate.")


@pytest.mark.parametrize("losses", [np.full(300, 2.0), 2 + np.maximum(LOG, 0), 3 + LOG / 10])
def test_a_loss_that_never_falls_suggests_nothing(losses):
    assert analyse(RATES, losses).suggestions == ()


def test_an_unfinished_fall_says_so():
    unfinished = analyse(RATES, 2 - LOG / 10)
    assert "still falling" in unfinished.suggestion("smith_max").explanation
    assert all("still falling" not in s.explanation for s in analyse(RATES, tip()).suggestions)


def cases():
    few = planted(14, -3, 0.02, 0)
    high_start = planted(60, -3, 0.02, 0)
    high_start[1][:3] = 40, 30, 20
    return st.sampled_from([(RATES, logistic()), few, high_start])


@given(cases(), st.floats(0.01, 100), st.floats(-50, 50), st.floats(1e-3, 1e3))
def test_units_of_loss_and_rate_do_not_matter(case, scale, shift, unit):
    rates, losses = case
    plain = analyse(rates, losses)
    other = analyse(unit * rates, scale * losses + shift)
    assert other.note == plain.note and plain.suggestions
    for one, same in zip(plain.suggestions, other.suggestions, strict=True):
        assert same.name == one.name
        assert same.rate == pytest.approx(unit * one.rate, rel=0.05), one.name


def test_every_suggestion_is_explained():
    explanations = [s.explanation for s in analyse(RATES, trough()).suggestions]
    assert len(set(explanations)) == len(NAMES)
    assert all(text.endswith(".") and len(text) > 60 for text in explanations)


def test_the_average_is_debiased():
    np.testing.assert_allclose(exponential_average(np.full(5, 3.0), 0.9), 3.0)
    averages = exponential_average(np.array([1.0, 2.0, 4.0]), 0.5)
    np.testing.assert_allclose(averages, [1, (0.5 * 1 + 1 * 2) / 1.5, (0.25 + 1 + 4) / 1.75])
    assert exponential_average(np.array([1.0, 7.0]), 0).tolist() == [1, 7]


def test_longer_tests_are_smoothed_more():
    assert [default_smoothing(n) for n in (10, 100, 400, 10**6)] == [0.5, 0.6, 0.9, 0.98]


@pytest.mark.parametrize(
    ("rates", "losses", "told"),
    [
        (RATES, np.ones(299), "300 rates and 299 losses"),
        (RATES[::-1], np.ones(300), r"rate 9\.\d+ at step 2 is not above"),
        (np.r_[0.0, RATES[1:]], np.ones(300), r"rate 0\.0 at step 1"),
        (np.r_[RATES[:-1], np.nan], np.ones(300), "rate nan at step 300"),
        (RATES, np.r_[np.ones(7), np.full(293, np.nan)], "only 7 losses"),
        ([], [], "only 0 losses"),
        (RATES.reshape(2, 150), np.ones((2, 150)), "do not belong together"),
    ],
)
def test_what_is_no_range_test_is_refused(rates, losses, told):
    with pytest.raises(RangeTestError, match=told):
        analyse(rates, losses)


def test_nonsense_smoothing_is_refused():
    with pytest.raises(ValueError, match=r"smoothing 1\.0"):
        analyse(RATES, trough(), smoothing=1.0)


def test_the_steepest_line_is_the_one_of_least_squares():
    rng = np.random.default_rng(0)
    for rows in (8, 60, 400):
        x, y = np.sort(rng.uniform(-9, 2, rows)), 1e3 + np.cumsum(rng.normal(0, 1, rows))
        width = max(min(3, rows), min(5, rows // 5), rows // 10)
        starts = range(rows - width + 1)
        slopes = [np.polyfit(x[k : k + width], y[k : k + width], 1)[0] for k in starts]
        best = int(np.argmin(slopes))
        assert range_analysis._steepest(x, y) == pytest.approx(x[best : best + width].mean())


def test_a_long_log_takes_little_memory():
    rates = np.geomspace(1e-6, 10, 20_000)
    losses = 2 - 1.8 / (1 + (0.01 / rates) ** 2)
    tracemalloc.start()
    analyse(rates, losses)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20e6
