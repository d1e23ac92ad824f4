"""A row under a drawing that saves it as SVG, PDF, LaTeX or PNG, in light colours, for a paper."""

import base64
import re
import uuid
from typing import Any

import streamlit as st

from dlnlp.figures.drawn import UnusableDrawingError, drawing_latex, drawing_pdf
from dlnlp.ui.shell.component import component

_COLOURS = (
    "primaryColor",
    "secondaryBackgroundColor",
    "textColor",
    "borderColor",
    "redColor",
    "orangeColor",
    "yellowColor",
    "greenColor",
    "blueColor",
    "violetColor",
    "grayColor",
)
_mount = component(__file__, '<div class="save"></div>')


def _property(name: str) -> str:
    """The name that Streamlit gives a colour of the theme in components."""
    return "--st-" + "".join(f"-{each.lower()}" if each.isupper() else each for each in name)


def light_theme() -> dict[str, str]:
    """Colours of the light theme by their name in components, on white paper."""
    found = {_property(name): st.get_option(f"theme.light.{name}") for name in _COLOURS}
    colours = {name: str(value) for name, value in found.items() if value}
    return {**colours, "--st-background-color": "#ffffff"}


def save_picture(of: str, part: str, name: str, title: str) -> None:
    """Draw the row.

    What the selector `part` finds in the element with the Streamlit key `of` is saved; a screen
    reader hears `title`.
    """
    key = f"save {of}"
    made_key, problem_key = f"{key} made", f"{key} problem"
    name = re.sub(r"[^A-Za-z0-9_-]+", "_", name)
    state = st.session_state

    def make() -> None:
        drawn = (state.get(key) or {}).get("drawn")
        if not isinstance(drawn, dict) or not isinstance(text := drawn.get("text"), str):
            return
        as_latex = drawn.get("format") == "tex"
        try:
            made = drawing_latex(text, title, name) if as_latex else drawing_pdf(text, title)
            content = base64.b64encode(made).decode()
            state[made_key] = {"id": uuid.uuid4().hex, "content": content, "zip": as_latex}
        except UnusableDrawingError as error:
            state[problem_key] = str(error)

    data: dict[str, Any] = {
        "of": re.sub(r"[^A-Za-z0-9_-]", "-", of.strip()),  # as Streamlit names the element
        "part": part,
        "name": name,
        "title": title,
        "light": light_theme(),
        "made": state.pop(made_key, None),  # the browser has it then
        "problem": state.pop(problem_key, ""),
    }
    _mount(key=key, data=data, on_drawn_change=make)
