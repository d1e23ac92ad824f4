"""Files of a component stand beside its module."""

import subprocess
import sys
from pathlib import Path

import pytest

from dlnlp.ui.shell import component
from dlnlp.ui.shell.component import beside

UI = Path(component.__file__).parent


def test_the_file_beside_a_module_is_read(tmp_path: Path) -> None:
    (tmp_path / "view.js").write_text("let é;", encoding="utf-8")
    assert beside(str(tmp_path / "view.py"), ".js") == "let é;"
    with pytest.raises(FileNotFoundError):
        beside(str(tmp_path / "view.py"), ".css")


def test_every_script_and_style_has_its_module() -> None:
    files = [*UI.rglob("*.js"), *UI.rglob("*.css")]
    assert files
    for path in files:
        assert "component(__file__" in path.with_suffix(".py").read_text(encoding="utf-8"), path


FIGURES_BESIDE_AN_IMPORT = """
import threading
import dlnlp.ui.shell.{module}
import plotly.graph_objects as go
other = threading.Thread(target=__import__, args=("pandas",))
other.start()
while True:
    go.Scatter(x=[1, 2], y=[0.5, 1.0])
    if not other.is_alive():
        break
"""


@pytest.mark.parametrize("module", ["charts", "component"])
def test_figures_can_be_made_while_another_script_loads_its_modules(module: str) -> None:
    """Two first visitors at once: one script loads pandas while the other draws."""
    program = FIGURES_BESIDE_AN_IMPORT.format(module=module)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
