"""Streamlit components that are drawn by the files beside their module."""

import atexit
import hashlib
import json
import re
import shutil
import tempfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from dlnlp.ui.shell.streamlit_internals import PREFIX, serve_component
from dlnlp.ui.shell.turns import give_way

SHORT = 1500  # bytes
_IMPORT = re.compile(r'^import \{[^}]*\} from "(\.[^"]+)";\n', re.MULTILINE)
_STYLE = re.compile(r'^@import "([^"]+)";\n', re.MULTILINE)
_COMMENT = re.compile(r"^\s*/\*.*?\*/$", re.MULTILINE | re.DOTALL)  # lines of their own
_EXPORT = re.compile(r"^export (?=(?:const|let|function|class) )", re.MULTILINE)


def script(path: Path) -> str:
    """The text of a script with the scripts that it imports in place of the import lines.

    The browser loads one file for a component, not one after the other. The files stay modules, so
    that tests import them as they are. A name may be imported only as itself, and all files share
    one scope. FileNotFoundError: an imported file does not exist.
    """
    return _with_imports(path, _IMPORT)


def style(path: Path) -> str:
    """The text of a style with the styles that it imports in place of the import lines.

    FileNotFoundError: an imported file does not exist.
    """
    return _with_imports(path, _STYLE)


def _with_imports(path: Path, line: re.Pattern[str]) -> str:
    """A file with each file that it imports in place of the first line that does."""
    taken: set[Path] = set()

    def text_of(file: Path) -> str:
        def imported(match: re.Match[str]) -> str:
            other = (file.parent / match[1]).resolve()
            if other in taken:
                return ""
            taken.add(other)
            return _EXPORT.sub("", text_of(other))

        return line.sub(imported, file.read_text(encoding="utf-8"))

    return text_of(path)


def _slim(text: str) -> str:
    """A script or style without its indentation, empty lines, and lines of comment."""
    lines = [line.strip() for line in _COMMENT.sub("", text).splitlines()]
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


# What every component does before it draws: it puts its style into its shadow tree, and unpacks
# what it is told. Unpacking takes a moment; what is told in that moment takes its place.
_LOADED = """
const STYLE_SHEET = new CSSStyleSheet();
STYLE_SHEET.replaceSync({style});
const LAST_TOLD = new WeakMap();
export default async function (component) {{
const {{ parentElement: place, data }} = component;
const tree = place.getRootNode();
if (tree.adoptedStyleSheets && !tree.adoptedStyleSheets.includes(STYLE_SHEET))
tree.adoptedStyleSheets = [...tree.adoptedStyleSheets, STYLE_SHEET];
LAST_TOLD.set(place, data);
let told = Array.isArray(data) ? data[0] : data;
if (data instanceof Uint8Array) {{
const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate"));
told = await new Response(stream).json();
}}
if (LAST_TOLD.get(place) !== data) return undefined;
place.querySelector("[data-unstyled]")?.removeAttribute("data-unstyled");
return drawComponent({{ ...component, data: told }});
}}
"""
# What is not styled yet is not seen. Streamlit takes one line with brackets for a path: two lines.
_UNSTYLED = "[data-unstyled] {\ndisplay: none }"


def bundle(file: Path) -> str:
    """What the browser loads for a component: its script with all imports, and its style.

    Args:
        file: the component's script; a style with its name may stand beside it.
    """
    styled = file.with_suffix(".css")
    told = json.dumps(_slim(style(styled)) if styled.exists() else "")
    code = _slim(script(file)).replace("export default function", "const drawComponent = function")
    return code + _LOADED.format(style=told)


def packed(data: Any) -> list[Any] | bytes:
    """What a component is told: deflated where that is much shorter, else alone in a list.

    In a dictionary Streamlit looks for tables, for which it loads pandas: 50 MB, and a third of a
    second.

    Args:
        data: anything that JSON can hold.

    Returns:
        JSON in UTF-8, deflated; or `data` in a list.
    """
    text = json.dumps(data, separators=(",", ":")).encode()
    return [data] if len(text) < SHORT else zlib.compress(text, 4)


def unpacked(told: Any) -> Any:
    """What a component was told, from the message (``BidiComponent``) that holds it."""
    return json.loads(zlib.decompress(told.bytes)) if told.bytes else json.loads(told.json)[0]


@cache
def _folder() -> Path:
    """Where this process keeps what browsers load; it goes when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="dlnlp_components_"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def component(module_file: str, html: str) -> Callable[..., Any]:
    """Register the component ``dlnlp.<folder>_<module>`` with the module's own CSS and JavaScript.

    Browsers load both once, as a file: what Streamlit is handed as a text, it sends again with
    every change of what the component shows. A component that is not seen has no ``.css``.

    Args:
        module_file: ``__file__`` of the module.
        html: What the script fills.

    Returns:
        What draws it, as of ``st.components.v2.component``.
    """
    file = Path(module_file)
    name = f"{file.parent.name}_{file.stem}"
    code, html = bundle(file.with_suffix(".js")), _slim(html)
    css = _UNSTYLED if file.with_suffix(".css").exists() else None
    if css is not None:
        html = f"<div data-unstyled>{html}</div>"
    # Another script has another address: nothing that a browser has kept is taken for it.
    loaded = f"{file.stem}.{hashlib.sha256(code.encode()).hexdigest()[:12]}.js"
    folder = _folder() / name
    folder.mkdir(exist_ok=True)
    (folder / loaded).write_text(code, encoding="utf-8")
    js = loaded if serve_component(name, folder) else code  # a text where no server runs
    drawn = st.components.v2.component(f"{PREFIX}.{name}", html=html, css=css, js=js)

    def mount(*, data: Any = None, **options: Any) -> Any:
        serve_component(name, folder)  # in tests every app has a server of its own
        give_way()
        told = packed(data)
        give_way()
        return drawn(data=told, **options)

    return mount
