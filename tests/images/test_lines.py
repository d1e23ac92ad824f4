"""Frames, circles, underlines and axes go; what belongs to a digit stays."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from dlnlp.images import preprocess
from dlnlp.images.ink import find_ink
from tests.images.drawings import STROKES, draw

DIGITS = sorted(STROKES)
SIZE = 280
HOW = {"size": SIZE, "side": 0.5, "place": (0.3, 0.22)}
FAR = SIZE - 12


def lined(digit: str, kind: str, width: int = 3) -> np.ndarray:
    """A digit with a line around or beside it, uint8 [280, 280], dark on light."""
    image = Image.fromarray(draw(digit, **HOW))
    pen = ImageDraw.Draw(image)
    if kind == "frame":
        pen.rectangle((11, 20, FAR, FAR - 15), outline=0, width=width)
    elif kind == "two frames":
        pen.rectangle((5, 5, FAR, FAR), outline=0, width=width)
        pen.rectangle((25, 25, FAR - 20, FAR - 20), outline=0, width=width)
    elif kind == "circle":
        pen.ellipse((14, 8, FAR, FAR), outline=0, width=width)
    elif kind == "open circle":
        pen.arc((14, 8, FAR, FAR), 20, 350, fill=0, width=width)
    elif kind == "underline":
        pen.line((60, 232, 230, 228), fill=0, width=width)
    elif kind == "two underlines":
        pen.line((60, 225, 230, 225), fill=0, width=width)
        pen.line((60, 245, 230, 245), fill=0, width=width)
    elif kind == "overline":
        pen.line((40, 22, 250, 22), fill=0, width=width)
    elif kind == "margin":
        pen.line((24, 4, 24, 276), fill=0, width=width)
    else:
        pen.line((20, 10, 20, 250, 270, 250), fill=0, width=width)
        for place in range(30, 230, 40):
            pen.line((14, 250 - place, 20, 250 - place), fill=0, width=width)
            pen.line((20 + place, 250, 20 + place, 256), fill=0, width=width)
    return np.asarray(image)


KINDS = (
    "frame",
    "two frames",
    "circle",
    "open circle",
    "underline",
    "two underlines",
    "overline",
    "margin",
    "axes",
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [1, 3, 7])
def test_a_line_around_or_beside_a_digit_is_no_part_of_it(kind: str, width: int) -> None:
    for digit in DIGITS:
        alone, found = preprocess(draw(digit, **HOW)), preprocess(lined(digit, kind, width))
        np.testing.assert_allclose(found.image, alone.image, atol=0.02, err_msg=digit)
        step = next(step for step in found.steps if step.name == "background")
        told = step.explanation.endswith("A line around or beside the digit was taken away.")
        assert told or width == 1  # a hair line may be so little ink that it is a speck
        assert "A line" not in "".join(step.explanation for step in alone.steps)


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("pen", [0.01, 0.05, 0.15])
def test_a_digit_alone_loses_nothing(digit: str, pen: float) -> None:
    assert not find_ink(draw(digit, pen=pen)).lines


def _with(digit: str, *lines: tuple[int, ...], width: int = 14) -> np.ndarray:
    image = Image.fromarray(draw(digit, **HOW) if digit else np.full((SIZE, SIZE), 255, np.uint8))
    pen = ImageDraw.Draw(image)
    for line in lines:
        pen.line(line, fill=0, width=width)
    return np.asarray(image)


def test_strokes_that_stand_apart_stay() -> None:
    four = _with("", (90, 60, 60, 150, 200, 150), (160, 90, 160, 240))
    apart = four.copy()
    apart[:, 146:150] = 255  # the upright stroke does not touch the rest
    assert not find_ink(apart).lines
    five = draw("5", SIZE)
    cut = int(SIZE * (0.15 + 0.7 * 0.2))
    five[cut : cut + 8] = 255  # the top bar stands apart
    assert not find_ink(five).lines
    dotted = draw("0", SIZE)
    dotted[130:150, 100:120] = 0
    assert not find_ink(dotted).lines


def test_two_digits_stay_two() -> None:
    for left, right in ("17", "71", "11", "01", "10", "42", "80"):
        both = np.concatenate([draw(left, SIZE), draw(right, SIZE)], axis=1)
        ink = find_ink(both)
        assert not ink.lines
        assert ink.cleaned[:, :SIZE].any() and ink.cleaned[:, SIZE:].any(), left + right


def test_signs_of_straight_lines_stay() -> None:
    equals = _with("", (80, 110, 200, 110), (80, 170, 200, 170))
    assert not find_ink(equals).lines
    fraction = np.concatenate([draw("1", SIZE), draw("7", SIZE)])
    fraction[SIZE - 4 : SIZE + 4, 20:260] = 0
    assert not find_ink(fraction).lines
