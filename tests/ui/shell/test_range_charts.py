"""The figure of a range test shows losses, their smoothed curve and every suggestion."""

import numpy as np

from dlnlp.training.range_analysis import analyse
from dlnlp.ui.shell.range_charts import NAMES, live_figure, range_figure


def test_suggestions_are_drawn_where_they_are() -> None:
    rates = np.geomspace(1e-4, 1, 120)
    losses = 2 - 1.8 / (1 + (0.01 / rates) ** 2) + 40 * np.maximum(rates - 0.3, 0) ** 2
    result = analyse(rates, [*losses[:-5], *[np.nan] * 5])
    figure = range_figure((result,))
    assert {s.name for s in result.suggestions} == set(NAMES)
    by_name = {trace.name: trace for trace in figure.data}
    for suggestion in result.suggestions:
        line = by_name[f"{NAMES[suggestion.name]}: {suggestion.rate:.2g}"]
        assert tuple(line.x) == (suggestion.rate,) * 2
    assert figure.layout.yaxis.range[1] < 5, "a divergence must not press the curve flat"


def test_seeds_are_drawn_as_a_band_and_suggestions_with_their_spread() -> None:
    rates = np.geomspace(1e-4, 1, 120)
    results = [analyse(rates, 2 - 1.8 / (1 + (w / rates) ** 2)) for w in (0.005, 0.01, 0.02)]
    figure = range_figure(results)
    by_name = {trace.name: trace for trace in figure.data}
    shaded = by_name["3 seeds"]
    assert shaded.fill == "toself" and len(shaded.x) == 2 * len(rates)
    smoothed = [result.smoothed for result in results]
    assert (shaded.y.max(), shaded.y.min()) == (np.max(smoothed), np.min(smoothed))
    ends = by_name["Steepest descent: spread"]
    suggested = [result.suggestion("steepest").rate for result in results]  # type: ignore[union-attr]
    assert (min(ends.x), max(ends.x)) == (min(suggested), max(suggested))
    assert "each batch" not in by_name


def test_a_high_start_does_not_press_the_curve_flat() -> None:
    rates = np.geomspace(1e-4, 1, 120)
    losses = 2 - 1.8 / (1 + (0.01 / rates) ** 2)
    losses[:3] = 1e6, 5e5, 2e5
    assert range_figure((analyse(rates, losses),)).layout.yaxis.range[1] < 5


def test_a_loss_that_never_fell_is_drawn_without_suggestions() -> None:
    rates = np.geomspace(1e-4, 1, 50)
    assert len(range_figure((analyse(rates, np.linspace(1, 9, 50)),)).data) == 2


def test_live_figure_has_the_axis_of_the_whole_test() -> None:
    figure = live_figure([([1e-3, 1e-2], [2.0, 1.0]), ([1e-3], [2.0])], (1e-3, 10.0))
    assert [trace.name for trace in figure.data] == ["seed 1", "seed 2"]
    np.testing.assert_allclose(figure.layout.xaxis.range, [-3, 1])
