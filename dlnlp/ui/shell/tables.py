"""Rows of text as a table."""

import re
from collections.abc import Sequence

import streamlit as st

_BAR = re.compile(r"(?<!\\)\|")  # one that is not escaped yet


def table(rows: Sequence[dict[str, str]]) -> None:
    """Draw rows that all have the same columns; a cell is Markdown of one line.

    As Markdown: for its own tables Streamlit loads pandas on the server, 50 MB, and in the browser
    a reader of Arrow, so that a table came seconds after the text around it.
    """
    if not rows:
        return
    lines = [[*rows[0]], ["---"] * len(rows[0]), *(row.values() for row in rows)]
    st.markdown("\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines))


def _cell(text: str) -> str:
    return _BAR.sub(r"\\|", " ".join(text.split()))


def as_written(name: str) -> str:
    """A text as Markdown shows it as it is: in a table, a title or a label."""
    return re.sub(r"([!-/:-@[-`{-~])", r"\\\1", " ".join(name.split()))
