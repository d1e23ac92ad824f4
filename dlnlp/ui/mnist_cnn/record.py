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
from dlnlp.ui.shell.chart import draw_chart
from dlnlp.ui.shell.model_card import list_rows, model_card
from dlnlp.ui.shell.parts import Part, parts
from dlnlp.ui.shell.turns import fragment

# Parts of the card that other tabs draw.
_CHANGED = {
    "robustness": "Test digits, changed before the network reads them",
    "ways_of_writing": "Digits drawn by program, in ways of writing that MNIST hardly has",
}
_ELSEWHERE = {*_CHANGED, "confusion", "reliability", "per_class"}
_CELL, _GO = "digit_cell", "digit_go"


@fragment
def model_record() -> None:
    """Draw the tabs; only the open one computes. A click on a digit shows it on top."""
    st.header("The model's record", anchor=False)
    if st.session_state.pop(_GO, False):
        st.rerun(scope="app")  # the digit is shown outside of this fragment
    views = (partial(_told, view) for view in (_confusion, _calibration, _robustness, _card))
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
    state.summon()
    st.session_state[_GO] = True


def _confusion() -> None:
    known = loading.record()
    names = loading.predictor().class_names
    cell: tuple[int, int] | None = st.session_state.get(_CELL)
    mistakes = known.mistakes
    total = len(known.labels)
    st.caption(
        f"Test error {100 * len(mistakes) / total:.2f} %: {len(mistakes):,} of {total:,} digits "
        "by other writers than those it learned from. Click a cell to open its digits."
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
        st.markdown(f"**{len(rows):,} digits: true label {cell[0]}, predicted label {cell[1]}**")
    shown = rows[:MOST]
    pictures = loading.predictor().test_pictures
    with st.container(height=460, border=False):
        gallery(
            Group("Digits behind the matrix", pictures[shown], tiles_of(shown), size=46),
            key="digit_behind",
            on_pick=lambda index: _show_on_top(int(shown[index])),
        )
    first = f"The first {MOST} are shown. " if len(rows) > MOST else ""
    st.caption(
        f"{first}True label → predicted label. A click takes the digit to the top of the page."
    )


def _calibration() -> None:
    known = loading.record()
    groups = digit_charts.calibration_groups(known.labels, known.probabilities)
    st.caption(
        "When it says 90 %, is it right nine times of ten? Test digits grouped by the predicted "
        "probability of their predicted label; bars are 95 % intervals of the observed frequency. "
        "The dotted line is perfect calibration; most digits are in the last groups."
    )
    left, right = st.columns([6, 5], gap="medium")
    with left:
        draw_chart(
            digit_charts.calibration_figure(groups),
            key="digit_calibration",
            alt=digit_charts.calibration_in_words(groups),
        )
    with right:
        st.dataframe(
            [
                {
                    "digits": f"{count:,}",
                    "predicted probability": f"{100 * sure:.2f} %",
                    "observed frequency": f"{100 * share:.2f} %",
                }
                for count, sure, share, _, _ in groups
            ],
            hide_index=True,
            height="content",
        )


def _robustness() -> None:
    card: Mapping[str, Any] = loading.predictor().card
    for part, heading in _CHANGED.items():
        if rows := list_rows(card.get(part)):
            st.markdown(f"**{heading}**")
            st.dataframe(rows, hide_index=True, height="content")
    st.caption(
        "Share called no digit: false alarms of the out-of-distribution score, digits of which the "
        "page would say that they do not look like one."
    )


def _card() -> None:
    card: Mapping[str, Any] = loading.predictor().card
    model_card({part: value for part, value in card.items() if part not in _ELSEWHERE})
