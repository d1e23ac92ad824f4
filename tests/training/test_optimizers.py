"""SGD whose momentum is a variable."""

import keras
import numpy as np
import pytest

from dlnlp.training.optimizers import SGD
from tests.linear_training import BATCH, FIXED, STEPS, data, flat, linear_model, simulated


def train(model, steps, before=lambda step: None):
    inputs, targets = data()
    for step in range(steps):
        before(step)
        rows = slice(step % STEPS * BATCH, (step % STEPS + 1) * BATCH)
        model.train_on_batch(inputs[rows], targets[rows])


@pytest.mark.parametrize("nesterov", [False, True])
def test_constant_momentum_is_keras_sgd(nesterov):
    ours = linear_model(nesterov, rate=0.02, momentum=0.9)
    theirs = linear_model()
    theirs.compile(optimizer=keras.optimizers.SGD(0.02, 0.9, nesterov=nesterov), loss="mse")
    train(ours, 15)
    train(theirs, 15)
    np.testing.assert_allclose(flat(ours), flat(theirs), rtol=1e-6)


def test_assigned_momentum_acts_after_compilation():
    model = linear_model(rate=0.02, momentum=0.95)

    def lower(step):
        if step == 5:
            model.optimizer.momentum = 0.5

    train(model, 15, lower)
    changing = simulated(lambda step: 0.95 if step < 5 else 0.5, rate=lambda step: 0.02, steps=15)
    constant = simulated(FIXED, rate=lambda step: 0.02, steps=15)
    np.testing.assert_allclose(flat(model), changing, rtol=2e-5)
    assert np.abs(flat(model) - constant).max() > 0.01


def test_momentum_from_zero_still_has_a_velocity():
    """Keras' own makes none where momentum is 0 at first."""
    model = linear_model(rate=0.02, momentum=0.0)

    def raise_it(step):
        model.optimizer.momentum = 0.9

    train(model, 10, raise_it)
    np.testing.assert_allclose(
        flat(model),
        simulated(lambda step: 0.9, rate=lambda step: 0.02, steps=10),
        rtol=2e-5,
    )


def test_momentum_is_saved_and_restored_with_the_variables(tmp_path):
    model = linear_model(rate=0.02, momentum=0.95)
    train(model, 5)
    model.optimizer.momentum = 0.625
    assert [v.name for v in model.optimizer.variables][:3] == [
        "iteration", "learning_rate", "momentum"
    ]  # fmt: skip
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert isinstance(again.optimizer, SGD) and again.optimizer.nesterov
    assert float(keras.ops.convert_to_numpy(again.optimizer.momentum)) == 0.625
    train(model, 5)
    train(again, 5)
    assert flat(again).tolist() == flat(model).tolist()


def test_configuration_round_trip():
    optimizer = SGD(0.5, 0.75, nesterov=True, global_clipnorm=1.0, name="sgd")
    optimizer.momentum = 0.875
    again = SGD.from_config(optimizer.get_config())
    assert again.get_config() == optimizer.get_config()
    assert again.get_config()["momentum"] == 0.875 and again.nesterov
    assert again.global_clipnorm == 1.0


@pytest.mark.parametrize("value", [-0.1, 1.0, float("nan")])
def test_nonsense_is_refused_with_its_value(value):
    with pytest.raises(ValueError, match=f"momentum {value}"):
        SGD(0.1, value)
    optimizer = SGD(0.1, 0.5)
    with pytest.raises(ValueError, match=f"momentum {value}"):
        optimizer.momentum = value
