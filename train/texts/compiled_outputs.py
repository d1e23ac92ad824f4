"""Some outputs of a text network as one compiled call."""

from typing import Any

import keras

from dlnlp.models.han import Han
from dlnlp.models.kim_cnn import KimCnn


class CompiledOutputs(keras.Model):
    """Outputs of ``explain`` by their names; a network that learns is asked again and again."""

    def __init__(self, network: Han | KimCnn, *names: str) -> None:
        super().__init__()
        self.asked, self.output_keys = network, names
        self.built = True
        # XLA on TensorFlow lacks the loop of a HAN.
        plain = isinstance(network, Han) and keras.backend.backend() != "jax"
        self.compile(jit_compile=False if plain else "auto")

    def call(self, inputs: Any) -> dict[str, Any]:
        """The outputs."""
        outputs = self.asked.explain(inputs)
        return {name: outputs[name] for name in self.output_keys}
