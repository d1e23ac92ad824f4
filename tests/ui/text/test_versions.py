"""The text on the page, what was there before, and the kept version; on a session of their own."""

from collections.abc import Callable

import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as hs

from dlnlp.ui.shell.history import MOST_STATES
from dlnlp.ui.text import versions
from dlnlp.ui.text.review_page import ReviewPage

PAGE = ReviewPage("page")
FIRST = "one two"


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    state: dict[str, object] = {PAGE.text: FIRST}
    monkeypatch.setattr(st, "session_state", state)
    return state


def kind(text: str) -> hs.SearchStrategy[Callable[[dict[str, object]], object]]:
    """A way in which a text comes onto the page."""
    return hs.sampled_from(
        [
            lambda session: versions.put(PAGE, text, "put"),
            lambda session: versions.edit(PAGE, text, "edited"),
            lambda session: session.update({PAGE.text: text}),
        ]
    )


@given(hs.lists(hs.text(max_size=3).flatmap(kind), max_size=MOST_STATES // 2 - 2))
def test_undo_brings_back_every_text_and_redo_takes_it_away_again(
    steps: list[Callable[[dict[str, object]], object]],
) -> None:
    st.session_state.clear()
    versions.put(PAGE, FIRST, "first")
    seen = [FIRST]
    for step in steps:
        step(st.session_state)  # type: ignore[arg-type]
        versions.put(PAGE, versions.text(PAGE) + "!", "louder")  # records what was typed
        for text in (versions.text(PAGE)[:-1], versions.text(PAGE)):
            if text != seen[-1]:
                seen.append(text)
    for text in reversed(seen):
        assert versions.text(PAGE) == text
        before = versions.text(PAGE)
        while versions.text(PAGE) == before and versions.to_undo(PAGE) is not None:
            versions.undo(PAGE)
    assert versions.text(PAGE) == FIRST and versions.to_undo(PAGE) is None
    while versions.can_redo(PAGE):
        versions.redo(PAGE)
    assert versions.text(PAGE) == seen[-1]


def test_edits_are_taken_back_one_by_one() -> None:
    versions.edit(PAGE, "one", "deleted two")
    versions.edit(PAGE, "", "deleted one")
    assert versions.kept(PAGE) == FIRST and versions.differ(PAGE)
    versions.undo(PAGE)
    assert versions.text(PAGE) == "one" and versions.to_undo(PAGE) == "deleted two"
    assert versions.kept(PAGE) == FIRST
    versions.undo(PAGE)
    assert versions.text(PAGE) == FIRST and versions.kept(PAGE) is None
    assert versions.to_undo(PAGE) is None
    versions.undo(PAGE)
    assert versions.text(PAGE) == FIRST
    versions.redo(PAGE)
    assert versions.text(PAGE) == "one" and versions.kept(PAGE) == FIRST


def test_what_was_typed_is_one_step(session: dict[str, object]) -> None:
    versions.put(PAGE, "example", "Example")
    session[PAGE.text] = "example, changed by hand"
    assert versions.to_undo(PAGE) == versions.TYPED
    versions.undo(PAGE)
    assert versions.text(PAGE) == "example"
    session[PAGE.text] = "changed otherwise"
    assert not versions.can_redo(PAGE)
    versions.redo(PAGE)
    assert versions.text(PAGE) == "changed otherwise"
    for before in ("example", FIRST):
        versions.undo(PAGE)
        assert versions.text(PAGE) == before


def test_the_same_text_again_is_nothing_to_undo() -> None:
    versions.put(PAGE, "example", "Example")
    versions.put(PAGE, "example", "Example")
    versions.undo(PAGE)
    assert versions.text(PAGE) == FIRST


def test_an_example_after_an_edit_can_be_undone_with_the_comparison() -> None:
    versions.edit(PAGE, "one", "deleted two")
    versions.put(PAGE, "new", "Example")
    assert versions.kept(PAGE) is None
    versions.undo(PAGE)
    assert versions.text(PAGE) == "one" and versions.kept(PAGE) == FIRST
    assert versions.kept_by_click(PAGE)


def test_undo_has_a_bound_of_steps_and_one_of_characters() -> None:
    for number in range(MOST_STATES + 10):
        versions.put(PAGE, str(number), "changed")
    for _ in range(MOST_STATES):
        versions.undo(PAGE)
    assert versions.text(PAGE) == "10" and versions.to_undo(PAGE) is None
    for letter in "abcde":
        versions.put(PAGE, letter * (versions.MOST_CHARACTERS // 3), "changed")
    versions.undo(PAGE)
    versions.undo(PAGE)
    assert versions.text(PAGE)[0] == "c" and versions.to_undo(PAGE) is None


def test_an_edit_keeps_the_text_before_it_unless_one_is_kept() -> None:
    versions.keep(PAGE, "mine")
    versions.edit(PAGE, "one", "deleted two")
    assert versions.kept(PAGE) == "mine"
    versions.undo(PAGE)
    assert versions.kept(PAGE) == "mine"


def test_another_text_ends_what_an_edit_kept_only() -> None:
    versions.edit(PAGE, "one", "deleted two")
    versions.put(PAGE, "new", "Example")
    assert versions.kept(PAGE) is None
    versions.keep(PAGE)
    versions.put(PAGE, "newer", "Example")
    assert versions.kept(PAGE) == "new" and versions.differ(PAGE)


def test_what_is_kept_by_hand_after_an_edit_stays() -> None:
    versions.edit(PAGE, "one", "deleted two")
    versions.keep(PAGE)
    versions.put(PAGE, "new", "Example")
    assert versions.kept(PAGE) == "one"


def test_a_text_can_be_laid_under_the_one_on_the_page(session: dict[str, object]) -> None:
    versions.put_before(PAGE, FIRST, "the same")
    versions.put_before(PAGE, "", "nothing")
    assert versions.to_undo(PAGE) is None
    versions.put_before(PAGE, "older", "Your text")
    assert versions.text(PAGE) == FIRST
    versions.undo(PAGE)
    assert versions.text(PAGE) == "older"


def test_a_text_can_be_laid_under_one_that_is_still_to_come(session: dict[str, object]) -> None:
    del session[PAGE.text]
    versions.put_before(PAGE, "older", "Your text")
    versions.put(PAGE, "of a link", "Opened a link")
    versions.undo(PAGE)
    assert versions.text(PAGE) == "older"
