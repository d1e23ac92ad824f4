"""The visitor's text, the version kept beside it, and the changes made by clicks.

All of it lives in the session, so that it survives a change of page. Call what changes the text
from callbacks: Streamlit lets nobody else write to a widget.
"""

from dataclasses import dataclass

import streamlit as st

from dlnlp.ui.reviews.review_page import ReviewPage

MAX_UNDO = 50


@dataclass(frozen=True, slots=True)
class Edit:
    """A change that can be taken back.

    Attributes:
        before: The text before it.
        after: The text it made; once the visitor has typed, there is nothing to take back.
        what: What it did, such as "deleted “good”"; holds the visitor's words.
    """

    before: str
    after: str
    what: str


def text(page: ReviewPage) -> str:
    """The text on the page."""
    return st.session_state.get(page.text) or ""


def kept(page: ReviewPage) -> str | None:
    """The version to compare with, None while there is none."""
    version: str | None = st.session_state.get(page.key("kept"))
    return version


def differ(page: ReviewPage) -> bool:
    """Whether there is a kept version that is not the text on the page."""
    return kept(page) not in (None, text(page))


def keep(page: ReviewPage, version: str | None = None) -> None:
    """Keep a version, by default the text as it is, until the visitor lets go of it."""
    st.session_state[page.key("kept")] = text(page) if version is None else version
    st.session_state[page.key("kept_for_edit")] = False


def forget(page: ReviewPage) -> None:
    """Let go of the kept version."""
    st.session_state[page.key("kept")] = None


def put(page: ReviewPage, new: str) -> None:
    """Replace the whole text: an example, a review, nothing.

    A version that was kept for a change by click, and not by hand, has served its time.
    """
    state = st.session_state
    if state.get(page.key("kept_for_edit")):
        forget(page)
    state[page.key("edits")] = ()
    state[page.text] = new


def edit(page: ReviewPage, new: str, what: str) -> None:
    """Change the text such that it can be compared and taken back.

    The text before the first change is kept if no version is.
    """
    state, old = st.session_state, text(page)
    if kept(page) is None:
        keep(page)
        state[page.key("kept_for_edit")] = True
    edits = (*state.get(page.key("edits"), ()), Edit(old, new, what))
    state[page.key("edits")] = edits[-MAX_UNDO:]
    state[page.text] = new


def last_edit(page: ReviewPage) -> Edit | None:
    """The change that `undo` would take back; None when the visitor has typed since."""
    edits: tuple[Edit, ...] = st.session_state.get(page.key("edits"), ())
    return edits[-1] if edits and edits[-1].after == text(page) else None


def undo(page: ReviewPage) -> None:
    """Take back the last change, if nothing was typed since."""
    last = last_edit(page)
    if last is not None:
        st.session_state[page.key("edits")] = st.session_state[page.key("edits")][:-1]
        st.session_state[page.text] = last.before
