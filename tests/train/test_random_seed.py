"""The same networks as after Keras' own function, without what that loads."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DRAWN = """
import sys, keras, numpy as np
from train.random_seed import set_random_seed

def drawn(seed):
    seed(5)
    layers = [keras.layers.Dense(3), keras.layers.Dropout(0.5), keras.layers.GRU(2)]
    model = keras.Sequential([keras.Input((4, 6)), *layers])
    outputs = np.asarray(model(np.ones((2, 4, 6), np.float32), training=True))
    return [*outputs.ravel(), *np.random.rand(2)]

ours = drawn(set_random_seed)
assert "tensorflow" not in sys.modules
assert ours == drawn(keras.utils.set_random_seed)
assert ours != drawn(lambda seed: set_random_seed(seed + 1))
"""


def test_on_jax_networks_are_those_of_keras_own_function() -> None:
    subprocess.run(
        [sys.executable, "-c", DRAWN],
        cwd=ROOT,
        env=os.environ | {"KERAS_BACKEND": "jax", "TF_CPP_MIN_LOG_LEVEL": "3"},
        check=True,
    )
