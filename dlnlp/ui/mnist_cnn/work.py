"""What the tab keeps of the page of digits, and how the page takes it back."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dlnlp.ui.mnist_cnn import state as digit_state
from dlnlp.ui.mnist_cnn import strokes, upload
from dlnlp.ui.mnist_cnn.drawing_canvas import valid_width
from dlnlp.ui.mnist_cnn.state import SOURCE, SOURCES
from dlnlp.ui.shell import kept_work
from dlnlp.ui.shell.permalink import LinkError

PAGE = "mnist_cnn"
LOST = (
    "Your picture was only in the memory of the server. It went when the page was reloaded or the "
    "server restarted: choose it once more."
)
_LOST = "digit_picture_lost"


def keep(place: str) -> None:
    """Keep the drawing, the pen, where the digit comes from, and the settings.

    Args:
        place: Where this is drawn; each fragment keeps for itself.
    """
    kept_work.keep(
        PAGE,
        {
            "drawing": strokes.encode(digit_state.drawing()),
            "example": digit_state.example(),
            "pen": digit_state.pen(),
            "source": st.session_state.get(SOURCE),
            "uploaded": upload.upload() is not None,
            "settings": digit_state.settings(),
        },
        place,
    )


def take_back() -> None:
    """Bring back what the tab has kept; first on the page. A link wins, undo gives the drawing."""
    kept_work.take_back(PAGE, _restore)


def picture_lost() -> bool:
    """Whether there was a picture that the tab could not keep."""
    return bool(st.session_state.get(_LOST))


def _restore(work: Mapping[str, Any]) -> None:
    state = st.session_state
    try:
        drawing = strokes.decode(str(work.get("drawing")))
    except LinkError:
        return
    if digit_state.linked():
        digit_state.put_under(drawing)
        return
    index = work.get("example")
    digit_state.put_back(
        drawing, index if type(index) is int else None, valid_width(work.get("pen"))
    )
    if work.get("source") in SOURCES:
        state[SOURCE] = work["source"]
    settings = work.get("settings")
    if isinstance(settings, dict):
        digit_state.set_settings({str(name): str(value) for name, value in settings.items()})
    state[_LOST] = work.get("uploaded") is True
