"""The same digits moved, turned, thinned, thickened, scaled: what is still read?"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from dlnlp.inference.digits import DigitOutputs
from train.digits.augmentation import Floats, affine_grid, thicken, warp

SHIFTS = (1, 2, 3, 4)  # pixels
ROTATIONS = (10, 20, 30)  # degrees
SCALES = (0.7, 0.85, 1.15, 1.3)
# Steps of `thicken`; a step is a pixel on each side.
STROKES = {
    "strokes about 1.5 pixels thinner": -0.75,
    "strokes about 1 pixel thinner": -0.5,
    "strokes about 1 pixel thicker": 0.5,
    "strokes about 2 pixels thicker": 1.0,
    "strokes about 4 pixels thicker": 2.0,
}


def distorted(images: Floats) -> Iterator[tuple[str, Floats]]:
    """Each change by name, and the changed digits, float32 ``[n, 28, 28]`` in [0, 1].

    Directions of shifts (up, down, left, right) and of rotations are drawn by chance.

    Args:
        images: float32 ``[n, 28, 28]`` in [0, 1].
    """
    rng = np.random.default_rng(0)
    count = len(images)
    zeros, ones = np.zeros(count, np.float32), np.ones(count, np.float32)
    still = np.zeros((count, 2), np.float32)
    yield "none", images
    ways = np.array([(1, 0), (-1, 0), (0, 1), (0, -1)], np.float32)[rng.integers(0, 4, count)]
    for pixels in SHIFTS:
        grid = affine_grid(zeros, ones, ones, zeros, ways * np.float32(pixels))
        yield f"shifted by {pixels} pixel{'s' if pixels > 1 else ''}", warp(images, *grid)
    signs = rng.choice([-1, 1], count).astype(np.float32)
    for degrees in ROTATIONS:
        angles = np.asarray(np.deg2rad(degrees) * signs, np.float32)
        grid = affine_grid(angles, ones, ones, zeros, still)
        yield f"turned by {degrees} degrees", warp(images, *grid)
    for name, steps in STROKES.items():
        yield name, thicken(images, np.full(count, steps, np.float32))
    for factor in SCALES:
        grid = affine_grid(zeros, ones * np.float32(factor), ones, zeros, still)
        yield f"scaled by {factor}", warp(images, *grid)


def robustness(
    predict: Callable[[Floats], DigitOutputs], images: Floats, labels: NDArray[np.uint8]
) -> list[dict[str, str | float]]:
    """Accuracy and share of false alarms under each change of :func:`distorted`, for a card.

    Args:
        predict: the network.
        images: float32 ``[n, 28, 28]`` in [0, 1].
        labels: true digits, uint8 ``[n]``.
    """
    rows: list[dict[str, str | float]] = []
    for name, changed in distorted(images):
        outputs = predict(changed)
        right = outputs.probabilities.argmax(axis=1) == labels
        rows.append(
            {
                "change": name,
                "accuracy": float(np.mean(right)),
                "share_called_no_digit": float(np.mean(~outputs.is_digit)),
            }
        )
    return rows
