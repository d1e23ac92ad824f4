"""Digits as other hands would have drawn them: warped and thickened batches, NumPy only.

A batch is warped by one bilinear look-up whose coordinates hold shift, rotation, zoom, shear and
an elastic field at once, so that a digit is interpolated a single time.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIDE = 28
_PADDED = SIDE + 2  # a ring of zeros: what lies outside reads as black
_CENTRE = (SIDE - 1) / 2

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Distortion:
    """How far digits are changed; every quantity is drawn uniformly between minus and plus it.

    Attributes:
        shift: pixels.
        rotation: degrees.
        zoom: natural logarithm of the factor, of both directions.
        stretch: the same, of height against width.
        shear: horizontal pixels a vertical pixel.
        elastic: standard deviation of the elastic displacement, pixels (Simard et al. 2003).
        elastic_knots: knots of the elastic field a side; more bend the strokes at a smaller scale.
        thickness: largest share of a step of dilation (above 0) or erosion (below 0); above 1,
            two steps are made.
        cut_share: share of the digits that lose a small rectangle.
        cut: side of the rectangle, at most, pixels.
    """

    shift: float = 2.0
    rotation: float = 15.0
    zoom: float = 0.12
    stretch: float = 0.12
    shear: float = 0.2
    elastic: float = 0.7
    elastic_knots: int = 6
    thickness: float = 0.6
    cut_share: float = 0.0
    cut: int = 6


def warp(images: Floats, rows: Floats, columns: Floats) -> Floats:
    """Bilinear look-up; what lies outside the image is 0.

    Args:
        images: ``[B, 28, 28]``.
        rows: row to read for each pixel of the answer, ``[B, 28, 28]``.
        columns: column to read.

    Returns:
        float32 ``[B, 28, 28]``.
    """
    count = len(images)
    padded = np.zeros((count, _PADDED, _PADDED), np.float32)
    padded[:, 1:-1, 1:-1] = images
    flat = padded.reshape(-1)
    top = np.clip(rows + 1, 0, _PADDED - 1.001)
    left = np.clip(columns + 1, 0, _PADDED - 1.001)
    row, column = top.astype(np.int64), left.astype(np.int64)
    top -= row
    left -= column
    row *= _PADDED
    row += column
    row += (np.arange(count) * _PADDED**2)[:, None, None]
    above = flat.take(row)
    above += left * (flat.take(row + 1) - above)
    row += _PADDED
    below = flat.take(row)
    below += left * (flat.take(row + 1) - below)
    above += top * (below - above)
    return above


def affine_grid(
    angle: Floats, factor: Floats, stretch: Floats, shear: Floats, shift: Floats
) -> tuple[Floats, Floats]:
    """Rows and columns to read, float32 ``[B, 28, 28]`` each, for an affine map about the centre.

    Args:
        angle: rotation, counter-clockwise, radians, ``[B]``.
        factor: zoom, ``[B]``; above 1 the digit grows.
        stretch: factor on the ratio of height to width, ``[B]``; above 1 the digit grows higher and
            narrower, by the root of this factor each.
        shear: columns to the right for one row upwards, ``[B]``.
        shift: rows down and columns to the right, ``[B, 2]``.
    """
    line = np.arange(SIDE, dtype=np.float32) - np.float32(_CENTRE)
    root = np.sqrt(stretch)
    cos, sin = np.cos(angle), np.sin(angle)
    # Inverse of: stretch and shear, then rotate, then zoom, then shift.
    down = line[None, :, None] - shift[:, 0, None, None]
    right = line[None, None, :] - shift[:, 1, None, None]
    high = 1 / (factor * root)
    wide = root / factor

    def each(values: NDArray[Any]) -> Floats:
        return np.asarray(values[:, None, None], np.float32)

    rows = each(high * cos) * down + each(high * sin) * right
    columns = each(wide * -sin) * down + each(wide * cos) * right
    columns += each(shear) * rows
    return rows + np.float32(_CENTRE), columns + np.float32(_CENTRE)


def thicken(images: Floats, amount: Floats) -> Floats:
    """Blend every digit with its dilation (amount above 0) or erosion (below 0).

    One step takes the largest (smallest) of a pixel and its four neighbours.

    Args:
        images: float32 ``[B, 28, 28]``, at least 0.
        amount: steps from -2 to 2, float32 ``[B]``; fractions blend.
    """
    result = images.copy()
    for sign, pick in ((1, np.maximum), (-1, np.minimum)):
        for step in (0, 1):
            chosen = np.flatnonzero(sign * amount > step)
            if not len(chosen):
                continue
            part = result[chosen]
            moved = part.copy()
            pick(moved[:, 1:], part[:, :-1], out=moved[:, 1:])
            pick(moved[:, :-1], part[:, 1:], out=moved[:, :-1])
            pick(moved[:, :, 1:], part[:, :, :-1], out=moved[:, :, 1:])
            pick(moved[:, :, :-1], part[:, :, 1:], out=moved[:, :, :-1])
            share = np.minimum(np.abs(amount[chosen]) - step, 1).astype(np.float32)
            result[chosen] = part + share[:, None, None] * (moved - part)
    return result


class Augmentation:
    """Distorts batches by draws of its own generator.

    Args:
        distortion: how far.
    """

    def __init__(self, distortion: Distortion) -> None:
        self.distortion = distortion
        knots = np.arange(distortion.elastic_knots)
        place = np.linspace(0, distortion.elastic_knots - 1, SIDE)
        bumps = np.exp(-0.5 * ((place[:, None] - knots) / 0.7) ** 2)
        # Each pixel's displacement is to have a variance of 1, in both directions.
        self._bumps = (bumps / np.sqrt((bumps**2).sum(axis=1, keepdims=True))).astype(np.float32)

    def __call__(self, images: Floats, rng: np.random.Generator) -> Floats:
        """Distorted copies, float32 ``[B, 28, 28]`` in [0, 1], of images ``[B, 28, 28]``."""
        d, count = self.distortion, len(images)

        def drawn(extent: float, *more: int) -> Floats:
            return rng.uniform(-extent, extent, (count, *more)).astype(np.float32)

        rows, columns = affine_grid(
            np.deg2rad(drawn(d.rotation)),
            np.exp(drawn(d.zoom)),
            np.exp(drawn(d.stretch)),
            drawn(d.shear),
            drawn(d.shift, 2),
        )
        if d.elastic:
            knots = rng.standard_normal((2, count, *2 * (d.elastic_knots,)), np.float32)
            knots *= d.elastic
            moves = self._bumps @ knots @ self._bumps.T
            rows += moves[0]
            columns += moves[1]
        result = warp(images, rows, columns)
        if d.thickness:
            result = thicken(result, drawn(d.thickness))
        if d.cut_share:
            for place in np.flatnonzero(rng.random(count) < d.cut_share):
                high, wide = rng.integers(2, d.cut + 1, 2)
                top, left = rng.integers(4, 24 - high), rng.integers(4, 24 - wide)
                result[place, top : top + high, left : left + wide] = 0
        return result
