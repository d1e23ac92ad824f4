"""A digit into MNIST's field: cropped, 20 pixels on its longer side, centred by its mass in 28x28.

LeCun, Bottou, Bengio & Haffner (1998), "Gradient-Based Learning Applied to Document Recognition",
section III-A; Yadav & Bottou (2019), "Cold Case: The Lost MNIST Digits".
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dlnlp.images.reading import Pixels

BOX = 20
FIELD = 28
# MNIST's centres of mass are whole pixels moved: they lie within half a pixel of this index.
MIDDLE = FIELD // 2
_TRACE = 16

Box = tuple[int, int, int, int]  # left, top, right, bottom; the last two are outside


def ink_box(picture: Pixels) -> Box:
    """The smallest box around the ink of a picture, uint8 [H, W]; the whole picture without ink."""
    ink = picture >= _TRACE
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    if not len(rows):
        return 0, 0, picture.shape[1], picture.shape[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def cropped(picture: Pixels, box: Box) -> Pixels:
    """The part of the picture [H, W] inside the box."""
    left, top, right, bottom = box
    return picture[top:bottom, left:right]


def scaled_to_box(picture: Pixels) -> Pixels:
    """A picture [H, W] scaled to 20 pixels on its longer side.

    Each new pixel is the mean of the area that it covers.
    """
    scale = BOX / max(picture.shape)
    height, width = (max(1, round(side * scale)) for side in picture.shape)
    return _resized(picture, height, width)


def stretched_to_field(picture: Pixels) -> Pixels:
    """A picture [H, W] stretched to [28, 28] without a margin.

    Its proportions are lost, which MNIST avoided.
    """
    return _resized(picture, FIELD, FIELD)


def _resized(picture: Pixels, height: int, width: int) -> Pixels:
    smaller = max(height, width) <= max(picture.shape)
    method = Image.Resampling.BOX if smaller else Image.Resampling.BICUBIC
    image = Image.fromarray(picture).resize((width, height), method)
    pixels = np.asarray(image, np.float32)
    # The brightest pixel of every digit of MNIST is white, or nearly.
    return np.asarray(pixels * (255 / max(pixels.max(), 1)) + 0.5, np.uint8)


def centre_of_mass(picture: NDArray[np.generic]) -> tuple[float, float]:
    """Row and column of the centre of mass, in pixels; the centre of the picture without any mass.

    Args:
        picture: brightness, at least 0, any dtype, [H, W].
    """
    values = picture.astype(np.float64)
    total = values.sum()
    if total <= 0:
        return (picture.shape[0] - 1) / 2, (picture.shape[1] - 1) / 2
    rows, columns = values.sum(1), values.sum(0)
    return (
        float(rows @ np.arange(len(rows)) / total),
        float(columns @ np.arange(len(columns)) / total),
    )


def in_field(picture: Pixels, by_mass: bool) -> Pixels:
    """`picture` (at most 28x28) in a black field, moved by whole pixels as MNIST's.

    Args:
        picture: uint8 [H, W].
        by_mass: the centre of mass comes to the middle; otherwise that of the picture's sides.
            What would lie outside the field is lost.
    """
    height, width = picture.shape
    if by_mass:
        row, column = centre_of_mass(picture)
        top, left = (int(np.floor(MIDDLE - place + 0.5)) for place in (row, column))
    else:
        top, left = (FIELD - height) // 2, (FIELD - width) // 2
    field = np.zeros((3 * FIELD, 3 * FIELD), np.uint8)
    field[FIELD + top : FIELD + top + height, FIELD + left : FIELD + left + width] = picture
    return field[FIELD : 2 * FIELD, FIELD : 2 * FIELD].copy()
