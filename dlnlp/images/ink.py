"""What is ink in a picture: one brightness a pixel, light or dark ink, paper, specks.

From here on ink is light on black, as in MNIST.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dlnlp.images.lines import lines_beside
from dlnlp.images.paper import (
    FULL,
    SPECK,
    TWO_LEVELS,
    Contrast,
    above_uneven_paper,
    border_of,
    levels_of,
    otsu,
    polarity,
    sampled,
)
from dlnlp.images.reading import Pixels, flatten
from dlnlp.images.shapes import Mask, highest_of_blocks, pieces

# A longer side is reduced first, which is what makes it fast; a stroke of 2 pixels stays one of 1.
LONGEST_SIDE = 800
_LEAST_CONTRAST = 12 / 255  # of ink with its paper
_STRONG = 0.6  # contrast of ink that no shadow has
_NOISE = 5.0  # standard deviations of the paper's grain that are no ink
_NARROW = 3  # times as long as wide: a picture of one stroke
_GRAIN_STEPS = 32  # pixels are compared that lie this part of the longer side apart


@dataclass(frozen=True, eq=False)
class Ink:
    """A picture with light ink, before and after the paper is taken away.

    Attributes:
        turned: uint8 [H, W], the brightness, turned over where the ink was dark.
        cleaned: uint8 [H, W], 0 on paper, 255 on ink, in between at the edges of strokes.
        dark: whether the ink was dark on light paper.
        uneven: whether the light of the paper had to be evened out.
        lines: whether a line around or beside the digit was taken away.
        empty: whether there is no ink; `cleaned` is 0 everywhere then.
    """

    turned: Pixels
    cleaned: Pixels
    dark: bool
    uneven: bool
    lines: bool
    empty: bool


def find_ink(pixels: Pixels) -> Ink:
    """Finds the ink of a picture.

    Args:
        pixels: uint8 [H, W], [H, W, 3] or [H, W, 4] (with transparency).
    """
    grey = brightness(pixels)
    dark, level = polarity(grey)
    turned = 255 - grey if dark else grey
    if level is None:
        contrast = above_uneven_paper(turned)
    else:
        paper = 255 - level if dark else level
        steps = (np.arange(256) - paper) / max(255 - paper, 1)
        contrast = levels_of(steps.astype(np.float32))[turned]
    cleaned, strong = _cleaned(contrast)
    cleaned, lines = _without_specks(cleaned, photo=level is None, strong=strong)
    return Ink(turned, cleaned, dark, level is None, lines, not cleaned.any())


def brightness(pixels: Pixels) -> Pixels:
    """One brightness a pixel, along the colour in which ink and paper differ most.

    The usual grey loses red ink on green paper of the same luminance. Here it is the principal
    axis of the colours around the paper's (the median of the border). Reduced to LONGEST_SIDE.

    Returns:
        uint8 [H, W].
    """
    image = Image.fromarray(pixels)
    factor = -(-max(image.size) // LONGEST_SIDE)
    if factor > 1:
        image = image.reduce(factor)
    if image.mode == "RGBA":
        image = flatten(image)
    if image.mode == "L":
        return np.asarray(image)
    colours = sampled(np.asarray(image)).astype(np.float64)
    away = colours.reshape(-1, 3) - np.median(border_of(colours), axis=0)
    axis = np.linalg.eigh(away.T @ away)[1][:, -1]
    axis *= (1 if axis.sum() >= 0 else -1) / np.abs(axis).sum()
    if not away.any() or np.ptp(axis) < 0.05:
        axis = np.full(3, 1 / 3)  # no colour: no part of a grey picture weighs more than another
    offset = -255 * axis[axis < 0].sum()
    return np.asarray(image.convert("L", (*map(float, axis), float(offset))))


def _cleaned(contrast: Contrast) -> tuple[Pixels, bool]:
    """Brightness: 0 below the paper's grain, 255 from most of the ink's on.

    Returns:
        The brightness, and whether the ink is too strong for a shadow.
    """
    levels = contrast + FULL
    counts = np.bincount(levels.ravel(), minlength=2 * FULL + 1)
    threshold, between = otsu(counts)
    paper = _quantile(counts[:threshold], 0.5)
    ink = _quantile(counts[threshold:], 0.4) + threshold
    grain = _grain(levels, threshold)
    noisy = ink - paper < _NOISE * grain and between < TWO_LEVELS
    if not between or noisy or ink - paper < _LEAST_CONTRAST * FULL:
        return np.zeros(contrast.shape, np.uint8), False
    margin = np.clip(_NOISE * grain / (ink - paper), 0, 0.4)
    low, high = paper + margin * (ink - paper), ink - margin * (ink - paper)
    table = np.clip((np.arange(len(counts)) - low) / (high - low), 0, 1) * 255 + 0.5
    return np.asarray(table.astype(np.uint8)[levels]), ink - paper >= _STRONG * FULL


def _grain(levels: Contrast, threshold: int) -> float:
    """Robust standard deviation of the paper's grain, from differences of places on paper.

    Most of the paper is level but for its grain. The soft edges of strokes, which may take more
    than half of what is not ink, differ less from one place to the next. Across a picture that is
    hardly wider than its stroke there is nothing but such edges: the grain is measured along it.
    """
    sample = sampled(levels)
    height, width = sample.shape
    apart = max(1, max(height, width) // _GRAIN_STEPS)
    downwards, sideways = width <= _NARROW * height, height <= _NARROW * width
    differences = []
    for array in [sample] * downwards + [sample.T] * sideways:
        one, other = array[apart:], array[:-apart]
        paper = (one < threshold) & (other < threshold)
        differences.append(np.abs(one - other)[paper])
    every = np.concatenate(differences)
    # Of two bell curves; the median would be 0 where half of the paper is clipped to white.
    return float(np.quantile(every, 0.68)) / 2**0.5 if len(every) else 0.0


def _quantile(counts: NDArray[np.int64], share: float) -> int:
    running = np.cumsum(counts)
    return int(np.searchsorted(running, share * running[-1]))


def _without_specks(cleaned: Pixels, photo: bool, strong: bool) -> tuple[Pixels, bool]:
    """Without lines around or beside the digit, specks, and a photo's dark edges.

    Returns:
        What is left, and whether a line was among what was taken away.
    """
    factor = max(1, -(-max(cleaned.shape) // 256))
    labels, count = pieces(highest_of_blocks(cleaned, factor) > 64)
    if count == 0:
        return cleaned, False
    means = np.asarray(Image.fromarray(cleaned).reduce(factor), np.float64)
    mass = np.bincount(labels.ravel(), means.ravel(), count + 1).astype(np.float64)
    mass[0] = 0
    sides = [labels[0], labels[-1], labels[:, 0], labels[:, -1]]
    touched = np.stack([np.bincount(side, minlength=count + 1) > 0 for side in sides])
    edge = touched.any(0) if photo else touched.all(0)
    lines = lines_beside(labels, mass, SPECK)
    mass[lines] = 0
    largest = mass.max()
    inner = np.where(edge, 0, mass).max()
    # A digit may touch the edge, but what is faint there in uneven light is a shadow.
    if inner >= 0.2 * largest or (photo and not strong):
        mass[edge] = 0
        largest = inner if inner >= 0.2 * largest else largest
    keep = mass >= SPECK * largest
    keep[0] = False
    # A soft edge may reach one block further than the piece it belongs to.
    kept = keep[labels]
    there = _spread(kept) & (kept | (labels == 0))
    mask = there.repeat(factor, 0).repeat(factor, 1)[: cleaned.shape[0], : cleaned.shape[1]]
    return np.where(mask, cleaned, np.uint8(0)), bool(lines)


def _spread(mask: Mask) -> Mask:
    """`mask` and the pixels that touch it."""
    padded = np.pad(mask, 1)
    rows = padded[:-2] | padded[1:-1] | padded[2:]
    return rows[:, :-2] | rows[:, 1:-1] | rows[:, 2:]
