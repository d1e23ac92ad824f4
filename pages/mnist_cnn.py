"""Digits: draw, upload or pick one, and see how a convolutional network reads it."""

import streamlit as st

from dlnlp.artifacts import ArtifactError
from dlnlp.ui.mnist_cnn import exports, loading, state, work
from dlnlp.ui.mnist_cnn.answer import answer_data, draw_answer
from dlnlp.ui.mnist_cnn.batch import batch
from dlnlp.ui.mnist_cnn.inside import inside
from dlnlp.ui.mnist_cnn.picture_input import (
    Subject,
    examples,
    input_panel,
    source_switch,
    subject,
)
from dlnlp.ui.mnist_cnn.record import model_record
from dlnlp.ui.mnist_cnn.steps import draw_steps, prepared_already
from dlnlp.ui.shell.navigation import require_frame
from dlnlp.ui.shell.title_row import title_row
from dlnlp.ui.shell.turns import fragment, yield_turn

require_frame()

TITLE = "Convolutional network for digits"
FIRST_THE_ANSWER = 0.06  # seconds


def share(shown: Subject) -> None:
    """The link to what is shown, and the answer as files."""
    with st.popover(
        "Share and export", icon=":material/share:", on_change="rerun", key="digit_share"
    ) as part:
        if not part.open:
            return
        link = state.link()
        if link is None:
            st.write("A link holds a drawing or a test digit, not an uploaded picture.")
        else:
            st.caption("It holds the digit, the steps that are off and the open tabs.")
            st.code(link, language=None, wrap_lines=True)
        if shown.reading is not None and not shown.reading.empty:
            exports.files(shown.reading, loading.predictor())


def answer(shown: Subject) -> None:
    """The guesses in words and bars."""
    model = loading.predictor()
    draw_answer(
        answer_data(
            shown.reading,
            shown.message,
            shown.note,
            model.class_names,
            model.not_a_digit_threshold,
        ),
        state.summons(),
    )


def preparation(shown: Subject) -> None:
    """The way from the picture to what the network reads, as a strip."""
    reading = shown.reading
    prepared = () if reading is None else reading.steps or prepared_already(reading.image)
    draw_steps(prepared, state.switches_off(), key="digit_steps", on_switch=state.set_switches_off)


@fragment
def board() -> None:
    """Everything that follows the pen, the answer first."""
    with title_row(TITLE) as row:
        pass
    left, right = st.columns([4, 7], gap="medium")
    shown = subject()
    with right:  # first, so that it is on its way while the rest is made
        answer(shown)
    with row:
        source_switch()
        share(shown)
    with left:
        input_panel()
        examples()
    # All else waits until the browser has drawn the answer.
    yield_turn(FIRST_THE_ANSWER)
    with right:
        preparation(shown)
    inside(shown.reading)
    work.keep("board")


def page() -> None:
    """Input and answer, the way there, the network's inside, its record, many pictures."""
    try:
        loading.predictor()
    except ArtifactError as error:
        st.title(TITLE, anchor=False)
        st.error("The model cannot be opened.")
        st.text(str(error))
        return
    work.take_back()
    state.restore()
    board()
    model_record()
    batch()


page()
