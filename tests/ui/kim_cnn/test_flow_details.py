"""One filter of the drawing: where it fires, the numbers behind it, and how it is found."""

import numpy as np
import pytest

from dlnlp.ui.kim_cnn.flow_details import detail, find_filters, terms
from tests.ui.kim_cnn.kim_results import TEXT, tiny_predictor


def test_a_detail_says_where_a_filter_fires() -> None:
    result = tiny_predictor().predict(TEXT)
    for number in np.flatnonzero(result.pooled > 0).tolist():
        one = detail(result, tiny_predictor(), number, 1)
        start, value = max(one["map"], key=lambda window: window[1])
        assert start == result.positions[number]
        assert value == pytest.approx(float(result.pooled[number]), abs=1e-3)
        assert all(above > 0 for _, above in one["map"])
    other = detail(result, tiny_predictor(), 0, 0)
    assert other["weight"] == -detail(result, tiny_predictor(), 0, 1)["weight"]


@pytest.mark.parametrize("text", (TEXT, "good", "xqzv frobnicate"))
def test_the_terms_of_a_window_are_its_value(text: str) -> None:
    result, network = tiny_predictor().predict(text), tiny_predictor().runtime.network
    for number in range(len(result.pooled)):
        found = terms(result, tiny_predictor(), number)
        if result.pooled[number] <= 0:
            assert found is None
            continue
        assert found is not None
        products = np.array(found["vectors"]) * np.array(found["weights"])
        value = products.sum() + network.biases[number]
        assert value == pytest.approx(float(result.pooled[number]), abs=1e-2)


def test_filters_are_found_by_words_and_by_number() -> None:
    entries = tiny_predictor().filters
    shares = np.linspace(-1, 1, len(entries))
    phrase = entries[4].phrases[0].text
    found = find_filters(tiny_predictor(), shares, phrase.upper())
    assert 4 in [each["number"] for each in found["filters"]]
    assert found["many"] >= len(found["filters"]) > 0
    sizes = [abs(each["adds"]) for each in found["filters"]]
    assert sizes == sorted(sizes, reverse=True)
    (only,) = find_filters(tiny_predictor(), shares, "18")["filters"]
    assert only["number"] == 17
    for nothing in ("no-such-word", "", "  ", "19"):
        assert find_filters(tiny_predictor(), shares, nothing)["filters"] == []
