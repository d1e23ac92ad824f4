"""What a page that reads reviews takes back from the tab, honest or hostile."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import streamlit as st

from dlnlp.ui.shell import kept_work
from dlnlp.ui.text import review_work, versions
from dlnlp.ui.text.review_page import ReviewPage

PAGE = ReviewPage("page", {"shade": ("dark", "light")})
WORK = {"text": "mine", "kept": "older", "kept_by_click": True, "model": "a", "shade": "light"}


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    state: dict[str, Any] = {PAGE.text: "example", PAGE.model: "b", PAGE.setting("shade"): "dark"}
    monkeypatch.setattr(st, "session_state", state)
    return state


def bring(monkeypatch: pytest.MonkeyPatch, work: Any, linked: tuple[str, ...] = ()) -> None:
    def take_back(page: str, restore: Callable[[Mapping[str, Any]], None], typed: Any) -> None:
        assert page == PAGE.stem and typed == {"text": PAGE.key("editor")}
        restore(work)

    monkeypatch.setattr(kept_work, "take_back", take_back)
    review_work.take_back(PAGE, linked)


def test_everything_comes_back_and_can_be_undone(
    session: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(monkeypatch, WORK)
    assert versions.text(PAGE) == "mine" and versions.kept(PAGE) == "older"
    assert versions.kept_by_click(PAGE)
    assert session[PAGE.model] == "a" and session[PAGE.setting("shade")] == "light"
    versions.undo(PAGE)
    assert versions.text(PAGE) == "example"


def test_a_link_wins_and_undo_gives_the_text(
    session: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(monkeypatch, WORK, linked=("text", "model"))
    assert versions.text(PAGE) == "example" and session[PAGE.model] == "b"
    versions.undo(PAGE)
    assert versions.text(PAGE) == "mine"


def test_a_link_to_a_network_opens_that_network_with_the_text_of_the_tab(
    session: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(monkeypatch, WORK, linked=("model",))
    assert session[PAGE.model] == "b" and versions.text(PAGE) == "mine"


@pytest.mark.parametrize(
    "work",
    [
        {},
        {"text": 3, "kept": [], "model": {}, "shade": "red"},
        {"text": None, "shade": ["dark"]},
        {"text": "a" * (review_work.MOST_CHARACTERS + 1), "shade": {}},
    ],
)
def test_what_no_page_has_kept_changes_nothing(
    session: dict[str, Any], monkeypatch: pytest.MonkeyPatch, work: Any
) -> None:
    before = dict(session)
    bring(monkeypatch, work)
    assert session == before
