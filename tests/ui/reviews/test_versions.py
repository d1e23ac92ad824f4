"""The kept version and undo, on a session of their own."""

import pytest
import streamlit as st

from dlnlp.ui.reviews import versions
from dlnlp.ui.reviews.review_page import ReviewPage

PAGE = ReviewPage("page")


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    state: dict[str, object] = {PAGE.text: "one two"}
    monkeypatch.setattr(st, "session_state", state)
    return state


def test_edits_are_taken_back_one_by_one() -> None:
    versions.edit(PAGE, "one", "deleted two")
    versions.edit(PAGE, "", "deleted one")
    assert versions.kept(PAGE) == "one two" and versions.differ(PAGE)
    versions.undo(PAGE)
    assert versions.text(PAGE) == "one"
    versions.undo(PAGE)
    assert versions.text(PAGE) == "one two" and not versions.differ(PAGE)
    assert versions.last_edit(PAGE) is None
    versions.undo(PAGE)
    assert versions.text(PAGE) == "one two"


def test_typing_ends_undo(session: dict[str, object]) -> None:
    versions.edit(PAGE, "one", "deleted two")
    session[PAGE.text] = "one typed"
    assert versions.last_edit(PAGE) is None
    versions.undo(PAGE)
    assert versions.text(PAGE) == "one typed"


def test_undo_has_a_bound() -> None:
    for number in range(versions.MAX_UNDO + 10):
        versions.edit(PAGE, str(number), "changed")
    for _ in range(versions.MAX_UNDO):
        versions.undo(PAGE)
    assert versions.text(PAGE) == "9" and versions.last_edit(PAGE) is None


def test_an_edit_keeps_the_text_before_it_unless_one_is_kept() -> None:
    versions.keep(PAGE, "mine")
    versions.edit(PAGE, "one", "deleted two")
    assert versions.kept(PAGE) == "mine"


def test_another_text_ends_what_an_edit_kept_only() -> None:
    versions.edit(PAGE, "one", "deleted two")
    versions.put(PAGE, "new")
    assert versions.kept(PAGE) is None and versions.last_edit(PAGE) is None
    versions.keep(PAGE)
    versions.put(PAGE, "newer")
    assert versions.kept(PAGE) == "new" and versions.differ(PAGE)


def test_what_is_kept_by_hand_after_an_edit_stays() -> None:
    versions.edit(PAGE, "one", "deleted two")
    versions.keep(PAGE)
    versions.put(PAGE, "new")
    assert versions.kept(PAGE) == "one"
