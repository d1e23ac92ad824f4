"""The drawing adds up, and clicks are checked."""

import json
from typing import Any

import numpy as np
import pytest

from dlnlp.ui.kim_cnn import network as kim_network
from dlnlp.ui.kim_cnn.network import NetworkData, drawn_filters, network_data, valid_filter
from dlnlp.ui.shell.component import beside
from tests.ui.kim_cnn.kim_results import make_explained, tiny_predictor


def data_of(text: str, selected: int | None = None) -> NetworkData:
    explained, network = make_explained(text), tiny_predictor().runtime.network
    return network_data(
        explained.result,
        explained.evidence,
        network.filter_widths,
        explained.evidence.weights,
        selected,
    )


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("±", ""))


TEXT = "The film is very good but not great. I stopped, and the price is awful! Love it?"


def test_the_parts_add_up_to_the_score() -> None:
    *parts, total = data_of(TEXT)["sums"]
    assert len(parts) == 4
    result = make_explained(TEXT).result
    assert sum(number(part["adds"]) for part in parts) == pytest.approx(
        float(result.logits[1]), abs=0.03
    )
    assert number(total["adds"]) == pytest.approx(float(result.logits[1]), abs=0.005)
    # A waterfall: each bar begins where the last one ends, and the sum is where the last one ends.
    assert parts[0]["start"] == 0 == total["start"]
    for left, right in zip(parts, parts[1:], strict=False):
        assert right["start"] == left["end"]
    assert total["end"] == parts[-1]["end"]
    assert max(abs(part["end"]) for part in parts) == 1


def test_filters_stand_at_the_region_they_fired_at_in_the_order_of_the_text() -> None:
    explained, data = make_explained(TEXT), data_of(TEXT)
    drawn = drawn_filters(explained.evidence)
    nodes = [node for region in data["regions"] for node in region["filters"]]
    assert sorted(node["k"] for node in nodes) == sorted(drawn.tolist())
    firsts = [region["filters"][0]["k"] for region in data["regions"]]
    starts = explained.result.positions[firsts].tolist()
    assert starts == sorted(starts)
    for node in nodes:
        k = node["k"]
        share = explained.evidence.filters[k]
        assert node["v"] == pytest.approx(
            share / np.abs(explained.evidence.filters).max(), abs=1e-3
        )
        product = number(node["fired"]) * number(node["weight"])
        assert product == pytest.approx(number(node["adds"]), rel=0.03, abs=0.02)


def test_the_drawn_filters_are_those_that_add_most() -> None:
    shares = np.abs(make_explained(TEXT).evidence.filters)
    drawn = drawn_filters(make_explained(TEXT).evidence, 3)
    np.testing.assert_allclose(shares[drawn], np.sort(shares)[::-1][:3])


@pytest.mark.parametrize("text", ["good", "zither", "good film", TEXT * 20, "a <b>bad</b> film"])
def test_any_text_has_a_drawing(text: str) -> None:
    data = data_of(text, selected=3)
    assert data["selected"] == 3 and data["probability"].endswith("positive")
    json.dumps(data, allow_nan=False)


@pytest.mark.parametrize("picked", [None, -1, 18, True, 1.0, "1", [1], {"k": 1}])
def test_what_the_browser_invents_is_dropped(picked: Any) -> None:
    assert valid_filter(picked, 18) is None


def test_honest_clicks_are_kept() -> None:
    assert valid_filter(17, 18) == 17 and valid_filter(0, 18) == 0


def test_script_never_parses_text_as_html() -> None:
    script = beside(kim_network.__file__, ".js")
    for parser in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert parser not in script
