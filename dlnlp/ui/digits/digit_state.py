"""What the page of digits remembers, and the links that bring it back.

Everything the visitor has set lives under the session keys named here and survives a change of
page. A link holds the drawing (or the row of a test digit), the steps that are off and the open
tabs, for instance ``?drawing=eNpz...&off=crop,scale&inside=Layers``; whatever a link holds, a
sensible page comes of it.
"""

import hashlib
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlencode

import streamlit as st

from dlnlp.ui.digits import digit_strokes
from dlnlp.ui.digits.digit_examples import EXAMPLES
from dlnlp.ui.digits.digit_steps import SWITCHES
from dlnlp.ui.digits.drawing_canvas import Drawing, valid_drawing, valid_width
from dlnlp.ui.permalink import LinkError

Source = Literal["draw", "upload", "test"]
SOURCES: tuple[Source, ...] = get_args(Source)
TEST_ROWS = 10_000

SOURCE, CANVAS = "digit_source", "digit_canvas"
_DRAWING, _LOAD, _EXAMPLE, _PEN = "digit_drawing", "digit_load", "digit_example", "digit_pen"
_UPLOAD, _ROW, _OFF = "digit_upload", "digit_row", "digit_off"
_LINK, _LINK_ERROR = "digit_link", "digit_link_error"
# Titles of the page's tabs, and the keys under which the session keeps which are open.
INSIDE = ("Layers", "Where it looked", "Its nearest digits", "Shifted, turned, thicker")
RECORD = ("What it mixes up", "How sure it is", "What it withstands", "Card")
INSIDE_OPEN, RECORD_OPEN = "digit_inside", "digit_record"
_TABS = {"inside": (INSIDE_OPEN, INSIDE), "record": (RECORD_OPEN, RECORD)}
_PARAMETERS = ("drawing", "test", "off", *_TABS)
_PEN_AT_FIRST = 60


@dataclass(frozen=True, eq=False)
class Upload:
    """A file of the visitor's.

    Attributes:
        name: as the browser says it: hostile text.
        data: its bytes.
        key: hash of the bytes.
    """

    name: str
    data: bytes
    key: str


def switches_off() -> tuple[str, ...]:
    """Names of the steps that the visitor has turned off, in order."""
    off: tuple[str, ...] = st.session_state.get(_OFF, ())
    return off


def set_switches_off(names: tuple[str, ...]) -> None:
    """Keep which steps are off."""
    st.session_state[_OFF] = names
    changed()


def drawing() -> Drawing:
    """What is on the sheet."""
    kept: Drawing = st.session_state[_DRAWING]
    return kept


def load() -> int:
    """A number that changes when the sheet is to take `drawing`."""
    number: int = st.session_state[_LOAD]
    return number


def example() -> int | None:
    """Index of the example on the sheet; None once the visitor has drawn."""
    index: int | None = st.session_state.get(_EXAMPLE)
    return index


def pen() -> int:
    """Width of the pen, in units of the sheet."""
    width: int = st.session_state.get(_PEN, _PEN_AT_FIRST)
    return width


def upload() -> Upload | None:
    """The visitor's file, if any."""
    kept: Upload | None = st.session_state.get(_UPLOAD)
    return kept


def row() -> int:
    """Row of the chosen test digit."""
    kept: int = st.session_state.get(_ROW, 0)
    return kept


def link_error() -> str:
    """A sentence about a link that could not be read; empty while all is well."""
    return str(st.session_state.get(_LINK_ERROR, ""))


def set_example(index: int) -> None:
    """Put an example on the sheet."""
    st.session_state[_EXAMPLE] = index
    _put(EXAMPLES[index].drawing)
    changed()


def set_row(number: int) -> None:
    """Choose a test digit, and make it what the page shows."""
    st.session_state[_ROW] = number
    st.session_state[SOURCE] = "test"
    changed()


def set_upload(name: str, data: bytes) -> None:
    """Keep the visitor's file."""
    st.session_state[_UPLOAD] = Upload(name, data, hashlib.sha256(data).hexdigest())
    changed()


def drop_upload() -> None:
    """Forget the visitor's file."""
    st.session_state[_UPLOAD] = None


def take_drawing() -> None:
    """Keep what the sheet reports; anything that is no drawing is dropped."""
    state = st.session_state.get(CANVAS)
    reported = state.get("drawing") if state else None
    if not isinstance(reported, dict):
        return
    strokes, width = valid_drawing(reported.get("strokes")), valid_width(reported.get("width"))
    if width is not None:
        st.session_state[_PEN] = width
    if strokes is not None and strokes != drawing():
        st.session_state[_DRAWING], st.session_state[_EXAMPLE] = strokes, None
        changed()


def _put(strokes: Drawing) -> None:
    st.session_state[_DRAWING] = strokes
    st.session_state[_LOAD] = st.session_state.get(_LOAD, 0) + 1


def changed() -> None:
    """Take the link out of the address bar: a reload must not bring back what is gone."""
    st.session_state[_LINK_ERROR] = ""
    for name in _PARAMETERS:
        if name in st.query_params:
            del st.query_params[name]


def restore() -> None:
    """Give everything its first value, from the link when the page was opened by one."""
    state = st.session_state
    if _DRAWING not in state:
        state[_EXAMPLE] = 0
        _put(EXAMPLES[0].drawing)
    query = st.query_params.to_dict()
    link = {name: query[name] for name in _PARAMETERS if name in query}
    if link and link != state.get(_LINK):
        state[_LINK], state[_LINK_ERROR] = link, ""
        _open(link)
    if state.get(SOURCE) not in SOURCES:
        state[SOURCE] = "draw"


def _open(link: dict[str, str]) -> None:
    state = st.session_state
    off = link.get("off", "").split(",")
    state[_OFF] = tuple(name for name in SWITCHES if name in off)
    for name, (key, titles) in _TABS.items():
        state[key] = link[name] if link.get(name) in titles else titles[0]
    number = link.get("test", "")
    if number.isascii() and number.isdecimal() and len(number) < 6 and int(number) < TEST_ROWS:
        state[_ROW], state[SOURCE] = int(number), "test"
    if "drawing" in link:
        try:
            _put(digit_strokes.decode(link["drawing"]))
            state[_EXAMPLE], state[SOURCE] = None, "draw"
        except LinkError as error:
            state[_LINK_ERROR] = str(error)


def link(base_url: str) -> str | None:
    """A link to what is shown; None when the drawing is too long for one, or for an upload."""
    source, query = st.session_state[SOURCE], {}
    if source == "upload":
        return None
    if source == "test":
        query["test"] = str(row())
    else:
        if (text := digit_strokes.for_link(drawing())) is None:
            return None
        query["drawing"] = text
    if off := switches_off():
        query["off"] = ",".join(off)
    for name, (key, titles) in _TABS.items():
        if (opened := st.session_state.get(key, titles[0])) != titles[0]:
            query[name] = opened
    return f"{base_url}?{urlencode(query, safe=',')}"
