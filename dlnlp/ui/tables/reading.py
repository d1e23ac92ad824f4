"""How an uploaded file is read: found out, or chosen by the visitor."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dlnlp.tables.dialect import ReadOptions

AUTOMATIC = "automatic"


@dataclass(frozen=True)
class Choice:
    """One control.

    Attributes:
        label: above it.
        values: what can be chosen, and what it means.
        help: its explanation.
    """

    label: str
    values: Mapping[str, Any]
    help: str


# By the names of the fields of ReadOptions.
CHOICES: Mapping[str, Choice] = {
    "encoding": Choice(
        "Encoding",
        {
            AUTOMATIC: None,
            "UTF-8": "utf-8",
            "Windows-1252 (Western Europe)": "cp1252",
            "Windows-1250 (Central Europe)": "cp1250",
            "Windows-1251 (Cyrillic)": "cp1251",
            "UTF-16": "utf-16",
            "GB 18030 (Chinese)": "gb18030",
            "Shift JIS (Japanese)": "cp932",
        },
        "How letters are written as bytes.",
    ),
    "delimiter": Choice(
        "Between columns",
        {
            AUTOMATIC: None,
            "comma": ",",
            "semicolon": ";",
            "tab": "\t",
            "vertical bar": "|",
            "colon": ":",
        },
        "The character that separates two cells.",
    ),
    "header": Choice(
        "First row",
        {AUTOMATIC: None, "names of the columns": True, "data": False},
        "Without names the columns are called column 1, column 2 and so on.",
    ),
    "quoting": Choice(
        "Quotes around cells",
        {AUTOMATIC: None, "standard": "standard", "none": "none"},
        'Standard: a cell that begins with " ends with one and may hold several lines. '
        'None: a " is a character like any other, and every line is a row.',
    ),
    "escape": Choice(
        "Quotes inside such a cell",
        {AUTOMATIC: None, 'doubled ("")': "double", 'after a backslash (\\")': "backslash"},
        "Excel doubles them; MySQL and some data sets put a backslash before them.",
    ),
}


def key_of(page: str, name: str) -> str:
    """Where the session of a page keeps what is chosen in a control."""
    return f"{page}_{name}"


def choose_reading(page: str) -> ReadOptions:
    """Draw the controls of a page; returns what is chosen."""
    chosen = {}
    with st.popover("How the file is read"):
        st.caption("It is found out from the file. Choose where accents or columns look wrong.")
        for name, choice in CHOICES.items():
            value = st.selectbox(
                choice.label,
                list(choice.values),
                key=key_of(page, name),
                persist_state="session",
                help=choice.help,
            )
            chosen[name] = choice.values[value]
    return ReadOptions(**chosen)
