"""Small stand-ins for MNIST: ten kinds of bars that differ, each a little moved."""

import numpy as np


def small_digits(count, seed=0) -> tuple[np.ndarray, np.ndarray]:
    """Pictures uint8 [count, 28, 28] and labels uint8 [count], all ten in turn.

    Class k is a bar whose place and direction depend on k.
    """
    rng = np.random.default_rng(seed)
    labels = (np.arange(count) % 10).astype(np.uint8)
    images = np.zeros((count, 28, 28), np.uint8)
    for image, label in zip(images, labels, strict=True):
        row, column = rng.integers(-1, 2, 2)
        place = 5 + 4 * (label % 5)
        bright = rng.integers(180, 256)
        if label < 5:
            image[place + row : place + row + 3, 5 + column : 23 + column] = bright
        else:
            image[5 + row : 23 + row, place + column : place + column + 3] = bright
    return images, labels
