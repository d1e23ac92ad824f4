"""From pixels to what a network trained on MNIST reads, step by step.

Each step's picture is kept for the page, and each step can be left out to see what breaks then.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dlnlp.images.ink import Ink, find_ink
from dlnlp.images.placing import (
    BOX,
    FIELD,
    Box,
    cropped,
    in_field,
    ink_box,
    scaled_to_box,
    stretched_to_field,
)
from dlnlp.images.reading import MAX_PIXELS, Pixels
from dlnlp.images.stroke import Stroke, with_usual_stroke

# Pictures of steps are for looking at.
_SHOWN_SIDE = 280


@dataclass(frozen=True, eq=False)
class Step:
    """One step: its name (that of its switch, where it has one), what it did, and its picture.

    Attributes:
        name: ``ink``, ``background``, ``stroke``, ``crop``, ``scale`` or ``center``.
        explanation: one sentence for the person who looks.
        image: uint8 [h, w], light ink on black, at most 280 pixels a side.
    """

    name: str
    explanation: str
    image: NDArray[np.uint8]


@dataclass(frozen=True)
class Steps:
    """Which steps are taken; one that is off hands on what it was given."""

    background: bool = True
    stroke: bool = True
    crop: bool = True
    scale: bool = True
    center: bool = True


@dataclass(frozen=True, eq=False)
class Preprocessed:
    """A picture as MNIST would hold it.

    Attributes:
        image: float32 [28, 28] from 0 (paper) to 1 (ink).
        steps: what was done, in order, each with its picture.
        empty: no ink was found; `image` is 0 everywhere then.
        note: one sentence about what was found (which ink, how wide the strokes).
    """

    image: NDArray[np.float32]
    steps: tuple[Step, ...]
    empty: bool
    note: str


ALL_STEPS = Steps()


def preprocess(pixels: NDArray[np.uint8], switches: Steps = ALL_STEPS) -> Preprocessed:
    """Makes of a drawing, a scan or a photo of one digit a picture as MNIST's.

    Args:
        pixels: uint8 [H, W], [H, W, 3] or [H, W, 4] (red, green, blue, opacity).
        switches: which steps are taken.

    Raises:
        ValueError: `pixels` has another shape or type, no pixel, or more than MAX_PIXELS.
    """
    _check(pixels)
    ink = find_ink(np.ascontiguousarray(pixels))
    steps = [Step("ink", _about_ink(ink), _shown(ink.turned))]
    if ink.empty:
        return _blank(steps, "No ink was found: nothing stands out from the paper.")
    picture = ink.cleaned if switches.background else ink.turned
    steps.append(Step("background", _about_paper(ink, switches), _shown(picture)))

    box = ink_box(picture)
    digit = cropped(picture, box)
    stroke = with_usual_stroke(digit) if switches.stroke else Stroke(0, 0, digit)
    picture = _put_back(picture, box, stroke)
    steps.append(Step("stroke", _about_stroke(stroke, switches), _shown(picture)))

    if switches.crop:
        picture = cropped(stroke.picture, ink_box(stroke.picture))
    steps.append(Step("crop", _about_crop(switches), _shown(picture)))

    picture = scaled_to_box(picture) if switches.scale else stretched_to_field(picture)
    steps.append(Step("scale", _about_scale(switches), picture))

    picture = in_field(picture, switches.center)
    steps.append(Step("center", _about_center(switches), picture))
    return Preprocessed(
        picture.astype(np.float32) / np.float32(255), tuple(steps), False, _note(ink, stroke)
    )


def _check(pixels: NDArray[np.uint8]) -> None:
    shape = pixels.shape
    coloured = len(shape) == 3 and shape[2] in (3, 4)
    if pixels.dtype != np.uint8 or not (len(shape) == 2 or coloured):
        raise ValueError(
            f"A picture must be uint8 [H, W], [H, W, 3] or [H, W, 4], not {pixels.dtype} "
            f"{list(shape)}."
        )
    if not 1 <= shape[0] * shape[1] <= MAX_PIXELS:
        raise ValueError(f"A picture must have 1 to {MAX_PIXELS} pixels, not {shape[:2]}.")


def _put_back(picture: Pixels, box: Box, stroke: Stroke) -> Pixels:
    """`picture` with the digit of new strokes where the digit in `box` was."""
    if stroke.after == stroke.before:
        return picture
    size = [max(1, round(side / stroke.scale)) for side in reversed(stroke.picture.shape)]
    digit = Image.fromarray(stroke.picture).resize(size, Image.Resampling.BICUBIC)
    whole = Image.new("L", (picture.shape[1], picture.shape[0]))
    left, top = (place - round(stroke.margin / stroke.scale) for place in box[:2])
    whole.paste(digit, (left, top))
    return np.asarray(whole)


def _shown(picture: Pixels) -> Pixels:
    image = Image.fromarray(picture)
    image.thumbnail((_SHOWN_SIDE, _SHOWN_SIDE), Image.Resampling.BOX)
    return np.asarray(image)


def _blank(steps: list[Step], note: str) -> Preprocessed:
    return Preprocessed(np.zeros((FIELD, FIELD), np.float32), tuple(steps), True, note)


def _about_ink(ink: Ink) -> str:
    if ink.dark:
        return "The ink is darker than the paper: inverted, as MNIST's ink is light on black."
    return "The ink is lighter than the paper, as in MNIST: nothing to invert."


def _about_paper(ink: Ink, switches: Steps) -> str:
    if not switches.background:
        return "Off: paper, shadows and specks stay in the picture."
    line = " A line around or beside the digit was taken away." if ink.lines else ""
    if ink.uneven:
        return (
            f"The light on the paper is uneven: the paper around each pixel was taken away.{line}"
        )
    return f"What is as bright as the paper becomes black, full ink becomes white, specks go.{line}"


def _about_stroke(stroke: Stroke, switches: Steps) -> str:
    if not switches.stroke:
        return "Off: the strokes stay as wide as they are."
    if not stroke.before:
        return "There is no stroke to measure: nothing was changed."
    width = f"{stroke.before:.1f} pixels wide in MNIST's box of {BOX}"
    if stroke.after == stroke.before:
        return f"The strokes are {width}, as usual in MNIST: nothing was changed."
    word = "thicker" if stroke.after > stroke.before else "thinner"
    return f"The strokes were {width}: made {word}, {stroke.after:.1f} pixels."


def _about_crop(switches: Steps) -> str:
    if not switches.crop:
        return "Off: the empty paper around the digit stays, and the digit becomes small."
    return "The empty paper around the digit is cut away."


def _about_scale(switches: Steps) -> str:
    if not switches.scale:
        return f"Off: stretched to {FIELD} x {FIELD} without a margin, the proportions lost."
    return f"The longer side becomes {BOX} pixels, each the mean of the area that it covers."


def _about_center(switches: Steps) -> str:
    if not switches.center:
        return f"Off: the middle of the box, not of the ink, is the middle of {FIELD} x {FIELD}."
    return f"The ink's centre of mass moves to the middle of {FIELD} x {FIELD}."


def _note(ink: Ink, stroke: Stroke) -> str:
    found = "Dark ink on light paper" if ink.dark else "Light ink on dark paper"
    light = " in uneven light" if ink.uneven else ""
    width = f", strokes {stroke.before:.1f} of {BOX} pixels wide" if stroke.before else ""
    return f"{found}{light}{width}."
