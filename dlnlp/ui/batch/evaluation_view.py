"""How good the network is on a labelled table, and the rows behind every number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from dlnlp.cards import Measure
from dlnlp.scoring.evaluation import Evaluation, confident_errors, evaluate, operating_point
from dlnlp.scoring.score import ScoredRow
from dlnlp.ui.batch import evaluation_charts, opening
from dlnlp.ui.batch.job import ScoreJob
from dlnlp.ui.batch.labels import Meanings, label_of
from dlnlp.ui.shell import charts
from dlnlp.ui.shell.numbers import observed, probability
from dlnlp.ui.shell.tables import table

MOST_SHOWN = 200
_THRESHOLD = "batch_threshold"


@dataclass(frozen=True, eq=False)
class Labelled:
    """The rows that have an answer and a label that means a class, and how good the answers are."""

    rows: tuple[ScoredRow, ...]
    evaluation: Evaluation


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
    return Labelled(rows, evaluate(labels, said, job.class_names))


def evaluation_view(job: ScoreJob, found: Labelled) -> None:
    """Draw the measures, the confusion matrix with its rows, and the curves."""
    evaluation = found.evaluation
    _measures(evaluation)
    left, right = st.columns([1, 1], gap="medium")
    with left:
        st.markdown("**Confusion matrix**", help="Rows are true labels, columns predicted labels.")
        cell = _confusion(evaluation)
    with right:
        st.markdown("**Per class**", help="With 95 % intervals of precision and recall.")
        table(class_rows(evaluation))
    _rows(job, found, cell)
    _curves(evaluation)


def _measures(evaluation: Evaluation) -> None:
    accuracy = evaluation.accuracy
    with st.container(horizontal=True, gap="large"):
        st.metric("Accuracy", observed(accuracy.value), width="content")
        st.metric("95 % interval", _interval(accuracy), width="content")
        st.metric("Mean per-class recall", observed(evaluation.mean_recall), width="content")
        st.metric("Calibration error", observed(evaluation.calibration_error), width="content")
        st.metric("Labelled rows", f"{len(evaluation.labels):,}", width="content")


def _interval(measure: Measure) -> str:
    if measure.low is None or measure.high is None:
        return "–"
    return f"{100 * measure.low:.1f} to {100 * measure.high:.1f} %"


def class_rows(evaluation: Evaluation) -> list[dict[str, str]]:
    """A row for each class: precision, recall, F1 and how many rows it has."""

    def cell(found: Measure | None) -> str:
        return "–" if found is None else found.in_percent(1)

    return [
        {
            "class": each.name,
            "precision": cell(each.precision),
            "recall": cell(each.recall),
            "F1": "–" if each.f1 is None else observed(each.f1),
            "rows": f"{each.support:,}",
        }
        for each in evaluation.per_class
    ]


def _confusion(evaluation: Evaluation) -> tuple[int, int] | None:
    """Draw the matrix; returns the cell that is chosen: true and predicted class."""
    names = list(evaluation.class_names)
    frame = pd.DataFrame(
        evaluation.confusion, index=pd.Index(names, name="true label"), columns=names
    )
    event = st.dataframe(
        frame.style.format("{:,}").apply(
            lambda _: evaluation_charts.shades(evaluation.confusion), axis=None
        ),
        key="batch_confusion",
        on_select="rerun",
        selection_mode="single-cell",
    )
    st.caption("Click a cell to see its rows.")
    cells = event["selection"]["cells"]
    if not cells or cells[0][1] not in names:
        return None
    row, column = cells[0]
    return int(row), names.index(column)


def rows_of(
    evaluation: Evaluation, cell: tuple[int, int] | None, most: int = MOST_SHOWN
) -> NDArray[np.int64]:
    """Places of the rows of a cell, the surest first, int64 ``[k]``; of the errors without one."""
    if cell is None:
        return confident_errors(evaluation, most)
    true, predicted = cell
    places = np.flatnonzero((evaluation.labels == true) & (evaluation.predictions == predicted))
    said = evaluation.probabilities[places].max(axis=1)
    return np.asarray(places[np.argsort(-said, kind="stable")][:most], np.int64)


def _rows(job: ScoreJob, found: Labelled, cell: tuple[int, int] | None) -> None:
    """Draw the rows of a cell, or the most confident errors; a click opens one, explained."""
    evaluation, names = found.evaluation, found.evaluation.class_names
    places = rows_of(evaluation, cell)
    if cell is None:
        title, what = "Most confident errors", "Error"
    else:
        title, what = f"True label {names[cell[0]]}, predicted {names[cell[1]]}", "Row"
    st.markdown(f"**{title}**")
    if not len(places):
        st.caption("There are none.")
        return
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
        key=f"batch_rows {cell}",
        on_select="rerun",
        selection_mode=opening.CLICKS,
    )
    st.caption(
        f"Click a row: it opens, explained, with a way back. The first {len(places):,} are here."
        if len(places) == MOST_SHOWN
        else "Click a row: it opens, explained, with a way back."
    )
    steps = [
        opening.step(job, row, names[evaluation.labels[place]])
        for row, place in zip(shown, places, strict=True)
    ]
    opening.open_selected(job, what, steps, opening.clicked(event))


def _frame(
    job: ScoreJob,
    evaluation: Evaluation,
    places: NDArray[np.int64],
    rows: Sequence[ScoredRow],
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


def _curves(evaluation: Evaluation) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(
            "**Calibration**",
            help="On the dotted line, what the network says happens as often as it says.",
        )
        st.plotly_chart(
            charts.calibration_figure(evaluation.calibration),
            key="batch_calibration",
            config=charts.CONFIG,
            alt=charts.calibration_in_words(evaluation.calibration),
        )
    if len(evaluation.class_names) != 2:
        return
    with right:
        name = evaluation.class_names[1]
        st.markdown(f"**Threshold of “{name}”**")
        threshold = st.slider(
            "Least probability", 0.0, 1.0, 0.5, 0.01, key=_THRESHOLD, persist_state="session"
        )
        point = operating_point(evaluation, threshold)
        st.plotly_chart(
            evaluation_charts.threshold_figure(evaluation, threshold),
            key="batch_thresholds",
            config=charts.CONFIG,
            alt=f"Accuracy, precision and recall over the threshold; at {threshold:.2f} "
            f"{probability(point.accuracy)} accuracy.",
        )
        st.text(evaluation_charts.in_words(point, name))
