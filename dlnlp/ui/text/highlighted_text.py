"""Text whose words are shaded by a number: a Streamlit component that is read, not written.

The view knows nothing about networks. It draws rows of spans, each span with a shade in
[0, 1] (sequential scale) or [-1, 1] (diverging scale), and a tooltip that hover, keyboard focus
and touch reach alike. Every piece of user text enters the page through ``textContent``; nothing is
ever parsed as HTML or markdown.
"""

from typing import Any, Literal, NotRequired, TypedDict

from dlnlp.ui.shell.component import component


class SpanData(TypedDict):
    """One word that can be pointed at."""

    index: int  # which word of the page's text it is: both light up together; -1 for none of it
    text: str  # the text as pasted
    shade: float  # [0, 1] on a sequential scale, [-1, 1] on a diverging one
    numbers: list[str]  # one formatted number for each of ``columns``
    marked: NotRequired[bool]  # drawn with a dotted underline
    change: NotRequired[Literal["gone", "new"]]  # struck out, or underlined


class RowData(TypedDict):
    """One line: a button with a swatch, then words and the characters between them."""

    index: int  # as of a word: which sentence of the page's text it is
    shade: float  # as of a word, on ``row_scale``
    label: str  # written on the button
    numbers: list[str]  # one formatted number for each of ``row_columns``
    spans: list[SpanData | str]  # a plain string is text between words, never shaded


class ScaleData(TypedDict):
    """What a shade means: drawn as a gradient bar with the numbers at its ends."""

    kind: Literal["sequential", "diverging"]
    title: str
    low: str
    high: str
    numbers: tuple[str, str]  # both ends without what they mean


class RestData(TypedDict):
    """Text after a rule, greyed, and the sentence that says why."""

    start: int  # its offset in the text, in characters
    text: str
    note: str


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


HTML = """
<div class="ht hued">
  <div class="legend" aria-hidden="false"></div>
  <div class="rows" role="group"></div>
  <div class="rest"></div>
  <div class="tip" role="tooltip" id="tip" hidden></div>
</div>
"""


_mount = component(__file__, HTML)


def highlighted_text(data: HighlightedTextData, *, key: str) -> Any:
    """Draw shaded text; what is pointed at lights up in the page's other views of it.

    Args:
        data: What to draw.
        key: Streamlit key.
    """
    return _mount(key=key, data=data)
