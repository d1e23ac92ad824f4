"""Digits drawn by the tests: strokes as points in a unit square, any size, pen and colours."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

_ANGLES = np.linspace(0, 2 * np.pi, 40)


def _ring(x: float, y: float, wide: float, high: float) -> list[tuple[float, float]]:
    return [(x + wide * np.sin(a), y - high * np.cos(a)) for a in _ANGLES]


# In a square from (0, 0) to (1, 1); each digit reaches from 0 to 1 on its longer side.
STROKES: dict[str, list[list[tuple[float, float]]]] = {
    "0": [_ring(0.35, 0.5, 0.35, 0.5)],
    "1": [[(0.2, 0.0), (0.2, 1.0)]],
    "2": [[(0, 0.2), (0.15, 0.02), (0.5, 0.02), (0.6, 0.3), (0, 1), (0.65, 1)]],
    "3": [[(0, 0), (0.6, 0), (0.25, 0.4), (0.6, 0.6), (0.6, 0.9), (0.3, 1), (0, 0.9)]],
    "4": [[(0.4, 0), (0, 0.65), (0.7, 0.65)], [(0.5, 0.3), (0.5, 1)]],
    "5": [[(0.6, 0), (0.1, 0), (0.05, 0.4), (0.5, 0.45), (0.6, 0.8), (0.3, 1), (0, 0.9)]],
    "7": [[(0, 0), (0.6, 0), (0.2, 1)]],
    "8": [_ring(0.3, 0.25, 0.25, 0.25), _ring(0.3, 0.75, 0.3, 0.25)],
    "9": [_ring(0.3, 0.3, 0.3, 0.3), [(0.6, 0.3), (0.5, 1.0)]],
}


def coverage(
    digit: str, size: int, *, side: float = 0.7, pen: float = 0.1, place: tuple[float, float]
) -> NDArray[np.float64]:
    """Share of ink of each pixel, [size, size].

    Args:
        digit: a key of STROKES.
        size: of the picture, in pixels.
        side: of the digit without the pen, as a share of the picture.
        pen: width of the strokes, as a share of `side`.
        place: x and y of the upper left corner, as shares of the picture.
    """
    fine = 4
    image = Image.new("L", (size * fine, size * fine))
    pencil = ImageDraw.Draw(image)
    radius = pen * side * size * fine / 2
    for stroke in STROKES[digit]:
        points = [
            tuple((at + side * c) * size * fine for at, c in zip(place, point, strict=True))
            for point in stroke
        ]
        pencil.line(points, fill=255, width=max(1, round(2 * radius)))
        for x, y in points:
            pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(image.reduce(fine), np.float64) / 255


def draw(
    digit: str,
    size: int = 280,
    *,
    side: float = 0.7,
    pen: float = 0.1,
    place: tuple[float, float] = (0.2, 0.15),
    ink: float | tuple[int, int, int] = 0,
    paper: float | tuple[int, int, int] | NDArray[np.float64] = 255,
) -> NDArray[np.uint8]:
    """A drawing: uint8 [size, size], or [size, size, 3] if ink or paper is a colour."""
    share = coverage(digit, size, side=side, pen=pen, place=place)
    if isinstance(ink, tuple) or isinstance(paper, tuple):
        share = share[..., None]
    below = np.asarray(paper, np.float64)
    picture = below + share * (np.asarray(ink, np.float64) - below)
    return np.rint(np.broadcast_to(picture, np.broadcast_shapes(picture.shape))).astype(np.uint8)
