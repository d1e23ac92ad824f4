"""A visitor's own range test: its upload, the choice of its columns, and what the tab keeps."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dlnlp.training.range_analysis import RangeTestError, RangeTestResult, analyse
from dlnlp.ui.schedules.log import MOST_BYTES, MOST_ROWS, LogError, LossLog, read_log

_COLUMNS = ("learning rate", "loss")
_KEPT, _UPLOAD, SOURCE = "schedules_own_log", "range_upload", "range_source"
# Rows that fit into what the tab keeps for a page, with two numbers of nine digits each.
_MOST_KEPT = 8_000


def own_log() -> RangeTestResult | None:
    """Draw the upload and the choice of columns; None while there is nothing to show."""
    file = st.file_uploader(
        "Training log (CSV) with a learning rate and a loss per row",
        type=["csv", "txt", "tsv", "log"],
        max_upload_size=MOST_BYTES // 1_000_000,
        key=_UPLOAD,
        on_change=_forget,
    )
    try:
        if file is None:
            return _kept()
        log = read_log(file.getvalue())
        if log.left_out:
            st.text(log.left_out)
        columns = _columns(log, file.file_id)
        if columns is None:
            return None
        rates, losses = log.values(*columns)
        found = analyse(rates, losses)
        _keep(file.name, rates, losses)
        return found
    except LogError as error:
        st.text(str(error))
    except RangeTestError as error:
        st.text(f"{str(error)[:1].upper()}{str(error)[1:]}.")
    return None


def _keep(name: str, rates: NDArray[np.float64], losses: NDArray[np.float64]) -> None:
    if len(rates) > _MOST_KEPT:
        st.session_state.pop(_KEPT, None)
        st.caption(
            f"This log has {len(rates):,} rows, and the tab keeps {_MOST_KEPT:,} at most: after a "
            "reload or on another page it is gone, and must be uploaded again."
        )
        return
    st.session_state[_KEPT] = {
        "name": name[:200],
        "rates": [float(f"{rate:.9g}") for rate in rates],
        "losses": [float(f"{loss:.9g}") if np.isfinite(loss) else None for loss in losses],
    }


def _kept() -> RangeTestResult | None:
    """The log that was uploaded before a reload or a change of page."""
    log = st.session_state.get(_KEPT)
    if log is None:
        return None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(f"{log['name']}: {len(log['rates']):,} rows, kept in this tab.")
        st.button("Forget this log", icon=":material/delete:", type="tertiary", on_click=_forget)
    return analyse(log["rates"], [np.nan if loss is None else loss for loss in log["losses"]])


def _forget() -> None:
    st.session_state.pop(_KEPT, None)


def to_keep() -> dict[str, Any] | None:
    """The log for the tab to keep; None while there is none."""
    log: dict[str, Any] | None = st.session_state.get(_KEPT)
    return log


def take_back(log: object) -> None:
    """Bring back a log that the tab has kept; whatever is no such log is passed over.

    Args:
        log: what the browser says it kept.
    """
    if not isinstance(log, Mapping):
        return
    name, rates, losses = (log.get(part) for part in ("name", "rates", "losses"))
    if not isinstance(name, str) or not isinstance(rates, list) or not isinstance(losses, list):
        return
    numbers = [*rates, *(loss for loss in losses if loss is not None)]
    if len(rates) > MOST_ROWS or any(type(number) not in (int, float) for number in numbers):
        return
    try:
        analyse(rates, [np.nan if loss is None else loss for loss in losses])
    except (RangeTestError, OverflowError):
        return
    st.session_state[_KEPT] = {"name": name[:200], "rates": rates, "losses": losses}
    st.session_state[SOURCE] = "my log"


def _columns(log: LossLog, file_id: str) -> tuple[int, int] | None:
    """Draw the choice of the two columns; None while one is missing."""
    chosen: list[int | None] = []
    sides = st.columns(2)
    for side, what, told in zip(sides, _COLUMNS, (log.rate, log.loss), strict=True):
        chosen.append(
            side.selectbox(
                f"Column of the {what}",
                range(len(log.columns)),
                index=told,
                format_func=lambda index: log.columns[index],
                placeholder="Choose a column",
                key=f"range_{what}_{file_id}",  # another file starts with its own names
            )
        )
    rate, loss = chosen
    if rate is not None and loss is not None:
        return rate, loss
    missing = " and which the ".join(
        w for w, at in zip(_COLUMNS, chosen, strict=True) if at is None
    )
    st.text(f"The names of the columns do not tell which is the {missing}: choose above.")
    return None
