"""What can be taken away of a review's view: the link to it, and files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from dlnlp.ui.text.review_input import share
from dlnlp.ui.text.review_page import ReviewPage

_TYPES = {"csv": "text/csv", "json": "application/json", "html": "text/html"}


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
    make: Callable[[], bytes]


def take_away(
    page: ReviewPage, files: Callable[[], Sequence[SavedFile]], figure: Callable[[], object]
) -> None:
    """Draw a button that opens the link, a button for each file, and the choice of a figure.

    Args:
        page: The page.
        files: Called when the button is open: what can be saved.
        figure: Called when the button is open: draws the choice of a figure.
    """
    key = page.key("take_away")
    with st.popover(
        "Share and export", icon=":material/share:", on_change="rerun", key=key
    ) as part:
        if not part.open:
            return
        share(page)
        with st.container(horizontal=True, gap="small"):
            for file in files():
                st.download_button(
                    file.label,
                    file.make,
                    file_name=file.name,
                    mime=_TYPES[file.name.rpartition(".")[2]],
                    on_click="ignore",
                    key=f"save {file.name}",
                )
        figure()
