"""The shaded text's contract with the browser."""

from typing import Any

import pytest

from dlnlp.ui.shell.component import beside
from dlnlp.ui.text import highlighted_text
from dlnlp.ui.text.method_text import MethodText
from dlnlp.ui.text.shaded_text import view_data
from tests.ui.text.attributions import make_attribution

DATA = view_data(make_attribution("good bad. one two"), MethodText("", "", ""))


@pytest.mark.parametrize(
    "picked",
    [
        None,
        "row",
        [],
        {},
        {"row": -1},
        {"row": 2, "span": None},
        {"row": True, "span": None},
        {"row": 0.0, "span": None},
        {"row": 0, "span": 2},  # a word of the other row
        {"row": 1, "span": "2"},
        {"row": 0, "span": 99},
    ],
)
def test_what_the_browser_invents_is_dropped(picked: Any) -> None:
    assert highlighted_text.valid_selection(picked, DATA) is None


def test_honest_clicks_are_kept() -> None:
    word = {"row": 1, "span": 2}
    assert highlighted_text.valid_selection(word, DATA) == word
    row = {"row": 1, "span": None, "more": "ignored"}
    assert highlighted_text.valid_selection(row, DATA) == {"row": 1, "span": None}


def test_script_never_parses_text_as_html() -> None:
    script = beside(highlighted_text.__file__, ".js")
    for parser in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert parser not in script
