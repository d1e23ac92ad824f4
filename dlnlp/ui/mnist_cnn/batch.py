"""Many pictures at once: a table of answers, and the same as CSV."""

import hashlib
from collections.abc import Sequence

import numpy as np
import streamlit as st

from dlnlp.scoring.digit_table import NO_INK, PictureRow, columns, read_pictures
from dlnlp.tables.csv_writing import table_csv
from dlnlp.ui.mnist_cnn import loading, work
from dlnlp.ui.mnist_cnn.picture_input import FILE_TYPES
from dlnlp.ui.mnist_cnn.pictures import grey, png_uri
from dlnlp.ui.mnist_cnn.work import MOST_FILES
from dlnlp.ui.shell.numbers import probability
from dlnlp.ui.shell.turns import fragment


@st.cache_data(max_entries=MOST_FILES, show_spinner=False)
def _answer(digest: str, _data: bytes) -> PictureRow:
    """What is read in a file; the name is not part of it."""
    (row,) = read_pictures(loading.predictor(), [("", lambda: _data)])
    return row


def batch_csv(rows: Sequence[tuple[str, PictureRow]], class_names: tuple[str, ...]) -> bytes:
    """The table that the command line writes, without the files that cannot be read."""
    return table_csv(
        columns(class_names),
        ([name, *row.fields(class_names)[1:]] for name, row in rows if not row.problem),
    )


def shown_row(name: str, row: PictureRow, class_names: tuple[str, ...]) -> dict[str, str | None]:
    """A line of the table on the page; the file's name is shown as text."""
    line: dict[str, str | None] = {
        "picture": png_uri(grey(row.prepared.image)) if row.prepared else None,
        "file": name,
        "reads": row.label,
        "sure": "",
        "second guess": "",
        "note": row.problem,
    }
    if row.probabilities is None:
        line["note"] = row.problem or NO_INK
        return line
    second, first = (int(place) for place in np.argsort(row.probabilities, kind="stable")[-2:])
    line["sure"] = probability(float(row.probabilities[first]))
    line["second guess"] = (
        f"{class_names[second]} ({probability(float(row.probabilities[second]))})"
    )
    if not row.is_digit:
        line["note"] = "does not look like a digit"
    return line


@fragment
def batch() -> None:
    """Draw the uploader, the table and the download; nothing is read before it is opened."""
    part = st.expander("Many pictures at once", key="digit_batch", on_change="rerun")
    if count := work.many_lost():
        st.warning(
            f"Your {count:,} pictures were only in the memory of the server. They went when the "
            'page was reloaded: choose them once more under "Many pictures at once".'
        )
    if not part.open:
        return
    with part:
        files = st.file_uploader(
            "Pictures of one digit each", FILE_TYPES, accept_multiple_files=True, key="digit_files"
        )
        work.set_many(min(len(files), MOST_FILES))
        work.keep("many")
        if not files:
            st.caption(
                "The same from a terminal: `python -m dlnlp classify PATH... --output out.csv`"
            )
            return
        if len(files) > MOST_FILES:
            st.caption(f"The first {MOST_FILES} files are read; the command line takes any number.")
        class_names = loading.predictor().class_names
        rows = []
        for file in files[:MOST_FILES]:
            data = file.getvalue()
            rows.append((file.name, _answer(hashlib.sha256(data).hexdigest(), data)))
        st.dataframe(
            [shown_row(name, row, class_names) for name, row in rows],
            hide_index=True,
            column_config={"picture": st.column_config.ImageColumn("", width="small")},
            height="content" if len(rows) <= 15 else 560,
        )
        st.download_button(
            "Table (CSV)",
            lambda: batch_csv(rows, class_names),
            "digits.csv",
            "text/csv",
            on_click="ignore",
        )
