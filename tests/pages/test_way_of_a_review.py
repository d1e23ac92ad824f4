"""How many modules a review passes through on its way from the page to the shades."""

import inspect
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from streamlit.testing.v1 import AppTest

from dlnlp.explain.attribution import Attribution
from dlnlp.inference.text_result import TextResult
from dlnlp.ui.han.methods import HAN
from dlnlp.ui.text.editor_shading import Shading
from dlnlp.ui.text.highlighted_text import HighlightedTextData
from tests.pages import review_editor

REVIEW = "A zither that nobody has read before. It is good."


def stage(value: Any) -> int:
    """How far a review has come: 0 text, 1 prediction, 2 attribution, 3 view, 4 shades, 5 drawn."""
    if isinstance(value, str):
        return 0 if value == REVIEW else -1
    if isinstance(value, TextResult):
        return 1 if value.text == REVIEW else -1
    if isinstance(value, Attribution):
        return 2 if value.reading.text == REVIEW else -1
    if isinstance(value, dict) and value.keys() >= HighlightedTextData.__required_keys__:
        return 3
    if isinstance(value, dict) and value.keys() >= Shading.__required_keys__:
        return 4
    return -1


def test_a_review_enters_eight_modules_at_most(app: AppTest, tiny_weights: Path) -> None:
    """Counted are modules with a function that takes one stage and returns a later one, or draws.

    Not counted are the page itself, the shell (cache and turns), and what returns a part of a
    stage, such as the tokens.
    """
    app.switch_page("pages/han.py").run()
    entered: dict[str, set[int]] = {}

    def see(frame: FrameType, event: str, returned: Any) -> None:
        module = str(frame.f_globals.get("__name__"))
        if event != "return" or not module.startswith("dlnlp."):
            return
        taken = inspect.getargvalues(frame)
        before = max((stage(taken.locals.get(name)) for name in taken.args), default=-1)
        after = 5 if before == 4 else stage(returned)
        if 0 <= before < after and not module.startswith("dlnlp.ui.shell."):
            entered.setdefault(module, set()).add(after)

    threading.setprofile(see)  # pages run in threads of their own
    try:
        review_editor.write(app, HAN, REVIEW)
    finally:
        threading.setprofile(None)
    assert not app.exception
    assert set().union(*entered.values()) == {1, 2, 3, 4, 5}, "the whole way was seen"
    assert len(entered) <= 8, entered
