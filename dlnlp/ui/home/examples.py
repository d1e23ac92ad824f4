"""The live examples of all pages, made once a process, after the browser has the home page.

Networks and charts take longer to import than the home page takes to show.
"""

from collections.abc import Mapping

import streamlit as st

from dlnlp.artifacts import ArtifactError
from dlnlp.ui.shell.live_example import LiveExample, live_example_of
from dlnlp.ui.shell.navigation import pages


@st.cache_resource(show_spinner=False)
def _shelf() -> list[Mapping[str, LiveExample]]:
    """Empty until the examples of this process are made."""
    return []


def ready() -> Mapping[str, LiveExample] | None:
    """The examples by page; None until somebody has made them."""
    shelf = _shelf()
    return shelf[0] if shelf else None


def make() -> None:
    """Make the examples; a page whose network cannot be opened has none: the page says why."""
    made = {}
    for entry in pages():
        try:
            made[entry.stem] = live_example_of(entry.stem)
        except (ArtifactError, IndexError, StopIteration, ValueError):  # no such network is here
            continue
    shelf = _shelf()
    if not shelf:
        shelf.append(made)
