"""What the tab keeps of the page of digits, and how the page takes it back."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dlnlp.ui.mnist_cnn import state as digit_state
from dlnlp.ui.mnist_cnn import strokes, upload
from dlnlp.ui.mnist_cnn.drawing_canvas import Drawing, valid_drawing, valid_width
from dlnlp.ui.mnist_cnn.state import SOURCE, SOURCES
from dlnlp.ui.shell import kept_work
from dlnlp.ui.shell.permalink import LinkError

PAGE = "mnist_cnn"
LOST = (
    "Your picture was only in the memory of the server. It went when the page was reloaded or the "
    "server restarted: choose it once more."
)
_LOST, _MANY, _MANY_LOST = "digit_picture_lost", "digit_many", "digit_many_lost"
MOST_FILES = 200


def keep(place: str) -> None:
    """Keep the drawing, the pen, where the digit comes from, and the settings.

    Args:
        place: Where this is drawn; each fragment keeps for itself.
    """
    kept_work.keep(
        PAGE,
        {
            "drawing": strokes.encode(digit_state.drawing()),
            "heard": digit_state.heard(),
            "example": digit_state.example(),
            "pen": digit_state.pen(),
            "source": st.session_state.get(SOURCE),
            "uploaded": upload.upload() is not None,
            "many": many(),
            "settings": digit_state.settings(),
        },
        place,
    )


def take_back() -> None:
    """Bring back what the tab has kept; first on the page. A link wins, undo gives the drawing."""
    kept_work.take_back(PAGE, _restore)


def many() -> int:
    """How many pictures at once are on the page, which the tab cannot keep."""
    count: int = st.session_state.get(_MANY, 0)
    return count


def set_many(count: int) -> None:
    """Keep how many pictures at once are on the page."""
    st.session_state[_MANY] = count
    if count:
        st.session_state[_MANY_LOST] = 0


def many_lost() -> int:
    """How many pictures at once were on the page before it was reloaded."""
    count: int = st.session_state.get(_MANY_LOST, 0)
    return count


def picture_lost() -> bool:
    """Whether there was a picture that the tab could not keep."""
    return bool(st.session_state.get(_LOST))


def _restore(work: Mapping[str, Any]) -> None:
    state = st.session_state
    raw = _newer(work)
    try:
        drawing = strokes.decode(str(work.get("drawing"))) if raw is None else raw
    except LinkError:
        return
    if digit_state.LINK.parameters():
        digit_state.put_under(drawing)
        return
    index = work.get("example") if raw is None else None
    digit_state.put_back(
        drawing, index if type(index) is int else None, valid_width(work.get("pen"))
    )
    if work.get("source") in SOURCES:
        state[SOURCE] = work["source"]
    settings = work.get("settings")
    if isinstance(settings, dict):
        digit_state.set_settings({str(name): str(value) for name, value in settings.items()})
    state[_LOST] = work.get("uploaded") is True
    count = work.get("many")
    state[_MANY_LOST] = count if type(count) is int and 0 < count <= MOST_FILES else 0


def _newer(work: Mapping[str, Any]) -> Drawing | None:
    """What the sheet kept itself, if Python had not heard of it when the page went."""
    now = work.get("now")
    raw = now.get("drawing") if isinstance(now, dict) else None
    if not isinstance(raw, dict):
        return None
    number, heard = (digit_state.valid_number(each) for each in (raw.get("n"), work.get("heard")))
    digit_state.set_heard(max(number, heard))
    return valid_drawing(raw.get("strokes")) if number > heard else None
