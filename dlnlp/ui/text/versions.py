"""The visitor's text, the versions before it, and the one kept beside it for comparison.

All of it lives in the session, so that it survives a change of page. Whatever replaces the text
goes through here, so that `undo` takes it back: an example, a test review, a link, a change by
click, nothing at all. Call what changes the text from callbacks: Streamlit lets nobody else write
to a widget.
"""

from dataclasses import dataclass, replace

import streamlit as st

from dlnlp.ui.shell.history import History
from dlnlp.ui.text.review_page import ReviewPage

# Of all versions of a page together; the oldest give way.
MOST_CHARACTERS = 1_000_000
TYPED = "what you typed"


@dataclass(frozen=True, slots=True)
class Version:
    """A text that was on the page.

    Attributes:
        text: The text.
        what: What made it, such as "Deleted “good”"; holds the visitor's words.
        kept: What a change by click kept beside it; None where it kept nothing.
    """

    text: str
    what: str
    kept: str | None = None


def text(page: ReviewPage) -> str:
    """The text on the page."""
    return st.session_state.get(page.text) or ""


def kept(page: ReviewPage) -> str | None:
    """The version to compare with, None while there is none."""
    version: str | None = st.session_state.get(page.key("kept"))
    return version


def kept_by_click(page: ReviewPage) -> bool:
    """Whether a change by click has kept that version, and not the visitor by hand."""
    return kept(page) is not None and bool(st.session_state.get(page.key("kept_for_edit")))


def differ(page: ReviewPage) -> bool:
    """Whether there is a kept version that is not the text on the page."""
    return kept(page) not in (None, text(page))


def keep(page: ReviewPage, version: str | None = None, by_click: bool = False) -> None:
    """Keep a version, by default the text as it is, until the visitor lets go of it.

    Args:
        page: The page.
        version: The text to keep.
        by_click: Whether it was a change by click that kept it, and not the visitor by hand.
    """
    st.session_state[page.key("kept")] = text(page) if version is None else version
    st.session_state[page.key("kept_for_edit")] = by_click


def forget(page: ReviewPage) -> None:
    """Let go of the kept version."""
    st.session_state[page.key("kept")] = None


def put(page: ReviewPage, new: str, what: str) -> None:
    """Replace the whole text: an example, a review, nothing.

    A version that was kept for a change by click, and not by hand, has served its time.
    """
    if st.session_state.get(page.text) != new:
        _show(page, _recorded(page).put(Version(new, what)))
    elif kept_by_click(page):
        forget(page)


def put_before(page: ReviewPage, old: str, what: str) -> None:
    """Lay a text under all others, where `undo` finds it: one that a link has replaced."""
    history = _recorded(page)
    if old and (history.now is None or history.now.text != old):
        st.session_state[page.key("history")] = history.put_before(Version(old, what))


def edit(page: ReviewPage, new: str, what: str) -> None:
    """Change the text such that it can be compared and taken back.

    The text before the first change is kept if no version is.
    """
    version = kept(page)
    by_hand = version is not None and not kept_by_click(page)
    beside = None if by_hand else text(page) if version is None else version
    _show(page, _recorded(page).put(Version(new, what, beside)))


def to_undo(page: ReviewPage) -> str | None:
    """What `undo` would take back, in words; None where there is nothing."""
    history = _history(page)
    if history.now is None:
        return None
    if history.now.text != text(page):
        return TYPED
    return history.now.what if history.can_undo else None


def undo(page: ReviewPage) -> None:
    """Show the version before; what was typed since the last replacement is one step."""
    _show(page, _recorded(page).undo())


def can_redo(page: ReviewPage) -> bool:
    """Whether something was taken back, and nothing typed since."""
    history = _history(page)
    return history.can_redo and history.now is not None and history.now.text == text(page)


def redo(page: ReviewPage) -> None:
    """Show again what `undo` took back."""
    if can_redo(page):
        _show(page, _history(page).redo())


def _history(page: ReviewPage) -> History[Version]:
    history: History[Version] = st.session_state.get(page.key("history")) or History()
    return history


def _recorded(page: ReviewPage) -> History[Version]:
    """The history with the text as it stands now, typed or not."""
    history = _history(page)
    if st.session_state.get(page.text) is None:  # nothing was shown yet
        return history
    now = Version(text(page), TYPED, kept(page) if kept_by_click(page) else None)
    if history.now is None or history.now.text != now.text:
        return history.put(now)
    return history.changed(replace(now, what=history.now.what))


def _show(page: ReviewPage, history: History[Version]) -> None:
    state, version = st.session_state, history.now
    if version is None:
        return
    while history.can_undo and sum(len(v.text) for v in history.states) > MOST_CHARACTERS:
        history = history.without_oldest()
    if kept(page) is None or kept_by_click(page):  # what was kept by hand stays
        state[page.key("kept")] = version.kept
        state[page.key("kept_for_edit")] = version.kept is not None
    state[page.key("history")] = history
    state[page.text] = version.text
