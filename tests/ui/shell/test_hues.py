"""Hues outside of components: the theme's."""

from pathlib import Path

from dlnlp.figures.colours import HUES, hexadecimal
from dlnlp.ui.shell.hues import hue

UI = Path(__file__).resolve().parents[3] / "dlnlp" / "ui"


def test_light_hues_are_those_of_exports_and_dark_ones_differ() -> None:
    for name, colour in HUES.items():
        light, dark = hue(name).removeprefix("light-dark(").removesuffix(")").split(", ")
        assert light == hexadecimal(colour) and dark.startswith("#") and dark != light


def test_html_outside_of_components_has_no_hue_of_its_own() -> None:
    for path in UI.rglob("*.py"):
        code = path.read_text(encoding="utf-8")
        assert "217,96,26" not in code and "43,127,217" not in code, path
        for colour in HUES.values():
            assert ",".join(map(str, colour)) not in code.replace(" ", ""), path
