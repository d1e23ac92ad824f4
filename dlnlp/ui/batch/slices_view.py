"""Where the accuracy is lower than in the rest of the rows: slices as a picture, and their rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dlnlp.scoring.ngrams import common, holding, words_of
from dlnlp.scoring.slice_columns import CONTAINS, ColumnCells, Grouping, groupings
from dlnlp.scoring.slices import LEAST, RATE, Counted, Slice, compare
from dlnlp.ui.batch.job import ScoreJob
from dlnlp.ui.batch.labelled_rows import MOST_SHOWN, Labelled, remembered, rows_table, surest
from dlnlp.ui.batch.slice_list import slice_list
from dlnlp.ui.shell.save_picture import save_picture

LISTS = ("Columns, length, class", "Common words")
_LIST, _ASKED, _ONLY = "batch_slices_by", "batch_slice_words", "batch_slice_kinds"
_MOST_ASKED = 10


@dataclass(frozen=True, eq=False)
class Compared:
    """Slices with their rows.

    Attributes:
        slices: the strongest evidence of a lower accuracy first.
        places: of the rows of each slice among the labelled ones, int64 ``[k]``.
    """

    slices: tuple[Slice, ...]
    places: tuple[NDArray[np.int64], ...]


def parted_rows(
    job: ScoreJob, found: Labelled, texts: Sequence[Sequence[str]], asked: Sequence[str]
) -> list[Grouping]:
    """The rows by class, by length, by each other column, and by n-grams that were asked for.

    Args:
        job: that scored the table.
        found: its labelled rows.
        texts: the words of each of these rows.
        asked: n-grams.
    """
    labels = job.table.labels
    others = [place for place in range(len(labels)) if place not in (job.column, found.column)]
    cells = {labels[place]: ColumnCells() for place in others}
    for row in found.rows:
        for place in others:
            cells[labels[place]].add(row.fields[place])
    return groupings(
        found.evaluation.class_names,
        found.evaluation.labels,
        np.array([len(words) for words in texts], np.float64),
        cells,
        {ngram: holding(texts, ngram) for ngram in asked},
    )


def by_columns(found: Labelled, parted: Sequence[Grouping], chosen: Sequence[str]) -> Compared:
    """Slices by what the visitor has chosen, and by the n-grams that they have written.

    Args:
        found: the labelled rows.
        parted: the rows, by everything.
        chosen: kinds of `parted`; none means all.
    """
    return _compared(
        found,
        {
            (each.kind, value): np.flatnonzero(each.codes == number)
            for each in parted
            if not chosen or each.kind in (*chosen, CONTAINS)
            for number, value in enumerate(each.values)
        },
    )


def by_words(found: Labelled, texts: Sequence[Sequence[str]]) -> Compared:
    """Slices by the words and bigrams that many texts contain.

    Args:
        found: the labelled rows.
        texts: the words of each.
    """
    return _compared(found, {(CONTAINS, ngram): places for ngram, places in common(texts).items()})


def _compared(found: Labelled, members: dict[tuple[str, str], NDArray[np.int64]]) -> Compared:
    right = found.evaluation.predictions == found.evaluation.labels
    counted = [
        Counted(kind, value, len(places), int(right[places].sum()))
        for (kind, value), places in members.items()
    ]
    slices = compare(counted, len(right), int(right.sum()))
    return Compared(slices, tuple(members[each.kind, each.value] for each in slices))


def ngrams_of(written: str) -> tuple[str, ...]:
    """The n-grams that a visitor has written, parted by commas; each has a word."""
    asked = dict.fromkeys(" ".join(part.split()) for part in written.split(","))
    return tuple(part for part in asked if words_of(part))[:_MOST_ASKED]


def slices_view(job: ScoreJob, found: Labelled) -> None:
    """Draw the choice of slices, how many were tried, their picture, and the rows of one."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="top"):
        chosen = st.segmented_control(
            "Slices by", LISTS, default=LISTS[0], required=True, key=_LIST, persist_state="session"
        )
        written, by = "", st.empty()
        only: tuple[str, ...] = ()
        if chosen == LISTS[0]:
            written = st.text_input(
                "Texts that contain",
                key=_ASKED,
                persist_state="session",
                max_chars=200,
                placeholder="a word or n-gram; several with commas",
                width=260,
            )
    texts = remembered(
        "words", found, lambda: [words_of(row.fields[job.column]) for row in found.rows]
    )
    if chosen == LISTS[1]:
        compared = remembered("common", found, lambda: by_words(found, texts))
    else:
        asked = ngrams_of(written)
        parted = remembered("parted", (found, asked), lambda: parted_rows(job, found, texts, asked))
        with by:
            only = _kinds(parted)
        compared = remembered(
            "slices", (found, asked, only), lambda: by_columns(found, parted, only)
        )
        _say_small(compared, asked)
    if not compared.slices:
        st.caption(
            f"No slice has {LEAST} rows inside and {LEAST} outside: label more rows to compare."
        )
        return
    subject = " ".join([str(chosen), written, *only])
    st.text(in_words(compared.slices))
    picked = slice_list(compared.slices, found.evaluation.accuracy, subject)
    save_picture("batch_slices", ".slices", "slices", "Accuracy of slices, with 95 % intervals")
    if picked is None:
        st.caption("Click a slice to see its rows.")
        return
    one, places = compared.slices[picked], compared.places[picked]
    wrong = one.rows - one.right
    st.text(f"{one.kind}: {one.value}: {wrong:,} errors in {one.rows:,} rows, the errors first")
    shown = surest(found.evaluation, places, MOST_SHOWN)
    rows_table(job, found, shown, "Row", f"batch_slice_rows {subject} {picked}")


def _kinds(parted: Sequence[Grouping]) -> tuple[str, ...]:
    """Draw the choice of what makes slices; returns it."""
    kinds = list(dict.fromkeys(each.kind for each in parted if each.kind != CONTAINS))
    state = st.session_state
    state[_ONLY] = [kind for kind in state.get(_ONLY, []) if kind in kinds]
    chosen = st.multiselect(
        "Only by",
        kinds,
        key=_ONLY,
        persist_state="session",
        placeholder="all columns, length and class",
        width=300,
        help="Fewer slices need less correction: a difference that is there is found sooner. A "
        "column is here where it holds numbers, or few different values.",
    )
    return tuple(chosen)


def _say_small(compared: Compared, asked: Sequence[str]) -> None:
    tried = {each.value for each in compared.slices if each.kind == CONTAINS}
    small = [ngram for ngram in asked if ngram not in tried]
    if small:
        st.text(
            f"Too few rows to compare (fewer than {LEAST} contain it, or lack it): "
            + ", ".join(small)
        )


def in_words(slices: Sequence[Slice]) -> str:
    """How many slices were tried, how, and what came of it."""
    worse, tried = sum(each.worse for each in slices), f"{len(slices):,}"
    is_worse = "none is" if not worse else "1 is" if worse == 1 else f"{worse:,} are"
    return (
        f"{tried} slice{'s' * (len(slices) != 1)} tried: {is_worse} significantly less accurate "
        f"than the rest of the rows (Fisher's exact test, Holm's correction for {tried}, "
        f"{100 * RATE:.0f} %). Strongest evidence first. Each dot is an accuracy, "
        "its line the 95 % interval."
    )
