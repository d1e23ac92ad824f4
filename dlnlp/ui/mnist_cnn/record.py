"""The model's record: confusion matrix, mistakes, calibration, robustness, card."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from dlnlp.artifacts import ArtifactError
from dlnlp.ui.mnist_cnn import charts as digit_charts
from dlnlp.ui.mnist_cnn import loading, state, work
from dlnlp.ui.mnist_cnn.confusion import confusion, confusion_grid
from dlnlp.ui.mnist_cnn.gallery import MOST, Group, gallery
from dlnlp.ui.mnist_cnn.loading import DigitEvaluation
from dlnlp.ui.mnist_cnn.picking import tiles_of
from dlnlp.ui.models.card import list_rows, model_card
from dlnlp.ui.shell import charts
from dlnlp.ui.shell.parts import Part, parts
from dlnlp.ui.shell.turns import fragment

# Parts of the card that other tabs draw.
_WITHSTANDS = {
    "robustness": "Test digits that were changed before it read them",
    "ways_of_writing": "Digits drawn by program, as people write them",
}
_ELSEWHERE = {*_WITHSTANDS, "confusion", "reliability", "per_class"}
_CELL, _GO = "digit_cell", "digit_go"


@fragment
def model_record() -> None:
    """Draw the tabs; only the open one computes. A click on a digit shows it on top."""
    st.header("The model's record", anchor=False)
    if st.session_state.pop(_GO, False):
        st.rerun(scope="app")  # the digit is shown outside of this fragment
    views = (partial(_told, view) for view in (_mixes_up, _how_sure, _withstands, _card))
    drawn = dict(zip(state.RECORD, views, strict=True))
    parts(state.RECORD_OPEN, drawn, changed=state.changed)
    work.keep("record")


def _told(view: Part) -> None:
    """Draw a part, or say in a sentence why its files cannot be read."""
    try:
        view()
    except ArtifactError as error:
        st.text(str(error))


def _pick_cell(cell: tuple[int, int]) -> None:
    again = st.session_state.get(_CELL) == cell
    st.session_state[_CELL] = None if again else cell


def _show_on_top(row: int) -> None:
    state.set_row(row)
    st.session_state[_GO] = True


def _mixes_up() -> None:
    known = loading.record()
    names = loading.predictor().class_names
    cell: tuple[int, int] | None = st.session_state.get(_CELL)
    mistakes = known.mistakes
    total = len(known.labels)
    st.caption(
        f"Of {total:,} test digits it never learned from, it misreads {len(mistakes):,} "
        f"({100 * len(mistakes) / total:.2f} %). Click a cell for the digits behind it."
    )
    left, right = st.columns([6, 5], gap="medium")
    with left:
        confusion_grid(
            confusion(known.labels, known.predicted, len(names)),
            names,
            key="digit_matrix",
            selected=cell,
            on_pick=_pick_cell,
        )
    with right:
        _digits_behind(known, cell)


def _digits_behind(known: DigitEvaluation, cell: tuple[int, int] | None) -> None:
    if cell is None:
        rows = known.mistakes
        st.markdown(f"**All {len(rows):,} mistakes**, the most confident first")
    else:
        rows = np.flatnonzero((known.labels == cell[0]) & (known.predicted == cell[1]))
        st.markdown(f"**{len(rows):,} digits {cell[0]} read as {cell[1]}**")
    shown = rows[:MOST]
    pictures = loading.predictor().test_pictures
    with st.container(height=460, border=False):
        gallery(
            Group("Digits behind the matrix", pictures[shown], tiles_of(shown), size=46),
            key="digit_behind",
            on_pick=lambda index: _show_on_top(int(shown[index])),
        )
    first = f"The first {MOST} are shown. " if len(rows) > MOST else ""
    st.caption(f"{first}What it is → what the model read. A click shows the digit on top.")


def _how_sure() -> None:
    known = loading.record()
    groups = digit_charts.calibration_groups(known.labels, known.probabilities)
    st.caption(
        "When it says 90 %, is it right nine times of ten? Test digits grouped by how sure the "
        "model is; bars are 95 % intervals. On the dotted line it is as often right as it says; "
        "most digits are in the last groups."
    )
    left, right = st.columns([6, 5], gap="medium")
    with left:
        st.plotly_chart(
            digit_charts.calibration_figure(groups),
            key="digit_calibration",
            config=charts.CONFIG,
            alt=digit_charts.calibration_in_words(groups),
        )
    with right:
        st.dataframe(
            [
                {
                    "digits": f"{count:,}",
                    "it says": f"{100 * sure:.2f} %",
                    "it is right": f"{100 * share:.2f} %",
                }
                for count, sure, share, _, _ in groups
            ],
            hide_index=True,
            height="content",
        )


def _withstands() -> None:
    card: Mapping[str, Any] = loading.predictor().card
    for part, heading in _WITHSTANDS.items():
        if rows := list_rows(card.get(part)):
            st.markdown(f"**{heading}**")
            st.dataframe(rows, hide_index=True, height="content")
    st.caption(
        "Share called no digit: of how many the page would say that they do not look like a digit, "
        "although they are."
    )


def _card() -> None:
    card: Mapping[str, Any] = loading.predictor().card
    model_card({part: value for part, value in card.items() if part not in _ELSEWHERE}, "digits")
