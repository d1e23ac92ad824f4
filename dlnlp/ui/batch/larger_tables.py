"""The commands that do what the page does, for tables that are too large for it."""

from collections.abc import Sequence

import streamlit as st

from dlnlp.catalogue import directory, kind
from dlnlp.ui.batch import table_input

_SCORE = "python -m dlnlp score --model {} reviews.csv --text-column text --output scored.csv"
_EXPLAIN = (
    "python -m dlnlp explain --model {} --method {} reviews.csv --text-column text "
    "--output explained.parquet --words words.csv"
)
# The method that is exact, of each kind of network.
_METHODS = {"kim_cnn": "evidence", "han": "written"}


def commands(model: str) -> tuple[str, str]:
    """How a network scores a table, and how it explains all of its rows.

    Args:
        model: its name.
    """
    method = _METHODS.get(kind(directory(model)) or "", "delete")
    return _SCORE.format(model), _EXPLAIN.format(model, method)


def larger_tables(models: Sequence[str]) -> None:
    """Draw a menu with the commands.

    Args:
        models: that can be chosen; at least one.
    """
    chosen: str = st.session_state.get(table_input.MODEL, "")
    score, explain = commands(chosen if chosen in models else models[0])
    with st.popover("Larger tables"):
        st.markdown("The same from the command line, for files of any size:")
        st.code(score, language="bash", wrap_lines=True)
        st.markdown("Which words decide, over all rows:")
        st.code(explain, language="bash", wrap_lines=True)
