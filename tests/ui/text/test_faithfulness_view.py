"""Curves, bands, and the sentence about them."""

import numpy as np
import pytest

from dlnlp.explain.faithfulness import SHARES, Curves, Faithfulness
from dlnlp.ui.text.faithfulness_view import (
    correlations,
    faithfulness_figure,
    plain_words,
    share_beaten,
)

NAMES = {"a": "Attention", "g": "Gradients", "n": "Norm"}


def made(a: float, g: float, mode="delete") -> Faithfulness:
    """Twenty random rankings of 0 to 0.19; two methods of these mean comprehensivenesses."""
    random = np.repeat(np.arange(20)[:, None] / 100, 8, axis=1).reshape(20, 2, 4)
    curves = {name: Curves(np.full(4, x), np.full(4, -x)) for name, x in (("a", a), ("g", g))}
    return Faithfulness(mode, SHARES, np.array([1, 2, 4, 10]), 0.9, curves, random)


@pytest.mark.parametrize(
    ("a", "beaten", "words"),
    [
        (0.4, 1.0, "do matter here"),
        (0.145, 0.75, "little guide"),
        (-0.05, 0.0, "do not speak for “5 stars”"),
    ],
)
def test_the_verdict_follows_the_random_rankings(a, beaten, words) -> None:
    measured = made(a, 0.6)
    assert share_beaten(measured, "a") == pytest.approx(beaten)
    told = plain_words(measured, NAMES, "5 stars")
    assert words in told and ("falls" if a >= 0 else "rises") in told
    assert f"{abs(100 * a):.1f} points" in told and "Gradients finds words that matter more" in told
    assert "matter more" not in plain_words(made(0.6, 0.6), NAMES, "5 stars")
    assert plain_words(made(a, 0, "unknown"), NAMES, "x").startswith("With UNK in place of")


def test_each_panel_holds_all_methods_and_the_band() -> None:
    figure = faithfulness_figure(made(0.4, 0.6), NAMES, "comprehensiveness")
    assert [trace.name for trace in figure.data] == ["random (9 of 10)", "Attention", "Gradients"]
    band, first = figure.data[0], figure.data[1]
    assert max(band.y) == pytest.approx(0.1805) and min(band.y) == pytest.approx(0.0095)
    assert list(first.y) == [0.4] * 4 and list(first.x) == ["5 %", "10 %", "20 %", "50 %"]
    assert len({trace.marker.symbol for trace in figure.data[1:]}) == 2  # not by colour alone
    other = faithfulness_figure(made(0.4, 0.6), NAMES, "sufficiency")
    assert list(other.data[1].y) == [-0.4] * 4


def test_correlations_leave_out_signs_that_only_one_method_has() -> None:
    ramp = np.arange(6.0)
    rows = correlations({"a": ramp, "g": -ramp, "n": 0 * ramp}, NAMES, {"a"})
    assert [row["Kendall's τ"] for row in rows] == ["+1.00", "none: all equal", "none: all equal"]
    assert [row["compared"] for row in rows] == ["by size", "by size", "with sign"]
    assert correlations({"a": ramp, "g": -ramp}, NAMES, set())[0]["Kendall's τ"] == "−1.00"
