"""What is ink in a picture: one brightness a pixel, light or dark ink, paper, specks.

From here on ink is light on black, as in MNIST.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from dlnlp.images.lines import lines_beside
from dlnlp.images.reading import Pixels, flatten
from dlnlp.images.shapes import Mask, highest_of_blocks, pieces

# A longer side is reduced first, which is what makes it fast; a stroke of 2 pixels stays one of 1.
LONGEST_SIDE = 800
_SAMPLES = 160  # pixels a side that statistics look at
_COARSE = 96  # pixels a side at which the paper's light is estimated
_STROKE_SHARE = 0.24  # no stroke is wider than this share of the picture's longer side
Contrast = NDArray[np.int16]  # with the paper, from -_FULL to _FULL

Number = TypeVar("Number", bound=np.generic)

_FULL = 255
_LEVEL = 16  # brightness that counts as the same paper
_LEAST_CONTRAST = 12 / 255  # of ink with its paper
_STRONG = 0.6  # contrast of ink that no shadow has
_NOISE = 5.0  # standard deviations of the paper's grain that are no ink
_GRAIN_STEPS = 32  # pixels are compared that lie this part of the longer side apart
_TWO_LEVELS = 0.77  # share of the variance from which two levels, ink and paper, are all there is
_PAPER = 0.1  # of a picture is paper, however tightly it is cropped
_SPECK = 0.03  # share of the largest piece's ink below which a piece is a speck


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
    dark, level = _polarity(grey)
    turned = 255 - grey if dark else grey
    if level is None:
        contrast = _above_uneven_paper(turned)
    else:
        paper = 255 - level if dark else level
        steps = (np.arange(256) - paper) / max(255 - paper, 1)
        contrast = _levels(steps.astype(np.float32))[turned]
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
    colours = _sampled(np.asarray(image)).astype(np.float64)
    away = colours.reshape(-1, 3) - np.median(_border(colours), axis=0)
    axis = np.linalg.eigh(away.T @ away)[1][:, -1]
    axis *= (1 if axis.sum() >= 0 else -1) / np.abs(axis).sum()
    if not away.any() or np.ptp(axis) < 0.05:
        axis = np.full(3, 1 / 3)  # no colour: no part of a grey picture weighs more than another
    offset = -255 * axis[axis < 0].sum()
    return np.asarray(image.convert("L", (*map(float, axis), float(offset))))


def _sampled(values: NDArray[Number]) -> NDArray[Number]:
    step = -(-max(values.shape[:2]) // _SAMPLES)
    # The middle of each square, so that the last rows and columns have their part.
    top, left = (min(step, side) // 2 for side in values.shape[:2])
    return values[top::step, left::step]


def _border(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The pixels of a frame as wide as a twentieth of the shorter side: [n] or [n, 3]."""
    wide = max(1, min(values.shape[:2]) // 20)
    inside = np.ones(values.shape[:2], np.bool_)
    inside[wide:-wide, wide:-wide] = False
    return values[inside]


def _polarity(grey: Pixels) -> tuple[bool, float | None]:
    """Whether the ink is dark, and the paper's brightness (None: it is not the same all over).

    Ink lies far from the paper on one side: the third power of the difference tells which. Around
    a digit that is cropped tightly there is little paper, but the ink is rarer along the border.
    """
    sample = _sampled(grey).astype(np.float64)
    border = _border(sample)
    threshold, between = _otsu(np.asarray(Image.fromarray(grey).histogram()))
    level = float(np.median(border))
    if np.mean(np.abs(border - level) <= _LEVEL) >= 0.7:
        dark = bool(np.sum((sample - level) ** 3) < 0)
        # What is wide and has many levels is no ink but gentle light.
        if between >= _TWO_LEVELS or _are_strokes((sample < threshold) == dark):
            return dark, level
    else:
        dark = bool(np.mean(border >= threshold) > 0.5)
        if between >= _TWO_LEVELS and _touches_all_sides((sample < threshold) == dark):
            return dark, float(np.quantile(sample, 1 - _PAPER if dark else _PAPER))
    return bool(np.sum((sample - _even_surface(sample)) ** 3) < 0), None


def _are_strokes(mask: Mask) -> bool:
    """Whether no square as wide as the widest stroke fits into `mask`."""
    window = round(_STROKE_SHARE * max(mask.shape)) | 1
    return not (-_highest(-np.pad(mask, window).astype(np.int16), window)).any()


def _touches_all_sides(mask: Mask) -> bool:
    """Whether `mask` nearly reaches all sides, as a cropped digit does, and no half in shadow."""
    labels, _ = pieces(mask)
    sizes = np.bincount(labels.ravel()) * (np.arange(labels.max() + 1) > 0)
    mask = mask & (sizes >= _SPECK * sizes.sum())[labels]
    near = max(2, max(mask.shape) // 12)
    return all(part.any() for part in (mask[:near], mask[-near:], mask[:, :near], mask[:, -near:]))


def _even_surface(sample: NDArray[np.float64]) -> NDArray[np.float64]:
    """A surface of second order through most of `sample` (least absolute differences)."""
    height, width = sample.shape
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y]).reshape(6, -1)
    values = sample.ravel()
    weights = np.ones_like(values)
    for _ in range(8):  # iteratively reweighted least squares
        weighted = terms * weights
        fit = np.linalg.lstsq(weighted @ terms.T, weighted @ values, rcond=None)[0] @ terms
        weights = 1 / np.maximum(np.abs(values - fit), 1)
    return np.asarray(fit.reshape(sample.shape))


def _levels(contrast: NDArray[np.floating]) -> Contrast:
    return np.asarray(np.rint(np.clip(contrast, -1, 1) * _FULL), np.int16)


def _above_uneven_paper(turned: Pixels) -> Contrast:
    """How far each pixel lies above the paper around it, as a share of what is possible there."""
    image = Image.fromarray(turned)
    scale = _COARSE / max(image.size)
    small = image.resize(
        [max(1, round(side * min(scale, 1))) for side in image.size], Image.Resampling.BOX
    )
    # An opening: what is light and narrower than the window goes, the rest keeps its shape.
    window = round(_STROKE_SHARE * max(small.size)) | 1
    paper = np.asarray(small)
    paper = _highest(-_highest(-paper.astype(np.int16), window), window)
    surface = Image.fromarray(paper.astype(np.uint8)).filter(ImageFilter.GaussianBlur(1.5))
    there = np.asarray(surface.resize(image.size, Image.Resampling.BICUBIC), np.float32)
    return _levels((turned - there) / np.maximum(255 - there, 32))


def _highest(values: NDArray[np.int16], window: int) -> NDArray[np.int16]:
    """The highest value within a square of `window` (odd) pixels around each."""
    for axis in (0, 1):
        half = window // 2
        padding = [(half, half) if a == axis else (0, 0) for a in (0, 1)]
        padded = np.pad(values, padding, constant_values=np.iinfo(np.int16).min)
        values = np.lib.stride_tricks.sliding_window_view(padded, window, axis).max(-1)
    return values


def _cleaned(contrast: Contrast) -> tuple[Pixels, bool]:
    """Brightness: 0 below the paper's grain, 255 from most of the ink's on.

    Returns:
        The brightness, and whether the ink is too strong for a shadow.
    """
    levels = contrast + _FULL
    counts = np.bincount(levels.ravel(), minlength=2 * _FULL + 1)
    threshold, between = _otsu(counts)
    paper = _quantile(counts[:threshold], 0.5)
    ink = _quantile(counts[threshold:], 0.4) + threshold
    grain = _grain(levels, threshold)
    noisy = ink - paper < _NOISE * grain and between < _TWO_LEVELS
    if not between or noisy or ink - paper < _LEAST_CONTRAST * _FULL:
        return np.zeros(contrast.shape, np.uint8), False
    margin = np.clip(_NOISE * grain / (ink - paper), 0, 0.4)
    low, high = paper + margin * (ink - paper), ink - margin * (ink - paper)
    table = np.clip((np.arange(len(counts)) - low) / (high - low), 0, 1) * 255 + 0.5
    return np.asarray(table.astype(np.uint8)[levels]), ink - paper >= _STRONG * _FULL


def _grain(levels: Contrast, threshold: int) -> float:
    """Robust standard deviation of the paper's grain, from differences of places on paper.

    Most of the paper is level but for its grain. The soft edges of strokes, which may take more
    than half of what is not ink, differ less from one place to the next.
    """
    sample = _sampled(levels)
    apart = max(1, max(sample.shape) // _GRAIN_STEPS)
    differences = []
    for array in (sample, sample.T):
        one, other = array[apart:], array[:-apart]
        paper = (one < threshold) & (other < threshold)
        differences.append(np.abs(one - other)[paper])
    every = np.concatenate(differences)
    # Of two bell curves; the median would be 0 where half of the paper is clipped to white.
    return float(np.quantile(every, 0.68)) / 2**0.5 if len(every) else 0.0


def _otsu(counts: NDArray[np.int64]) -> tuple[int, float]:
    """Otsu's threshold (1979) of a histogram, and how well two levels stand for all.

    Returns:
        The first level of the upper class, and the share of the variance between the classes: 1
        for two levels, 0.64 for a bell curve.
    """
    levels = np.arange(len(counts))
    below = np.cumsum(counts)[:-1]
    total = counts.sum()
    moment = np.cumsum(counts * levels)
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = moment[:-1] / below - (moment[-1] - moment[:-1]) / (total - below)
        between = np.nan_to_num(below * (total - below) * apart**2)
    threshold = int(between.argmax()) + 1
    variance = (counts @ levels**2) * total - float(moment[-1]) ** 2
    return threshold, float(between[threshold - 1] / max(variance, 1))


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
    lines = lines_beside(labels, mass, _SPECK)
    mass[lines] = 0
    largest = mass.max()
    inner = np.where(edge, 0, mass).max()
    # A digit may touch the edge, but what is faint there in uneven light is a shadow.
    if inner >= 0.2 * largest or (photo and not strong):
        mass[edge] = 0
        largest = inner if inner >= 0.2 * largest else largest
    keep = mass >= _SPECK * largest
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
