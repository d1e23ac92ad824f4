"""Reports of a race as curves: medians and bands over seeds, diverged runs, results."""

import numpy as np

from dlnlp.ui.schedules.race_charts import Racer, band, progress_of, race_figure, results

RACERS = (Racer(0, "A · Constant", np.full(40, 0.1)), Racer(2, "C · Cosine", np.full(40, 0.2)))


def message(step: int, quality: float) -> dict:
    accuracy = [[quality, quality - 0.02, quality - 0.01], [quality, None, 0.2]]
    loss = [[1 - quality] * 3, [0.3, None, 2.0]]
    return {
        "step": step,
        "train_loss": None if step == 0 else loss,
        "loss": loss,
        "accuracy": accuracy,
    }


MESSAGES = [{"steps": 40}, message(0, 0.1), message(20, 0.955), message(30, 0.97)]


def test_reports_become_arrays() -> None:
    progress = progress_of(MESSAGES)
    assert progress.total == 40 and list(progress.step) == [0, 20, 30]
    assert progress.accuracy.shape == progress.train_loss.shape == (3, 2, 3)
    assert np.isnan(progress.train_loss[0]).all() and np.isnan(progress.loss[1, 1, 1])


def test_band_is_lowest_median_highest_of_what_has_not_diverged() -> None:
    low, middle, high = band(np.array([[3.0, 1.0, 2.0], [np.nan, 4.0, 8.0], [np.nan] * 3]))
    np.testing.assert_array_equal(low, [1, 4, np.nan])
    np.testing.assert_array_equal(middle, [2, 6, np.nan])
    np.testing.assert_array_equal(high, [3, 8, np.nan])


def test_figure_draws_what_was_reported() -> None:
    figure = race_figure(RACERS, progress_of(MESSAGES), 4)
    lines = [t for t in figure.data if t.yaxis == "y" and t.fill is None]
    assert [line.name for line in lines] == ["A · Constant", "C · Cosine"]
    np.testing.assert_allclose(lines[0].x, [0, 2, 3])
    np.testing.assert_allclose(lines[0].y, [0.09, 0.945, 0.96])
    rates = [t for t in figure.data if t.yaxis == "y3" and t.name == "A · Constant"]
    assert [len(rate.x) for rate in rates] == [40, 31]
    assert tuple(figure.layout.xaxis.range) == (0, 4)
    assert list(figure.layout.yaxis.range) == [0, 1.02], "a racer below 90 % must stay in sight"


def test_a_race_that_has_not_begun_has_its_rates() -> None:
    for messages in ([], MESSAGES[:1], MESSAGES[:2]):
        figure = race_figure(RACERS, progress_of(messages), 4)
        assert {t.name for t in figure.data} >= {"A · Constant", "C · Cosine"}


def test_training_loss_can_be_shown_instead() -> None:
    figure = race_figure(RACERS, progress_of(MESSAGES), 4, training=True)
    line = next(t for t in figure.data if t.yaxis == "y2" and t.fill is None)
    assert len(line.x) == 2, "there is none before the first step"


def test_results_name_median_range_and_diverged_seeds() -> None:
    first, second = results(RACERS, progress_of(MESSAGES), 4)
    assert first["accuracy (median)"] == "96.0 %"
    assert first["lowest to highest seed"] == "95.0 to 97.0 %"
    assert first["95% after"] == "3.0 epochs" and second["95% after"] == "never"
    assert second["lowest to highest seed"].endswith("1 diverged")
    assert results(RACERS, progress_of([]), 4) == []
