"""Many copies of one Keras network, trained side by side in one compiled step (JAX).

It knows nothing of what is trained, nor why.
"""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from dlnlp.models.jax_functions import device_put, jit, scan, value_and_grad, vmap
from dlnlp.training.optimizers import SGD

Floats = NDArray[np.float32]


class ManyRuns:
    """R runs of a classifier; rates and momenta are arguments of the compiled step.

    Args:
        model: built; its outputs are logits. Layers without state other than weights.
        starts: initial weights of each run, in the order of `model.trainable_variables`.
        examples: inputs, [N, ...], float32.
        labels: classes, [N], int32.
    """

    def __init__(
        self,
        model: keras.Model,
        starts: Sequence[Sequence[Floats]],
        examples: Floats,
        labels: NDArray[np.int32],
    ) -> None:
        self._model = model
        self._optimizer = SGD(learning_rate=0.1, momentum=0.9, nesterov=True)
        self._optimizer.build(model.trainable_variables)
        names = [id(variable) for variable in self._optimizer.variables]
        self._rate_at = names.index(id(self._optimizer.learning_rate))
        self._momentum_at = names.index(id(self._optimizer.momentum))
        runs = len(starts)
        self._weights = [np.stack(parts) for parts in zip(*starts, strict=True)]
        self._state = [
            np.repeat(np.asarray(variable.value)[None], runs, axis=0)
            for variable in self._optimizer.variables
        ]
        self._examples, self._labels = device_put((examples, labels))
        self._advance = jit(vmap(self._run))
        self._judge = jit(vmap(self._quality, in_axes=(0, None, None)))

    def advance(self, batches: NDArray[np.int32], rates: Floats, momenta: Floats) -> Floats:
        """Train every run for T steps.

        Args:
            batches: rows of each batch, int32 [R, T, B].
            rates: learning rate of each step, float32 [R, T].
            momenta: momentum of each step, float32 [R, T].

        Returns:
            Mean loss of each batch before its step, float32 [R, T].
        """
        self._weights, self._state, losses = self._advance(
            self._weights, self._state, batches, rates, momenta
        )
        return np.asarray(losses)

    def judge(self, examples: Floats, labels: NDArray[np.int32]) -> tuple[Floats, Floats]:
        """Mean loss and accuracy of each run on these examples, float32 [R] each."""
        loss, accuracy = self._judge(self._weights, examples, labels)
        return np.asarray(loss), np.asarray(accuracy)

    def weights(self) -> list[Floats]:
        """Weights of all runs, float32 [R, ...] each."""
        return [np.asarray(part) for part in self._weights]

    def _loss(self, weights: Any, x: Any, y: Any) -> Any:
        logits, _ = self._model.stateless_call(weights, [], x, training=True)
        return keras.ops.mean(
            keras.ops.sparse_categorical_crossentropy(y, logits, from_logits=True)
        )

    def _run(self, weights: Any, state: Any, batches: Any, rates: Any, momenta: Any) -> Any:
        def step(carry: Any, now: Any) -> Any:
            weights, state = carry
            rows, rate, momentum = now
            loss, gradients = value_and_grad(self._loss)(
                weights, self._examples[rows], self._labels[rows]
            )
            state = list(state)
            state[self._rate_at], state[self._momentum_at] = rate, momentum
            weights, state = self._optimizer.stateless_apply(state, gradients, weights)
            return (weights, state), loss

        (weights, state), losses = scan(step, (weights, state), (batches, rates, momenta))
        return weights, state, losses

    def _quality(self, weights: Any, examples: Any, labels: Any) -> Any:
        logits, _ = self._model.stateless_call(weights, [], examples, training=False)
        loss = keras.ops.sparse_categorical_crossentropy(labels, logits, from_logits=True)
        right = keras.ops.equal(keras.ops.argmax(logits, -1), labels)
        return keras.ops.mean(loss), keras.ops.mean(keras.ops.cast(right, "float32"))
