"""What the tab keeps of the page: how a table is read and scored, not the table itself."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dlnlp.ui.batch import link, table_input
from dlnlp.ui.shell import kept_work

PAGE = "batch"
LOST = (
    "Your table and its scores were only in the memory of the server. They went when the page was "
    "reloaded or the server restarted: upload the table once more."
)
_LOST = "score_table_lost"


def keep() -> None:
    """Keep the choices, and that there was a table; last on the page."""
    kept_work.keep(PAGE, {"choices": link.as_link(), "own": table_input.has_own()})


def take_back(models: Sequence[str]) -> None:
    """Bring back what the tab has kept, unless the page was opened by a link; first on the page."""

    def restore(work: Mapping[str, Any]) -> None:
        choices = work.get("choices")
        if isinstance(choices, dict) and not link.LINK.parameters():
            link.follow({str(name): str(value) for name, value in choices.items()}, models)
        st.session_state[_LOST] = work.get("own") is True

    kept_work.take_back(PAGE, restore)


def say_what_is_lost() -> None:
    """Draw a sentence where a table was lost, until there is another."""
    if table_input.has_own() or table_input.has_ours():
        st.session_state[_LOST] = False
    if st.session_state.get(_LOST):
        st.warning(LOST)
