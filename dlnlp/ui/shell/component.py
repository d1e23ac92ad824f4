"""Streamlit components that are drawn by the files beside their module."""

import re
from pathlib import Path
from typing import Any

# Streamlit loads it when a component is first drawn: once whole, it is whole for every script.
import pandas  # noqa: F401
import streamlit as st

_IMPORT = re.compile(r'^import \{[^}]*\} from "(\.[^"]+)";\n', re.MULTILINE)
_COMMENT = re.compile(r"^\s*/\*.*?\*/$", re.MULTILINE | re.DOTALL)  # lines of their own
_EXPORT = re.compile(r"^export (?=(?:const|let|function|class) )", re.MULTILINE)


def beside(module_file: str, suffix: str) -> str:
    """The text of the file that has a module's name and another suffix."""
    return Path(module_file).with_suffix(suffix).read_text(encoding="utf-8")


def script(path: Path) -> str:
    """The text of a script with the scripts that it imports in place of the import lines.

    Streamlit hands a component's script to the browser as one text, which can import nothing. The
    files stay modules, so that tests import them as they are. A name may be imported only as
    itself, and all files share one scope. FileNotFoundError: an imported file does not exist.
    """
    taken: set[Path] = set()

    def text_of(file: Path) -> str:
        def imported(match: re.Match[str]) -> str:
            other = (file.parent / match[1]).resolve()
            if other in taken:
                return ""
            taken.add(other)
            return _EXPORT.sub("", text_of(other))

        return _IMPORT.sub(imported, file.read_text(encoding="utf-8"))

    return text_of(path)


def _slim(text: str) -> str:
    """A script or style without its indentation, empty lines, and lines of comment.

    Streamlit sends both with every change of what the component shows.
    """
    lines = [line.strip() for line in _COMMENT.sub("", text).splitlines()]
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


def component(module_file: str, html: str) -> Any:
    """Register the component ``dlnlp_<folder>_<module>`` with the module's own CSS and JavaScript.

    A component that is not seen has no ``.css``. Its script fills `html`; what is returned draws
    it, as of ``st.components.v2.component``.
    """
    file = Path(module_file)
    name = f"dlnlp_{file.parent.name}_{file.stem}"
    styled = file.with_suffix(".css").exists()
    css = _slim(beside(module_file, ".css")) if styled else None
    js = _slim(script(file.with_suffix(".js")))
    return st.components.v2.component(name, html=_slim(html), css=css, js=js)
