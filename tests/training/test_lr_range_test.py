"""The range test leaves the model as it was and finds what is known of it."""

import keras
import numpy as np
import pytest

from dlnlp.training import lr_range_test
from dlnlp.training.optimizers import SGD
from tests.linear_training import linear_model

BOUNDS = {"min_lr": 1e-3, "max_lr": 10.0, "steps": 60}


def batches(count=6, seed=0):
    rng = np.random.default_rng(seed)
    inputs = rng.standard_normal((count, 16, 4)).astype(np.float32)
    targets = inputs @ np.float32([[1], [-2], [0.5], [3]])
    return list(zip(inputs, targets, strict=True))


def network(seed=1):
    """With all kinds of state: a random generator, moving averages, slots, metrics."""
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(8, "relu"),
            keras.layers.BatchNormalization(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(1),
        ]
    )
    model.compile(optimizer=SGD(0.05, 0.9, nesterov=True), loss="mse", metrics=["mae"])
    return model


def state(model):
    variables = [*model.variables, *model.optimizer.variables, *model.metrics_variables]
    return [np.array(variable.value, copy=True) for variable in variables]


def assert_equal_states(first, second):
    assert len(first) == len(second)
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_model_is_left_as_it_was():
    tested, untouched = network(), network()
    for model in (tested, untouched):
        for batch in batches():
            model.train_on_batch(*batch)
    before = state(tested)
    result = lr_range_test.run(tested, batches(), **BOUNDS)
    assert np.isfinite(result.losses).sum() > 20
    assert_equal_states(state(tested), before)
    for model in (tested, untouched):
        model.fit(*batches()[0], batch_size=4, epochs=2, shuffle=False, verbose=0)
    assert_equal_states(state(tested), state(untouched))


class Interrupted(BaseException):
    pass


def test_an_interrupt_in_a_step_restores_too():
    model = network()
    model.train_on_batch(*batches()[0])
    before = state(model)

    def interrupt(step, rate, loss):
        if step == 5:
            assert any((a != b).any() for a, b in zip(state(model), before, strict=True))
            raise Interrupted

    with pytest.raises(Interrupted):
        lr_range_test.run(model, batches(), **BOUNDS, on_step=interrupt)
    assert_equal_states(state(model), before)


def test_a_bad_batch_restores_too():
    model = network()
    model.train_on_batch(*batches()[0])
    before = state(model)
    bad = [*batches()[:3], (np.ones((16, 4), np.float32), np.ones((3, 7, 2), np.float32))]
    with pytest.raises(Exception, match=r"(?i)shape"):
        lr_range_test.run(model, bad, **BOUNDS)
    assert_equal_states(state(model), before)
    if hasattr(model, "jax_state_sync"):
        model.jax_state_sync()
    assert_equal_states(state(model), before)


@pytest.mark.parametrize("ramp", ["exponential", "linear"])
def test_rates_that_were_applied(ramp):
    seen = []
    result = lr_range_test.run(
        linear_model(), batches(), min_lr=1e-4, max_lr=0.1, steps=25, ramp=ramp,
        on_step=lambda step, rate, loss: seen.append((step, rate, loss)),
    )  # fmt: skip
    spaced = np.geomspace if ramp == "exponential" else np.linspace
    np.testing.assert_allclose(result.rates, spaced(1e-4, 0.1, 25), rtol=1e-6)
    assert seen == list(zip(range(25), result.rates, result.losses, strict=True))
    assert "reached max_lr" in result.note


def test_losses_are_of_single_batches():
    """Not running averages, as the origin plotted: with a rate of nearly 0, evaluation agrees."""
    model, data = linear_model(), batches()
    result = lr_range_test.run(model, data, min_lr=1e-9, max_lr=2e-9, steps=12)
    expected = [float(model.test_on_batch(*batch)) for batch in data] * 2
    np.testing.assert_allclose(result.losses, expected, rtol=1e-5)


def test_momentum_stays_fixed():
    model, seen = network(), []
    momentum = model.optimizer.momentum
    lr_range_test.run(
        model, batches(), **BOUNDS, on_step=lambda *_: seen.append(float(momentum.value))
    )
    assert set(seen) == {np.float32(0.9)}


def test_a_quadratic_diverges_where_theory_says():
    """Gradient descent on it is stable up to 2 / (largest eigenvalue of the Hessian)."""
    inputs, targets = batches(1)[0]
    design = np.column_stack([inputs, np.ones(16)])
    limit = 2 / np.linalg.eigvalsh(2 / 16 * design.T @ design).max()
    model = linear_model(nesterov=False)
    result = lr_range_test.run(
        model, [(inputs, targets)], min_lr=limit / 1e3, max_lr=limit * 1e3, steps=300
    )
    assert "had grown" in result.note and result.rates[-1] < 10 * limit
    rates = {s.name: s.rate for s in result.suggestions}
    assert len(rates) == 6
    assert limit / 1e3 < rates["smith_base_6"] < rates["smith_base_4"] < rates["smith_max"] < limit
    assert limit / 100 < rates["steepest"] < limit
    assert rates["minimum_tenth"] < limit / 5


def test_one_spike_is_no_divergence():
    data = batches()
    data[3] = (data[3][0], data[3][1] + 100)
    result = lr_range_test.run(linear_model(), data, min_lr=1e-6, max_lr=1e-5, steps=30)
    assert len(result.losses) == 30
    assert result.losses.max() > 100 * np.median(result.losses)


def test_nan_ends_the_test():
    model = linear_model()
    before = state_of_weights(model)
    data = [*batches(6) * 3, (np.full((16, 4), np.nan, np.float32), np.ones((16, 1), np.float32))]
    result = lr_range_test.run(model, data, min_lr=1e-4, max_lr=0.1, steps=50)
    assert len(result.losses) == 19 and np.isnan(result.losses[-1])
    assert "no number" in result.note
    assert_equal_states(state_of_weights(model), before)


def state_of_weights(model):
    return [np.array(v.value, copy=True) for v in model.weights]


def test_sample_weights_are_passed_on():
    weighted = [(x, y, np.zeros(16, np.float32)) for x, y in batches()]
    result = lr_range_test.run(linear_model(), weighted, min_lr=1e-4, max_lr=0.1, steps=12)
    assert result.losses.tolist() == [0.0] * 12 and result.suggestions == ()


def test_a_scheduled_optimizer_is_refused_with_the_remedy():
    model = linear_model()
    own = keras.optimizers.schedules.CosineDecay(0.1, 10)
    model.compile(optimizer=keras.optimizers.SGD(own), loss="mse")
    with pytest.raises(ValueError, match=r"is a schedule.*compile the model with a number"):
        lr_range_test.run(model, batches(), **BOUNDS)


def test_models_that_are_not_ready_are_refused():
    unbuilt = keras.Sequential([keras.layers.Dense(1)])
    with pytest.raises(ValueError, match="not compiled"):
        lr_range_test.run(unbuilt, batches(), **BOUNDS)
    unbuilt.compile(optimizer=SGD(0.1), loss="mse")
    with pytest.raises(ValueError, match="no weights yet"):
        lr_range_test.run(unbuilt, batches(), **BOUNDS)


def test_batches_that_end_are_told():
    with pytest.raises(ValueError, match="ended after 6 of 60 steps"):
        lr_range_test.run(linear_model(), iter(batches()), **(BOUNDS | {"max_lr": 0.01}))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"min_lr": 0.0}, r"min_lr 0\.0"),
        ({"min_lr": 20.0}, r"min_lr 20\.0 must be above 0 and below max_lr 10\.0"),
        ({"max_lr": float("nan")}, "max_lr nan"),
        ({"steps": 5}, "steps 5"),
        ({"ramp": "cosine"}, "ramp 'cosine'"),
        ({"smoothing": 1.5}, r"smoothing 1\.5"),
        ({"divergence": 1.0}, r"divergence 1\.0"),
    ],
)
def test_nonsense_is_refused_with_its_value(change, told):
    with pytest.raises(ValueError, match=told):
        lr_range_test.run(linear_model(), batches(), **(BOUNDS | change))
