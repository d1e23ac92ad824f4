"""Places hold every filter that fired once, and say what is lost without them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnlp.explain.places import NAMED, Places, logits_without, most_places, places_of
from dlnlp.inference.kim_cnn_network import of_target
from tests.kim_cnn_results import VOCABULARY, random_runtime, result_of

TEXTS = st.lists(st.integers(1, VOCABULARY - 1), min_size=1, max_size=40)


def places(ids: list[int], seed: int = 0, filters: int = 12, bias: float = 0.0) -> Places:
    runtime = random_runtime(seed, filters=filters, bias=bias)
    result = result_of(runtime, ids)
    shares = result.pooled * of_target(runtime.network.output_weights, 1).astype(np.float64)
    return places_of(result, runtime.network, shares, most_places(len(ids)))


@settings(max_examples=60)
@given(TEXTS, st.integers(0, 99), st.sampled_from([-2.0, 0.0, 2.0]))
def test_every_filter_that_fired_is_in_one_place_or_elsewhere(ids, seed, bias):
    runtime = random_runtime(seed, filters=12, bias=bias)
    result = result_of(runtime, ids)
    shares = result.pooled * of_target(runtime.network.output_weights, 1).astype(np.float64)
    found = places_of(result, runtime.network, shares, most_places(len(ids)))
    members = [f for place in found.places for f in (*place.named, *place.others)]
    assert sorted([*members, *found.elsewhere]) == np.flatnonzero(result.pooled > 0).tolist()
    end = 0
    for place in found.places:
        assert end <= place.start < place.stop <= len(ids)  # in order, without a common word
        end = place.stop
        assert place.named
        for group in (place.named, place.others):
            sizes = [abs(shares[f]) for f in group]
            assert sizes == sorted(sizes, reverse=True)
        for edge in range(place.start + 1, place.stop):  # only windows join words to a place
            assert any(
                result.positions[f] < edge < result.positions[f] + runtime.network.filter_widths[f]
                for f in place.named
            )
        for number in place.named:
            stop = result.positions[number] + runtime.network.filter_widths[number]
            assert place.start <= result.positions[number] and min(stop, len(ids)) <= place.stop


def test_the_strongest_filters_are_named():
    runtime = random_runtime(3, filters=12)
    ids = [5, 9, 1, 5, 14, 3, 7, 7, 2, 11, 6, 4]
    result = result_of(runtime, ids)
    shares = result.pooled * of_target(runtime.network.output_weights, 1).astype(np.float64)
    found = places_of(result, runtime.network, shares, 10)
    named = {number for place in found.places for number in place.named}
    assert set(np.argsort(-np.abs(shares))[:NAMED].tolist()) <= named


def test_more_places_hold_more_filters():
    ids = np.random.default_rng(1).integers(1, VOCABULARY, 200).tolist()
    runtime = random_runtime(2, widths=(1, 2), filters=60)
    result = result_of(runtime, ids)
    shares = result.pooled * of_target(runtime.network.output_weights, 1).astype(np.float64)
    few, many = (places_of(result, runtime.network, shares, most) for most in (1, 30))
    assert len(many.places) > len(few.places)
    assert len(many.elsewhere) < len(few.elsewhere)


def test_where_nothing_fires_there_is_no_place():
    assert places([3, 4, 5], bias=-100) == Places((), ())


def test_logits_without_words_are_fresh_predictions():
    runtime = random_runtime(1)
    ids = [5, 9, 1, 5, 14, 3]
    found = logits_without(result_of(runtime, ids), runtime, [(0, 6), (1, 3), (5, 6)])
    assert found[0] is None
    for logit, rest in zip(found[1:], ([5, 5, 14, 3], [5, 9, 1, 5, 14]), strict=True):
        np.testing.assert_allclose(logit, result_of(runtime, rest).logits, atol=1e-5)


@pytest.mark.parametrize(("words", "most"), [(1, 10), (160, 10), (400, 16), (100_000, 18)])
def test_long_texts_have_more_places(words, most):
    assert most_places(words) == most
