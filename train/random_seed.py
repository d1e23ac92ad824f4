"""The seed of a run, set without loading a framework that does not train."""

import random

import keras
import numpy as np


def set_random_seed(seed: int) -> None:
    """As ``keras.utils.set_random_seed``, which imports TensorFlow wherever it is installed.

    That takes seconds and some hundred megabytes in a run on JAX. There, the seeds of weights and
    dropout come from Python's generator alone.
    """
    if keras.backend.backend() == "jax":
        random.seed(seed)
        np.random.seed(seed)
    else:
        keras.utils.set_random_seed(seed)
