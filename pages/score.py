"""Score a table: upload a CSV, get it back with a label and probabilities in every row."""

import streamlit as st

from dlnlp.artifacts import ArtifactError
from dlnlp.catalogue import text_models
from dlnlp.ui.batch import job as score_job
from dlnlp.ui.batch import link, results, table_input, work
from dlnlp.ui.batch.job import ScoreJob
from dlnlp.ui.batch.upload import UploadedTable
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.navigation import require_frame
from dlnlp.ui.shell.turns import fragment

require_frame()

JOB = "score_job"
EVERY = 0.4  # seconds
COMMAND = "python -m dlnlp score --model {} reviews.csv --text-column text --output scored.csv"


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


def start(table: UploadedTable, column: int, model: str) -> None:
    """Begin to score, in the background."""
    predictor = loading.predictor(model)
    job = ScoreJob(table, column, model, predictor.class_names)
    st.session_state[JOB] = job
    score_job.start(job, predictor)


def scoring(table: UploadedTable, column: int, model: str) -> None:
    """The button, the progress, the result."""
    job: ScoreJob | None = st.session_state.get(JOB)
    if job is not None and job.active:
        st.button("Stop", key="score_stop", on_click=job.cancel)
        watch(job)
        return
    st.button(
        "Score the table",
        type="primary",
        key="score_start",
        on_click=start,
        args=(table, column, model),
    )
    if job is not None:
        results.results(job, table_input.model_title(job.model))


def page() -> None:
    """File, choices, preview, score, result."""
    st.title("Score a whole table", anchor=False)
    st.markdown(
        "Upload reviews, one per row. A network reads each of them and adds its **label** and the "
        "**probability of each class**; you take the table home."
    )
    models = text_models()
    if not models:
        st.error("No model is on this machine: the folder of weights holds none.")
        st.text("Restore it with: git checkout -- weights")
        return
    work.take_back(models)
    link.restore(models)
    work.say_what_is_lost()
    table_input.upload()
    table = table_input.table()
    job: ScoreJob | None = st.session_state.get(JOB)
    if job is not None and job.table is not table:  # nobody will look at its result
        job.cancel()
        del st.session_state[JOB]
    if table is not None:
        left, right = st.columns([3, 5], gap="large")
        with left:
            column, model = table_input.choices(table, models)
            try:
                card = loading.predictor(model).card
            except ArtifactError as error:
                st.error("This model cannot be opened.")
                st.text(str(error))
                return
            st.caption(table_input.reliability(card))
        with right:
            table_input.preview(table, column)
        scoring(table, column, model)
        link.share()
    link.leave()
    work.keep()
    with st.expander("More rows than this page takes?"):
        st.markdown("The same from the command line, for files of any size:")
        st.code(COMMAND.format(models[0]), language="bash", wrap_lines=True)


page()
