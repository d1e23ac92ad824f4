"""Streamlit components that are drawn by the files beside their module."""

from pathlib import Path
from typing import Any

# Streamlit loads it when a component is first drawn: once whole, it is whole for every script.
import pandas  # noqa: F401
import streamlit as st


def beside(module_file: str, suffix: str) -> str:
    """The text of the file that has a module's name and another suffix."""
    return Path(module_file).with_suffix(suffix).read_text(encoding="utf-8")


def component(module_file: str, html: str) -> Any:
    """Register the component ``dlnlp_<folder>_<module>`` with the module's own CSS and JavaScript.

    A component that is not seen has no ``.css``.

    Args:
        module_file: ``__file__`` of the module.
        html: What the script fills.

    Returns:
        What draws it, as of ``st.components.v2.component``.
    """
    file = Path(module_file)
    name = f"dlnlp_{file.parent.name}_{file.stem}"
    js, styled = beside(module_file, ".js"), Path(module_file).with_suffix(".css").exists()
    css = beside(module_file, ".css") if styled else None
    return st.components.v2.component(name, html=html, css=css, js=js)
