"""The paper of a picture: how bright it is, whether all over, and what stands out from it."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from dlnlp.images.reading import Pixels
from dlnlp.images.shapes import Mask, pieces

Contrast = NDArray[np.int16]  # with the paper, from -FULL to FULL
Number = TypeVar("Number", bound=np.generic)

FULL = 255
TWO_LEVELS = 0.77  # share of the variance from which two levels, ink and paper, are all there is
SPECK = 0.03  # share of the largest piece's ink below which a piece is a speck
_SAMPLES = 160  # pixels a side that statistics look at
_COARSE = 96  # pixels a side at which the paper's light is estimated
_STROKE_SHARE = 0.24  # no stroke is wider than this share of the picture's longer side
_LEVEL = 16  # brightness that counts as the same paper
_PAPER = 0.1  # of a picture is paper, however tightly it is cropped


def sampled(values: NDArray[Number]) -> NDArray[Number]:
    """Every so many pixels of a picture [H, W] or [H, W, 3]: at most 160 a side."""
    step = -(-max(values.shape[:2]) // _SAMPLES)
    # The middle of each square, so that the last rows and columns have their part.
    top, left = (min(step, side) // 2 for side in values.shape[:2])
    return values[top::step, left::step]


def border_of(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The pixels of a frame as wide as a twentieth of the shorter side: [n] or [n, 3]."""
    wide = max(1, min(values.shape[:2]) // 20)
    inside = np.ones(values.shape[:2], np.bool_)
    inside[wide:-wide, wide:-wide] = False
    return values[inside]


def polarity(grey: Pixels) -> tuple[bool, float | None]:
    """Whether the ink is dark, and the brightness of the paper; None where it is uneven.

    Ink lies far from the paper on one side: the third power of the difference tells which. Around
    a digit that is cropped tightly there is little paper, but the ink is rarer along the border.

    Args:
        grey: brightness, uint8 ``[H, W]``.
    """
    sample = sampled(grey).astype(np.float64)
    border = border_of(sample)
    threshold, between = otsu(np.asarray(Image.fromarray(grey).histogram()))
    level = float(np.median(border))
    if np.mean(np.abs(border - level) <= _LEVEL) >= 0.7:
        dark = bool(np.sum((sample - level) ** 3) < 0)
        # What is wide and has many levels is no ink but gentle light.
        if between >= TWO_LEVELS or _are_strokes((sample < threshold) == dark):
            return dark, level
    else:
        dark = bool(np.mean(border >= threshold) > 0.5)
        ink = (sample < threshold) == dark
        if _touches_all_sides(ink) and (between >= TWO_LEVELS or _are_strokes(ink)):
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
    mask = mask & (sizes >= SPECK * sizes.sum())[labels]
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


def levels_of(contrast: NDArray[np.floating]) -> Contrast:
    """Contrast, float of any shape from -1 to 1, as int16 from -FULL to FULL."""
    return np.asarray(np.rint(np.clip(contrast, -1, 1) * FULL), np.int16)


def above_uneven_paper(turned: Pixels) -> Contrast:
    """How far each pixel lies above the paper around it, as a share of what is possible there.

    Args:
        turned: brightness with light ink, uint8 ``[H, W]``.

    Returns:
        int16 ``[H, W]`` from -FULL to FULL.
    """
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
    return levels_of((turned - there) / np.maximum(255 - there, 32))


def _highest(values: NDArray[np.int16], window: int) -> NDArray[np.int16]:
    """The highest value within a square of `window` (odd) pixels around each."""
    for axis in (0, 1):
        half = window // 2
        padding = [(half, half) if a == axis else (0, 0) for a in (0, 1)]
        padded = np.pad(values, padding, constant_values=np.iinfo(np.int16).min)
        values = np.lib.stride_tricks.sliding_window_view(padded, window, axis).max(-1)
    return values


def otsu(counts: NDArray[np.int64]) -> tuple[int, float]:
    """Otsu's threshold (1979) of a histogram, and how well two levels stand for all.

    Args:
        counts: of each level, int64 ``[levels]``.

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
