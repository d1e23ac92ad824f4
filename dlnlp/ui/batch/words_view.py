"""Which words decide over a scored table: explains its rows, ranks words, shows them in context."""

import io
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dlnlp.explain.attribution import METHODS
from dlnlp.explain.text_attribution import METHODS_OF
from dlnlp.scoring.explanation_files import json_lines
from dlnlp.scoring.score import ScoredRow
from dlnlp.ui.batch import explain_job, opening
from dlnlp.ui.batch.contexts import contexts, contexts_data
from dlnlp.ui.batch.explain_job import MOST_ROWS, ExplainJob
from dlnlp.ui.batch.job import ScoreJob
from dlnlp.ui.batch.labels import Meanings, label_of
from dlnlp.ui.batch.words import (
    ALL,
    CLASSES,
    RIGHT,
    Decider,
    Labels,
    Question,
    deciders,
    deciders_csv,
    places,
)
from dlnlp.ui.batch.words_chart import in_words, outer, words_figure
from dlnlp.ui.shell import charts, loading
from dlnlp.ui.shell.numbers import signed
from dlnlp.ui.shell.turns import aside, fragment

TITLE = "Which words decide"
EVERY = 0.4  # seconds
MOST_LISTED, MOST_PLACES = 1_000, 50
PREDICTED = "predicted label of each row"
_JOB, _WORD = "batch_explain_job", "batch_word"
_NAMES: Mapping[str, str] = {
    "evidence": "Exact contribution",
    "written": "Written",
    "integrated_gradients": "Integrated gradients",
    "gradient_x_input": "Gradient × input",
    "delete": "Leave-one-out (delete)",
    "unknown": "Leave-one-out (mask)",
}
_SIZES: Mapping[int, str] = {1: "1-grams", 2: "2-grams", 3: "3-grams"}


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
        _result(job, _labels(scored, label_column, told))


def _labels(scored: ScoreJob, column: int | None, told: Meanings | None) -> Labels:
    if column is None or told is None:
        return {}
    rows = (row for row in scored.rows if isinstance(row, ScoredRow))
    found = ((number, told.get(label_of(row.fields, column))) for number, row in enumerate(rows, 1))
    return {number: scored.class_names[place] for number, place in found if place is not None}


def _choices(scored: ScoreJob, job: ExplainJob | None) -> None:
    predictor = loading.predictor(scored.model)
    methods = [name for name in METHODS_OF[predictor.model] if METHODS[name].signed]
    methods.sort(key=list(_NAMES).index)
    names = scored.class_names
    targets = [PREDICTED, *names] if len(names) > 2 else [names[1], names[0], PREDICTED]
    method = st.selectbox(
        "Method",
        methods,
        format_func=_NAMES.__getitem__,
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
    st.session_state.pop(_WORD, None)
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


def _result(job: ExplainJob, labels: Labels) -> None:
    answered = len(job.answered)
    if job.state != "done":
        st.text(
            f"{job.error or 'Stopped.'} {len(job.found):,} of {job.total:,} rows were explained; "
            "they are below."
        )
    elif len(job.found) < answered:
        st.caption(
            f"The first {len(job.found):,} of {answered:,} rows are explained here; at most "
            f"{MOST_ROWS:,} can be. The command `dlnlp explain` explains all of any table."
        )
    if not job.found:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        size, question = _question(job, labels)
        st.space("stretch")
        ranking = st.empty()
    with aside():
        everything = deciders(job, question, labels)
    with ranking:
        _downloads(job, everything, question)
    found = [each for each in everything if each.size == size]
    if not found:
        st.caption(
            f"No {_SIZES[size][:-1]} stands in {question.least} rows of "
            f"{' and of '.join(question.groups)}: ask for fewer rows, or explain more."
        )
        return
    left, right = st.columns([1, 1], gap="medium")
    with left:
        _chart(found, question)
    with right:
        _table(found, question)
    _contexts(job, found, question, labels)


def _question(job: ExplainJob, labels: Labels) -> tuple[int, Question]:
    """Draw what can be asked of the explained rows."""
    state = st.session_state
    targets = sorted({each.explanation.target for each in job.found})
    size = st.segmented_control(
        "n-grams",
        list(_SIZES),
        format_func=_SIZES.__getitem__,
        default=1,
        key="batch_words_size",
        required=True,
    )
    target = targets[0]
    if len(targets) > 1:
        order = [name for name in job.scored.class_names if name in targets]
        if state.get("batch_words_shown") not in order:
            state["batch_words_shown"] = order[-1]
        target = st.selectbox("Effect on", order, key="batch_words_shown", width=150)
    choices = [ALL, *([RIGHT] if labels else []), *([CLASSES] if job.target is not None else [])]
    if state.get("batch_words_rows") not in choices:
        state["batch_words_rows"] = ALL
    rows = st.selectbox(
        "Rows",
        choices,
        key="batch_words_rows",
        width=190,
        help="Two groups of rows are compared by the difference of the mean effects.",
    )
    classes = ("", "")
    if rows == CLASSES:
        names = job.scored.class_names
        kind = "true label" if labels else "predicted label"
        first = st.selectbox(f"First {kind}", names, len(names) - 1, key="batch_words_a", width=150)
        others = [name for name in names if name != first]
        classes = (first, st.selectbox("Second", others, key="batch_words_b", width=150))
    least = st.number_input(
        "Least rows",
        2,
        1_000,
        5 if len(job.found) >= 50 else 2,
        key="batch_words_least",
        width=110,
        help="Rows (of each group) that must hold an n-gram.",
    )
    return int(size or 1), Question(target, rows, classes, int(least))


def _downloads(job: ExplainJob, everything: list[Decider], question: Question) -> None:
    with st.popover("Download"):
        for label, make, name, kind in (
            ("Words (CSV)", lambda: deciders_csv(everything, question), "words.csv", "text/csv"),
            ("Explanations (JSON lines)", lambda: as_json_lines(job), "explained.jsonl", None),
            ("Explanations (Parquet)", lambda: as_parquet(job), "explained.parquet", None),
        ):
            st.download_button(
                label,
                make,
                name,
                kind or "application/octet-stream",
                on_click="ignore",
                key=f"batch_words_save {name}",
            )


def as_json_lines(job: ExplainJob) -> bytes:
    """The explanations as `dlnlp explain` writes them."""
    out = io.BytesIO()
    with json_lines(out) as writer:
        for each in job.found:
            writer.write(each.explanation, each.number, each.row.line)
    return out.getvalue()


def as_parquet(job: ExplainJob) -> bytes:
    """The same as Parquet: a row for each word."""
    from dlnlp.scoring.explanation_parquet import ParquetWriter

    out = io.BytesIO()
    with ParquetWriter(out) as writer:
        for each in job.found:
            writer.write(each.explanation, each.number, each.row.line)
    return out.getvalue()


def _chosen(event: Any) -> None:
    if event:
        st.session_state[_WORD] = event


def _chart(found: list[Decider], question: Question) -> None:
    shown = outer(found)
    key = "batch_words_chart"

    def take() -> None:
        points = st.session_state[key]["selection"]["points"]
        _chosen(points and shown[int(points[0]["point_index"])].ngram)

    st.plotly_chart(
        words_figure(shown, question),
        key=key,
        config=charts.CONFIG,
        on_select=take,
        selection_mode="points",
        alt=in_words(shown),
    )


def _table(found: list[Decider], question: Question) -> None:
    half = MOST_LISTED // 2
    listed = found if len(found) <= MOST_LISTED else [*found[:half], *found[-half:]]
    key = "batch_words_table"
    counts = {
        f"rows: {group}" if len(question.groups) > 1 else "rows": [
            each.rows[place] for each in listed
        ]
        for place, group in enumerate(question.groups)
    }
    frame = pd.DataFrame(
        {
            "n-gram": [each.ngram for each in listed],
            "effect" if len(counts) == 1 else "difference": [each.mean for each in listed],
            "95 % interval": [
                f"{signed(each.low, 2)} to {signed(each.high, 2)}" for each in listed
            ],
            **counts,
        }
    )

    def take() -> None:
        places = opening.clicked(st.session_state[key])
        _chosen(places and listed[places[0]].ngram)

    st.dataframe(
        frame,
        hide_index=True,
        height=400,
        key=key,
        column_config={
            name: st.column_config.NumberColumn(format="%+.2f") for name in ("effect", "difference")
        },
        on_select=take,
        selection_mode=opening.CLICKS,
    )
    more = f" The {half:,} first and last of {len(found):,}." if len(listed) < len(found) else ""
    st.caption(
        f"Click a bar or a word to read it in its sentences.{more} Each interval stands for "
        "itself: of a hundred words, some five miss their mean."
    )


def _contexts(job: ExplainJob, found: list[Decider], question: Question, labels: Labels) -> None:
    """Draw the sentences of the word that is chosen, of the first one without a choice."""
    names = {each.ngram for each in found}
    word = st.session_state.get(_WORD)
    word = word if word in names else found[0].ngram
    everywhere = places(job, word, question, labels)
    shown = everywhere[:MOST_PLACES]
    st.markdown("**In its sentences**")
    cut = f", the {len(shown)} strongest" if len(shown) < len(everywhere) else ""
    st.text(f"{word}: {len(everywhere):,} places{cut}. Click a line: its row opens, explained.")
    data = contexts_data(f"{word} in its sentences", question.target, shown, job.scored.column)
    at = contexts(data, key="batch_contexts")
    if at is None:
        return
    rows = list(dict.fromkeys(place.explained for place in shown))
    steps = [opening.step(job.scored, each.row, labels.get(each.number, "")) for each in rows]
    opening.open_selected(job.scored, "Row", steps, [rows.index(shown[at].explained)])
