"""The input of the page: a file, how to read it, which columns, which network."""

import csv
import functools
import html
import io
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dlnlp.cards import model_title
from dlnlp.scoring.label_values import guess_label_column
from dlnlp.tables.header import guess_text_column
from dlnlp.ui.batch.job import ScoreJob
from dlnlp.ui.batch.template import template_csv
from dlnlp.ui.shell import loading
from dlnlp.ui.tables.table_file import TableFile, cut
from dlnlp.ui.tables.upload import UploadedTable

MODEL, COLUMN, LABELS = "score_model", "score_column", "score_labels"
NO_LABELS = "none"
_SHOWN_ROWS, _LOOKED_AT = 5, 200
_BEGINNINGS, _BEGINNING = 4, 36  # texts of our table that show what it holds, characters of each
FILE = TableFile("score", (COLUMN, LABELS))


def take_ours() -> None:
    """Put the table of our own reviews where an uploaded file would be."""
    FILE.put("reviews.csv", template_csv())


def has_own() -> bool:
    """Whether a table of the visitor's is at hand."""
    return FILE.content is not None and not has_ours()


def has_ours() -> bool:
    """Whether that table is at hand."""
    return FILE.content is not None and FILE.content[1] == template_csv()


def invitation() -> None:
    """Draw what the page does, our table, and the field for one's own."""
    st.markdown(
        "Give it a table with a text in each row. A network adds its **label and probabilities**. "
        "With a column of true labels you see **how good it is on your texts**: each error, the "
        "slices where it is worse, and the words that decide."
    )
    ours, own = st.columns(2, gap="medium")
    with ours, st.container(border=True, height="stretch"):
        st.markdown("**Our table**")
        st.caption("Reviews of our own writing, with their true stars.")
        st.html(_beginnings())
        with st.container(horizontal=True, gap="small"):
            st.button("Try ours", type="primary", on_click=take_ours)
            st.download_button(
                "Template (CSV)", template_csv, "reviews.csv", "text/csv", on_click="ignore"
            )
    with own, st.container(border=True, height="stretch"):
        st.markdown("**Your own table**")
        FILE.field("A table with one text per row (CSV)")


@functools.cache
def _beginnings() -> str:
    """How a few texts of our table begin, with their stars."""
    rows = csv.DictReader(io.StringIO(template_csv().decode("utf-8-sig")))
    lines = [
        f"<div>{html.escape(textwrap.shorten(row['text'], _BEGINNING, placeholder=' …'))} → "
        f"<b>{'★' * int(row['stars'])}</b></div>"
        for row in rows
    ]
    return f'<div style="font-size:.9rem;line-height:1.8">{"".join(lines[:_BEGINNINGS])}</div>'


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be done with a table: indices of its columns, and the name of the network."""

    column: int
    label_column: int | None
    model: str

    def made(self, job: ScoreJob) -> bool:
        """Whether a job used this network and column of texts."""
        return (job.model, job.column) == (self.model, self.column)


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
        {name: cut(cell) for name, cell in zip(labels, row.fields, strict=True)}
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
