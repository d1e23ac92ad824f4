"""Slices: p-values are scipy's, corrections hold their rate, a planted slice comes first."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dlnlp.scoring.slices import LEAST, RATE, Counted, as_json, compare, holm, in_words


@given(st.integers(20, 80), st.integers(0, 80), st.integers(0, 80), st.integers(0, 80))
def test_p_values_are_those_of_fishers_exact_test(
    rows: int, right: int, inside: int, hits: int
) -> None:
    right = min(right, rows)
    inside = min(max(inside, LEAST), rows - LEAST)
    hits = min(max(hits, inside - (rows - right), 0), inside, right)
    (found,) = compare([Counted("x", "y", inside, hits)], rows, right)
    table = [[hits, inside - hits], [right - hits, rows - inside - right + hits]]
    assert found.p_value == pytest.approx(stats.fisher_exact(table, "less").pvalue, rel=1e-9)
    assert found.corrected == found.p_value
    assert found.accuracy.value == hits / inside
    interval = stats.binomtest(hits, inside).proportion_ci(method="wilson")
    assert (found.accuracy.low, found.accuracy.high) == pytest.approx(
        (interval.low, interval.high), abs=1e-12
    )


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holms_correction_is_that_of_the_definition(p_values: list[float]) -> None:
    found = holm(np.array(p_values))
    for rate in (0.01, 0.05, 0.3):
        # Step down from the smallest: stop at the first that is too large.
        order = sorted(range(len(p_values)), key=p_values.__getitem__)
        rejected = set()
        for step, place in enumerate(order):
            if (len(order) - step) * p_values[place] > rate:
                break
            rejected.add(place)
        assert set(np.flatnonzero(found <= rate)) == rejected


def overlapping(seed: int, rows: int) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.random(rows) < share for share in np.linspace(0.05, 0.5, 40)]


def counted(masks: list[np.ndarray], right: np.ndarray) -> list[Counted]:
    return [
        Counted("slice", str(place), int(mask.sum()), int(right[mask].sum()))
        for place, mask in enumerate(masks)
    ]


def test_shuffled_errors_are_called_a_weak_slice_no_more_often_than_said() -> None:
    rng = np.random.default_rng(1)
    masks = overlapping(0, 400)
    right = np.arange(400) < 320
    flagged = 0
    for _ in range(400):
        rng.shuffle(right)
        flagged += any(each.worse for each in compare(counted(masks, right), 400, 320))
    assert flagged / 400 <= RATE + 3 * np.sqrt(RATE * (1 - RATE) / 400)


def test_a_planted_weak_slice_comes_first() -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        masks = overlapping(seed, 1000)
        right = rng.random(1000) < np.where(masks[7], 0.5, 0.9)
        found = compare(counted(masks, right), 1000, int(right.sum()))
        assert found[0].value == "7" and found[0].worse
        assert found[0].rest.value > 0.85 and found[0].accuracy.high < found[0].rest.low


def test_what_is_too_small_is_not_tried_and_does_not_count() -> None:
    small = [Counted("x", "small", LEAST - 1, 0), Counted("x", "nearly all", 195, 180)]
    assert compare(small, 200, 180) == ()
    (found,) = compare([*small, Counted("x", "fits", 20, 10)], 200, 180)
    assert found.corrected == found.p_value


def test_no_errors_are_no_weak_slice() -> None:
    (found,) = compare([Counted("x", "y", 50, 50)], 100, 100)
    assert found.p_value == 1 and not found.worse


def test_as_json_and_in_words_say_the_same() -> None:
    many = [Counted("domain", f"name {n}" + "x" * 60, 20, 18) for n in range(30)]
    found = compare([*many, Counted("words", "1 to 9", 100, 40)], 1000, 840)
    written = json.loads(json.dumps(as_json(found), allow_nan=False))
    assert written[0]["by"] == "words" and written[0]["worse"] and len(written) == 31
    lines = in_words(found)
    assert lines[1].startswith("words: 1 to 9") and lines[1].endswith("worse")
    assert "40.0 % (30.9 to 49.8)" in lines[1] and len(lines) == 13
    assert len({line.index("%") for line in lines[2:]}) == 1
