"""A click puts a found text into the editor beside the original; nothing else does."""

from typing import Any

import pytest
import streamlit as st

from dlnlp.ui.shell.parts import COMPARE
from dlnlp.ui.text import versions
from dlnlp.ui.text.counterfactuals import choose
from dlnlp.ui.text.method_text import KEPT
from dlnlp.ui.text.review_page import ReviewPage
from tests.ui.text.counterfactual_jobs import TEXT, finished

PAGE = ReviewPage("page", {"beside": ("random", KEPT), "part": ("first", COMPARE)})


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    state: dict[str, Any] = {PAGE.text: TEXT}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(st, "toast", lambda text: None)
    return state


def test_a_found_text_stands_beside_the_original_and_undo_takes_it_back() -> None:
    job = finished()
    place = next(n for n, found in enumerate(job.searched) if found.found)
    choose(PAGE, job, {"of": "card", "number": place})
    assert versions.text(PAGE) == job.searched[place].found.result.text
    assert versions.kept(PAGE) == TEXT and versions.kept_by_click(PAGE)
    assert PAGE.setting("part") not in st.session_state
    versions.undo(PAGE)
    assert versions.text(PAGE) == TEXT


def test_compare_opens_both_shadings() -> None:
    job = finished()
    choose(PAGE, job, {"of": "draft", "number": 0, "compare": True})
    assert versions.text(PAGE) == job.drafts[0].draft.text
    assert st.session_state[PAGE.setting("part")] == COMPARE
    assert st.session_state[PAGE.setting("beside")] == KEPT


@pytest.mark.parametrize(
    "picked",
    [
        None,
        "card",
        {},
        {"of": "card"},
        {"of": "card", "number": -1},
        {"of": "card", "number": 99},
        {"of": "card", "number": True},
        {"of": "draft", "number": "0"},
        {"of": "draft", "number": 10**9},
        {"of": "text", "number": 0},
    ],
)
def test_what_the_browser_sends_is_checked(picked: Any) -> None:
    choose(PAGE, finished(), picked)
    assert versions.text(PAGE) == TEXT and versions.kept(PAGE) is None


def test_a_click_on_what_was_found_for_another_text_does_nothing(session: dict[str, Any]) -> None:
    session[PAGE.text] = "another text"
    choose(PAGE, finished(), {"of": "draft", "number": 0})
    assert versions.text(PAGE) == "another text"
