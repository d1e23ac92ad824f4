"""The scored table as a file: the visitor's columns, the answers, and what else is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from dlnlp.scoring.recalibration import Recalibration
from dlnlp.scoring.score import (
    ScoredRow,
    added_columns,
    label_fields,
    recalibrated_columns,
    threshold_column,
)
from dlnlp.tables.csv_writing import table_csv
from dlnlp.ui.batch.job import ScoreJob


@dataclass(frozen=True, slots=True)
class Extra:
    """What stands in the scored table beside the network's own answers.

    Attributes:
        recalibration: for columns of recalibrated answers; None for none.
        threshold: of the second of two classes, for a column of labels; None for none.
    """

    recalibration: Recalibration | None = None
    threshold: float | None = None

    def columns(self, class_names: Sequence[str], prefix: str) -> tuple[str, ...]:
        """Names of these columns."""
        found: tuple[str, ...] = ()
        if self.threshold is not None:
            found += (threshold_column(self.threshold, prefix),)
        if self.recalibration is not None:
            found += recalibrated_columns(class_names, prefix)
        return found

    def fields(self, row: ScoredRow, class_names: Sequence[str]) -> tuple[str, ...]:
        """The cells of a row in these columns; empty without an answer."""
        if row.problem:
            return ("",) * len(self.columns(class_names, ""))
        found: tuple[str, ...] = ()
        if self.threshold is not None:
            found += (row.label_from(self.threshold, class_names),)
        if self.recalibration is not None:
            said = self.recalibration.apply(np.array([row.probabilities]))[0].tolist()
            found += label_fields(said, class_names)
        return found


NOTHING = Extra()


def names(job: ScoreJob, extra: Extra = NOTHING) -> tuple[str, ...]:
    """Names of the added columns, with the network's name before them where they would clash."""
    prefix, taken = "", {*job.table.header, *job.table.labels}

    def added() -> tuple[str, ...]:
        return added_columns(job.class_names, prefix) + extra.columns(job.class_names, prefix)

    while taken & set(added()):
        prefix += f"{job.model}_"
    return added()


def scored_csv(job: ScoreJob, extra: Extra = NOTHING) -> bytes:
    """The scored table as UTF-8 with a mark; a cell that a spreadsheet would run is disarmed."""
    return table_csv(
        (*job.table.header, *names(job, extra)),
        (
            (*row.fields, *row.answer(job.class_names), *extra.fields(row, job.class_names))
            for row in job.rows
            if isinstance(row, ScoredRow)
        ),
    )


def download(job: ScoreJob, extra: Extra = NOTHING) -> None:
    """Draw the button that saves the scored table."""
    more = extra.columns(job.class_names, "")
    st.download_button(
        "Scored table (CSV)",
        lambda: scored_csv(job, extra),
        "scored.csv",
        "text/csv",
        type="primary",
        on_click="ignore",
        help="All your columns, then label, probabilities and the share of words that the network "
        "does not know (from a fifth on, the text may not be English)"
        + "".join(f", {name}" for name in more)
        + ". A cell that a spreadsheet would run as a formula gets an apostrophe.",
    )
