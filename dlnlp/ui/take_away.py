"""The row at the foot of a view: files to take away, and the link to what is shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from dlnlp.ui.reviews.review_input import share
from dlnlp.ui.reviews.review_page import ReviewPage


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A file that is made when somebody asks for it.

    Attributes:
        label: What the button says.
        name: File name.
        mime: Its type.
        make: Makes the contents.
    """

    label: str
    name: str
    mime: str
    make: Callable[[], bytes]


def take_away(page: ReviewPage, files: Sequence[SavedFile]) -> None:
    """Draw a button for each file, and the link."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption("Take it away:", width="content")
        for file in files:
            st.download_button(
                file.label,
                file.make,
                file_name=file.name,
                mime=file.mime,
                on_click="ignore",
                key=f"save {file.name}",
            )
        share(page)
