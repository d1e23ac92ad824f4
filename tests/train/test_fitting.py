"""The loop itself: what is kept within an epoch, and when; what a finished run does."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest

import train.fitting
from dlnlp.training.callbacks import Checkpoint
from train.fitting import best_epoch, fit
from train.texts.text_optimizer import warmed_adamw

STEPS, EPOCHS = 5, 2


class Lines:
    """Points on a line, other ones in each step of each epoch."""

    def plan(self, epoch: int) -> range:
        return range(STEPS)

    def epoch(self, epoch: int, start: int = 0) -> Iterator[tuple]:
        for step in range(start, STEPS):
            x = np.random.default_rng((epoch, step)).standard_normal((4, 1)).astype(np.float32)
            yield x, 2 * x, None


def line() -> keras.Model:
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
    return model


class Watched(Checkpoint):
    """Notes what it is given to keep."""

    kept: list[dict]

    def save(self, model: keras.Model, notes: dict) -> None:
        super().save(model, notes)
        self.kept.append(notes)


def watched(folder: Path) -> Watched:
    checkpoint = Watched(folder, {})
    checkpoint.kept = []
    return checkpoint


def test_the_state_is_kept_every_so_many_minutes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    minutes = count(0.0, 24.0)  # seconds at each look at the clock: once a step, and at each save
    clock = SimpleNamespace(monotonic=lambda: next(minutes), perf_counter=lambda: 7.0)
    monkeypatch.setattr(train.fitting, "time", clock)
    checkpoint = watched(tmp_path)
    history = fit(line(), Lines(), EPOCHS, checkpoint, lambda: {"loss": 0.5}, every=1.0)
    steps = [len(notes.get("unfinished", {}).get("losses", [])) for notes in checkpoint.kept]
    assert steps == [3, 0, 3, 0]  # 72 seconds after the save before, and after each epoch
    assert checkpoint.kept[0]["unfinished"]["losses"][1] > 0
    assert [set(record) for record in history] == [{"loss", "seconds", "validation_loss"}] * 2
    # All is done: no step, no validation.
    assert fit(line(), Lines(), EPOCHS, Checkpoint(tmp_path, {}), lambda: 1 / 0) == history


def test_a_short_epoch_is_kept_at_its_end_only(tmp_path: Path) -> None:
    checkpoint = watched(tmp_path)
    fit(line(), Lines(), 1, checkpoint, lambda: {})
    assert [list(notes) for notes in checkpoint.kept] == [["history"]]


def test_an_end_during_validation_repeats_no_step(tmp_path: Path) -> None:
    def interrupted() -> dict[str, float]:
        raise KeyboardInterrupt

    whole = fit(line(), Lines(), 1, Checkpoint(tmp_path / "whole", {}), lambda: {})
    with pytest.raises(KeyboardInterrupt):
        fit(line(), Lines(), 1, Checkpoint(tmp_path / "cut", {}), interrupted, every=0)
    steps = []
    again = fit(
        line(), Lines(), 1, Checkpoint(tmp_path / "cut", {}), lambda: {},
        before=lambda *at: steps.append(at), every=0,
    )  # fmt: skip
    assert steps == []
    assert again[0]["loss"] == whole[0]["loss"]


def test_training_ends_when_validation_no_longer_improves_and_keeps_the_best(
    tmp_path: Path,
) -> None:
    losses, seen = iter([3.0, 1.0, 2.0, 1.0, 0.1]), []
    model = line()

    def validate() -> dict[str, float]:
        seen.append(model.get_weights()[0].item())
        return {"loss": next(losses)}

    place = Checkpoint(tmp_path, {})
    history = fit(model, Lines(), 10, place, validate, patience=2)
    assert [record["validation_loss"] for record in history] == [3.0, 1.0, 2.0, 1.0]
    assert best_epoch(history) == 1
    assert model.get_weights()[0].item() == seen[1] != seen[3]
    # The same command again trains nothing and ends with the same weights.
    again = line()
    place = Checkpoint(tmp_path, {})
    assert fit(again, Lines(), 10, place, lambda: 1 / 0, patience=2) == history
    assert again.get_weights()[0].item() == seen[1]


def test_an_interruption_does_not_change_the_best(tmp_path: Path) -> None:
    def validated(values: list[float]) -> Iterator[dict[str, float]]:
        for value in values:
            yield {"loss": value}
        raise KeyboardInterrupt

    whole, cut = line(), line()
    found = iter(validated([3.0, 1.0, 2.0, 1.0]))
    fit(whole, Lines(), 10, Checkpoint(tmp_path / "a", {}), lambda: next(found),
        patience=2)  # fmt: skip
    parts = iter(validated([3.0, 1.0]))
    with pytest.raises(KeyboardInterrupt):
        fit(cut, Lines(), 10, Checkpoint(tmp_path / "b", {}), lambda: next(parts),
            patience=2)  # fmt: skip
    rest = iter(validated([2.0, 1.0]))
    resumed = line()
    fit(resumed, Lines(), 10, Checkpoint(tmp_path / "b", {}), lambda: next(rest),
        patience=2)  # fmt: skip
    assert resumed.get_weights()[0].item() == whole.get_weights()[0].item()


def test_the_rate_warms_up_and_decays() -> None:
    rate = warmed_adamw(100, max_lr=0.2, embedding_rate=0.1, weight_decay=0.01)._learning_rate
    assert [float(rate(step)) for step in (0, 5, 100)] == pytest.approx([0.0, 0.2, 0.0], abs=1e-6)
    assert 0.05 < float(rate(60)) < float(rate(30)) < 0.2
