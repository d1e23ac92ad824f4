"""Commands that prepare data and train what the app ships: ``python -m train.NAME``.

Whatever is imported from here, Keras finds its backend chosen: JAX, unless ``KERAS_BACKEND`` names
another one. JAX made the shipped networks for texts, TensorFlow the one for digits: on a CPU,
TensorFlow trained four networks of that size 1.7 to 3.4 times as fast.
"""

import os

from dlnlp import keras_import

keras_import.lighten()
os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # where TensorFlow is the backend
