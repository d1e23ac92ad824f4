"""What a visitor asks of the drawing: checked, whatever the browser sends."""

from typing import Any

import pytest

from dlnlp.explain.evidence import evidence
from dlnlp.ui.kim_cnn.flow import asked_for, chosen_class, whole_number
from dlnlp.ui.kim_cnn.flow_data import FlowData, flow_data
from tests.ui.kim_cnn.kim_results import TEXT, tiny_predictor

RESULT = tiny_predictor().predict(TEXT)
DATA = flow_data(RESULT, tiny_predictor(), evidence(RESULT, tiny_predictor().runtime.network, 1))


def asked(value: Any) -> FlowData:
    return asked_for(value, DATA, RESULT, tiny_predictor())


@pytest.mark.parametrize(
    ("value", "number"),
    [(0, 0), (17, 17), (3.0, 3), (18, None), (-1, None), (2.5, None), (True, None), ("3", None)],
)
def test_numbers_are_checked(value: Any, number: int | None) -> None:
    assert whole_number(value, 18) == number


@pytest.mark.parametrize(
    "value",
    [None, {}, [], "x", {"opened": "<b>"}, {"opened": 99, "query": 5}, {"query": "  "}, {"x": 1}],
)
def test_what_makes_no_sense_changes_nothing(value: Any) -> None:
    assert asked(value) == DATA


@pytest.mark.parametrize(
    ("target", "chosen"),
    [
        ({"chosen": 0, "instead_of": 1}, 0),
        ({"chosen": 0.0, "instead_of": 1.0}, 0),
        ({"chosen": 0, "instead_of": 0}, 1),  # the page has another class now
        ({"chosen": 7, "instead_of": 1}, 1),
        ({"chosen": "<b>", "instead_of": 1}, 1),
        (0, 1),
        (None, 1),
    ],
)
def test_a_chosen_class_holds_while_the_page_keeps_its_own(target: Any, chosen: int) -> None:
    assert chosen_class({"target": target}, 1, RESULT) == chosen


def test_an_opened_filter_brings_its_details_once() -> None:
    known = [each["number"] for each in DATA["details"]]
    (other, *_) = [number for number in range(18) if number not in known]
    for number, numbers in ((other, [*known, other]), (known[0], [*known[1:], known[0]])):
        data = asked({"opened": number})
        assert [each["number"] for each in data["details"]] == numbers
        assert (data["details"][-1]["terms"] is None) == (RESULT.pooled[number] == 0)
    assert all(each["terms"] is None for each in DATA["details"])


def test_a_search_brings_what_was_found() -> None:
    found = asked({"query": "good"})["found"]
    assert found is not None and found["query"] == "good"
    assert found["many"] > 0
