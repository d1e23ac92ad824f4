"""Shades can be read in colour and in grey."""

from typing import get_args

import pytest

from dlnlp.figures.colours import FAINT, INK, Colour, contrast, luminance, tint
from dlnlp.figures.figure import Hue


def grey(colour: Colour) -> Colour:
    """As a printer without colours shows it: the same luminance."""
    linear = luminance(colour)
    part = 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
    return (round(255 * part),) * 3


@pytest.mark.parametrize("hue", get_args(Hue))
def test_words_stand_out_from_every_shade(hue: Hue) -> None:
    for shade in (-1.0, -0.5, 0.0, 0.3, 1.0):
        paper = tint(hue, shade)
        assert contrast(INK, paper) >= 5.5
        assert contrast(grey(INK), grey(paper)) >= 5.5
    assert contrast(FAINT, (255, 255, 255)) >= 4.5


@pytest.mark.parametrize("hue", get_args(Hue))
def test_larger_numbers_are_darker_in_grey_too(hue: Hue) -> None:
    steps = [luminance(grey(tint(hue, shade / 10))) for shade in range(11)]
    assert steps == sorted(steps, reverse=True)
    assert contrast(grey(tint(hue, 1.0)), grey(tint(hue, 0.0))) >= 1.8


def test_contrast_is_that_of_wcag() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)
