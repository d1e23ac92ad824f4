"""A training that is followed from outside: what it tells, and what a stop leaves."""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from dlnlp.training.callbacks import Checkpoint
from train.fitting import Progress, fit
from train.rates import RateShape, ScheduleError, Tabulated

STEPS = 5


class Lines:
    """Points on a line; from one step on they are no numbers."""

    def __init__(self, broken_from: int = 10_000) -> None:
        self.broken_from = broken_from

    def plan(self, epoch: int) -> range:
        return range(STEPS)

    def epoch(self, epoch: int, start: int = 0) -> Iterator[tuple]:
        for step in range(start, STEPS):
            x = np.random.default_rng((epoch, step)).standard_normal((4, 1)).astype(np.float32)
            bad = math.nan if epoch * STEPS + step >= self.broken_from else 1.0
            yield x, 2 * x * bad, None


class Follows:
    """Notes what it is told; stops after some steps."""

    def __init__(self, stop_after: int = 10_000) -> None:
        self.told: list[Any] = []
        self.stop_after, self.made = stop_after, 0

    def begin(self, made: int, total: int, epochs: int) -> None:
        self.told.append((made, total, epochs))

    def after_step(self, model: keras.Model, made: int, progress: Progress) -> None:
        self.made = made
        self.told.append(made)

    def after_epoch(self, record: Mapping[str, float]) -> None:
        self.told.append(record["validation_loss"])

    def stopped(self) -> bool:
        return self.made >= self.stop_after

    def diverged(self, reason: str) -> None:
        self.told.append(reason)

    def end(self) -> None:
        self.told.append("end")


def run(
    folder: Path, follower: Follows, losses: list[float], broken_from: int = 10_000
) -> tuple[keras.Model, list[dict[str, float]]]:
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
    found = iter(losses)
    history = fit(
        model, Lines(broken_from), len(losses), Checkpoint(folder, {}),
        lambda: {"loss": next(found)}, follower=follower,
        patience=10,
    )  # fmt: skip
    return model, history


def test_steps_and_epochs_are_told_in_order(tmp_path: Path) -> None:
    follower = Follows()
    run(tmp_path, follower, [0.5, 0.25])
    assert follower.told == [(0, 10, 2), *range(1, 6), 0.5, *range(6, 11), 0.25, "end"]


@pytest.mark.parametrize(("stop_after", "epochs"), [(3, 1), (5, 1), (8, 2)])
def test_a_stop_keeps_what_was_reached(tmp_path: Path, stop_after: int, epochs: int) -> None:
    follower = Follows(stop_after)
    model, history = run(tmp_path, follower, [0.5, 0.25, 0.1])
    assert len(history) == epochs and follower.made == stop_after
    assert int(model.optimizer.iterations) == stop_after, "the best is the newest here"


def test_a_stop_in_a_bad_epoch_leaves_the_best_one(tmp_path: Path) -> None:
    model, history = run(tmp_path, Follows(8), [0.25, 0.5, 0.1])
    assert [record["validation_loss"] for record in history] == [0.25, 0.5]
    assert int(model.optimizer.iterations) == STEPS


def test_a_training_that_diverges_keeps_the_best_epoch_before(tmp_path: Path) -> None:
    follower = Follows()
    model, history = run(tmp_path, follower, [0.5, 0.25, 0.1], broken_from=7)
    assert len(history) == 1 and int(model.optimizer.iterations) == STEPS
    assert follower.told[-2:] == ["the loss of epoch 2/3, batch 3 is nan: lower max_lr", "end"]


def test_one_that_diverges_at_once_keeps_nothing(tmp_path: Path) -> None:
    with pytest.raises(FloatingPointError, match="lower max_lr"):
        run(tmp_path, Follows(), [0.5], broken_from=0)


def test_a_schedule_is_stretched_and_scaled() -> None:
    shape = RateShape.from_json(
        '{"rate": {"kind": "warmup", "after": {"kind": "constant", "value": 0.3}, "steps": 10}, '
        '"steps": 100}'
    )
    rates = shape.over(50, 0.004)
    assert rates[:6].tolist() == pytest.approx([0, 0.0008, 0.0016, 0.0024, 0.0032, 0.004])
    assert rates[5:].tolist() == pytest.approx([0.004] * 45)
    assert RateShape.from_json(json.dumps(shape.as_record())) == shape
    table = Tabulated(rates)
    assert float(table(3)) == pytest.approx(0.0024) and float(table(10_000)) == rates[-1]


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"rate": {"kind": "no"}, "steps": 5}', '{"rate": {"kind": "constant"}, "steps": 5}',
     '{"rate": {"kind": "constant", "value": 0.1}, "steps": 0}', "[" * 100_000],
)  # fmt: skip
def test_what_is_no_schedule_is_one_sentence(text: str) -> None:
    with pytest.raises(ScheduleError, match="cannot be read"):
        RateShape.from_json(text)


def test_a_rate_of_nothing_is_refused() -> None:
    shape = RateShape.from_json('{"rate": {"kind": "constant", "value": 0.0}, "steps": 5}')
    with pytest.raises(ScheduleError, match="nothing would be learned"):
        shape.over(10, 0.1)
