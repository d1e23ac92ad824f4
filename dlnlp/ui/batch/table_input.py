"""The input of the page: a file, how to read it, which columns, which network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dlnlp.cards import model_title
from dlnlp.scoring.label_values import guess_label_column
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
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.streamlit_internals import DeltaGenerator, UploadedFile

MODEL, COLUMN, LABELS = "score_model", "score_column", "score_labels"
NO_LABELS = "none"
_FILE, _TABLE, _UPLOADS = "score_file", "score_table", "score_uploads"
_SHOWN_ROWS, _SHOWN_CHARACTERS, _LOOKED_AT, _NAME = 5, 160, 200, 40


def _take(name: str, content: bytes) -> None:
    st.session_state[_FILE] = (name, content)
    st.session_state.pop(COLUMN, None)
    st.session_state.pop(LABELS, None)


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
    st.session_state.pop(LABELS, None)


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


def table(title: DeltaGenerator, menus: DeltaGenerator) -> UploadedTable | None:
    """The table at hand, None where there is none.

    Args:
        title: where its name and size are told.
        menus: where the options of reading it and the button that removes it are drawn.
    """
    file: tuple[str, bytes] | None = st.session_state.get(_FILE)
    if file is None:
        return None
    name, content = file
    above = st.container()
    with menus:
        reading = choose_reading()
        st.button("Remove the file", on_click=remove)
    if reading != FIND_OUT:
        st.caption("Some of it is chosen here, and is not found out from the file.")
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
        with title:
            st.text(f"{_cut(name, _NAME)}: {_counts(kept[1])}", width="content")
        return kept[1]
    with above:
        st.error("This file cannot be read as a table.")
        st.text(f"{name}: {kept[1]}.")
        if kept[1].option:
            st.caption("Or choose under “How the file is read”.")
    return None


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be done with a table: indices of its columns, and the name of the network."""

    column: int
    label_column: int | None
    model: str


def choices(table: UploadedTable, models: Sequence[str]) -> Chosen:
    """Draw the choice of columns and network."""
    state = st.session_state
    labels = table.labels
    rows = [row.fields for row in table.good[:_LOOKED_AT]]
    if state.get(COLUMN) not in labels:
        state[COLUMN] = labels[guess_text_column(table.header, rows)]
    if state.get(MODEL) not in models:
        state[MODEL] = models[0]
    column = st.selectbox(
        "Column with the texts", labels, key=COLUMN, persist_state="session", width=210
    )
    others = (NO_LABELS, *(name for name in labels if name != column))
    if state.get(LABELS) not in others:
        names = loading.predictor(state[MODEL]).class_names
        guess = guess_label_column(table.header, rows, names)
        state[LABELS] = others[0] if guess is None or labels[guess] == column else labels[guess]
    true = st.selectbox(
        "Column of true labels",
        others,
        key=LABELS,
        persist_state="session",
        width=210,
        help="Where the right answers are known: how good is the network on your texts, and where "
        "does it fail?",
    )
    model = st.selectbox(
        "Network",
        models,
        format_func=model_title,
        key=MODEL,
        persist_state="session",
        width=230,
        help=reliability(loading.predictor(state[MODEL]).card),
    )
    return Chosen(labels.index(column), None if true == NO_LABELS else labels.index(true), model)


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
    st.dataframe(
        shown,
        hide_index=True,
        column_order=[chosen, *(name for name in labels if name != chosen)],
        column_config={chosen: st.column_config.TextColumn(width="large")},
        key="score_preview",
    )
    st.text(f"Read as: {table.dialect.describe(len(labels))}.")


def _counts(table: UploadedTable) -> str:
    rows, columns = len(table.good), len(table.labels)
    bad = f"; {len(table.bad):,} more cannot be read" if table.bad else ""
    return f"{rows:,} row{'s' * (rows != 1)}, {columns} column{'s' * (columns != 1)}{bad}"


def _cut(cell: str, longest: int = _SHOWN_CHARACTERS) -> str:
    return cell if len(cell) <= longest else cell[:longest] + " …"
