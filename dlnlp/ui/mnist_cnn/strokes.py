"""Drawings as pixels, and as short texts for links and caches."""

import base64
import binascii
import itertools
import json
import math
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from dlnlp.ui.mnist_cnn import old_links
from dlnlp.ui.mnist_cnn.drawing_canvas import (
    GRID,
    MOST_POINTS,
    MOST_STROKES,
    Drawing,
    Stroke,
    valid_drawing,
)
from dlnlp.ui.shell.permalink import LinkError

SIDE = 280  # pixels of a rasterized drawing
_FINER = 3  # drawn so many times larger, then averaged: smooth edges
LONGEST_LINK = 3_000
_MOST_BYTES = 30 * MOST_STROKES + 20 * MOST_POINTS  # of JSON


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
    """A drawing as base64url text of compressed JSON; equal drawings give equal texts.

    A stroke is ``[width, x, y]`` or ``[width, x, y, pressure]``, each of the lists as its first
    value and the steps from value to value: a digit takes 100 to 500 characters.
    """
    strokes = [
        [stroke.width, *map(_steps, (stroke.points[::2], stroke.points[1::2]))]
        + ([_steps(stroke.pressure)] if stroke.pressure else [])
        for stroke in drawing
    ]
    packed = zlib.compress(json.dumps(strokes, separators=(",", ":")).encode("ascii"), 9)
    return base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def decode(text: str) -> Drawing:
    """Read what `encode` wrote, or wrote in its older form.

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
        if raw[:1] == bytes([old_links.VERSION]):
            return old_links.read_old_form(raw)
        drawing = valid_drawing([_sent(*stroke) for stroke in json.loads(raw)])
        if drawing is None:
            raise ValueError("not a drawing")
    except (ValueError, TypeError, binascii.Error, zlib.error, RecursionError) as error:
        raise LinkError(
            "The drawing in this link is damaged or was cut off on its way, so an example is "
            "shown instead. Ask for the link again, or draw."
        ) from error
    return drawing


def _steps(values: Sequence[int]) -> list[int]:
    return [b - a for a, b in itertools.pairwise((0, *values))]


def _sent(width: Any, x: Any, y: Any, pressure: Any = ()) -> dict[str, Any]:
    """A stroke in the form that the browser sends, which `valid_drawing` checks."""
    if not len(x) == len(y) <= MOST_POINTS or {*map(type, (*x, *y, *pressure))} != {int}:
        raise ValueError("a stroke is not lists of whole numbers of one length")
    places = zip(itertools.accumulate(x), itertools.accumulate(y), strict=True)
    sent = {"w": width, "p": [*itertools.chain.from_iterable(places)]}
    return sent | ({"f": [*itertools.accumulate(pressure)]} if pressure else {})


def for_link(drawing: Drawing) -> str | None:
    """The drawing encoded in at most LONGEST_LINK characters.

    A long one is simplified first, by points that lie within 0.2 to 3 % of the sheet from the line
    they are left out of.

    Returns:
        The text, or None when even that does not help.
    """
    for tolerance in (0, 2, 4, 8, 16, 30):
        if len(text := encode(simplified(drawing, tolerance))) <= LONGEST_LINK:
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
