"""Bars say the numbers they were given, to eyes and to screen readers, and stay inert."""

import re

import numpy as np

from dlnlp.ui.text.probability_bars import bars_html, bars_in_words
from tests.ui.text.attention_results import STARS

SHARES = np.array([0.05, 0.1, 0.2, 0.25, 0.4], dtype=np.float32)


def test_values_are_written_best_class_first() -> None:
    drawn = bars_html(STARS, SHARES)
    assert re.findall(r">([\d.]+ %)<", drawn) == ["40.0 %", "25.0 %", "20.0 %", "10.0 %", "5.0 %"]
    assert re.findall(r'value best">([\d.]+ %)<', drawn) == ["40.0 %"]


def test_width_is_proportional() -> None:
    widths = [float(w) for w in re.findall(r"width:([\d.]+)%", bars_html(STARS, SHARES))]
    np.testing.assert_allclose(np.array(widths) / widths[0], SHARES[::-1] / SHARES[-1], rtol=1e-3)
    certain = bars_html(("no", "yes"), np.array([0, 1], np.float32))
    assert max(float(w) for w in re.findall(r"width:([\d.]+)%", certain)) < 80  # room for values


def test_a_screen_reader_hears_all_values() -> None:
    assert "5 stars 40.0 %" in bars_in_words(STARS, SHARES)
    assert bars_in_words(STARS, SHARES) in bars_html(STARS, SHARES)


def test_names_are_escaped() -> None:
    drawn = bars_html(('<img src=x onerror="alert(1)">', "b"), np.array([0.5, 0.5], np.float32))
    assert "<img" not in drawn
