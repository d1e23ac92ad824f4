"""Keras comes without pandas and scikit-learn to `train`, and nobody else goes without them."""

import os
import subprocess
import sys

CODE = """
import sys
import train
from dlnlp import keras_import
keras_import.lighten()
import keras
print({"pandas", "sklearn"} & set(sys.modules))
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
import pandas, sklearn
print({"pandas", "sklearn"} <= set(sys.modules), len(sys.meta_path) - len(set(sys.meta_path)))
"""


def test_keras_comes_alone_and_what_it_lacks_can_be_imported_later() -> None:
    environment = os.environ | {"KERAS_BACKEND": "jax"}
    done = subprocess.run(
        [sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "set()\nTrue 0\n"), done.stderr
