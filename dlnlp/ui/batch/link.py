"""Links to the scoring page: our own table, and how a table is read and scored.

For instance ``?table=ours&model=kim_cnn&column=text``. An uploaded table is not in a link: it stays
with its owner. Whatever a link holds, a sensible page comes of it.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from dlnlp.ui.batch import table_input
from dlnlp.ui.batch.reading import CHOICES
from dlnlp.ui.batch.table_input import COLUMN, MODEL
from dlnlp.ui.batch.upload import LONGEST_NAME

_LINK, _SHOWN = "score_link", "score_link_shown"
_KEYS: Mapping[str, str] = {
    "model": MODEL,
    "column": COLUMN,
    **{name: choice.key for name, choice in CHOICES.items()},
}
_OURS = "ours"


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
    column = link.get("column", "")
    if 0 < len(column) <= LONGEST_NAME:  # one that the table lacks is replaced
        st.session_state[COLUMN] = column


def _view() -> tuple[object, ...]:
    return (table_input.has_ours(), *map(st.session_state.get, _KEYS.values()))


def linked() -> dict[str, str]:
    """What the address bar says of this page."""
    query = st.query_params.to_dict()
    return {name: query[name] for name in ("table", *_KEYS) if name in query}


def as_link() -> dict[str, str]:
    """The parameters of a link to what is shown."""
    chosen = {name: st.session_state.get(key) for name, key in _KEYS.items()}
    query = {name: str(value) for name, value in chosen.items() if value}
    return {"table": _OURS, **query} if table_input.has_ours() else query


def restore(models: Sequence[str]) -> None:
    """Bring the session to what the link says, when the page was opened by one; before widgets."""
    link = linked()
    if link and link != st.session_state.get(_LINK):
        follow(link, models)
        st.session_state[_LINK], st.session_state[_SHOWN] = link, None


def leave() -> None:
    """Take the link out of the address bar once something else is shown; after the widgets."""
    state, shown = st.session_state, _view()
    if state.get(_LINK) is None:
        return
    if state.get(_SHOWN) is None:
        state[_SHOWN] = shown
    elif state[_SHOWN] != shown:
        state[_LINK] = None
        for name in ("table", *_KEYS):
            if name in st.query_params:
                del st.query_params[name]


def share() -> None:
    """Draw the button that opens the link to what is shown."""
    with st.popover("Link to this view", icon="🔗"):
        query = as_link()
        if table_input.has_ours():
            st.caption("It holds our table, the column, the network, and how the file is read.")
        else:
            st.caption("It holds the column, the network, and how the file is read; not your file.")
        base = st.context.url or "/score"
        st.code(f"{base}?{urlencode(query)}", language=None, wrap_lines=True)
