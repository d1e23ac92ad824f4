"""A linear model trained by compiled Keras, and the same by NumPy: to be run on any backend.

``python -m tests.linear_training`` prints as JSON what :func:`compiled` finds on the backend that
``KERAS_BACKEND`` names.
"""

import json
import sys

import keras
import numpy as np

from dlnlp.schedules import Constant, Cyclical, antiphase
from dlnlp.training.callbacks import HyperparameterScheduler
from dlnlp.training.optimizers import SGD

BATCH, STEPS, EPOCHS = 8, 10, 3
RATE = Cyclical(0.02, 0.2, 7)
MOMENTUM = antiphase(RATE, 0.5, 0.95)
FIXED = Constant(0.95)


def data():
    rng = np.random.default_rng(3)
    inputs = rng.standard_normal((BATCH * STEPS, 4)).astype(np.float32)
    targets = inputs @ np.array([[1.0], [-2.0], [0.5], [3.0]]) + 0.3
    return inputs, targets.astype(np.float32)


def linear_model(nesterov=True, rate=0.1, momentum=0.0):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, kernel_initializer="ones")])
    model.compile(optimizer=SGD(rate, momentum, nesterov=nesterov), loss="mse")
    return model


def flat(model):
    return np.concatenate([np.ravel(v.value) for v in model.weights])


def compiled(momentum, nesterov=True):
    """Weights ``[5]`` after ``fit``, and what was applied."""
    model = linear_model(nesterov)
    scheduler = HyperparameterScheduler(RATE, momentum)
    inputs, targets = data()
    history = model.fit(
        inputs, targets, BATCH, EPOCHS, callbacks=[scheduler], shuffle=False, verbose=0
    )
    return {
        "weights": flat(model).tolist(),
        "applied": scheduler.history,
        "logs": {name: history.history[name] for name in ("learning_rate", "momentum")},
    }


def simulated(momentum, nesterov=True, rate=RATE, steps=STEPS * EPOCHS):
    """Weights ``[5]`` of the same training, eagerly, in float64."""
    inputs, targets = (array.astype(np.float64) for array in data())
    weights, velocity = np.array([1.0, 1, 1, 1, 0]), np.zeros(5)
    for step in range(steps):
        rows = slice(step % STEPS * BATCH, (step % STEPS + 1) * BATCH)
        x = np.column_stack([inputs[rows], np.ones(BATCH)])
        gradient = 2 / BATCH * x.T @ (x @ weights - targets[rows, 0])
        mu, lr = momentum(step), rate(step)
        velocity = mu * velocity - lr * gradient
        weights = weights + (mu * velocity - lr * gradient if nesterov else velocity)
    return weights


def main():
    found = {
        "backend": keras.backend.backend(),
        "nesterov": compiled(MOMENTUM),
        "plain": compiled(MOMENTUM, nesterov=False),
        "fixed": compiled(FIXED),
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
