"""Shares of words, filters and regions add up to the logit, and belong to whom they are given."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlnlp.explain.evidence import evidence
from tests.kim_cnn_results import VOCABULARY, random_runtime, result_of
from tests.reference_kim_cnn import reference_kim_cnn

# Texts shorter than every width and long ones, with unknown (1) and repeated words.
TEXTS = st.lists(st.integers(1, VOCABULARY - 1), min_size=1, max_size=30)
WIDTHS = st.lists(st.integers(1, 6), min_size=1, max_size=4, unique=True).map(tuple)


@settings(max_examples=60)
@given(TEXTS, WIDTHS, st.integers(0, 99), st.sampled_from([-3.0, 0.0, 3.0]), st.integers(2, 4))
def test_words_filters_and_regions_each_add_up_to_the_logit(token_ids, widths, seed, bias, classes):
    """Of every class; of two classes to the log odds of either."""
    runtime = random_runtime(seed, widths=widths, bias=bias, classes=classes)
    result, target = result_of(runtime, token_ids), seed % classes
    found = evidence(result, runtime.network, target)
    logit = result.logits[target] - (result.logits[1 - target] if classes == 2 else 0)
    assert found.words.shape == (len(token_ids),)
    assert found.filters.shape == (len(widths) * 3,)
    regions = sum(region.contribution for region in found.regions)
    for total in (
        found.words.sum(dtype=float) + found.bias,
        found.filters.sum(dtype=float) + found.classifier_bias,
        regions + found.classifier_bias,
    ):
        assert total == pytest.approx(logit, abs=1e-5)
    assert found.logit == pytest.approx(logit, abs=1e-6)
    np.testing.assert_allclose(found.filters, result.pooled * found.weights, atol=1e-6)


@settings(max_examples=30)
@given(TEXTS, st.integers(0, 99))
def test_regions_are_of_real_tokens_and_hold_each_filter_that_fired_once(token_ids, seed):
    runtime = random_runtime(seed, bias=-1)
    result = result_of(runtime, token_ids)
    regions = evidence(result, runtime.network, 1).regions
    members = sorted(number for region in regions for number in region.filters)
    assert members == np.flatnonzero(result.pooled > 0).tolist()
    assert len({(region.start, region.stop) for region in regions}) == len(regions)
    sizes = [abs(region.contribution) for region in regions]
    assert sizes == sorted(sizes, reverse=True)
    for region in regions:
        assert 0 <= region.start < region.stop <= len(token_ids)
        for number in region.filters:
            width = runtime.network.filter_widths[number]
            assert region.stop - region.start == min(width, len(token_ids))
            assert result.positions[number] == region.start
        weights = runtime.network.output_weights[:, 1]
        shares = [abs(result.pooled[n] * weights[n]) for n in region.filters]
        assert shares == sorted(shares, reverse=True)


def test_each_word_gets_what_the_reference_gives_it():
    """In loops: a word's share is its products in the winning regions, times the weights."""
    runtime = random_runtime(3, bias=-2)
    token_ids = [5, 1, 7, 5, 1, 9, 9, 9, 2]
    vectors = np.asarray(runtime.embeddings[token_ids], np.float64)
    reference = reference_kim_cnn(runtime.weights, vectors)
    words, bias = np.zeros(9), float(runtime.weights["classifier.bias"][0])
    for number in range(9):
        width, column = (2, 3, 4)[number // 3], number % 3
        if reference["pooled"][number] == 0:
            continue
        weight = runtime.weights["classifier.kernel"][number, 0]
        bias += weight * runtime.weights[f"conv{width}.bias"][column]
        for offset in range(width):
            place = reference["positions"][number] + offset
            kernel = runtime.weights[f"conv{width}.kernel"][offset, :, column]
            words[place] += weight * (vectors[place] @ kernel)
    found = evidence(result_of(runtime, token_ids), runtime.network, 1)
    assert 0 < (reference["pooled"] == 0).sum() < 9
    np.testing.assert_allclose(found.words, words, atol=1e-6)
    assert found.bias == pytest.approx(bias, abs=1e-6)


def test_a_text_in_which_nothing_fires_has_no_regions():
    runtime = random_runtime(bias=-100)
    found = evidence(result_of(runtime, [3, 4, 5, 6, 7]), runtime.network, 1)
    assert found.regions == ()
    assert not found.words.any()
    assert not found.filters.any()
    assert found.bias == found.classifier_bias


def test_real_sizes_add_up_too():
    """A text of 2,500 words, 300 filters, vectors of 300 numbers."""
    runtime = random_runtime(widths=(3, 4, 5), filters=100, embedding_dim=300, scale=0.06)
    result = result_of(runtime, np.random.default_rng(0).integers(1, VOCABULARY, 2500))
    found = evidence(result, runtime.network, 1)
    assert np.abs(found.filters).sum() > 5
    for shares, rest in ((found.words, found.bias), (found.filters, found.classifier_bias)):
        assert shares.sum(dtype=float) + rest == pytest.approx(result.logits[1], abs=1e-5)
