"""The table that is learned from: uploaded or ours, and which columns hold texts and labels."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dlnlp.scoring.label_values import LABEL_NAMES
from dlnlp.tables.csv_writing import csv_record
from dlnlp.tables.header import guess_text_column
from dlnlp.ui.tables.table_file import TableFile
from dlnlp.ui.tables.upload import UploadedTable

TEXTS, LABELS = "train_texts", "train_labels"
WATCHED, ORDER = "train_watched", "train_order"
FILE = TableFile("train", (TEXTS, LABELS, WATCHED, ORDER))
_LOOKED_AT = 200
_WATCHED_WORDS = 40  # of the text that is offered to be watched


@dataclass(frozen=True, eq=False)
class Corpus:
    """Texts with labels, as they will be learned from.

    Attributes:
        name: of the file.
        texts: in the table's order.
        labels: one each; "" where there is none.
    """

    name: str
    texts: Sequence[str]
    labels: Sequence[str]

    @property
    def counts(self) -> dict[str, int]:
        """Rows of each class, the largest first."""
        return dict(Counter(label for label in self.labels if label).most_common())

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Words of each text, int64 ``[n]``."""
        return np.array([len(text.split()) for text in self.texts], np.int64)

    def holds_what(self, other: "Corpus") -> bool:
        """Whether texts and labels are the same."""
        return (self.texts, self.labels) == (other.texts, other.labels)

    def as_csv(self) -> bytes:
        """The table that training reads."""
        rows = [("text", "label"), *zip(self.texts, self.labels, strict=True)]
        return "".join(map(csv_record, rows)).encode("utf-8", "replace")

    def watched(self) -> str:
        """A text of usual length, the first of those nearest to it."""
        if not self.texts:
            return ""
        return self.texts[int(np.argmin(np.abs(self.lengths - _WATCHED_WORDS)))]


def columns(table: UploadedTable) -> Corpus:
    """Draw the choice of columns; returns what they hold."""
    state, labels = st.session_state, table.labels
    rows = [row.fields for row in table.good[:_LOOKED_AT]]
    if state.get(TEXTS) not in labels:
        state[TEXTS] = labels[guess_text_column(table.header, rows)]
    text = st.selectbox("Texts", labels, key=TEXTS, persist_state="session", width=150)
    others = [name for name in labels if name != text]
    if state.get(LABELS) not in others and others:
        state[LABELS] = others[guess_label(others, table)]
    label = st.selectbox("Labels", others, key=LABELS, persist_state="session", width=150)
    places = labels.index(text), labels.index(label) if label in labels else None
    return Corpus(
        FILE.content[0] if FILE.content else "texts",
        [row.fields[places[0]] for row in table.good],
        ["" if places[1] is None else row.fields[places[1]].strip() for row in table.good],
    )


def guess_label(others: Sequence[str], table: UploadedTable) -> int:
    """Place of the column that most likely holds labels: by its name, else by few values."""
    plain = [name.strip().lower() for name in others]
    for name in LABEL_NAMES:
        if name in plain:
            return plain.index(name)
    columns = [table.labels.index(name) for name in others]
    distinct = [len({row.fields[place] for row in table.good}) for place in columns]
    return int(np.argmin([count if count > 1 else len(table.good) + 1 for count in distinct]))
