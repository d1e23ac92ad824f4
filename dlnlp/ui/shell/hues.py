"""The hues with a meaning, for HTML outside of components, where the theme has no variables.

One of words and one of sentences, for attention; two for the two sides of a number with a sign.
"""

from collections.abc import Mapping

import streamlit as st

from dlnlp.figures.figure import Hue

STRONGEST = 46
"""Percent of a hue behind a word at most: the word has to be readable, as in components."""

_OPTIONS: Mapping[Hue, str] = {
    "word": "yellowColor",
    "sentence": "violetColor",
    "for": "blueColor",
    "against": "orangeColor",
}


def hue(name: Hue) -> str:
    """The theme's colour as CSS, which follows the scheme that the page is in.

    Example:
        >>> hue("for")
        'light-dark(#2b5f8f, #78afdf)'
    """
    light, dark = (st.get_option(f"theme.{kind}.{_OPTIONS[name]}") for kind in ("light", "dark"))
    return f"light-dark({light}, {dark})"
