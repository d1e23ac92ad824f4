"""The words that decide over explained rows: ranking, chart, table, sentences, downloads."""

import io
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import pandas as pd
import streamlit as st

from dlnlp.scoring.explanation_files import Writer, json_lines
from dlnlp.ui.batch import opening
from dlnlp.ui.batch.contexts import contexts, contexts_data
from dlnlp.ui.batch.explain_job import MOST_ROWS, ExplainJob
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
from dlnlp.ui.shell.chart import draw_chart
from dlnlp.ui.shell.numbers import signed
from dlnlp.ui.shell.turns import aside

MOST_LISTED, MOST_PLACES = 1_000, 50
WORD = "batch_word"
"""Where the session keeps the n-gram whose sentences are shown."""
_SIZES: Mapping[int, str] = {1: "1-grams", 2: "2-grams", 3: "3-grams"}


def words_result(job: ExplainJob, labels: Labels) -> None:
    """Draw the ranking of what a job has explained, and the sentences of the word that is chosen.

    Args:
        job: that has ended.
        labels: true labels; empty without.
    """
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
    return _written(job, json_lines)


def as_parquet(job: ExplainJob) -> bytes:
    """The same as Parquet: a row for each word."""
    from dlnlp.scoring.explanation_parquet import ParquetWriter

    return _written(job, ParquetWriter)


def _written(
    job: ExplainJob, opened: Callable[[io.BytesIO], AbstractContextManager[Writer]]
) -> bytes:
    out = io.BytesIO()
    with opened(out) as writer:
        for each in job.found:
            writer.write(each.explanation, each.number, each.row.line)
    return out.getvalue()


def _chosen(event: Any) -> None:
    if event:
        st.session_state[WORD] = event


def _chart(found: list[Decider], question: Question) -> None:
    shown = outer(found)
    key = "batch_words_chart"

    def take() -> None:
        points = st.session_state[key]["selection"]["points"]
        _chosen(points and shown[int(points[0]["point_index"])].ngram)

    draw_chart(
        words_figure(shown, question),
        key=key,
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
    word = st.session_state.get(WORD)
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
