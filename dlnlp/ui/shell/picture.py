"""Small line drawings in the page's own colours: shapes in Python, SVG elements in the browser.

Streamlit's `st.html` strips SVG, so a component draws it. Text enters through ``textContent``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

WIDTH = 340
LONGEST_TEXT = 20

Shape = tuple[str, dict[str, float | str], str]  # element, attributes, text

_CSS = """
svg { display: block; width: 100%; max-width: 24rem; margin: 0 auto;
  color: var(--st-text-color); font-family: var(--st-font); }
text { fill: currentColor; font-size: 13px; }
line, rect { stroke: currentColor; stroke-opacity: 0.55; }
path { fill: currentColor; }
"""
_JS = """
const SVG = "http://www.w3.org/2000/svg", KNOWN = ["line", "rect", "text", "path"];
export default function ({ data, parentElement }) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", `0 0 ${data.width} ${data.height}`);
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", data.label);
  for (const [tag, attributes, text] of data.shapes) {
    if (!KNOWN.includes(tag)) continue;
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.textContent = text;
    picture.append(node);
  }
  parentElement.querySelector(".picture").replaceChildren(picture);
}
"""
_draw = st.components.v2.component(
    "dlnlp_picture", html='<div class="picture"></div>', css=_CSS, js=_JS
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing WIDTH wide: its height, what a screen reader says, and its shapes."""

    height: float
    label: str
    shapes: Sequence[Shape]


def line(x1: float, y1: float, x2: float, y2: float, width: float = 1.2) -> Shape:
    """A straight line."""
    ends: dict[str, float | str] = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    return "line", {**ends, "stroke-width": round(width, 2)}, ""


def triangle(x: float, y: float, back: float) -> Shape:
    """An arrow head with its tip at x, y; `back` is where its base lies."""
    return "path", {"d": f"M{x} {y} l{back} -3.5 v7 z"}, ""


def box(
    x: float, y: float, width: float, height: float, fill: str = "rgba(128,128,128,.14)"
) -> Shape:
    """A rectangle, centred on x, its top at y."""
    place = {"x": x - width / 2, "y": y, "width": width, "height": height}
    return "rect", {**place, "rx": 4, "fill": fill}, ""


def text(x: float, y: float, words: str, anchor: str = "middle") -> Shape:
    """A short text on the base line y; longer ones are cut."""
    shown = words if len(words) <= LONGEST_TEXT else words[: LONGEST_TEXT - 1] + "…"
    return "text", {"x": x, "y": y, "text-anchor": anchor}, shown


def draw(picture: Picture, *, key: str) -> Any:
    """Draw a picture; its colours follow the theme."""
    return _draw(
        key=key,
        data={
            "width": WIDTH,
            "height": picture.height,
            "label": picture.label,
            "shapes": [list(shape) for shape in picture.shapes],
        },
    )
