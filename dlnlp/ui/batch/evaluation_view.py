"""How good the network is on a labelled table, and the rows behind every number."""

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from dlnlp.cards import Measure
from dlnlp.scoring.evaluation import Evaluation, confident_errors, operating_point
from dlnlp.ui.batch import evaluation_charts
from dlnlp.ui.batch.job import ScoreJob
from dlnlp.ui.batch.labelled_rows import MOST_SHOWN, Labelled, rows_table, surest
from dlnlp.ui.shell import charts
from dlnlp.ui.shell.chart import draw_chart
from dlnlp.ui.shell.numbers import observed, probability
from dlnlp.ui.shell.tables import as_written, table

_LONG, _NAMES = 20, 130  # characters of a class from which on columns have that many pixels
_THRESHOLD, _USED = "batch_threshold", "batch_threshold_used"


def evaluation_view(job: ScoreJob, found: Labelled) -> None:
    """Draw the measures, the confusion matrix with its rows, and the curves."""
    evaluation = found.evaluation
    _measures(evaluation)
    left, right = st.columns([1, 1], gap="medium")
    with left:
        st.markdown(
            "**Confusion matrix**",
            help="The darker a cell, the larger its share of the true label.",
        )
        cell = _confusion(evaluation)
    with right:
        st.markdown("**Per class**", help="With 95 % intervals of precision and recall.")
        table(class_rows(evaluation))
    _rows(job, found, cell)
    _curves(evaluation)


def _measures(evaluation: Evaluation) -> None:
    accuracy = evaluation.accuracy
    with st.container(horizontal=True, gap="medium"):
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
            "class": as_written(each.name),
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
        # Long names leave room for the numbers.
        column_config={
            name: st.column_config.Column(width=_NAMES)
            for name in ("true label", *names)
            if max(map(len, names)) > _LONG
        },
        key="batch_confusion",
        on_select="rerun",
        selection_mode="single-cell",
    )
    st.caption("Rows: true label. Columns: predicted label. Click a cell to see its rows.")
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
    return surest(evaluation, places, most)


def _rows(job: ScoreJob, found: Labelled, cell: tuple[int, int] | None) -> None:
    """Draw the rows of a cell, or the most confident errors; a click opens one, explained."""
    evaluation, names = found.evaluation, found.evaluation.class_names
    places = rows_of(evaluation, cell)
    if cell is None:
        title, what = "Most confident errors", "Error"
    else:
        title, what = f"True label {names[cell[0]]}, predicted {names[cell[1]]}", "Row"
    st.markdown(f"**{as_written(title)}**")
    rows_table(job, found, places, what, f"batch_rows {cell}")


def _curves(evaluation: Evaluation) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(
            "**Calibration**",
            help="On the dotted line, what the network says happens as often as it says.",
        )
        draw_chart(
            charts.calibration_figure(evaluation.calibration),
            key="batch_calibration",
            alt=charts.calibration_in_words(evaluation.calibration),
        )
    if len(evaluation.class_names) != 2:
        return
    with right:
        name = evaluation.class_names[1]
        st.markdown(f"**Threshold of “{as_written(name)}”**")
        threshold = st.slider(
            "Least probability of this class",
            0.0,
            1.0,
            0.5,
            0.01,
            key=_THRESHOLD,
            persist_state="session",
        )
        point = operating_point(evaluation, threshold)
        draw_chart(
            evaluation_charts.threshold_figure(evaluation, threshold),
            key="batch_thresholds",
            alt=f"Accuracy, precision and recall over the threshold; at {threshold:.2f} "
            f"{probability(point.accuracy)} accuracy.",
        )
        st.text(evaluation_charts.in_words(point, name))
        st.checkbox(
            "A column with these labels in the scored table", key=_USED, persist_state="session"
        )


def threshold_used(found: Labelled | None) -> float | None:
    """The threshold by which the visitor wants a column of labels; None without."""
    if found is None or len(found.evaluation.class_names) != 2 or not st.session_state.get(_USED):
        return None
    return float(st.session_state.get(_THRESHOLD, 0.5))
