"""Parts of a page in tabs, of which only the open one is computed."""

from collections.abc import Callable, Mapping

import streamlit as st

# Titles that the pages of both networks that read reviews share.
TRUTH = "Does the shading tell the truth?"
MAP = "Where it lies among other reviews"
STEPS = "How it works"


def parts(key: str, views: Mapping[str, Callable[[], object]]) -> None:
    """Draw a tab for each part; the first is open until another is chosen.

    Args:
        key: under which the session keeps the title of the open tab.
        views: what draws each part, by its title.
    """
    tabs = st.tabs(list(views), key=key, on_change="rerun")
    for tab, view in zip(tabs, views.values(), strict=True):
        if tab.open:
            with tab:
                view()
