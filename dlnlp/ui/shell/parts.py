"""Parts of a page in tabs, of which only the open one is computed."""

from collections.abc import Callable, Mapping

import streamlit as st

from dlnlp.ui.shell.turns import yield_turn

# Titles that the pages of both networks that read reviews share.
COMPARE = "Compare"
TRUTH = "Faithfulness"
TWO = "Two networks"
MAP = "Similar reviews"
NETWORK = "Network"
CHANGE = "What would change it"
DURING = "During training"

Part = Callable[[], object]


def _nothing() -> None:
    pass


def parts(
    key: str,
    views: Mapping[str, Part | None],
    subject: str = "",
    changed: Callable[[], object] = _nothing,
    answer: bool = False,
) -> None:
    """Draw a tab for each part; the first is open until another is chosen.

    Args:
        key: under which the session keeps the title of the open tab, also while another page is
            shown; a link may set it beforehand.
        views: what draws each part, by its title; None while the subject is missing.
        subject: what such a part needs, for example "a review".
        changed: called when another tab is opened.
        answer: whether the open part is what the visitor waits for: others wait for it then.
    """
    if not answer:
        yield_turn()
    state, titles = st.session_state, list(views)
    drawn = ", ".join([key, *titles])  # other tabs are another widget: the browser knows its places
    if state.get(key) not in titles:
        state[key] = titles[0]
    if state.get(drawn) != state[key]:
        state[drawn] = state[key]

    def keep() -> None:
        state[key] = state[drawn]
        changed()

    tabs = st.tabs(titles, key=drawn, on_change=keep)
    for tab, view in zip(tabs, views.values(), strict=True):
        if tab.open:
            with tab:
                if view is None:
                    st.caption(f"There is something to see here as soon as there is {subject}.")
                else:
                    view()
