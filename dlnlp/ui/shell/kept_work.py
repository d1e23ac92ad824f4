"""The visitor's work, kept in the tab of the browser: it outlives a reload and this server.

The session of the server is gone when the page is reloaded, when the server restarts, and when
another server takes over. What the visitor has written is therefore also kept in the tab's
``sessionStorage``; nobody else gets it, and it goes with the tab. Each page says what its work is
(`keep`) and how to take it back (`take_back`)::

    kept_work.take_back("han", restore)         # first on the page, outside of fragments
    kept_work.keep("han", {"text": "..."})      # wherever a change of it is drawn

A new session finds the work of the session before it in the tab: the browser sends it once, which
reruns the page with it. A tab without such work causes no rerun. Until the work is taken back, the
new session overwrites nothing.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dlnlp.ui.shell.component import component
from dlnlp.ui.shell.streamlit_internals import CONNECTION_ATTRIBUTE

# Characters of JSON for a page. Browsers keep about five million for all pages together.
MOST_CHARACTERS = 400_000
_SESSION = "kept_work_session"

_mount = component(__file__, "<span hidden></span>")


def _session() -> str:
    """A name for this session of the server; tells its own work from that of one before it."""
    if _SESSION not in st.session_state:
        st.session_state[_SESSION] = secrets.token_hex(8)
    return str(st.session_state[_SESSION])


def _key(page: str, what: str) -> str:
    return f"kept_work_{page}_{what}"


def take_back(
    page: str,
    restore: Callable[[Mapping[str, Any]], None],
    typed: Mapping[str, str] | None = None,
) -> None:
    """Restore the work of the session before this one; before any widget of the page.

    Args:
        page: Name of the page.
        restore: Gets what `keep` was given, as the browser says it: hostile until checked. Under
            "now" stands what components have kept themselves (``keepNow`` in ``keep_now.js``), by
            name; it may be newer or older than the rest.
        typed: Names of texts in the work, with the keys of the text areas that they are typed
            into. The tab keeps these while they are typed, also when no server is there.
    """
    state, session = st.session_state, _session()
    data = {
        "page": page,
        "session": session,
        "taken": bool(state.get(_key(page, "taken"))),
        "typed": dict(typed or {}),
        "connection": CONNECTION_ATTRIBUTE,
    }
    answer = _mount(key=_key(page, "reader"), data=data, on_stored_change=lambda: None)
    work = _valid(answer.get("stored"), session)
    if work is not None and not state.get(_key(page, "taken")):
        state[_key(page, "taken")] = True
        restore(work)


def _valid(stored: Any, session: str) -> Mapping[str, Any] | None:
    """The work in what the browser sent, None for this session's own and for anything else."""
    if not isinstance(stored, dict) or stored.get("session") in (None, session):
        return None
    work, now = stored.get("work"), stored.get("now")
    if not isinstance(work, dict):
        return None
    return {**work, "now": now} if isinstance(now, dict) else work


def keep(page: str, work: Mapping[str, Any], place: str = "page") -> bool:
    """Keep the work in the tab.

    Args:
        page: Name of the page.
        work: All that `take_back` is to restore, ready for JSON.
        place: Where this is drawn; a fragment within another keeps at a place of its own.

    Returns:
        Whether the tab takes it: work of more than `MOST_CHARACTERS` is not kept.
    """
    state = st.session_state
    written = json.dumps(work)
    fits = len(written) <= MOST_CHARACTERS
    # Counted up by changes: an older state of the page that is drawn again changes nothing.
    number, before = state.get(_key(page, "newest"), (0, None))
    if before != written:
        number += 1
        state[_key(page, "newest")] = number, written
    data = {
        "page": page,
        "session": _session(),
        "taken": bool(state.get(_key(page, "taken"))),
        "number": number,
        "work": work if fits else {},
    }
    _mount(key=_key(page, place), data=data, on_stored_change=lambda: None)
    return fits
