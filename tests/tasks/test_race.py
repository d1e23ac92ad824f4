"""The race and the range test, in the worker's process as on the page."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dlnlp.schedules import Constant, Cosine, OneCycle, Schedule, antiphase, to_dict
from dlnlp.training.range_analysis import analyse
from dlnlp.ui.schedules.choice import Choice
from dlnlp.ui.schedules.curves import curves_of
from dlnlp.ui.schedules.race import TASK, arguments_of
from dlnlp.ui.schedules.view import RaceSettings, View
from dlnlp.ui.shell.range_charts import gathered
from dlnlp.worker.worker import Job, Worker


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()


def finished(job: Job, seconds: float = 120) -> Job:
    end = time.monotonic() + seconds
    while job.active:
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)
    return job


def arguments(*pairs: tuple[Schedule, Schedule], **more: Any) -> dict[str, Any]:
    schedules = [{"rate": to_dict(rate), "momentum": to_dict(m)} for rate, m in pairs]
    sizes = {"steps": 66, "epochs": 3, "batch_size": 64, "seeds": 2}
    return {"schedules": schedules, **sizes, **more}


def race(worker: Worker, *pairs: tuple[Schedule, Schedule], **more: Any) -> Job:
    return finished(worker.submit("dlnlp.tasks.race:race", arguments(*pairs, **more)))


STEADY = (Constant(0.05), Constant(0.9))


def test_side_by_side_training_is_training(worker: Worker) -> None:
    job = finished(worker.submit("tests.race_reference:compare", {}))
    assert job.error == "" and job.result["moved"] > 0.01
    assert job.result["apart"] < 1e-5
    assert job.result["losses"] < 1e-5 and job.result["quality"] < 1e-5


def test_a_race_reports_as_it_goes_and_the_network_learns(worker: Worker) -> None:
    cycle = OneCycle(0.1, 66)
    job = race(worker, STEADY, (cycle, antiphase(cycle, 0.85, 0.95)))
    assert (job.state, job.error) == ("done", "") and job.result == {"step": 66}
    first, *points = job.messages
    assert first == {"steps": 66}
    assert [point["step"] for point in points] == list(range(67)), "a report for each step"
    assert points[0]["train_loss"] is None
    accuracy = np.array([point["accuracy"] for point in points])
    assert accuracy.shape[1:] == (2, 2)
    assert accuracy[0].max() < 0.4 and accuracy[-1].min() > 0.85


def test_what_the_page_asks_for_can_be_raced(worker: Worker) -> None:
    view = View(race=RaceSettings(epochs=1, batch_size=256, seeds=1))
    view = replace(view, choices={**view.choices, 3: Choice("exp_range", {})})
    curves, _ = curves_of(view)
    job = finished(worker.submit(TASK, arguments_of(view, curves.values())))
    assert (job.state, job.error) == ("done", "") and job.result == {"step": 6}
    assert np.array(job.messages[-1]["accuracy"]).shape == (4, 1)


def test_equal_schedules_run_alike_and_seeds_do_not(worker: Worker) -> None:
    """The same weights and batches for all schedules of a seed: else it would be no race."""
    last = race(worker, STEADY, STEADY).messages[-1]
    first, second = np.array(last["loss"])
    np.testing.assert_allclose(first, second, rtol=1e-6)
    assert abs(first[0] - first[1]) > 1e-6


def test_a_schedule_is_stretched_onto_the_race(worker: Worker) -> None:
    short = race(worker, (Cosine(0.1, 66), Constant(0.9)), seeds=1).messages[-1]
    long = race(worker, (Cosine(0.1, 6_600), Constant(0.9)), seeds=1, steps=6_600).messages[-1]
    np.testing.assert_allclose(long["loss"], short["loss"], rtol=1e-4)


def test_momentum_matters_in_the_compiled_step(worker: Worker) -> None:
    message = race(worker, STEADY, (Constant(0.05), Constant(0.0)), seeds=1).messages[-1]
    (with_momentum,), (without,) = message["loss"]
    assert with_momentum < 0.8 * without


def test_a_diverged_run_is_none_and_spares_the_others(worker: Worker) -> None:
    job = race(worker, (Constant(900.0), Constant(0.99)), STEADY, seeds=1)
    assert job.state == "done"
    last = job.messages[-1]
    assert last["loss"][0][0] is None or last["loss"][0][0] > 2
    assert last["accuracy"][1][0] > 0.85


def test_a_race_stops_when_told(worker: Worker) -> None:
    job = worker.submit(
        "dlnlp.tasks.race:race", arguments(STEADY, epochs=40, batch_size=16, seeds=4)
    )
    while len(job.messages) < 4 and job.active:
        time.sleep(0.005)
    worker.cancel(job)
    finished(job)
    assert job.state == "cancelled" and 0 < job.result["step"] < 40 * 85


@pytest.mark.parametrize(
    "more",
    [
        {"epochs": 0},
        {"epochs": 10_000},
        {"batch_size": 1},
        {"seeds": 99},
        {"steps": 0},
        {"seeds": "many"},
        {"schedules": []},
        {"schedules": [{"rate": {"kind": "unheard_of"}, "momentum": {}}]},
    ],
)
def test_nonsense_is_one_sentence(worker: Worker, more: dict[str, Any]) -> None:
    job = finished(worker.submit("dlnlp.tasks.race:race", {**arguments(STEADY), **more}))
    assert job.state == "failed" and job.error and "\n" not in job.error


RANGE = {"min_lr": 1e-4, "max_lr": 2.0, "steps": 120, "momentum": 0.9, "batch_size": 32}


def test_a_range_test_can_be_analysed(worker: Worker) -> None:
    job = finished(worker.submit("dlnlp.tasks.race:range_test", RANGE))
    assert (job.state, job.error) == ("done", "") and len(job.result["notes"]) == 1
    assert job.messages[0] == {"steps": 120, "seeds": 1}
    rates = [rate for message in job.messages[1:] for rate in message["rates"]]
    losses = [loss for message in job.messages[1:] for loss in message["losses"]]
    result = analyse(rates, [np.nan if loss is None else loss for loss in losses])
    best = result.suggestion("smith_max")
    assert best is not None and 0.005 < best.rate < 1


def test_seeds_of_a_range_test_differ_and_the_first_is_that_of_a_single_one(
    worker: Worker,
) -> None:
    sizes = {"steps": 40, "batch_size": 64}
    several, single = (
        finished(worker.submit("dlnlp.tasks.race:range_test", {**RANGE, **sizes, "seeds": seeds}))
        for seeds in (3, 1)
    )
    runs = gathered(several.messages)
    assert several.error == "" and len(runs) == len(several.result["notes"]) == 3
    np.testing.assert_allclose(runs[0], gathered(single.messages)[0], rtol=1e-4)
    starts = [losses[0] for _, losses in runs]
    assert len({round(loss, 4) for loss in starts}) == 3
    longest = max((rates for rates, _ in runs), key=len)  # one that diverges is shorter
    for rates, _ in runs:
        np.testing.assert_allclose(rates, longest[: len(rates)], rtol=1e-6)


@pytest.mark.parametrize(
    "more",
    [{"min_lr": 3.0}, {"momentum": 1.5}, {"steps": 2}, {"batch_size": "all"}, {"seeds": 9}],
)
def test_a_nonsensical_range_test_is_refused(worker: Worker, more: dict[str, Any]) -> None:
    job = finished(worker.submit("dlnlp.tasks.race:range_test", {**RANGE, **more}))
    assert job.state == "failed" and "cannot be run" in job.error
