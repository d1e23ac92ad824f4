"""Before a training: which table, what is in it, how long it will take, and the button."""

import csv
import functools
import html

import streamlit as st

from dlnlp.examples import HOTEL_REMARKS, QUESTIONS, ExampleTable
from dlnlp.ui.shell.chart import draw_chart
from dlnlp.ui.shell.turns import fragment
from dlnlp.ui.tables.upload import UploadedTable
from dlnlp.ui.train import choices, duration, pictures, range_test, training
from dlnlp.ui.train.choices import Choices, Plans
from dlnlp.ui.train.table_input import FILE, WATCHED, Corpus, columns
from dlnlp.ui.train.watching import in_time
from dlnlp.worker.worker import Job

# The first is the easier one: a network learns it within a minute.
OURS = (QUESTIONS, HOTEL_REMARKS)
FEWEST = 20  # rows with a label
_EVERY = 0.4
_SHOWN_FROM = 30  # characters of a text that shows what a table holds


def invitation() -> None:
    """Draw what the page does, our tables, and the field for one's own."""
    st.markdown(
        "Give it texts with labels. In about a minute a small network learns to tell them apart, "
        "and **you watch its attention form**, on a text of your choice. What it has learned opens "
        "on all pages, like the networks that ship."
    )
    if choices.carried():  # a visitor's words: not as markdown
        st.text(f"Schedule: {choices.carried()}. It comes along: now choose a table.")
    for column, table in zip(st.columns(3, gap="medium"), (*OURS, None), strict=False):
        with column, st.container(border=True, height="stretch"):
            _own() if table is None else _ours(table)


def _ours(table: ExampleTable) -> None:
    st.markdown(f"**{table.name}**")
    st.caption(table.about)
    st.html(_rows(table))
    st.button(
        f"Use {table.name.lower()}", key=f"train_take_{table.path.stem}", on_click=_take,
        args=(table,), type="primary" if table is OURS[0] else "secondary",
    )  # fmt: skip


@functools.cache
def _rows(table: ExampleTable) -> str:
    """A short text of each class, with its label."""
    rows = sorted(
        csv.DictReader(table.path.read_text(encoding="utf-8").splitlines()),
        key=lambda row: (len(row["text"]), row["text"]),
    )
    usual = [row for row in rows if len(row["text"]) >= _SHOWN_FROM]
    shown = [next(row for row in usual if row["label"] == name) for name in table.class_names]
    return "".join(
        f"<p style='margin:0 0 .35rem;font-size:.85rem'>{html.escape(row['text'])} "
        f"→ <b>{html.escape(row['label'])}</b></p>"
        for row in shown
    )


def _take(table: ExampleTable) -> None:
    FILE.put(table.path.name, table.path.read_bytes())


def _own() -> None:
    st.markdown("**Your own table**")
    FILE.field("CSV with a column of texts and a column of labels")


def prepared(table: UploadedTable) -> None:
    """Draw the choices for a table, the buttons, and what is in the table."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        corpus = columns(table)
        refusal = _refusal(corpus)
        job = None if refusal else training.looked_at(corpus)
        found = (job.result if job is not None else None) or {}
        plans, reason = found.get("plans"), str(found.get("refusal", ""))
        chosen = choices.choose(corpus.name, plans, sorted(corpus.counts))
        place = st.container(horizontal=True, gap="small", width="content")
    if st.session_state.get(WATCHED) is None:
        st.session_state[WATCHED] = corpus.watched()
    refused = bool(refusal or reason)
    tested = range_test.of_table(corpus)
    with place:
        st.button(
            "Start training", type="primary", key="train_start", on_click=_start,
            args=(corpus, chosen, plans), disabled=refused,
        )  # fmt: skip
        st.button(
            "LR range test", key="train_range_start", on_click=range_test.start,
            args=(corpus, chosen),
            disabled=refused or (tested is not None and tested.job.active),
            help="Trains for some hundred steps while the learning rate rises, to see which rate "
            "learns best on these very texts. It takes about as long as a short training.",
        )  # fmt: skip
    if refused:
        st.warning(refusal or "Nothing can be learned from this table.")
        if reason:  # it may quote a label: not as markdown
            st.text(f"{reason[:1].upper()}{reason[1:]}.")
    else:
        _duration(corpus, chosen, plans)
    if training.problem():
        st.warning(training.problem())
    range_test.section(corpus)
    left, right = st.columns([1, 1], gap="medium")
    with left:
        _pictures(corpus)
    with right:
        st.text_area(
            "Watch this text while the network learns", key=WATCHED, height=130, max_chars=4_000,
            persist_state="session",
            help="After every few steps the network is asked what it makes of this text, and the "
            "text is shaded anew.",
        )  # fmt: skip
        if job is not None:
            _warnings(job)


def _start(corpus: Corpus, chosen: Choices, plans: Plans | None) -> None:
    training.start(corpus, chosen, plans, str(st.session_state.get(WATCHED) or ""))


def _refusal(corpus: Corpus) -> str:
    """Why a table cannot be learned from, as far as the page sees it."""
    counts = corpus.counts
    if not counts:
        return "A column with a label for each text is needed beside that of the texts."
    if len(counts) < 2:
        return "At least two different labels are needed: choose the column that holds them."
    if len(counts) > 50:
        return (
            f"The column of labels holds {len(counts):,} different values; at most 50 can be "
            "classes: choose another column."
        )
    if sum(counts.values()) < FEWEST:
        return f"At least {FEWEST} rows with a label are needed to learn, validate and test."
    return ""


def _duration(corpus: Corpus, chosen: Choices, plans: Plans | None) -> None:
    told = f"{len(corpus.texts):,} texts"
    if plans is not None:
        epochs = dict.fromkeys(f"{chosen.epochs_of(kind, plans)}" for kind in chosen.kinds)
        where = (
            "at the speed of the last training on this server"
            if duration.measured_here()
            else "on a computer that does nothing else"
        )
        told += (
            f", {' and '.join(epochs)} epochs at most: "
            f"{in_time(duration.seconds(plans, chosen))} {where}. It ends sooner when "
            "the network no longer improves."
        )
    st.caption(told)
    if choices.carried():
        st.text(f"Schedule: {choices.carried()}.")


def _pictures(corpus: Corpus) -> None:
    counts = corpus.counts
    if counts:
        st.markdown("**Rows of each class**")
        draw_chart(
            pictures.classes_figure(counts), key="train_classes",
            alt="Rows of each class: "
            + ", ".join(f"{name[:40]} {count:,}" for name, count in list(counts.items())[:12]),
        )  # fmt: skip
    lengths = corpus.lengths
    if len(lengths):
        middle = int(sorted(lengths.tolist())[len(lengths) // 2])
        st.markdown("**How long the texts are**")
        draw_chart(
            pictures.lengths_figure(lengths), key="train_lengths",
            alt=f"Words per text: {int(lengths.min())} to {int(lengths.max()):,}, half of them "
            f"have {middle} or fewer.",
        )  # fmt: skip


def _warnings(job: Job) -> None:
    if job.active:
        _look(job)
        return
    if job.error:
        st.text(job.error)
        return
    told = (job.result or {"warnings": []})["warnings"]
    st.markdown("**Worth knowing before you start**")
    for sentence in told:  # labels are the visitor's: as markdown they might be anything
        st.text(f"• {sentence}")
    if not told:
        st.text("Nothing unusual: no copies, no empty texts, no rare class.")


@fragment(run_every=_EVERY)
def _look(job: Job) -> None:
    """Wait for what the worker says of a table."""
    if not job.active:
        st.rerun()
    st.caption("Looking for copies and contradictions …")
