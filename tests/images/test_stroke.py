"""Widths of strokes: measured, and changed without breaking what is connected."""

import numpy as np
import pytest

from dlnlp.images.placing import cropped, ink_box
from dlnlp.images.shapes import pieces
from dlnlp.images.stroke import BOX, USUAL_WIDTHS, with_usual_stroke
from tests.images.drawings import STROKES, coverage


def digit(name: str, pen: float, size: int = 500) -> np.ndarray:
    """The digit alone, light ink on black, to its edges."""
    share = coverage(name, size, pen=pen, place=(0.15, 0.15))
    picture = np.rint(share * 255).astype(np.uint8)
    return cropped(picture, ink_box(picture))


def topology(picture: np.ndarray) -> tuple[int, int]:
    """Number of pieces of ink and of paper."""
    mask = np.pad(picture > 127, 1)
    return pieces(mask)[1], pieces(np.repeat(np.repeat(~mask, 2, 0), 2, 1))[1]


@pytest.mark.parametrize("name", sorted(STROKES))
@pytest.mark.parametrize("pen", [0.03, 0.1, 0.16])
def test_the_width_is_measured_in_pixels_of_the_box(name: str, pen: float) -> None:
    expected = BOX * pen / (1 + pen)
    assert with_usual_stroke(digit(name, pen)).before == pytest.approx(expected, rel=0.15, abs=0.1)


@pytest.mark.parametrize("name", sorted(STROKES))
@pytest.mark.parametrize("pen", [0.006, 0.03, 0.25])
def test_unusual_strokes_become_usual_and_stay_connected(name: str, pen: float) -> None:
    drawn = digit(name, pen)
    stroke = with_usual_stroke(drawn)
    assert stroke.after == (USUAL_WIDTHS[0] if pen < 0.1 else USUAL_WIDTHS[1])
    again = with_usual_stroke(cropped(stroke.picture, ink_box(stroke.picture)))
    assert again.before == pytest.approx(stroke.after, rel=0.12)
    assert topology(stroke.picture) == topology(drawn)


def test_usual_strokes_and_blots_are_returned_as_they_are() -> None:
    usual = digit("3", 0.13)
    assert with_usual_stroke(usual).picture is usual
    y, x = np.mgrid[-40:41, -40:41]
    blot = ((np.hypot(x, y) < 40) * 255).astype(np.uint8)
    stroke = with_usual_stroke(blot)
    assert stroke.picture is blot and stroke.before == stroke.after == 0


def test_a_line_of_one_pixel_stays_whole() -> None:
    line = np.zeros((900, 400), np.uint8)
    line[np.arange(900), np.arange(900) * 399 // 899] = 255
    stroke = with_usual_stroke(line)
    assert stroke.after == USUAL_WIDTHS[0]
    assert pieces(stroke.picture > 127)[1] == 1
    rows = np.flatnonzero((stroke.picture > 127).any(1))
    assert np.ptp(rows) > 0.9 * 128


@pytest.mark.parametrize("name", ["7", "2", "5"])
def test_a_thin_line_with_a_blot_stays_whole(name: str) -> None:
    share = coverage(name, 700, pen=0.006, place=(0.15, 0.15))
    y, x = np.mgrid[:700, :700]
    share[(np.abs(y - 0.15 * 700) < 20) & (x > 150) & (x < 420)] = 1  # the first line, twice over
    picture = np.rint(share * 255).astype(np.uint8)
    drawn = cropped(picture, ink_box(picture))
    stroke = with_usual_stroke(drawn)
    assert pieces(stroke.picture > 127)[1] == pieces(drawn > 127)[1]
    long, wide = (np.ptp(np.flatnonzero((stroke.picture > 127).any(axis))) for axis in (1, 0))
    assert long / wide == pytest.approx(drawn.shape[0] / drawn.shape[1], rel=0.15)
