"""Drawings as pixels, and as short texts for links and caches."""

import base64
import binascii
import itertools
import math
import zlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

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
from dlnlp.ui.shell.permalink import LinkError

SIDE = 280  # pixels of a rasterized drawing
_FINER = 3  # drawn so many times larger, then averaged: smooth edges
LONGEST_LINK = 3_000
_VERSION = 1
_MOST_BYTES = 8 + 8 * MOST_STROKES + 6 * MOST_POINTS


def rasterize(drawing: Drawing, side: int = SIDE) -> NDArray[np.uint8]:
    """Ink on paper: what a photograph of the sheet would hold.

    Args:
        drawing: strokes; each is a chain of round-ended lines.
        side: height and width of the picture, in pixels.

    Returns:
        Black (0) on white (255) with smooth edges, uint8 [side, side].
    """
    scale = _FINER * side / GRID
    picture = Image.new("L", (_FINER * side, _FINER * side), 255)
    pen = ImageDraw.Draw(picture)
    for stroke in drawing:
        xy = [scale * value for value in stroke.points]
        places = list(zip(xy[::2], xy[1::2], strict=True))
        shares = stroke.pressure or (100,) * len(places)
        widths = [scale * stroke.width * share / 100 for share in shares]
        # A piece between two points has the second one's width, as in the browser.
        for ends, width in zip(itertools.pairwise([places[0], *places]), widths, strict=True):
            pen.line(ends, fill=0, width=max(1, round(width)))
            for x, y in ends if stroke.pressure else ends[1:]:
                pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=0)
    return np.asarray(picture.reduce(_FINER))


def encode(drawing: Drawing) -> str:
    """A drawing as base64url text; equal drawings give equal texts.

    Strokes are written as differences from point to point, a byte or two each, then compressed:
    a digit takes 100 to 500 characters.
    """
    numbers = [_VERSION, len(drawing)]
    for stroke in drawing:
        count = len(stroke.points) // 2
        numbers += [stroke.width, 2 * count + bool(stroke.pressure)]
        for axis in (0, 1):
            numbers += _differences(stroke.points[axis::2])
        numbers += _differences(stroke.pressure)
    packed = zlib.compress(bytes(itertools.chain.from_iterable(map(_varint, numbers))), 9)
    return base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def decode(text: str) -> Drawing:
    """Read what `encode` wrote.

    Raises:
        LinkError: The text is damaged, cut short, or holds what the sheet does not take.
    """
    try:
        padded = text + "=" * (-len(text) % 4)
        packed = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
        unfold = zlib.decompressobj()
        raw = unfold.decompress(packed, _MOST_BYTES)
        if not unfold.eof or unfold.unused_data:
            raise ValueError("cut short or too long")
        numbers = _numbers(raw)
        drawing = tuple(_strokes(numbers))
        if next(numbers, None) is not None or not within_bounds(drawing):
            raise ValueError("too long")
    except (ValueError, binascii.Error, zlib.error, StopIteration, RuntimeError) as error:
        raise LinkError(
            "The drawing in this link is damaged or was cut off on its way, so an example is "
            "shown instead. Ask for the link again, or draw."
        ) from error
    return drawing


def for_link(drawing: Drawing, longest: int = LONGEST_LINK) -> str | None:
    """The drawing encoded in at most `longest` characters.

    A long one is simplified first, by points that lie within 0.2 to 3 % of the sheet from the line
    they are left out of.

    Returns:
        The text, or None when even that does not help.
    """
    for tolerance in (0, 2, 4, 8, 16, 30):
        if len(text := encode(simplified(drawing, tolerance))) <= longest:
            return text
    return None


def simplified(drawing: Drawing, tolerance: float) -> Drawing:
    """Leave out points that lie within `tolerance` units of the line through the others.

    Douglas & Peucker (1973).
    """
    return tuple(_simpler(stroke, tolerance) for stroke in drawing) if tolerance else drawing


def _simpler(stroke: Stroke, tolerance: float) -> Stroke:
    places = list(zip(stroke.points[::2], stroke.points[1::2], strict=True))
    keep, parts = {0, len(places) - 1}, [(0, len(places) - 1)]
    while parts:
        first, last = parts.pop()
        if last - first < 2:
            continue
        inner = range(first + 1, last)
        apart = [_distance(places[k], places[first], places[last]) for k in inner]
        if max(apart) > tolerance:
            middle = inner[apart.index(max(apart))]
            keep.add(middle)
            parts += [(first, middle), (middle, last)]
    kept = sorted(keep)
    return Stroke(
        stroke.width,
        tuple(itertools.chain.from_iterable(places[k] for k in kept)),
        tuple(stroke.pressure[k] for k in kept) if stroke.pressure else (),
    )


def _distance(place: tuple[int, int], start: tuple[int, int], end: tuple[int, int]) -> float:
    """From a point to the line between two others."""
    dx, dy, px, py = end[0] - start[0], end[1] - start[1], place[0] - start[0], place[1] - start[1]
    length = dx * dx + dy * dy
    along = min(max((px * dx + py * dy) / length, 0.0), 1.0) if length else 0.0
    return math.hypot(px - along * dx, py - along * dy)


def _differences(values: Sequence[int]) -> list[int]:
    """The first value, then each one's step from the one before; signs folded into bit 0."""
    steps = [b - a for a, b in itertools.pairwise((0, *values))]
    return [2 * step if step >= 0 else -2 * step - 1 for step in steps]


def _varint(number: int) -> Iterator[int]:
    """Seven bits a byte, the lowest first; the highest bit says that more follow."""
    while number > 127:
        yield number & 127 | 128
        number >>= 7
    yield number


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
    if next(numbers) != _VERSION:
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
