"""Files of a component stand beside its module."""

from pathlib import Path

import pytest

from dlnlp.ui import component
from dlnlp.ui.component import beside

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
