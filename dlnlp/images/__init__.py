"""Digits as MNIST made them: from the bytes of a file or the pixels of a drawing to 28x28.

NumPy and Pillow only. Knows no network.
"""

from dlnlp.images.preprocessing import Preprocessed, Step, Steps, preprocess
from dlnlp.images.reading import MAX_BYTES, MAX_PIXELS, ImageError, read_image

__all__ = [
    "MAX_BYTES",
    "MAX_PIXELS",
    "ImageError",
    "Preprocessed",
    "Step",
    "Steps",
    "preprocess",
    "read_image",
]
