"""The sheet's contract with the browser."""

from pathlib import Path
from typing import Any

import pytest

from dlnlp.ui.mnist_cnn import drawing_canvas
from dlnlp.ui.mnist_cnn.drawing_canvas import Stroke, as_json, valid_drawing, valid_width

HONEST = [{"w": 60, "p": [1, 2, -100, 1100]}, {"w": 20, "p": [5, 5], "f": [40]}]


def test_honest_drawings_are_read_and_written_alike() -> None:
    drawing = valid_drawing(HONEST)
    assert drawing == (Stroke(60, (1, 2, -100, 1100)), Stroke(20, (5, 5), (40,)))
    assert as_json(drawing) == HONEST
    assert valid_drawing([]) == ()


@pytest.mark.parametrize(
    "value",
    [
        None,
        "strokes",
        {"w": 60},
        [None],
        [{}],
        [{"w": 60}],
        [{"w": 60, "p": []}],
        [{"w": 60, "p": [1]}],
        [{"w": 60, "p": [1, 2, 3]}],
        [{"w": 60, "p": [1.5, 2]}],
        [{"w": 60, "p": [True, 2]}],
        [{"w": 60, "p": [1, 1e9]}],
        [{"w": 60, "p": [1, 1101]}],
        [{"w": 60, "p": "12"}],
        [{"w": 0, "p": [1, 2]}],
        [{"w": 10**9, "p": [1, 2]}],
        [{"w": 60, "p": [1, 2], "f": [0]}],
        [{"w": 60, "p": [1, 2], "f": [50, 50]}],
        [{"w": 60, "p": [1, 2], "f": None}],
        [{"w": 60, "p": [1, 2]}] * 101,
        [{"w": 60, "p": [1, 2] * 2_001}] * 2,
        [{"w": 60, "p": [1, 2]}, {"w": 60, "p": [1, "2"]}],
    ],
)
def test_what_the_browser_invents_is_dropped(value: Any) -> None:
    assert valid_drawing(value) is None


@pytest.mark.parametrize(("value", "width"), [(60, 60), (19, None), (161, None), ("60", None)])
def test_width_of_the_pen(value: Any, width: int | None) -> None:
    assert valid_width(value) == width


def test_script_never_parses_text_as_html() -> None:
    script = Path(drawing_canvas.__file__).with_suffix(".js").read_text(encoding="utf-8")
    for parser in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert parser not in script
