"""Files of a component stand beside its module."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.proto.BidiComponent_pb2 import BidiComponent

from dlnlp.ui.shell import component
from dlnlp.ui.shell.component import bundle, packed, script, style, unpacked

UI = Path(component.__file__).parents[1]


def test_a_script_holds_what_it_imports_once(tmp_path: Path) -> None:
    (tmp_path / "shell").mkdir()
    (tmp_path / "shell" / "a.js").write_text("export const a = 1;\n", encoding="utf-8")
    (tmp_path / "shell" / "b.js").write_text(
        'import { a } from "./a.js";\nexport function b() {\n  return a;\n}\n', encoding="utf-8"
    )
    view = tmp_path / "page" / "view.js"
    view.parent.mkdir()
    view.write_text(
        'import { a } from "../shell/a.js";\nimport {\n  b,\n} from "../shell/b.js";\n'
        "export default function () {\n  return a + b();\n}\n",
        encoding="utf-8",
    )
    assert script(view) == (
        "const a = 1;\nfunction b() {\n  return a;\n}\n"
        "export default function () {\n  return a + b();\n}\n"
    )
    view.write_text('import { c } from "../shell/c.js";\n', encoding="utf-8")
    with pytest.raises(FileNotFoundError):
        script(view)


def test_what_the_browser_gets_imports_nothing_and_declares_each_name_once() -> None:
    for path in UI.rglob("*.js"):
        text = script(path)
        assert not re.search(r"^import\b", text, re.MULTILINE), path
        names = re.findall(r"^(?:export )?(?:const|let|function|class) (\w+)", text, re.MULTILINE)
        assert len(names) == len(set(names)), path


def test_a_style_takes_each_imported_style_once(tmp_path: Path) -> None:
    (tmp_path / "hues.css").write_text(".a { color: red; }\n", encoding="utf-8")
    (tmp_path / "scales.css").write_text('@import "hues.css";\n.b { top: 0; }\n')
    (tmp_path / "view.css").write_text(
        '@import "hues.css";\n@import "scales.css";\n.c { top: 1px; }\n'
    )
    found = ".a { color: red; }\n.b { top: 0; }\n.c { top: 1px; }\n"
    assert style(tmp_path / "view.css") == found
    (tmp_path / "view.css").write_text('@import "none.css";\n')
    with pytest.raises(FileNotFoundError):
        style(tmp_path / "view.css")


def test_what_the_browser_gets_holds_all_its_styles() -> None:
    shared = set()
    for path in UI.rglob("*.css"):
        assert "@import" not in style(path), path
        names = re.findall('@import "(.*)"', path.read_text(encoding="utf-8"))
        shared |= {(path.parent / name).resolve() for name in names}
    for path in UI.rglob("*.css"):
        # A component's own, or one that several components import.
        assert path.with_suffix(".js").exists() or path in shared, path


def test_every_script_has_its_module() -> None:
    scripts = [*UI.rglob("*.js")]
    assert scripts
    texts = {path: path.read_text(encoding="utf-8") for path in scripts}
    for path in scripts:
        module = path.with_suffix(".py")
        if module.exists():
            assert "component(__file__" in module.read_text(encoding="utf-8"), path
        else:  # what several components import
            assert "export default" not in texts[path], path


FIGURES_BESIDE_AN_IMPORT = """
import threading
import dlnlp.ui.shell.{module}
import plotly.graph_objects as go
other = threading.Thread(target=__import__, args=("pandas",))
other.start()
while True:
    go.Scatter(x=[1, 2], y=[0.5, 1.0])
    other.join(0.001)
    if not other.is_alive():
        break
"""


@pytest.mark.parametrize("module", ["charts", "component"])
def test_figures_can_be_made_while_another_script_loads_its_modules(module: str) -> None:
    """Two first visitors at once: one script loads pandas while the other draws."""
    program = FIGURES_BESIDE_AN_IMPORT.format(module=module)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_component_takes_its_style_along_and_unpacks_what_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "view.js").write_text("// drawn\nexport default function ({ data }) {}\n")
    (tmp_path / "view.css").write_text('/* plain */\n.a::after { content: "x"; }\n')
    code = bundle(tmp_path / "view.js")
    assert "const drawComponent = function ({ data }) {}" in code
    assert 'replaceSync(".a::after { content: \\"x\\"; }\\n")' in code
    assert len(re.findall("export default", code)) == 1


@pytest.mark.parametrize("data", [{"a": 1}, {"text": "é\ud800 ☐ " * 900, "shades": [0.5] * 99}])
def test_what_a_component_is_told_is_deflated_and_read_back(data: dict[str, object]) -> None:
    told, message = packed(data), BidiComponent()
    if isinstance(told, bytes):
        message.bytes = told
        assert len(told) < len(json.dumps(data)) / 10
    else:
        message.json = json.dumps(told)
    assert unpacked(message) == data
