"""Schedules over a run: lengths, points drawn, numbers of the summary, the file."""

import csv
import io

import numpy as np
import pytest

from dlnlp.schedules import CosineWarmRestarts, Cyclical, InverseSquareRoot, OneCycle, Warmup
from dlnlp.ui.schedules import charts
from dlnlp.ui.schedules.choice import Choice, build_momentum, build_rate
from dlnlp.ui.schedules.curves import curves_csv, curves_of, cycles, drawn, evaluated_steps, summary
from dlnlp.ui.schedules.kind import Run
from dlnlp.ui.schedules.kinds import KINDS
from dlnlp.ui.schedules.view import View
from tests.ui.schedules.schedule_choices import CHOICES, RUN, name


@pytest.mark.parametrize("choice", CHOICES, ids=name)
def test_every_kind_keeps_within_its_bounds(choice: Choice) -> None:
    steps = np.arange(RUN.steps)
    rate, momentum = build_rate(choice, RUN)(steps), build_momentum(choice, RUN)(steps)
    assert rate.min() >= 0 and rate.max() <= choice.number("peak") * (1 + 1e-9)
    assert rate.max() >= (0.25 if choice.kind == "exp_range" else 0.9) * choice.number("peak")
    assert momentum.min() >= 0 and momentum.max() < 1


def test_lengths_in_epochs_become_steps() -> None:
    choice = Choice("triangular", {"up": 1.5, "divisor": 5.0, "peak": 1.0})
    assert build_rate(choice, RUN) == Cyclical(0.2, 1.0, 30)
    halved = Run(RUN.examples, RUN.batch_size * 2, RUN.epochs)
    assert build_rate(choice, halved) == Cyclical(0.2, 1.0, 15)
    warm = build_rate(Choice("cosine", {"warmup": 2.0}), RUN)
    assert isinstance(warm, Warmup) and (warm.steps, warm.after(200)) == (40, 0.0)
    assert isinstance(build_rate(Choice("noam", {}), RUN), InverseSquareRoot)


@pytest.mark.parametrize("kind", KINDS)
def test_the_shortest_run_has_every_schedule(kind: str) -> None:
    run = Run(1, 1, 1)
    assert np.isfinite(build_rate(Choice(kind, {}), run)(np.arange(run.steps))).all()


def test_momentum_is_antiphase_unless_its_ends_are_equal() -> None:
    choice = Choice("triangular", {"momentum_high": 0.95, "momentum_low": 0.8, "up": 1.0})
    momentum = build_momentum(choice, RUN)
    np.testing.assert_allclose(momentum([0, 20, 40]), [0.95, 0.8, 0.95])
    same = Choice("triangular", {"momentum_high": 0.9, "momentum_low": 0.9})
    assert build_momentum(same, RUN)(20) == 0.9


def test_another_kind_keeps_the_peak() -> None:
    changed = Choice("cosine", {"peak": 0.7, "warmup": 3.0}).with_kind("onecycle")
    assert changed.number("peak") == 0.7 and changed.number("share") == 0.3


def test_points_drawn_keep_peaks_and_valleys() -> None:
    wave = np.sin(np.arange(100_000) / 7.0)
    wave[54_321] = 3.0
    at = drawn(wave, 500)
    assert len(at) <= 502 and at[0] == 0 and at[-1] == len(wave) - 1
    assert wave[at].max() == 3.0 and wave[at].min() == wave.min()
    assert list(drawn(wave[:10], 500)) == list(range(10))


def test_long_runs_are_evaluated_at_evenly_spread_steps() -> None:
    steps = evaluated_steps(10_000_000, 1_000)
    assert len(steps) == 1_000 and steps[0] == 0 and steps[-1] == 9_999_999


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (OneCycle(1.0, 240), 1.0),
        (Cyclical(0.1, 1.0, 20, 40), 4.0),
        (CosineWarmRestarts(1.0, 60), 4.0),
        (CosineWarmRestarts(1.0, 80, multiplier=2), 2.0),
        (Warmup(CosineWarmRestarts(1.0, 100), 40), 2.0),
        (InverseSquareRoot(1.0, 10), None),
    ],
)
def test_cycles_are_counted(schedule: object, expected: float | None) -> None:
    assert cycles(schedule, RUN) == expected  # type: ignore[arg-type]


def test_summary_says_what_is_drawn() -> None:
    view = View(RUN, choices={1: Choice("cosine", {"peak": 0.2, "warmup": 3.0})})
    (row,) = summary(curves_of(view)[0], RUN)
    assert row["schedule"] == "B · Cosine"
    assert row["warm-up"] == "25 % of the run" and row["peak"] == "0.2"
    assert row["cycles"] == "none" and row["momentum"] == "0.9"
    one = View(RUN, choices={0: Choice("onecycle", {})})
    assert summary(curves_of(one)[0], RUN)[0]["momentum"] == "0.85 to 0.95"


def test_file_holds_every_step() -> None:
    view = View(RUN)
    curves, _ = curves_of(view)
    table = list(csv.reader(io.StringIO(curves_csv(curves, RUN).decode("utf-8-sig"))))
    assert table[0][:3] == ["step", "epoch", "A · Cosine 0.3, warm-up: learning rate"]
    assert len(table) == RUN.steps + 1 and {len(row) for row in table} == {8}
    rates = np.array([float(row[6]) for row in table[1:]])
    np.testing.assert_allclose(rates, curves[2].rate, rtol=1e-8)


def test_plot_shows_rate_and_momentum_over_a_shared_axis() -> None:
    for unit, last in (("steps", RUN.steps - 1), ("epochs", (RUN.steps - 1) / 20)):
        view = View(RUN, unit)
        curves, _ = curves_of(view)
        figure = charts.schedules_figure(view, curves, log_rate=False)
        assert [trace.yaxis for trace in figure.data] == ["y", "y2"] * 3
        assert figure.layout.xaxis.matches == "x2"
        assert figure.data[0].x[-1] == pytest.approx(last)
        np.testing.assert_allclose(figure.data[4].y, curves[2].rate, rtol=1e-6)
        assert "C · Cosine 1, warm-up: starts at" in charts.in_words(curves)
    log = charts.schedules_figure(view, curves, log_rate=True)
    assert log.layout.yaxis.type == "log"
