"""Pick a test digit of MNIST: by class, among all or among those that the model misreads."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dlnlp.ui.mnist_cnn import loading, state
from dlnlp.ui.mnist_cnn.gallery import Group, Tile, gallery
from dlnlp.ui.shell.numbers import probability

PER_PAGE = 35
_CLASS, _ONLY, _PAGE = "digit_pick_class", "digit_pick_mistakes", "digit_pick_page"
_ALL = "all"


def tiles_of(rows: NDArray[np.int64]) -> list[Tile]:
    """Descriptions of test digits, from their rows [k]: true label and predicted label."""
    known = loading.record()
    tiles = []
    for row in rows.tolist():
        label, guess = int(known.labels[row]), int(known.predicted[row])
        sure = probability(float(known.probabilities[row, guess]))
        words = f"Test digit {row:,}: a {label}, read as {guess} ({sure})"
        tiles.append(Tile(words, f"{label} → {guess}" if label != guess else str(label)))
    return tiles


def rows_of(wanted: str, only_mistakes: bool) -> NDArray[np.int64]:
    """Rows of the test split, int64 [k], of one class or of "all".

    Args:
        wanted: the class, or "all".
        only_mistakes: whether to leave out the digits that were read correctly.
    """
    known = loading.record()
    rows = known.mistakes if only_mistakes else np.arange(len(known.labels))
    return rows if wanted == _ALL else rows[known.labels[rows] == int(wanted)]


def _first_page() -> None:
    st.session_state[_PAGE] = 0


def _turn(pages: int) -> None:
    st.session_state[_PAGE] = (st.session_state.get(_PAGE, 0) + 1) % max(pages, 1)


def pick_test_digit() -> None:
    """Draw the filters and the pictures."""
    pictures = loading.predictor().test_pictures
    wanted = st.segmented_control(
        "Class",
        [_ALL, *"0123456789"],
        required=True,
        default=None if _CLASS in st.session_state else _ALL,
        key=_CLASS,
        on_change=_first_page,
        persist_state="session",
        label_visibility="collapsed",
        wrap=True,
    )
    only = st.toggle(
        "Only those that the model misreads",
        key=_ONLY,
        on_change=_first_page,
        persist_state="session",
    )
    rows = rows_of(wanted or _ALL, only)
    pages = -(-len(rows) // PER_PAGE)
    page = min(st.session_state.get(_PAGE, 0), max(pages - 1, 0))
    shown = rows[page * PER_PAGE : (page + 1) * PER_PAGE]
    chosen = state.row()
    gallery(
        Group("Test digits", pictures[shown], tiles_of(shown), size=42),
        key="digit_pick",
        selected=int(np.flatnonzero(shown == chosen)[0]) if chosen in shown else None,
        on_pick=lambda index: state.set_row(int(shown[index])),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if pages > 1:
            st.button("More", on_click=_turn, args=(pages,))
        st.caption(
            f"{len(rows):,} digits"
            + (f", page {page + 1:,} of {pages:,}" if pages > 1 else "")
            + ". MNIST, Y. LeCun and C. Cortes, CC BY-SA 3.0"
        )
