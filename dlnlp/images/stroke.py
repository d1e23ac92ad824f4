"""How wide the strokes of a digit are, and the same digit with strokes of another width.

Widths are relative to the digit: in pixels of MNIST's box of 20. The digit's centre line is the
skeleton of its shape; around each of its points stands a disc as wide as the stroke is there, and
the discs together are the shape (Blum 1967, "A Transformation for Extracting New Descriptors of
Shape"). Growing or shrinking the discs changes the width, and leaves the way they are connected.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from dlnlp.images.reading import Pixels
from dlnlp.images.shapes import (
    Mask,
    centre_line,
    distance_inside,
    highest_of_blocks,
    lower_envelope,
    without_spurs,
)

BOX = 20
WORKING_SIDE = 128  # pixels of the digit's longer side while its strokes change
# Four in five of MNIST's training digits lie between.
USUAL_WIDTHS = (1.8, 3.4)
_PAD = 2
# Distances are between centres of pixels, and the centre line may lie half a pixel off.
_TO_EDGE = np.float32(0.25)


@dataclass(frozen=True, eq=False)
class Stroke:
    """A digit and the width of its strokes.

    Attributes:
        before: width of the strokes, in pixels of a box of 20; 0 where there are none to measure.
        after: the width they were given; `before` where nothing was changed.
        picture: uint8 [h, w], the digit, with a margin and at another size if it was changed.
        scale: pixels of `picture` for one of the digit that was given.
        margin: pixels of `picture` on each side that are new.
    """

    before: float
    after: float
    picture: Pixels
    scale: float = 1.0
    margin: int = 0


def with_usual_stroke(digit: Pixels) -> Stroke:
    """Gives a digit strokes as wide as MNIST's usually are, where they are not.

    Args:
        digit: uint8 [H, W], light ink on black that reaches all four sides.
    """
    working = _at_working_size(digit)
    # Ragged edges would give the centre line branches of its own.
    rough = _rough_width(working)
    smooth = Image.fromarray(np.pad(working, _PAD)).filter(ImageFilter.GaussianBlur(rough / 6))
    mask = np.asarray(smooth) > 127
    distances = distance_inside(mask) - _TO_EDGE
    line = centre_line(mask)
    if not line.any():
        return Stroke(0, 0, digit)
    line = without_spurs(line, round(float(np.median(distances[line]))))
    radii = distances[line]
    width = 2 * float(np.median(radii))
    length = max(working.shape) - width  # of the centre line, along the longer side
    if length < width:
        return Stroke(0, 0, digit)  # a blot has no strokes
    before = BOX * width / (length + width)
    after = float(np.clip(before, *USUAL_WIDTHS))
    if after == before:
        return Stroke(before, before, digit)
    wanted = after * length / (BOX - after)
    radii = np.maximum(radii + (wanted - width) / 2, wanted / 4)
    margin = int(radii.max()) + 2
    scale = max(working.shape) / max(digit.shape)
    return Stroke(before, after, _discs(line, radii, margin), scale, margin + _PAD)


def _at_working_size(digit: Pixels) -> Pixels:
    image = Image.fromarray(digit)
    factor = -(-max(image.size) // WORKING_SIDE)
    if factor > 1 and _rough_width(digit) < 2 * factor:
        # A line that is thinner than a pixel of the smaller picture is to stay whole.
        image = Image.fromarray(highest_of_blocks(digit, factor))
    scale = WORKING_SIDE / max(image.size)
    size = [max(1, round(side * scale)) for side in image.size]
    return np.asarray(image.resize(size, Image.Resampling.BICUBIC))


def _rough_width(digit: Pixels) -> float:
    """The median length of runs of ink along rows and columns; a blot among thin lines is few."""
    mask = np.pad(digit > 127, 1).astype(np.int8)
    lengths = []
    for rows in (mask, mask.T):
        steps = np.diff(np.ascontiguousarray(rows).ravel())
        lengths.append(np.flatnonzero(steps < 0) - np.flatnonzero(steps > 0))
    return float(np.median(np.concatenate(lengths))) if mask.any() else 1.0


def _discs(line: Mask, radii: NDArray[np.float32], margin: int) -> Pixels:
    """The union of discs around the points of `line`, with smooth edges and a margin."""
    heights = np.full(line.shape, np.inf, np.float32)
    heights[line] = -(radii**2)
    inside = lower_envelope(np.pad(heights, margin, constant_values=np.inf), margin)
    # |p - q|^2 - r^2 is about 2 r times the distance from the edge of the disc around q.
    edge = np.clip(0.5 - inside / (2 * np.median(radii)), 0, 1)
    return np.asarray(edge * 255 + 0.5, np.uint8)
