"""The input of the scoring page: a file, how to read it, which column, which network."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dlnlp.cards import model_title
from dlnlp.tables.dialect import FIND_OUT
from dlnlp.tables.header import guess_text_column
from dlnlp.tables.reader import TableError
from dlnlp.ui.batch.reading import choose_reading
from dlnlp.ui.batch.upload import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    UploadedTable,
    read_upload,
    template_csv,
)
from dlnlp.ui.shell.streamlit_internals import UploadedFile

MODEL, COLUMN = "score_model", "score_column"
_FILE, _TABLE, _UPLOADS = "score_file", "score_table", "score_uploads"
_SHOWN_ROWS, _SHOWN_CHARACTERS, _LOOKED_AT = 5, 160, 200


def _take(name: str, content: bytes) -> None:
    st.session_state[_FILE] = (name, content)
    st.session_state.pop(COLUMN, None)


def _uploaded(key: str) -> None:
    file: UploadedFile | None = st.session_state[key]
    if file is None:
        # The field stays the same one: a second file on its way up first takes the old one out.
        _forget()
    else:
        _take(file.name, file.getvalue())


def _forget() -> None:
    st.session_state.pop(_FILE, None)
    st.session_state.pop(COLUMN, None)


def remove() -> None:
    """Forget the file, the one in the upload field too."""
    _forget()
    st.session_state[_UPLOADS] = st.session_state.get(_UPLOADS, 0) + 1


def take_ours() -> None:
    """Put the table of our own reviews where an uploaded file would be."""
    remove()
    _take("reviews.csv", template_csv())


def has_own() -> bool:
    """Whether a table of the visitor's is at hand."""
    return st.session_state.get(_FILE) is not None and not has_ours()


def has_ours() -> bool:
    """Whether that table is at hand."""
    file: tuple[str, bytes] | None = st.session_state.get(_FILE)
    return file is not None and file[1] == template_csv()


def upload() -> None:
    """Draw the upload field and the table to try."""
    key = f"score_upload_{st.session_state.get(_UPLOADS, 0)}"
    st.file_uploader(
        "A table with one text per row (CSV)",
        type=["csv", "tsv", "txt"],
        max_upload_size=MOST_BYTES // 1_000_000,
        key=key,
        on_change=_uploaded,
        args=(key,),
        help=f"At most {MOST_ROWS:,} rows and {MOST_COLUMNS} "
        "columns. The file stays in the memory of this server, and goes when you leave.",
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption("None at hand?", width="content")
        st.button("Try ours", on_click=take_ours)
        st.download_button(
            "Template (CSV)", template_csv, "reviews.csv", "text/csv", on_click="ignore"
        )


def table() -> UploadedTable | None:
    """The table at hand, drawn with the options of reading it; None where there is none."""
    file: tuple[str, bytes] | None = st.session_state.get(_FILE)
    if file is None:
        return None
    name, content = file
    above = st.container()
    reading = choose_reading()
    if reading != FIND_OUT:
        st.caption("Some of it is chosen here, and is not found out from the file.")
    st.button("Remove the file", on_click=remove)
    asked = (name, content, reading)
    kept: tuple[tuple[Any, ...], UploadedTable | TableError] | None = st.session_state.get(_TABLE)
    if kept is None or kept[0] != asked:
        found: UploadedTable | TableError
        try:
            found = read_upload(*asked)
        except TableError as error:
            found = error.with_traceback(None)
        kept = st.session_state[_TABLE] = (asked, found)
    if isinstance(kept[1], UploadedTable):
        return kept[1]
    with above:
        st.error("This file cannot be read as a table.")
        st.text(f"{name}: {kept[1]}.")
        if kept[1].option:
            st.caption("Or choose under “How the file is read”.")
    return None


def choices(table: UploadedTable, models: Sequence[str]) -> tuple[int, str]:
    """Draw the choice of text column and network; returns the column's index and the name."""
    state = st.session_state
    labels = table.labels
    if state.get(COLUMN) not in labels:
        rows = [row.fields for row in table.good[:_LOOKED_AT]]
        state[COLUMN] = labels[guess_text_column(table.header, rows)]
    if state.get(MODEL) not in models:
        state[MODEL] = models[0]
    column = st.selectbox(
        "Column with the texts",
        labels,
        key=COLUMN,
        persist_state="session",
        width=320,
    )
    model = st.selectbox(
        "Network", models, format_func=model_title, key=MODEL, persist_state="session", width=320
    )
    return labels.index(column), model


def reliability(card: Mapping[str, Any]) -> str:
    """A sentence on how often a network errs, from its card; "" where the card is silent."""
    try:
        accuracy = float(card["metrics"]["test"]["accuracy"]["value"])
    except (KeyError, TypeError, ValueError):
        return ""
    return (
        f"On test reviews of the kind it learned from, it was right for {100 * accuracy:.1f} %. "
        "English only; on other kinds of text it errs more often."
    )


def preview(table: UploadedTable, column: int) -> None:
    """The first rows, and what was found out about the file."""
    rows, labels = table.good, table.labels
    shown = [
        {name: _cut(cell) for name, cell in zip(labels, row.fields, strict=True)}
        for row in rows[:_SHOWN_ROWS]
    ]
    chosen = labels[column]
    st.text(table.name)  # after a change of page the upload field has forgotten it
    st.dataframe(
        shown,
        hide_index=True,
        column_order=[chosen, *(name for name in labels if name != chosen)],
        column_config={chosen: st.column_config.TextColumn(width="large")},
        key="score_preview",
    )
    st.text(f"Read as: {table.dialect.describe(len(labels))}.")
    count = f"{len(rows):,} row{'s' * (len(rows) != 1)}"
    width = f"{len(labels)} column{'s' * (len(labels) != 1)}"
    bad = f" {len(table.bad):,} more cannot be read; the result lists them." if table.bad else ""
    st.caption(f"{count}, {width}; the first {len(shown)} are shown.{bad}")


def _cut(cell: str) -> str:
    return cell if len(cell) <= _SHOWN_CHARACTERS else cell[:_SHOWN_CHARACTERS] + " …"
