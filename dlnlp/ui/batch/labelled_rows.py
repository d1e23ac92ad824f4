"""The rows whose label is known: how good their answers are, and any of them as a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from dlnlp.scoring.evaluation import Evaluation, evaluate
from dlnlp.scoring.score import ScoredRow
from dlnlp.ui.batch import opening
from dlnlp.ui.batch.job import ScoreJob
from dlnlp.ui.batch.labels import Meanings, label_of

MOST_SHOWN = 200
Made = TypeVar("Made")


@dataclass(frozen=True, eq=False)
class Labelled:
    """The rows that have an answer and a label that means a class, and how good the answers are.

    Attributes:
        rows: of the table, n of them.
        column: index of the column of true labels.
        evaluation: of the n answers.
    """

    rows: tuple[ScoredRow, ...]
    column: int
    evaluation: Evaluation


def remembered(name: str, subject: object, make: Callable[[], Made]) -> Made:
    """What was made of a subject before, as long as the session asks for the same one.

    Args:
        name: of what is made.
        subject: equal to the one before as long as the same would be made.
        make: makes it.
    """
    key = f"batch_remembered_{name}"
    held: tuple[object, Made] | None = st.session_state.get(key)
    if held is None or held[0] != subject:
        held = st.session_state[key] = (subject, make())
    return held[1]


def labelled(job: ScoreJob, column: int, meanings: Meanings) -> Labelled | None:
    """Measure a scored table; None where no label means a class.

    Args:
        job: not active any more.
        column: index of the column of true labels.
        meanings: the class of each label.
    """
    pairs = [
        (row, meanings.get(label_of(row.fields, column)))
        for row in job.rows
        if isinstance(row, ScoredRow) and not row.problem
    ]
    found = [(row, place) for row, place in pairs if place is not None]
    if not found:
        return None
    rows = tuple(row for row, _ in found)
    labels = np.array([place for _, place in found], np.int64)
    said = np.array([row.probabilities for row in rows], np.float64)
    return Labelled(rows, column, evaluate(labels, said, job.class_names))


def surest(evaluation: Evaluation, places: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Some rows, the errors first, of each the surest first, int64 ``[k]``, at most `most`.

    Args:
        evaluation: of all rows.
        places: of the rows, int64 ``[n]``.
        most: rows to return.
    """
    said = evaluation.probabilities[places].max(axis=1)
    right = evaluation.predictions[places] == evaluation.labels[places]
    return np.asarray(places[np.lexsort((-said, right))][:most], np.int64)


def rows_table(
    job: ScoreJob, found: Labelled, places: NDArray[np.int64], what: str, key: str
) -> None:
    """Draw some rows; a click opens one, explained, with a way back.

    Args:
        job: that scored the table.
        found: its labelled rows.
        places: of those to draw in `found`, int64 ``[k]``.
        what: the rows are, such as "Error".
        key: of the table.
    """
    if not len(places):
        st.caption("There are none.")
        return
    evaluation, names = found.evaluation, found.evaluation.class_names
    shown = [found.rows[place] for place in places]
    event = st.dataframe(
        _frame(job, evaluation, places, shown),
        hide_index=True,
        height=min(38 + 35 * len(places), 280),
        column_config={
            "text": st.column_config.TextColumn(width="large"),
            "probability": st.column_config.ProgressColumn(
                format="percent", min_value=0, max_value=1
            ),
        },
        key=key,
        on_select="rerun",
        selection_mode=opening.CLICKS,
    )
    st.caption(
        f"Click a row: it opens, explained, with a way back. The first {len(places):,} are here."
        if len(places) == MOST_SHOWN
        else "Click a row: it opens, explained, with a way back."
    )
    selected = opening.clicked(event)
    if selected:
        steps = [
            opening.step(job, row, names[evaluation.labels[place]])
            for row, place in zip(shown, places, strict=True)
        ]
        opening.open_selected(job, what, steps, selected)


def _frame(
    job: ScoreJob, evaluation: Evaluation, places: NDArray[np.int64], rows: list[ScoredRow]
) -> pd.DataFrame:
    names = np.array(evaluation.class_names)
    columns: Mapping[str, Any] = {
        "line": [row.line for row in rows],
        "true label": names[evaluation.labels[places]],
        "predicted label": names[evaluation.predictions[places]],
        "probability": evaluation.probabilities[places].max(axis=1),
        "text": [opening.beginning(row.fields[job.column]) for row in rows],
    }
    return pd.DataFrame(columns)
