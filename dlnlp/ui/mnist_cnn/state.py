"""What the page of digits remembers, and the links that bring it back.

Everything the visitor has set lives under the session keys named here and survives a change of
page. A link holds the drawing (or the row of a test digit), the steps that are off and the open
tabs, for instance ``?drawing=eNpz...&off=crop,scale&inside=Invariance``; whatever a link holds, a
sensible page comes of it.
"""

from collections.abc import Mapping
from typing import Any, Literal, get_args

import streamlit as st

from dlnlp.ui.mnist_cnn import strokes as digit_strokes
from dlnlp.ui.mnist_cnn.drawing_canvas import Drawing, valid_drawing, valid_width
from dlnlp.ui.mnist_cnn.examples import EXAMPLES
from dlnlp.ui.mnist_cnn.steps import SWITCHES
from dlnlp.ui.shell.permalink import LinkError, PageLink

Source = Literal["draw", "upload", "test"]
SOURCES: tuple[Source, ...] = get_args(Source)
TEST_ROWS = 10_000

SOURCE, CANVAS = "digit_source", "digit_canvas"
_DRAWING, _LOAD, _EXAMPLE, _PEN = "digit_drawing", "digit_load", "digit_example", "digit_pen"
_ROW, _OFF, _BEFORE, _UNDER = "digit_row", "digit_off", "digit_before", "digit_under"
_SUMMONS, _HEARD = "digit_summons", "digit_heard"
_LINK_ERROR = "digit_link_error"
# Titles of the page's tabs, and the keys under which the session keeps which are open.
INSIDE = ("Nearest neighbours", "Where it looked", "Invariance")
RECORD = ("Confusion matrix", "Calibration", "Robustness", "Card")
INSIDE_OPEN, RECORD_OPEN = "digit_inside", "digit_record"
_TABS = {"inside": (INSIDE_OPEN, INSIDE), "record": (RECORD_OPEN, RECORD)}
LINK = PageLink("mnist_cnn", ("drawing", "test", "off", *_TABS))
_PEN_AT_FIRST = 60
MOST_BEFORE = 3


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


def before() -> tuple[Drawing, ...]:
    """Drawings that something else has replaced as a whole, the last one last."""
    kept: tuple[Drawing, ...] = st.session_state.get(_BEFORE, ())
    return kept


def under() -> int:
    """A number that changes when the sheet is to lay `before` under what it shows."""
    number: int = st.session_state.get(_UNDER, 0)
    return number


def example() -> int | None:
    """Index of the example on the sheet; None once the visitor has drawn."""
    index: int | None = st.session_state.get(_EXAMPLE)
    return index


def pen() -> int:
    """Width of the pen, in units of the sheet."""
    width: int = st.session_state.get(_PEN, _PEN_AT_FIRST)
    return width


def row() -> int:
    """Row of the chosen test digit."""
    kept: int = st.session_state.get(_ROW, 0)
    return kept


def link_error() -> str:
    """A sentence about a link that could not be read; empty while all is well."""
    return str(st.session_state.get(_LINK_ERROR, ""))


def set_example(index: int) -> None:
    """Put an example on the sheet."""
    _put(EXAMPLES[index].drawing, index)
    changed()


def set_row(number: int) -> None:
    """Choose a test digit, and make it what the page shows."""
    st.session_state[_ROW] = number
    st.session_state[SOURCE] = "test"
    changed()


def summon() -> None:
    """Bring the answer into sight: what it is about was chosen further down."""
    st.session_state[_SUMMONS] = summons() + 1


def summons() -> int:
    """A number that changes when the answer is to be brought into sight."""
    number: int = st.session_state.get(_SUMMONS, 0)
    return number


def take_drawing() -> None:
    """Keep what the sheet reports; anything that is no drawing is dropped."""
    state = st.session_state.get(CANVAS)
    reported = state.get("drawing") if state else None
    if not isinstance(reported, dict):
        return
    strokes, width = valid_drawing(reported.get("strokes")), valid_width(reported.get("width"))
    set_heard(valid_number(reported.get("n")))
    if width is not None:
        st.session_state[_PEN] = width
    if strokes is not None and strokes != drawing():
        if not strokes:
            _remember(drawing())
        st.session_state[_DRAWING], st.session_state[_EXAMPLE] = strokes, None
        changed()


def heard() -> int:
    """Number of the sheet's last report; 0 before the first."""
    number: int = st.session_state.get(_HEARD, 0)
    return number


def set_heard(number: int) -> None:
    """Keep the number of the sheet's last report."""
    st.session_state[_HEARD] = number


def valid_number(number: Any) -> int:
    """The number of a report as the browser says it; 0 for anything else."""
    return number if type(number) is int and number > 0 else 0


def put_under(strokes: Drawing) -> None:
    """Lay a drawing under the one on the sheet, where undo finds it: one that a link replaced."""
    if strokes != st.session_state.get(_DRAWING):
        _remember(strokes)
        st.session_state[_UNDER] = under() + 1


def _remember(strokes: Drawing) -> None:
    if strokes and (not before() or before()[-1] != strokes):
        st.session_state[_BEFORE] = (*before(), strokes)[-MOST_BEFORE:]


def _put(strokes: Drawing, index: int | None) -> None:
    if example() is None:  # an example is never lost
        _remember(st.session_state.get(_DRAWING, ()))
    st.session_state[_DRAWING], st.session_state[_EXAMPLE] = strokes, index
    st.session_state[_LOAD] = st.session_state.get(_LOAD, 0) + 1


def changed() -> None:
    """Take the link out of the address bar: a reload must not bring back what is gone."""
    st.session_state[_LINK_ERROR] = ""
    LINK.leave()


def restore() -> None:
    """Give everything its first value, from the link when the page was opened by one."""
    state = st.session_state
    if _DRAWING not in state:
        _put(EXAMPLES[0].drawing, 0)
    if query := LINK.new():
        state[_LINK_ERROR] = ""
        _open({name: values[0] for name, values in query.items()})
    if state.get(SOURCE) not in SOURCES:
        state[SOURCE] = "draw"


def put_back(strokes: Drawing, index: int | None, width: int | None) -> None:
    """Put the drawing of an earlier session on the sheet.

    Args:
        strokes: The drawing.
        index: of the example that it is, if any.
        width: of the pen; None leaves it as it is.
    """
    known = index is not None and 0 <= index < len(EXAMPLES)
    if width is not None:
        st.session_state[_PEN] = width
    _put(strokes, index if known else None)


def set_settings(settings: Mapping[str, str]) -> None:
    """Take over which steps are off, the open tabs, and the test digit, from hostile words.

    Args:
        settings: as in a link: "off", "inside", "record", "test".
    """
    state = st.session_state
    off = settings.get("off", "").split(",")
    state[_OFF] = tuple(name for name in SWITCHES if name in off)
    for name, (key, titles) in _TABS.items():
        state[key] = settings[name] if settings.get(name) in titles else titles[0]
    number = settings.get("test", "")
    if number.isascii() and number.isdecimal() and len(number) < 6 and int(number) < TEST_ROWS:
        state[_ROW] = int(number)


def settings() -> dict[str, str]:
    """What `set_settings` takes."""
    tabs = {name: st.session_state.get(key, titles[0]) for name, (key, titles) in _TABS.items()}
    return {"off": ",".join(switches_off()), "test": str(row()), **tabs}


def _open(link: dict[str, str]) -> None:
    state, rows = st.session_state, row()
    state.pop(_ROW, None)
    set_settings(link)
    if _ROW in state:
        state[SOURCE] = "test"
    else:
        state[_ROW] = rows
    if "drawing" in link:
        try:
            _put(digit_strokes.decode(link["drawing"]), None)
            state[SOURCE] = "draw"
        except LinkError as error:
            state[_LINK_ERROR] = str(error)


def link() -> str | None:
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
    return LINK.url(query.items())
