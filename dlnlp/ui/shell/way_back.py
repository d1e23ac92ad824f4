"""A trail of texts from a table to the page that explains them, and the way back.

The page with the table lays the trail (`lay`) and opens a text of it (`open_step`); the frame draws
a line above the page that it leads to: back to the table, the text before, the next one.
"""

from dataclasses import dataclass, replace

import streamlit as st

from dlnlp.ui.shell.permalink import LONGEST_OWN, encode_text

_TRAIL = "way_back"


@dataclass(frozen=True, slots=True)
class Step:
    """A text of the trail; `label` says what it is, such as "line 7, true label negative"."""

    label: str
    text: str

    @property
    def code(self) -> str | None:
        """The text as a page's parameter; None for one that is too long."""
        return encode_text(self.text, longest=LONGEST_OWN)


@dataclass(frozen=True, slots=True)
class Trail:
    """Texts of a table in an order.

    Attributes:
        start: Page with the table.
        page: Page that explains a text.
        model: The network that does.
        what: What the steps are, such as "error".
        steps: The texts.
        at: Which of them is shown.
    """

    start: str
    page: str
    model: str
    what: str
    steps: tuple[Step, ...]
    at: int = 0


def lay(trail: Trail) -> bool:
    """Lay a trail and open the page at its step; returns False where the text is too long."""
    code = trail.steps[trail.at].code
    if code is None:
        return False
    st.session_state[_TRAIL] = trail
    st.switch_page(f"pages/{trail.page}.py", query_params={"model": trail.model, "text": code})


def forget() -> None:
    """End the trail: the visitor is back."""
    st.session_state.pop(_TRAIL, None)


def _go(by: int) -> None:
    """Show the next text in a direction that is not too long."""
    trail: Trail = st.session_state[_TRAIL]
    at = trail.at + by
    while 0 <= at < len(trail.steps):
        code = trail.steps[at].code
        if code is not None:
            st.session_state[_TRAIL] = replace(trail, at=at)
            st.query_params.update({"model": trail.model, "text": code})
            return
        at += by


def line(page: str) -> None:
    """Draw the way back above the page that a trail leads to; nothing above any other."""
    trail: Trail | None = st.session_state.get(_TRAIL)
    if trail is None or trail.page != page:
        return
    with st.container(key="way_back", horizontal=True, gap="small", vertical_alignment="center"):
        st.page_link(
            f"pages/{trail.start}.py", label="Back to the table", icon=":material/arrow_back:"
        )
        st.text(
            f"{trail.what} {trail.at + 1:,} of {len(trail.steps):,}: {trail.steps[trail.at].label}",
            width="content",
        )
        st.space("stretch")
        for label, by, end in (("Previous", -1, 0), ("Next", 1, len(trail.steps) - 1)):
            st.button(
                f"{label} {trail.what.lower()}",
                key=f"way_back_{label}",
                on_click=_go,
                args=(by,),
                disabled=trail.at == end,
            )
