"""Drawings in links of an older form: differences as numbers of one or two bytes, compressed.

Nothing writes this form any more; links that somebody has kept still open.
"""

import itertools
from collections.abc import Iterator

from dlnlp.ui.mnist_cnn.drawing_canvas import (
    GRID,
    MARGIN,
    MOST_POINTS,
    MOST_STROKES,
    THICKEST,
    THINNEST,
    Drawing,
    Stroke,
    within_bounds,
)

VERSION = 1


def read_old_form(raw: bytes) -> Drawing:
    """Read the unpacked bytes of such a link.

    Raises:
        ValueError: they are damaged, or hold what the sheet does not take.
    """
    numbers = _numbers(raw)
    try:
        drawing = tuple(_strokes(numbers))
    except RuntimeError as error:  # a generator that ran out of numbers
        raise ValueError("cut short") from error
    if next(numbers, None) is not None or not within_bounds(drawing):
        raise ValueError("too long")
    return drawing


def _numbers(raw: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in raw:
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield number
            number = shift = 0
        elif shift > 28:
            raise ValueError("a number is too large")
    if shift:
        raise ValueError("a number is cut short")


def _strokes(numbers: Iterator[int]) -> Iterator[Stroke]:
    if next(numbers) != VERSION:
        raise ValueError("another version")
    if (strokes := next(numbers)) > MOST_STROKES:
        raise ValueError("too many strokes")
    for _ in range(strokes):
        width = _within(next(numbers), THINNEST, THICKEST)
        count, pressed = divmod(_within(next(numbers), 2, 2 * MOST_POINTS + 1), 2)
        x, y = ([*_sums(numbers, count, -MARGIN, GRID + MARGIN)] for _ in range(2))
        pressure = tuple(_sums(numbers, count, 1, 100)) if pressed else ()
        points = tuple(itertools.chain.from_iterable(zip(x, y, strict=True)))
        yield Stroke(width, points, pressure)


def _sums(numbers: Iterator[int], count: int, low: int, high: int) -> Iterator[int]:
    value = 0
    for _ in range(count):
        number = next(numbers)
        value += -(number + 1) // 2 if number % 2 else number // 2
        yield _within(value, low, high)


def _within(value: int, low: int, high: int) -> int:
    if not low <= value <= high:
        raise ValueError(f"{value} is not between {low} and {high}")
    return value
