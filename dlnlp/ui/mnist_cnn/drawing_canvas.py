"""A sheet to draw on with mouse, pen or finger: a Streamlit component that reports strokes.

The browser holds the truth while somebody draws: it reports all strokes whenever the pen is
lifted, and takes strokes from Python only when it is mounted (the page was changed, the drawing
comes back) or when ``load`` changes (an example was picked). A rerun that comes late can therefore
never overwrite what was drawn in the meantime.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dlnlp.ui.shell.component import component

GRID = 1_000  # units from edge to edge
MARGIN = 100  # how far a stroke may leave the sheet, in units
THINNEST, THICKEST = 20, 160  # units
MOST_STROKES, MOST_POINTS = 100, 4_000


@dataclass(frozen=True, slots=True)
class Stroke:
    """What the pen drew between touching the sheet and leaving it.

    Attributes:
        width: width of the pen, in units of the sheet's grid.
        points: x (rightwards) and y (downwards), one after the other: [2 * N], at least one point.
        pressure: share of the width at each point in percent, [N]; empty for a pen of one width.
    """

    width: int
    points: tuple[int, ...]
    pressure: tuple[int, ...] = ()


Drawing = tuple[Stroke, ...]

HTML = f"""
<div class="board">
  <div class="sheet">
    <canvas tabindex="0" role="img" aria-keyshortcuts="Control+Z Control+Shift+Z Delete"></canvas>
    <p class="hint" aria-hidden="true"></p>
  </div>
  <div class="tools" role="toolbar" aria-label="Drawing tools">
    <button type="button" data-do="undo" title="Undo (Ctrl + Z)">Undo</button>
    <button type="button" data-do="redo" title="Redo (Ctrl + Shift + Z)">Redo</button>
    <button type="button" data-do="clear" title="Clear (Delete)">Clear</button>
    <label class="pen"><span>Pen</span>
      <input type="range" min="{THINNEST}" max="{THICKEST}" step="5" aria-label="Stroke width">
      <span class="nib" aria-hidden="true"></span></label>
    <label class="pressure" hidden><input type="checkbox" checked> Pressure</label>
  </div>
  <p class="status" role="status"></p>
</div>
"""


_mount = component(__file__, HTML)


def _whole(values: Any, low: int, high: int) -> bool:
    """Whether `values` is a list of whole numbers within bounds; True is no number."""
    return isinstance(values, list) and all(type(v) is int and low <= v <= high for v in values)


def _stroke(value: Any) -> Stroke | None:
    if not isinstance(value, dict):
        return None
    width, points, pressure = value.get("w"), value.get("p"), value.get("f", [])
    if not (
        isinstance(width, int)
        and _whole([width], THINNEST, THICKEST)
        and _whole(points, -MARGIN, GRID + MARGIN)
        and _whole(pressure, 1, 100)
        and points
        and len(points) % 2 == 0
        and len(pressure) in (0, len(points) // 2)
    ):
        return None
    return Stroke(width, tuple(points), tuple(pressure))


def within_bounds(strokes: Sequence[Stroke]) -> bool:
    """Whether a drawing has no more strokes and points than the sheet takes."""
    points = sum(len(stroke.points) // 2 for stroke in strokes)
    return len(strokes) <= MOST_STROKES and points <= MOST_POINTS


def valid_drawing(value: Any) -> Drawing | None:
    """Check what the browser sent before anything trusts it.

    Args:
        value: a list of ``{"w": width, "p": [x, y, x, y, ...], "f": [percent, ...]}`` when it is
            honest; ``f`` may be missing.

    Returns:
        The drawing, or None for anything else, too large drawings included.
    """
    if not isinstance(value, list) or len(value) > MOST_STROKES:
        return None
    strokes = tuple(map(_stroke, value))
    kept = tuple(stroke for stroke in strokes if stroke is not None)
    return kept if len(kept) == len(strokes) and within_bounds(kept) else None


def valid_width(value: Any) -> int | None:
    """A width of the pen as the browser reports it, None for anything else."""
    return value if _whole([value], THINNEST, THICKEST) else None


def as_json(drawing: Drawing) -> list[dict[str, Any]]:
    """The drawing in the form that `valid_drawing` reads."""
    return [
        {"w": stroke.width, "p": list(stroke.points)}
        | ({"f": list(stroke.pressure)} if stroke.pressure else {})
        for stroke in drawing
    ]


def drawing_canvas(
    drawing: Drawing,
    *,
    key: str,
    page: str,
    heard: int,
    load: int,
    before: Sequence[Drawing] = (),
    under: int = 0,
    replace_on_first_stroke: bool,
    width: int,
    label: str,
    on_draw: Callable[[], None],
) -> Any:
    """Draw the sheet.

    Args:
        drawing: what is on it when it is mounted, and after `load` has changed.
        key: Streamlit key; inside `on_draw`, `st.session_state[key].drawing` holds
            ``{"strokes": [...], "width": int, "n": int}`` as the browser says it: to be checked.
            n grows from report to report.
        page: whose work keeps what is drawn, before Python hears of it.
        heard: the largest n that Python has heard of: what was drawn after it stays on the sheet.
        load: a number that changes when `drawing` is to replace what is on the sheet; the visitor
            can undo that.
        before: drawings that undo leads back to when the sheet is mounted, the last one last.
        under: a number that changes when `before` is to be laid under what is on the sheet.
        replace_on_first_stroke: whether the first stroke takes the place of `drawing`, as of
            an example.
        width: width of the pen at first, in units.
        label: what the sheet is for, for screen readers and on the empty sheet.
        on_draw: called before the rerun that lifting the pen causes.
    """
    bounds = {"grid": GRID, "margin": MARGIN, "strokes": MOST_STROKES, "points": MOST_POINTS}
    data = {
        "strokes": as_json(drawing),
        "page": page,
        "heard": heard,
        "load": load,
        "before": [as_json(replaced) for replaced in before],
        "under": under,
        "replace_on_first_stroke": replace_on_first_stroke,
        "width": width,
        "label": label,
        "bounds": bounds,
    }
    return _mount(key=key, data=data, on_drawing_change=on_draw)
