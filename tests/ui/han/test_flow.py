"""A class that is clicked in the diagram becomes the target of the page."""

from typing import Any

import pytest
import streamlit as st

from dlnlp.explain.targets import UPPER
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.ui.han import explaining
from dlnlp.ui.han.flow import choose_class
from dlnlp.ui.han.methods import HAN
from dlnlp.ui.text.review_page import PREDICTED
from tests.ui.text.counterfactual_jobs import TEXT, tiny


@pytest.fixture
def result() -> AttentionResult:
    found = tiny().predict(TEXT)
    assert isinstance(found, AttentionResult)
    return found


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    return state


def test_a_click_sets_the_target_as_the_bars_do(
    result: AttentionResult, session: dict[str, Any]
) -> None:
    other = (result.predicted + 1) % 5
    session[HAN.key("flow")] = {"target": other}
    choose_class(result)
    assert session[HAN.setting("target")] == str(other + 1) and session[HAN.key("flow_chose")]
    choose_class(result)  # again: lets go
    assert session[HAN.setting("target")] == PREDICTED


def test_the_upper_against_the_lower_classes_can_be_chosen(
    result: AttentionResult, session: dict[str, Any]
) -> None:
    session[HAN.key("flow")] = {"target": 5}
    choose_class(result)
    assert session[HAN.setting("target")] == UPPER
    assert explaining.target_of(result) == 5


@pytest.mark.parametrize("picked", [None, "1", -1, 6, True, 1.0, {}])
def test_what_the_browser_invents_is_dropped(
    picked: Any, result: AttentionResult, session: dict[str, Any]
) -> None:
    session[HAN.key("flow")] = {"target": picked}
    choose_class(result)
    assert HAN.setting("target") not in session
