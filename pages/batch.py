"""Batch prediction: upload a table, get it back labelled, and see how good the labels are."""

from functools import partial

import streamlit as st

from dlnlp.artifacts import ArtifactError
from dlnlp.ui.batch import job as score_job
from dlnlp.ui.batch import link, results, table_input, words_view, work
from dlnlp.ui.batch.evaluation_view import evaluation_view, threshold_used
from dlnlp.ui.batch.job import ScoreJob
from dlnlp.ui.batch.labelled_rows import labelled, remembered
from dlnlp.ui.batch.labels import Meanings, meanings
from dlnlp.ui.batch.larger_tables import larger_tables
from dlnlp.ui.batch.recalibration_view import recalibration_view, used
from dlnlp.ui.batch.scored_table import Extra, download
from dlnlp.ui.batch.slices_view import slices_view
from dlnlp.ui.batch.table_input import Chosen
from dlnlp.ui.shell import loading, way_back
from dlnlp.ui.shell.navigation import require_frame
from dlnlp.ui.shell.networks import text_models
from dlnlp.ui.shell.parts import Part, parts
from dlnlp.ui.shell.title_row import title_row
from dlnlp.ui.shell.turns import fragment
from dlnlp.ui.tables.upload import UploadedTable

require_frame()

JOB, RESULT, LABELLED = "score_job", "batch_result", "batch_labelled_result"
EVERY = 0.4  # seconds


@fragment(run_every=EVERY)
def watch(job: ScoreJob) -> None:
    """Progress of a job that waits or runs."""
    if not job.active:
        st.rerun()
    done, total = len(job.rows), len(job.table.rows)
    words = (
        "Another table is being scored; yours is next …"
        if job.state == "waiting"
        else f"Row {done:,} of {total:,}"
    )
    st.progress(done / total, text=words)


def start(table: UploadedTable, chosen: Chosen) -> None:
    """Begin to score, in the background."""
    predictor = loading.predictor(chosen.model)
    job = ScoreJob(table, chosen.column, chosen.model, predictor.class_names)
    st.session_state[JOB] = job
    score_job.start(job, predictor)


def result(job: ScoreJob, chosen: Chosen, told: Meanings | None) -> None:
    """What came of a job that has ended: how good it is where labels are known, and the rows."""
    column, views, found = chosen.label_column, dict[str, Part | None](), None
    if column is not None and told is not None:
        subject = (job, column, told)
        found = remembered("labelled", subject, lambda: labelled(job, column, told))
        views["Evaluation"] = found and partial(evaluation_view, job, found)
        views["Slices"] = found and partial(slices_view, job, found)
        views["Recalibration"] = found and partial(recalibration_view, found)
    views["Predictions"] = partial(results.results, job)
    views[words_view.TITLE] = partial(words_view.words_view, job, column, told)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header("The scored table", anchor=False, width="content")
        st.space("stretch")
        download(job, Extra(used(found), threshold_used(found)))
    if job.state != "done":
        st.text(
            f"{job.error or 'Stopped.'} {len(job.rows):,} of {len(job.table.rows):,} rows were "
            "read; they are below."
        )
    # Who names the labels wants to see how good it is: there another tab is the first.
    key = RESULT if "Evaluation" not in views else LABELLED
    parts(key, views, "a label that means a class")


def scoring(table: UploadedTable, models: tuple[str, ...]) -> None:
    """Draw what a visitor chooses, the button that starts scoring, its progress and result."""
    job: ScoreJob | None = st.session_state.get(JOB)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        try:
            chosen = table_input.choices(table, models)
            predictor = loading.predictor(chosen.model)
        except ArtifactError as error:
            st.error("This model cannot be opened.")
            st.text(str(error))
            return
        active = job is not None and job.active
        if job is not None and active:
            st.button("Stop", key="score_stop", on_click=job.cancel)
        else:
            st.button(
                "Score the table",
                "score_start",
                type="secondary" if job is not None and chosen.made(job) else "primary",
                on_click=start,
                args=(table, chosen),
            )
    told = None
    if chosen.label_column is not None:
        told = meanings(table, chosen.label_column, predictor.class_names)
    if job is not None and active:
        watch(job)
        return
    if job is not None and chosen.made(job):
        result(job, chosen, told)
    elif job is not None:
        st.caption(
            "The table was scored with another network or column: score it again, or choose as "
            "before to see that result."
        )
    with st.expander("The table as it was read", expanded=job is None):
        table_input.preview(table, chosen.column)


def page() -> None:
    """File, choices, score, result."""
    way_back.forget()
    with title_row("Batch prediction"):
        told = st.container(width="content")
        menus = st.container(horizontal=True, width="content", gap="small")
    models = text_models()
    if not models:
        st.error("No model is on this machine: the folder of weights holds none.")
        st.text("Restore it with: git checkout -- weights")
        return
    work.take_back(models)
    link.restore(models)
    work.say_what_is_lost()
    field = st.container()
    table = table_input.FILE.table(told, menus)
    job: ScoreJob | None = st.session_state.get(JOB)
    if job is not None and job.table is not table:  # nobody will look at its result
        job.cancel()
        del st.session_state[JOB]
    if table is None:
        with field:
            table_input.invitation()
    else:
        scoring(table, models)
    with menus:
        larger_tables(models)
        if table is not None:
            link.share()
    link.leave()
    work.keep()


page()
