"""The shaded text's contract with the browser."""

from pathlib import Path
from types import ModuleType

import pytest

from dlnlp.ui.shell.component import script
from dlnlp.ui.text import class_bars, editor, highlighted_text


@pytest.mark.parametrize("module", [highlighted_text, editor, class_bars])
def test_script_never_parses_text_as_html(module: ModuleType) -> None:
    text = script(Path(str(module.__file__)).with_suffix(".js"))
    for parser in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert parser not in text
