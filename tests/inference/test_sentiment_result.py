"""Derived figures of a SentimentResult."""

from dataclasses import replace

import numpy as np
import pytest

from tests.kim_cnn_results import random_runtime, result_of


@pytest.fixture(scope="module")
def result():
    return result_of(random_runtime(), [3, 4, 5])


@pytest.mark.parametrize(
    ("logit", "probability"), [(0.0, 0.5), (np.log(3), 0.75), (-np.log(3), 0.25), (-2000.0, 0.0)]
)
def test_the_probability_is_the_sigmoid_of_the_logit(result, logit, probability):
    result = replace(result, logit=float(logit))
    assert result.probability == pytest.approx(probability)
    np.testing.assert_allclose(result.probabilities, [1 - probability, probability], rtol=1e-6)
    assert result.probabilities.dtype == np.float32
    assert result.predicted == int(probability > 0.5)


def test_the_document_vector_is_what_the_filters_gave(result):
    assert result.document_vector is result.pooled
