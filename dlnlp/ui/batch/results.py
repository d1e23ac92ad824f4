"""A scored table on the page: counts, certainty, and what could not be scored."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dlnlp.scoring.score import ScoredRow
from dlnlp.tables.reader import BadRow
from dlnlp.ui.batch import opening
from dlnlp.ui.batch.job import ScoreJob
from dlnlp.ui.batch.scored_table import names
from dlnlp.ui.shell.chart import draw_chart
from dlnlp.ui.shell.charts import as_written, class_colours
from dlnlp.ui.shell.numbers import observed

_BINS = 10
_LONGEST = 18  # characters of a class beside its bar: the bars need room on a phone


def answered(job: ScoreJob) -> list[ScoredRow]:
    """The rows that have a label."""
    return [row for row in job.rows if isinstance(row, ScoredRow) and not row.problem]


def unread(job: ScoreJob) -> list[dict[str, str]]:
    """Where there is no label, and why."""
    return [
        {
            "where": row.where if isinstance(row, BadRow) else f"line {row.line}",
            "why": row.problem,
            "in the scored table": "left out" if isinstance(row, BadRow) else "without a label",
        }
        for row in job.rows
        if row.problem
    ]


def counts_figure(class_names: Sequence[str], counts: Sequence[int]) -> go.Figure:
    """One bar a class, the best class on top."""
    total = max(sum(counts), 1)
    figure = go.Figure(
        go.Bar(
            x=list(counts),
            # Names as ticks over places: two that are cut alike stay two bars.
            y=list(range(len(class_names))),
            customdata=[as_written(name, 60) for name in class_names],
            orientation="h",
            marker={"color": list(class_colours(len(class_names)))},
            text=[f"{count:,}  ({observed(count / total)})" for count in counts],
            textposition="auto",
            hovertemplate="%{customdata}: %{x:,} rows<extra></extra>",
        )
    )
    figure.update_yaxes(
        tickvals=list(range(len(class_names))),
        ticktext=[as_written(name, _LONGEST) for name in class_names],
    )
    figure.update_xaxes(nticks=6)
    return _dressed(figure, "rows", 70 + 34 * len(class_names))


def certainty_figure(shares: Sequence[float], classes: int) -> go.Figure:
    """How many rows were labelled with which probability: ten bars from a tie to certainty."""
    edges = np.linspace(1 / classes, 1, _BINS + 1)
    counts, _ = np.histogram(np.clip(shares, edges[0], 1), edges)
    figure = go.Figure(
        go.Bar(
            x=(edges[:-1] + edges[1:]) / 2,
            y=counts,
            width=0.92 * (edges[1] - edges[0]),
            marker={"color": class_colours(1)[0]},
            customdata=[
                f"{100 * low:.0f} to {100 * high:.0f} %"
                for low, high in zip(edges, edges[1:], strict=False)
            ],
            hovertemplate="probability %{customdata}: %{y:,} rows<extra></extra>",
        )
    )
    figure.update_xaxes(tickformat=".0%", range=[edges[0], 1])
    figure.update_yaxes(title="rows")
    return _dressed(figure, "probability of the label", 200)


def _dressed(figure: go.Figure, title: str, height: int) -> go.Figure:
    figure.update_xaxes(title=title)
    figure.update_layout(
        height=height, margin={"l": 0, "r": 10, "t": 6, "b": 0}, dragmode=False, showlegend=False
    )
    return figure


def scored_frame(job: ScoreJob) -> pd.DataFrame:
    """The scored table for the screen: the added columns, the text, then the other columns."""
    rows = [row for row in job.rows if isinstance(row, ScoredRow)]
    label, *shares, unknown = names(job)
    found: dict[str, list[str | float | None]] = {
        label: [row.answer(job.class_names)[0] for row in rows]
    }
    for place, name in enumerate(shares):
        found[name] = [row.probabilities[place] if not row.problem else None for row in rows]
    found[unknown] = [row.unknown_share if not row.problem else None for row in rows]
    text = job.column
    labels = job.table.labels
    order = [text, *(place for place in range(len(labels)) if place != text)]
    for place in order:
        found[labels[place]] = [row.fields[place] for row in rows]
    return pd.DataFrame(found, index=pd.Index([row.line for row in rows], name="line"))


def results(job: ScoreJob) -> None:
    """Draw what was predicted of the rows of a job that has ended."""
    labelled, missing = answered(job), unread(job)
    with st.container(horizontal=True, gap="large", vertical_alignment="bottom"):
        st.metric("Rows with a label", f"{len(labelled):,}", width="content")
        st.metric(
            "Could not be scored",
            f"{len(missing):,}",
            help="Listed below with the reason.",
            width="content",
        )
    if labelled:
        best = [int(np.argmax(row.probabilities)) for row in labelled]
        _charts(job, best, [max(row.probabilities) for row in labelled])
    if missing:
        with st.expander(f"What could not be scored: {len(missing):,}", expanded=not labelled):
            st.dataframe(missing, hide_index=True, key="score_unread")
            st.caption("Lines are counted as in a text editor; a text may take several.")
    if labelled:
        _table(job)


def _table(job: ScoreJob) -> None:
    rows = [row for row in job.rows if isinstance(row, ScoredRow)]
    event = st.dataframe(
        scored_frame(job),
        height=min(38 + 35 * len(rows), 400),
        key="score_scored",
        column_config={
            name: st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
            for name in names(job)[1:]
        },
        on_select="rerun",
        selection_mode=opening.CLICKS,
    )
    st.caption("Click a row: it opens, explained, with a way back.")
    selected = [place for place in opening.clicked(event) if place < len(rows)]
    if not selected:
        return
    if rows[selected[0]].problem:
        st.text(f"This row could not be scored: {rows[selected[0]].problem}.")
        return
    good = [row for row in rows if not row.problem]
    steps = [opening.step(job, row) for row in good]
    opening.open_selected(job, "Row", steps, [good.index(rows[selected[0]])])


def _charts(job: ScoreJob, best: list[int], shares: list[float]) -> None:
    """Counts of the labels, and how certain they are."""
    left, right = st.columns(2, gap="medium")
    counted = Counter(best)
    counts = [counted[place] for place in range(len(job.class_names))]
    with left:
        st.markdown("**How many of each**")
        words = ", ".join(f"{n} {c:,}" for n, c in zip(job.class_names, counts, strict=True))
        figure = counts_figure(job.class_names, counts)
        draw_chart(figure, key="score_counts", alt=f"Rows: {words}.")
    with right:
        st.markdown(
            "**How sure the network was**",
            help="The probability of the label it chose. Near the left end it could not decide: "
            "read those rows yourself.",
        )
        unsure = sum(share < 0.5 + 0.5 / len(job.class_names) for share in shares)
        draw_chart(
            certainty_figure(shares, len(job.class_names)),
            key="score_certainty",
            alt=f"{unsure:,} of {len(shares):,} labels in the less certain half.",
        )
