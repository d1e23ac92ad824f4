"""Rate and momentum that change inside compiled training, on JAX and on TensorFlow."""

import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from dlnlp.training.callbacks import Checkpoint, HyperparameterScheduler
from dlnlp.training.optimizers import SGD
from tests.linear_training import (
    BATCH,
    EPOCHS,
    FIXED,
    MOMENTUM,
    RATE,
    STEPS,
    compiled,
    data,
    flat,
    linear_model,
    simulated,
)


def other_backend():
    return "tensorflow" if keras.backend.backend() == "jax" else "jax"


def elsewhere(backend):
    done = subprocess.run(
        [sys.executable, "-m", "tests.linear_training"],
        cwd=Path(__file__).resolve().parents[1],
        env={**os.environ, "KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module", params=["in this process", "on the other backend"])
def found(request):
    if request.param == "on the other backend":
        found = elsewhere(other_backend())
        assert found["backend"] == other_backend()
        return found
    return {
        "nesterov": compiled(MOMENTUM),
        "plain": compiled(MOMENTUM, nesterov=False),
        "fixed": compiled(FIXED),
    }


def test_compiled_fit_is_the_eager_simulation(found):
    for name, nesterov in (("nesterov", True), ("plain", False)):
        np.testing.assert_allclose(found[name]["weights"], simulated(MOMENTUM, nesterov), rtol=2e-5)
    np.testing.assert_allclose(found["fixed"]["weights"], simulated(FIXED), rtol=2e-5)


def test_cycled_momentum_is_not_ignored(found):
    difference = np.abs(np.subtract(found["nesterov"]["weights"], found["fixed"]["weights"]))
    assert difference.max() > 0.01
    assert np.abs(np.subtract(found["nesterov"]["weights"], found["plain"]["weights"])).max() > 0.01


def test_history_holds_what_was_applied(found):
    applied, logs = found["nesterov"]["applied"], found["nesterov"]["logs"]
    steps = np.arange(STEPS * EPOCHS)
    assert applied["step"] == steps.tolist()
    assert applied["learning_rate"] == RATE(steps).astype(np.float32).tolist()
    assert applied["momentum"] == MOMENTUM(steps).astype(np.float32).tolist()
    assert logs["learning_rate"] == applied["learning_rate"][STEPS - 1 :: STEPS]
    assert logs["momentum"] == applied["momentum"][STEPS - 1 :: STEPS]


def fit(model, scheduler, first, last):
    inputs, targets = data()
    model.fit(
        inputs, targets, BATCH, last, initial_epoch=first, shuffle=False, verbose=0,
        callbacks=[scheduler],
    )  # fmt: skip


def test_resume_in_mid_cycle_is_bit_for_bit(tmp_path):
    whole, begun, resumed = linear_model(), linear_model(), linear_model()
    record = HyperparameterScheduler(RATE, MOMENTUM)
    fit(whole, record, 0, 3)
    fit(begun, HyperparameterScheduler(RATE, MOMENTUM), 0, 1)
    assert STEPS % (2 * RATE.step_size_up)  # else it would not be in mid-cycle
    Checkpoint(tmp_path, {}).save(begun, {})
    Checkpoint(tmp_path, {}).load(resumed)
    later = HyperparameterScheduler(RATE, MOMENTUM)
    fit(resumed, later, 1, 3)
    assert flat(resumed).tolist() == flat(whole).tolist()
    assert later.history == {name: values[STEPS:] for name, values in record.history.items()}


def test_fits_after_another_go_on_counting():
    model, scheduler = linear_model(), HyperparameterScheduler(RATE, initial_step=100)
    fit(model, scheduler, 0, 1)
    fit(model, scheduler, 0, 1)
    assert scheduler.history["step"] == list(range(100, 100 + 2 * STEPS))
    assert scheduler.history["learning_rate"][0] == np.float32(RATE(100))


def test_a_loop_of_train_on_batch_is_the_same_training():
    model, scheduler = linear_model(), HyperparameterScheduler(RATE, MOMENTUM)
    scheduler.set_model(model)
    inputs, targets = data()
    for step in range(2 * STEPS):
        rows = slice(step % STEPS * BATCH, (step % STEPS + 1) * BATCH)
        applied = scheduler.apply(step)
        assert applied == {
            "learning_rate": np.float32(RATE(step)), "momentum": np.float32(MOMENTUM(step))
        }  # fmt: skip
        model.train_on_batch(inputs[rows], targets[rows])
    np.testing.assert_allclose(flat(model), simulated(MOMENTUM, steps=2 * STEPS), rtol=2e-5)


def test_either_may_be_left_alone():
    model, scheduler = linear_model(rate=0.05), HyperparameterScheduler(momentum=MOMENTUM)
    fit(model, scheduler, 0, EPOCHS)
    assert set(scheduler.history) == {"step", "momentum"}
    np.testing.assert_allclose(flat(model), simulated(MOMENTUM, rate=lambda step: 0.05), rtol=2e-5)


def test_a_rate_with_its_own_schedule_is_refused():
    model = linear_model()
    own = keras.optimizers.schedules.CosineDecay(0.1, 10)
    model.compile(optimizer=keras.optimizers.SGD(own), loss="mse")
    with pytest.raises(ValueError, match="schedule of its own: give it a number"):
        HyperparameterScheduler(RATE).set_model(model)


def test_an_optimizer_that_ignores_momentum_is_refused():
    model = linear_model()
    model.compile(optimizer=keras.optimizers.SGD(0.1, 0.9), loss="mse")
    with pytest.raises(ValueError, match=r"use dlnlp\.training\.optimizers\.SGD"):
        HyperparameterScheduler(momentum=MOMENTUM).set_model(model)
    HyperparameterScheduler(RATE).set_model(model)


@pytest.mark.parametrize("how", ["steps_per_execution", "gradient_accumulation_steps"])
def test_steps_that_are_no_batches_are_refused(how):
    model = linear_model()
    if how == "steps_per_execution":
        model.compile(optimizer=SGD(0.1), steps_per_execution=2)
    else:
        model.compile(optimizer=SGD(0.1, gradient_accumulation_steps=2))
    with pytest.raises(ValueError, match="one to one"):
        HyperparameterScheduler(RATE).set_model(model)


def test_a_negative_first_step_is_refused():
    with pytest.raises(ValueError, match="initial_step -1"):
        HyperparameterScheduler(RATE, initial_step=-1)
