"""The upload of a visitor's own range test, and the choice of its columns."""

import streamlit as st

from dlnlp.training.range_analysis import RangeTestError, RangeTestResult, analyse
from dlnlp.ui.schedules.log import MOST_BYTES, LogError, LossLog, read_log

_COLUMNS = ("learning rate", "loss")


def own_log() -> RangeTestResult | None:
    """Draw the upload and the choice of columns; None while there is nothing to show."""
    file = st.file_uploader(
        "Training log (CSV) with a learning rate and a loss per row",
        type=["csv", "txt", "tsv", "log"],
        max_upload_size=MOST_BYTES // 1_000_000,
        key="range_upload",
    )
    if file is None:
        return None
    try:
        log = read_log(file.getvalue())
        if log.left_out:
            st.text(log.left_out)
        columns = _columns(log, file.file_id)
        return None if columns is None else analyse(*log.values(*columns))
    except LogError as error:
        st.text(str(error))
    except RangeTestError as error:
        st.text(f"{str(error)[:1].upper()}{str(error)[1:]}.")
    return None


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
