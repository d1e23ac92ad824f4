"""One filter's sum, against plain loops."""

import numpy as np
import pytest

from dlnlp.explain.filter_reading import read_filter
from tests.reference_kim_cnn import reference_kim_cnn
from tests.ui.kim_cnn.kim_results import make_explained, tiny_predictor

TEXTS = ("the film is very good but not great . i stopped", "good film", "good")


@pytest.mark.parametrize("text", TEXTS)
def test_values_are_those_of_the_reference(text: str) -> None:
    result, network = make_explained(text).result, tiny_predictor().runtime.network
    reference = reference_kim_cnn(
        tiny_predictor().runtime.weights, network.vectors(result.token_ids)
    )
    for number, values in enumerate(reference["values"]):
        reading = read_filter(result, network, number, 1)
        np.testing.assert_allclose(reading.values, values, atol=1e-5)
        assert reading.start == reference["positions"][number]
        assert reading.value == pytest.approx(values.max(), abs=1e-5)
        assert reading.pooled == pytest.approx(reference["pooled"][number], abs=1e-5)
        assert reading.stop <= len(result.tokens) and reading.stop - reading.start <= reading.width


@pytest.mark.parametrize("text", TEXTS)
def test_contributions_are_those_of_the_exact_evidence(text: str) -> None:
    explained, network = make_explained(text), tiny_predictor().runtime.network
    found = [
        read_filter(explained.result, network, number, 1).contribution
        for number in range(len(network.output_weights))
    ]
    np.testing.assert_allclose(found, explained.evidence.filters, atol=1e-5)
    total = sum(found) + explained.evidence.classifier_bias
    assert total == pytest.approx(explained.evidence.logit, abs=1e-5)


def test_nothing_is_read_after_the_end_of_the_text() -> None:
    result, network = make_explained("good").result, tiny_predictor().runtime.network
    reading = read_filter(result, network, len(network.output_weights) - 1, 1)
    assert reading.width == 4 and reading.stop == 1
    assert reading.products[0] != 0 and not reading.products[1:].any()


@pytest.mark.parametrize("number", [-1, 18])
def test_filters_that_do_not_exist_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match=f"no filter {number}"):
        read_filter(make_explained().result, tiny_predictor().runtime.network, number, 1)
