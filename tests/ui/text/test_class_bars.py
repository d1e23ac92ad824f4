"""Bars say the numbers they were given, and a click makes a class the target."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import streamlit as st

from dlnlp.explain.targets import UPPER
from dlnlp.ui.text.answers import Answer, make_answer
from dlnlp.ui.text.class_bars import bars_data, choose, target_of
from dlnlp.ui.text.review_page import PREDICTED, ReviewPage

PAGE = ReviewPage("page", {"target": (PREDICTED, "1", "2", "3")})
STARS = make_answer(("1 star", "2 stars", "3 stars"), [0.2, 0.5, 0.3], np.log([0.2, 0.5, 0.3]))
POLARITY = make_answer(("negative", "positive"), [0.7, 0.3], np.log([0.7, 0.3]))


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    return state


def test_the_best_class_is_marked_and_stands_in_its_place() -> None:
    data = bars_data(STARS, target=0, note="", enabled=True)
    assert [(bar["name"], bar["written"]) for bar in data["bars"]] == [
        ("3 stars", "30.0 %"),
        ("2 stars", "50.0 %"),
        ("1 star", "20.0 %"),
    ]
    assert data["bars"][data["predicted"]]["name"] == "2 stars"
    assert data["bars"][data["target"]]["name"] == "1 star"
    assert bars_data(STARS, 0, "", enabled=False)["target"] == -1


@pytest.mark.parametrize(("answer", "default"), [(STARS, 1), (POLARITY, 1)])
def test_by_default_the_prediction_is_explained_and_of_two_classes_the_second(
    answer: Answer, default: int, session: dict[str, Any]
) -> None:
    assert target_of(PAGE, answer) == default
    session[PAGE.setting("target")] = "1"
    assert target_of(PAGE, answer) == 0
    for lacking in ("9", "0", "predicted", "", "-1", None):
        session[PAGE.setting("target")] = lacking
        assert target_of(PAGE, answer) == default


def test_a_click_chooses_a_class_and_a_second_one_lets_go(session: dict[str, Any]) -> None:
    choose(PAGE, STARS, 0)
    assert session[PAGE.setting("target")] == "3" and target_of(PAGE, STARS) == 2
    choose(PAGE, STARS, 0)
    assert target_of(PAGE, STARS) == 1
    choose(PAGE, STARS, 1)
    assert session[PAGE.setting("target")] == PREDICTED


def test_ordered_classes_have_one_target_more(session: dict[str, Any]) -> None:
    ordered = replace(STARS, ordered=True)
    assert bars_data(STARS, 0, "", True)["contrast"] is None
    data = bars_data(ordered, target=3, note="", enabled=True)
    assert data["target"] == len(data["bars"]) == 3  # behind the bars
    assert data["contrast"] == {
        "name": "3 stars over 1 star",
        "written": "+0.41",  # log 0.3 - log 0.2
        "share": 0,
    }
    assert bars_data(ordered, 3, "", enabled=False)["contrast"] is None  # nothing to choose
    choose(PAGE, ordered, 3)
    assert session[PAGE.setting("target")] == UPPER and target_of(PAGE, ordered) == 3
    assert target_of(PAGE, STARS) == 1  # a network without an order
    choose(PAGE, ordered, 3)
    assert session[PAGE.setting("target")] == PREDICTED


@pytest.mark.parametrize("picked", [None, "0", -1, 3, True, 1.0, [], {}])
def test_what_the_browser_invents_is_dropped(picked: Any, session: dict[str, Any]) -> None:
    choose(PAGE, STARS, picked)
    assert session == {}
