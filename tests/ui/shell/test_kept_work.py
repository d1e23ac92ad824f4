"""What the tab keeps, without a browser: what it is sent, and what of its word is believed."""

from typing import Any

import pytest
import streamlit as st

from dlnlp.ui.shell import kept_work

Work = dict[str, Any]


class Tab:
    """Stands for the component: remembers what it was given, says what the test wants it to."""

    def __init__(self) -> None:
        self.stored: Any = None
        self.given: list[Work] = []

    def __call__(self, *, data: Work, key: str, **_: Any) -> Work:
        self.given.append(data)
        return {"stored": self.stored}


@pytest.fixture(autouse=True)
def tab(monkeypatch: pytest.MonkeyPatch) -> Tab:
    monkeypatch.setattr(st, "session_state", {})
    made = Tab()
    monkeypatch.setattr(kept_work, "_mount", made)
    return made


def taken_back() -> list[Any]:
    found: list[Any] = []
    kept_work.take_back("page", found.append)
    return found


def test_work_of_another_session_is_taken_back_once(tab: Tab) -> None:
    assert taken_back() == []
    tab.stored = {"session": "before", "number": 3, "work": {"text": "mine"}}
    assert taken_back() == [{"text": "mine"}]
    assert taken_back() == []


def test_another_page_takes_its_own_back(tab: Tab) -> None:
    tab.stored = {"session": "before", "work": {}}
    assert taken_back() == [{}]
    found: list[Any] = []
    kept_work.take_back("other", found.append)
    assert found == [{}]


def test_the_session_does_not_take_its_own_work_back(tab: Tab) -> None:
    kept_work.keep("page", {"text": "mine"})
    tab.stored = tab.given[-1]
    assert taken_back() == []


@pytest.mark.parametrize(
    "stored", [None, 3, "text", [], {}, {"session": None, "work": {}}, {"session": "x", "work": 1}]
)
def test_nothing_else_is_taken_back(tab: Tab, stored: Any) -> None:
    tab.stored = stored
    assert taken_back() == []


def test_the_tab_hears_when_the_work_was_taken_back(tab: Tab) -> None:
    kept_work.keep("page", {})
    assert tab.given[-1]["taken"] is False
    tab.stored = {"session": "before", "work": {}}
    taken_back()
    kept_work.keep("page", {})
    assert tab.given[-1]["taken"] is True


def test_changes_are_counted_whatever_the_place(tab: Tab) -> None:
    for work, place, number in (
        ({"a": 1}, "page", 1),
        ({"a": 1}, "view", 1),
        ({"a": 2}, "view", 2),
        ({"a": 2}, "page", 2),
        ({"a": 1}, "page", 3),
    ):
        kept_work.keep("page", work, place)
        assert tab.given[-1]["number"] == number


def test_too_much_is_not_kept_and_the_page_hears_of_it(tab: Tab) -> None:
    assert kept_work.keep("page", {"text": "a" * (kept_work.MOST_CHARACTERS - 20)})
    assert not kept_work.keep("page", {"text": "a" * kept_work.MOST_CHARACTERS})
    assert tab.given[-1]["work"] == {}
