"""What the tab keeps of the schedules page: the view, as a link would hold it, and an own log."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dlnlp.ui.schedules import controls, log_upload, view
from dlnlp.ui.schedules.controls import SELECTED
from dlnlp.ui.shell import kept_work

PAGE = "schedules"


def keep(place: str) -> None:
    """Keep the view, the schedule that is being edited, and the visitor's own log.

    Args:
        place: Where this is drawn; each fragment keeps for itself.
    """
    query = view.to_query(controls.view())
    selected, log = st.session_state.get(SELECTED), log_upload.to_keep()
    kept_work.keep(PAGE, {"view": query, "selected": selected, "log": log}, place)


def take_back() -> None:
    """Bring back what the tab has kept, unless the page was opened by a link; first on the page."""
    kept_work.take_back(PAGE, _restore)


def _restore(work: Mapping[str, Any]) -> None:
    log_upload.take_back(work.get("log"))
    query = work.get("view")
    if controls.LINK.parameters() or not isinstance(query, list):
        return
    values: dict[str, list[str]] = {}
    for pair in query:
        if isinstance(pair, list) and len(pair) == 2:
            values.setdefault(str(pair[0]), []).append(str(pair[1]))
    controls.show_anew(view.from_query(values))
    if work.get("selected") in (*controls.view().choices,):
        controls.select(work["selected"])
