"""Optimizers whose hyperparameters are variables, so that compiled training sees them change."""

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("dlnlp")
class SGD(keras.optimizers.Optimizer):
    """Gradient descent whose momentum, too, may change from step to step.

    ``velocity = momentum * velocity - learning_rate * gradient``, then
    ``weight += velocity``, or with Nesterov's look-ahead (as Sutskever et al. 2013, "On the
    importance of initialization and momentum in deep learning", write it)
    ``weight += momentum * velocity - learning_rate * gradient``.

    ``keras.optimizers.SGD`` computes the same, but its momentum is a Python number that the first
    compilation freezes: setting it later is silently ignored. Here it is one of
    :attr:`variables`, saved and restored with them. Between calls of ``train_on_batch`` assign to
    it as to ``learning_rate``; inside ``fit`` use
    :class:`dlnlp.training.callbacks.HyperparameterScheduler`.

    Args:
        learning_rate: learning rate of the first steps; a number, or what Keras takes in its place.
        momentum: from 0 (no memory) to below 1.
        nesterov: whether to look ahead.
        **options: of every Keras optimizer: ``weight_decay``, ``global_clipnorm``, ``name``, ...

    Raises:
        ValueError: the momentum is out of range.
    """

    def __init__(
        self,
        learning_rate: Any = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(learning_rate=learning_rate, **options)
        self.nesterov = nesterov
        self._momentum = self.add_variable(
            shape=(),
            initializer=keras.initializers.Constant(_valid(momentum)),
            name="momentum",
            aggregation="only_first_replica",
        )

    @property
    def momentum(self) -> Any:
        """The variable, a float scalar; assigning a number changes the next step."""
        return self._momentum

    @momentum.setter
    def momentum(self, value: float) -> None:
        self._momentum.assign(_valid(value))

    def build(self, variables: list[Any]) -> None:
        """Make the velocities, zeros, one for each variable."""
        if self.built:
            return
        super().build(variables)
        self._velocities = self.add_optimizer_variables(variables, "velocity")

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Apply the formula of the class to one variable."""
        rate = ops.cast(learning_rate, variable.dtype)
        momentum = ops.cast(self._momentum, variable.dtype)
        step = ops.multiply(rate, ops.cast(gradient, variable.dtype))
        velocity = self._velocities[self._get_variable_index(variable)]
        moved = ops.subtract(ops.multiply(momentum, velocity), step)
        self.assign(velocity, moved)
        if self.nesterov:
            moved = ops.subtract(ops.multiply(momentum, moved), step)
        self.assign_add(variable, moved)

    def get_config(self) -> dict[str, Any]:
        """Parameters with their present values, JSON-ready."""
        momentum = float(ops.convert_to_numpy(self._momentum.value))
        return {**super().get_config(), "momentum": momentum, "nesterov": self.nesterov}


@keras.saving.register_keras_serializable("dlnlp")
class DiscriminativeAdamW(keras.optimizers.AdamW):
    """AdamW (Loshchilov & Hutter 2019) that moves word vectors at a share of the rate.

    Adam moves a weight by about the learning rate at each step that has a gradient, however small
    that is: a rare word's vector would leave the place that word2vec gave it within a few steps.

    Args:
        learning_rate: as of every Keras optimizer.
        embedding_rate: factor on the rate of variables named ``embeddings``.
        **options: of ``keras.optimizers.AdamW``.
    """

    def __init__(self, learning_rate: Any, embedding_rate: float, **options: Any) -> None:
        super().__init__(learning_rate, **options)
        self.embedding_rate = embedding_rate

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """One step of one variable."""
        if variable.name == "embeddings":
            learning_rate = learning_rate * self.embedding_rate
        super().update_step(gradient, variable, learning_rate)

    def get_config(self) -> dict[str, Any]:
        """Parameters, JSON-ready."""
        return {**super().get_config(), "embedding_rate": self.embedding_rate}


def _valid(momentum: float) -> float:
    if not 0 <= momentum < 1:
        raise ValueError(f"momentum {momentum!r} must be from 0 to below 1")
    return float(momentum)
