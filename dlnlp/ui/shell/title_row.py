"""The one compact row at the top of a page: its title, and beside it what the page is set to."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from dlnlp.ui.shell.streamlit_internals import DeltaGenerator


@contextmanager
def title_row(title: str, explained: str = "") -> Iterator[DeltaGenerator]:
    """Draw a page's title; what is drawn inside the block stands on the same line, at the right.

    Args:
        title: The page's title: the thing that it shows, in the field's words.
        explained: What that is and where it comes from (markdown), behind a question mark.

    Yields:
        The row: what is drawn in it later stands at its end.
    """
    row = st.container(key="title_row", horizontal=True, vertical_alignment="center", gap="small")
    with row:
        st.title(title, anchor=False, help=explained or None, width="content")
        st.space("stretch")
        yield row
