"""The clicked word or sentence of a shaded text, kept until the text or the model changes."""

import zlib
from collections.abc import Sequence

import streamlit as st

from dlnlp.ui.text import compare
from dlnlp.ui.text.highlighted_text import (
    HighlightedTextData,
    Selection,
    highlighted_text,
    valid_selection,
)
from dlnlp.ui.text.review_page import ReviewPage


def identity(text: str, model: str) -> int:
    """What a click belongs to: a text as a model read it."""
    return zlib.crc32(text.encode("utf-8", errors="replace")) ^ zlib.crc32(model.encode())


def _pick(page: ReviewPage, view: str, owner: int) -> None:
    state = st.session_state.get(page.key(view))
    picked = state.get("pick") if state else None
    if picked is None:
        return
    kept = page.key("selected")
    again = st.session_state.get(kept) == (owner, picked)
    st.session_state[kept] = None if again else (owner, picked)


def shaded_text(
    page: ReviewPage, data: HighlightedTextData, owner: int, view: str = "view"
) -> Selection | None:
    """Draw shaded text whose clicks are kept; a second click lets go.

    Args:
        page: The page.
        data: What to draw.
        owner: `identity` of what is drawn.
        view: Name of this view; views of one text, side by side, share the selection.

    Returns:
        What is selected, None when nothing of `data` is.
    """
    kept = st.session_state.get(page.key("selected"))
    selected = valid_selection(kept[1], data) if kept and kept[0] == owner else None
    highlighted_text(
        data,
        key=page.key(view),
        selected=selected,
        on_pick=lambda: _pick(page, view, owner),
    )
    return selected


def hint() -> None:
    """Draw what a click would do, while nothing is selected."""
    st.caption(
        "Point at a word for its numbers, or move with the arrow keys; a click on a word or a "
        "sentence keeps them here, where you can change it."
    )


def panel(
    page: ReviewPage,
    title: str,
    facts: Sequence[tuple[str, str]],
    text: str,
    span: tuple[int, int],
    sentence: bool,
) -> None:
    """Draw the numbers of what is selected, and what can be done to it.

    Args:
        page: The page.
        title: Holds the visitor's words.
        facts: Label, value pairs.
        text: The text as drawn.
        span: Offsets of what is selected.
        sentence: Whether that is a sentence, not a word.
    """
    with st.container(border=True, key=page.key("detail")):
        st.text(title)  # the visitor's own words: never markdown
        with st.container(horizontal=True, gap="small"):
            for label, value in facts:
                with st.container(width=165, gap=None):
                    st.caption(label)
                    st.text(value)
        if sentence:
            compare.span_delete(page, text, *span, "Delete this sentence")
        else:
            compare.word_actions(page, text, *span)
