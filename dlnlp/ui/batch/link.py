"""Links to the page: our own table, and how a table is read and scored.

For instance ``?table=ours&model=kim_cnn&column=text``. An uploaded table is not in a link: it stays
with its owner. Whatever a link holds, a sensible page comes of it.
"""

from collections.abc import Mapping, Sequence

import streamlit as st

from dlnlp.ui.batch import table_input
from dlnlp.ui.batch.table_input import COLUMN, LABELS, MODEL
from dlnlp.ui.shell.permalink import PageLink
from dlnlp.ui.tables.reading import CHOICES, key_of
from dlnlp.ui.tables.upload import LONGEST_NAME

_KEYS: Mapping[str, str] = {
    "model": MODEL,
    "column": COLUMN,
    "labels": LABELS,
    **{name: key_of(table_input.FILE.page, name) for name in CHOICES},
}
_OURS = "ours"
LINK = PageLink("batch", ("table", *_KEYS))


def follow(link: Mapping[str, str], models: Sequence[str]) -> None:
    """Bring the session to what a link says; what cannot be is left out.

    Args:
        link: parameters of a link, hostile or not.
        models: what can be chosen.
    """
    known: Mapping[str, Sequence[str]] = {
        "model": models,
        **{name: list(choice.values) for name, choice in CHOICES.items()},
    }
    if link.get("table") == _OURS:
        table_input.take_ours()
    for name, values in known.items():
        if link.get(name) in values:
            st.session_state[_KEYS[name]] = link[name]
    for name in ("column", "labels"):
        if 0 < len(link.get(name, "")) <= LONGEST_NAME:  # one that the table lacks is replaced
            st.session_state[_KEYS[name]] = link[name]


def as_link() -> dict[str, str]:
    """The parameters of a link to what is shown."""
    chosen = {name: st.session_state.get(key) for name, key in _KEYS.items()}
    query = {name: str(value) for name, value in chosen.items() if value}
    return {"table": _OURS, **query} if table_input.has_ours() else query


def restore(models: Sequence[str]) -> None:
    """Bring the session to what the link says, when the page was opened by one; before widgets."""
    follow({name: values[0] for name, values in LINK.new().items()}, models)


def leave() -> None:
    """Take the link out of the address bar once something else is shown; after the widgets."""
    LINK.leave_when_changed(as_link())


def share() -> None:
    """Draw the button that opens the link to what is shown."""
    with st.popover("Share", icon=":material/share:"):
        if table_input.has_ours():
            st.caption("It holds our table, the column, the network, and how the file is read.")
        else:
            st.caption("It holds the column, the network, and how the file is read; not your file.")
        url = LINK.url(as_link().items())
        st.code(url or "A column's name is too long for a link.", language=None, wrap_lines=True)
