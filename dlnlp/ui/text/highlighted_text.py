"""Text whose words are shaded by a number: a Streamlit component that takes clicks.

The view knows nothing about networks. It draws rows of spans, each span with a value in
[0, 1] (sequential scale) or [-1, 1] (diverging scale), a tooltip that hover, keyboard focus
and touch reach alike, and it reports clicks to Python. Every piece of user text enters the
page through ``textContent``; nothing is ever parsed as HTML or markdown.
"""

from collections.abc import Callable
from typing import Any, Literal, NotRequired, TypedDict

from dlnlp.ui.shell.component import component


class SpanData(TypedDict):
    """One word that can be focused and clicked."""

    i: int  # index reported back to Python
    t: str  # the text as pasted
    v: float  # value: [0, 1] on a sequential scale, [-1, 1] on a diverging one
    n: list[str]  # one formatted number for each of ``columns``
    m: NotRequired[bool]  # marked, drawn with a dotted underline


class RowData(TypedDict):
    """One line: a button with a swatch, then words and the characters between them."""

    v: float  # as of a word, on ``row_scale``
    label: str  # written on the button
    n: list[str]  # one formatted number for each of ``row_columns``
    spans: list[SpanData | str]  # a plain string is text between words, never shaded


class ScaleData(TypedDict):
    """What a shade means: drawn as a gradient bar with the numbers at its ends."""

    kind: Literal["sequential", "diverging"]
    title: str
    low: str
    high: str


class RestData(TypedDict):
    """Text after a rule, greyed, and the sentence that says why."""

    text: str
    note: str


class Selection(TypedDict):
    """A clicked row (``span`` is None) or a clicked word."""

    row: int
    span: int | None


class HighlightedTextData(TypedDict):
    """Everything the component draws, as plain JSON."""

    title: str
    columns: list[str]  # a screen reader hears the first with the word
    row_columns: list[str]
    row_name: str
    rows: list[RowData]
    scale: ScaleData
    row_scale: ScaleData | None
    mark_note: str
    rest: list[RestData]
    selected: NotRequired[Selection | None]


HTML = """
<div class="ht">
  <div class="legend" aria-hidden="false"></div>
  <div class="rows" role="group"></div>
  <div class="rest"></div>
  <div class="tip" role="tooltip" id="tip" hidden></div>
</div>
"""


_mount = component(__file__, HTML)


def valid_selection(picked: Any, data: HighlightedTextData) -> Selection | None:
    """Check what the browser sent back before anything trusts it.

    Args:
        picked: The trigger's value, `{"row": int, "span": int | None}` when it is honest.
        data: What is drawn now.

    Returns:
        The selection, or None when it does not name a row or a word of `data`.
    """
    if not isinstance(picked, dict):
        return None
    row, span = picked.get("row"), picked.get("span")
    if type(row) is not int or not 0 <= row < len(data["rows"]):
        return None
    if span is None:
        return Selection(row=row, span=None)
    words = (piece["i"] for piece in data["rows"][row]["spans"] if not isinstance(piece, str))
    if type(span) is not int or span not in words:
        return None
    return Selection(row=row, span=span)


def highlighted_text(
    data: HighlightedTextData,
    *,
    key: str,
    selected: Selection | None = None,
    on_pick: Callable[[], None] = lambda: None,
) -> Any:
    """Draw shaded text and return the component's state.

    Args:
        data: What to draw.
        key: Streamlit key; `st.session_state[key].pick` holds the click inside `on_pick`.
        selected: The word or row to mark as selected; the page keeps it, not the component.
        on_pick: Called before the rerun that a click on a word or a row causes.

    Returns:
        The component's result; `.pick` is `{"row": int, "span": int | None}` in the rerun
        that follows a click, else None.
    """
    return _mount(key=key, data={**data, "selected": selected}, on_pick_change=on_pick)
