"""Which words decide over a scored table: which method explains its rows, and how far it is."""

import streamlit as st

from dlnlp.explain.attribution import METHODS
from dlnlp.explain.targets import target_names
from dlnlp.explain.text_attribution import METHODS_OF
from dlnlp.scoring.score import ScoredRow
from dlnlp.ui.batch import explain_job
from dlnlp.ui.batch.explain_job import ExplainJob
from dlnlp.ui.batch.job import ScoreJob
from dlnlp.ui.batch.labels import Meanings, label_of
from dlnlp.ui.batch.words import Labels
from dlnlp.ui.batch.words_result import WORD, words_result
from dlnlp.ui.shell import loading
from dlnlp.ui.shell.turns import fragment

TITLE = "Which words decide"
EVERY = 0.4  # seconds
PREDICTED = "predicted label of each row"
_JOB = "batch_explain_job"
# The method that suits each kind of network best comes first.
_ORDER = ("evidence", "written", "integrated_gradients", "gradient_x_input", "delete", "unknown")


def words_view(
    scored: ScoreJob, label_column: int | None = None, told: Meanings | None = None
) -> None:
    """Draw the part: what is to be explained, its progress, and what came of it.

    Args:
        scored: a table with answers; its job has ended.
        label_column: index of the column of true labels, if there is one.
        told: the class of each label.
    """
    job: ExplainJob | None = st.session_state.get(_JOB)
    if job is not None and job.scored is not scored:
        job.cancel()
        del st.session_state[_JOB]
        job = None
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        _choices(scored, job)
    if job is None:
        st.caption(
            "Explains every row by the chosen method, and ranks words and n-grams by their mean "
            "effect on the class, with the sentences they stand in."
        )
    elif job.active:
        _watch(job)
    else:
        words_result(job, _labels(scored, label_column, told))


def _labels(scored: ScoreJob, column: int | None, told: Meanings | None) -> Labels:
    if column is None or told is None:
        return {}
    rows = (row for row in scored.rows if isinstance(row, ScoredRow))
    found = ((number, told.get(label_of(row.fields, column))) for number, row in enumerate(rows, 1))
    return {number: scored.class_names[place] for number, place in found if place is not None}


def _choices(scored: ScoreJob, job: ExplainJob | None) -> None:
    predictor = loading.predictor(scored.model)
    methods = [name for name in METHODS_OF[predictor.model] if METHODS[name].signed]
    methods.sort(key=_ORDER.index)
    names = target_names(scored.class_names, predictor.ordered)
    # Of two classes the second; of ordered ones the upper against the lower.
    known = len(scored.class_names) == 2 or predictor.ordered
    targets = [*reversed(names), PREDICTED] if known else [PREDICTED, *names]
    state = st.session_state  # another network has others
    if state.get("batch_words_method") not in methods:
        state["batch_words_method"] = methods[0]
    if state.get("batch_words_target") not in targets:
        state["batch_words_target"] = targets[0]
    method = st.selectbox(
        "Method",
        methods,
        format_func=lambda name: METHODS[name].title,
        key="batch_words_method",
        persist_state="session",
        width=230,
        help="Those of the page that explains one text whose numbers have a sign. Attention has "
        "none: it cannot say for or against.",
    )
    target = st.selectbox(
        "Class",
        targets,
        key="batch_words_target",
        persist_state="session",
        width=230,
        help="For and against which class the words speak.",
    )
    if job is not None and job.active:
        st.button("Stop", key="batch_words_stop", on_click=job.cancel)
        return
    place = names.index(target) if target in names else None
    same = job is not None and (job.method, job.target) == (method, place)
    st.button(
        "Explain the rows",
        key="batch_words_start",
        type="secondary" if same else "primary",
        on_click=_start,
        args=(scored, method, place),
    )


def _start(scored: ScoreJob, method: str, target: int | None) -> None:
    job = ExplainJob(scored, method, target)
    st.session_state[_JOB] = job
    st.session_state.pop(WORD, None)
    explain_job.start(job, loading.predictor(scored.model))


@fragment(run_every=EVERY)
def _watch(job: ExplainJob) -> None:
    if not job.active:
        st.rerun()
    done, total = len(job.found), job.total
    words = (
        "Another table is being read; yours is next …"
        if job.state == "waiting"
        else f"Row {done:,} of {total:,} explained"
    )
    st.progress(min(done / max(total, 1), 1.0), text=words)
