"""Learning-rate range test on a compiled Keras model, which it leaves as it was.

Smith 2017, "Cyclical Learning Rates for Training Neural Networks", section 3.3: train for a few
hundred steps while the rate rises, and look at where the loss falls and where it turns.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import keras
import numpy as np

from dlnlp.schedules import Exponential, Polynomial, Schedule
from dlnlp.training.loss_smoothing import default_smoothing, exponential_average
from dlnlp.training.range_analysis import FEWEST, RangeTestResult, analyse


def run(
    model: keras.Model,
    batches: Iterable[Any],
    *,
    min_lr: float,
    max_lr: float,
    steps: int,
    ramp: Literal["exponential", "linear"] = "exponential",
    smoothing: float | None = None,
    divergence: float = 4.0,
    on_step: Callable[[int, float, float], None] | None = None,
) -> RangeTestResult:
    """Train with a rising learning rate, record the loss of each batch, put everything back.

    Momentum and all else stay as they are. Weights, states of layers and random generators,
    optimizer, metrics and learning rate are restored exactly, also when an error or an interrupt
    ends the test. Batches that were drawn from an iterator stay drawn.

    Args:
        model: built, and compiled with a number as learning rate.
        batches: what ``train_on_batch`` takes: ``(x, y)`` or ``(x, y, sample_weight)``; repeated
            when they end before the steps do.
        min_lr: rate of the first step, > 0.
        max_lr: rate of the last step, > ``min_lr``.
        steps: at least 10.
        ramp: "exponential" (the same factor at every step) or "linear" (Smith's).
        smoothing: weight of the past in the smoothed loss, in [0, 1); None: by ``steps``.
        divergence: > 1; stop when the averaged loss, and the last three losses each, are above
            this many times the lowest average. A loss that is no number stops it, too.
        on_step: called with step, rate and loss after every step; what it raises ends the test.

    Returns:
        The rates that were applied and the losses, the smoothed losses and the suggestions.

    Raises:
        ValueError: the optimizer's rate is a schedule, the model is not built or compiled, the
            batches end, or a parameter is nonsense.
        RangeTestError: it diverged before ten steps.
    """
    _check(model)
    rate_at = _ramp(min_lr, max_lr, steps, ramp)
    if not divergence > 1:
        raise ValueError(f"divergence {divergence!r} must be above 1")
    if smoothing is None:
        smoothing = default_smoothing(steps)
    exponential_average(np.zeros(1), smoothing)  # refuses nonsense before any step
    source = _repeated(batches, steps)
    optimizer = model.optimizer
    rates: list[float] = []
    losses: list[float] = []
    note = "The rate reached max_lr."
    with unchanged(model):
        for step in range(steps):
            batch = next(source)
            optimizer.learning_rate = float(rate_at(step))
            rates.append(float(keras.ops.convert_to_numpy(optimizer.learning_rate.value)))
            losses.append(float(model.train_on_batch(*batch, return_dict=True)["loss"]))
            if on_step is not None:
                on_step(step, rates[-1], losses[-1])
            if not np.isfinite(losses[-1]):
                note = f"Stopped at rate {rates[-1]:.3g}: the loss is no number any more."
                break
            if _diverged(losses, smoothing, divergence):
                note = f"Stopped at rate {rates[-1]:.3g}: the loss had grown {divergence:g}-fold."
                break
    return analyse(rates, losses, smoothing=smoothing, note=note)


@contextmanager
def unchanged(model: keras.Model) -> Iterator[None]:
    """Restores weights, states, optimizer and metrics of a compiled model at the end, exactly."""
    if not model.optimizer.built:
        model.optimizer.build(model.trainable_variables)
    candidates = [*model.variables, *model.optimizer.variables, *model.metrics_variables]
    variables = list({id(variable): variable for variable in candidates}.values())
    # Copies: on a CPU, NumPy may look into the very memory that training will overwrite.
    kept = [np.array(keras.ops.convert_to_numpy(v.value), copy=True) for v in variables]
    try:
        yield
    finally:
        if hasattr(model, "jax_state_sync"):
            model.jax_state_sync()  # else an interrupted step's state would come back later
        for variable, value in zip(variables, kept, strict=True):
            variable.assign(value)


def _check(model: keras.Model) -> None:
    if getattr(model, "optimizer", None) is None:
        raise ValueError("the model is not compiled: call model.compile first")
    if not model.built:
        raise ValueError("the model has no weights yet: call it on a batch first")
    rate = model.optimizer.learning_rate
    if not isinstance(rate, keras.Variable):
        raise ValueError(
            "the optimizer's learning rate is a schedule, which the range test cannot move: "
            "compile the model with a number, such as learning_rate=0.1, for the test, and with "
            "the schedule afterwards"
        )


def _ramp(min_lr: float, max_lr: float, steps: int, ramp: str) -> Schedule:
    if not 0 < min_lr < max_lr < np.inf:
        raise ValueError(f"min_lr {min_lr!r} must be above 0 and below max_lr {max_lr!r}")
    if steps < FEWEST:
        raise ValueError(f"steps {steps!r} must be {FEWEST} or more")
    if ramp == "exponential":
        return Exponential(min_lr, max_lr / min_lr, steps - 1)
    if ramp == "linear":
        return Polynomial(min_lr, max_lr, steps - 1)
    raise ValueError(f"ramp {ramp!r} must be 'exponential' or 'linear'")


def _repeated(batches: Iterable[Any], steps: int) -> Iterator[Any]:
    drawn = 0
    while True:
        before = drawn
        for batch in batches:
            drawn += 1
            yield batch
        if drawn == before:
            raise ValueError(
                f"the batches ended after {drawn} of {steps} steps: give a list, or an iterator "
                "that goes on"
            )


def _diverged(losses: list[float], smoothing: float, divergence: float) -> bool:
    averages = exponential_average(np.array(losses), smoothing)
    lowest = float(averages.min())
    limit = lowest + (divergence - 1) * abs(lowest)  # of a negative loss, too
    return len(losses) > 3 and min(averages[-1], *losses[-3:]) > limit
