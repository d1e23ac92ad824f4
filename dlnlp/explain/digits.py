"""What a network that reads digits looks at: occlusion, gradient, and answers to changed digits.

Needs of the network only its logits. Everything is measured in the evidence for a digit, its
log-odds against the nine others::

    evidence_c = z_c - log(sum over k != c of exp(z_k)) = log(p_c / (1 - p_c))

which, unlike the probability, does not saturate and, unlike a logit, does not change when all
logits rise together. 0 means fifty-fifty; one more multiplies the odds by 2.7.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.log_odds import log_odds
from dlnlp.inference.softmax import softmax

Floats = NDArray[np.float32]
Logits = Callable[[Floats], Floats]
"""[B, 28, 28] in [0, 1] to logits [B, C]."""

PATCH = 5
STEP = 0.05
_FINER = 4  # strokes change by a quarter of a pixel on each side
_CHUNK = 128  # pictures a run: bounds memory, and lets others in between


@dataclass(frozen=True, eq=False)
class EvidenceMap:
    """A number for each pixel.

    Attributes:
        digit: the digit that the evidence is for.
        evidence: evidence for the digit in the unchanged picture, in nats.
        values: float32 [28, 28]; positive where ink or change speaks for `digit`, as each map says.
    """

    digit: int
    evidence: float
    values: Floats


@dataclass(frozen=True, eq=False)
class Response:
    """The answers to a digit that is changed more and more.

    Attributes:
        name: name of the change.
        unit: unit of `amounts`.
        amounts: float32 [N], ascending; 0 is the unchanged digit.
        probabilities: float32 [N, C].
        images: what the network read, float32 [N, 28, 28].
    """

    name: str
    unit: str
    amounts: Floats
    probabilities: Floats
    images: Floats


def evidence(logits: Floats, digit: int) -> Floats:
    """Log-odds of `digit` against all others, float32 [B], from logits, float32 [B, C]."""
    return log_odds(logits)[:, digit].astype(np.float32)


def occlusion_map(image: Floats, digit: int, logits_of: Logits, patch: int = PATCH) -> EvidenceMap:
    """How much evidence is lost when ink is wiped away (Zeiler & Fergus 2014).

    A square of patch x patch pixels is made black at every place where it covers a pixel of the
    picture. A pixel's value is the mean of ``evidence - evidence without the square`` over the
    patch x patch squares that cover it: positive where the ink speaks for `digit`.

    Args:
        image: float32 [28, 28] in [0, 1].
        digit: the digit that the evidence is for.
        logits_of: the network: pictures float32 [B, 28, 28] to logits float32 [B, C].
        patch: side of the square, in pixels.
    """
    height, width = image.shape
    rows, columns = range(1 - patch, height), range(1 - patch, width)
    squares = [
        (slice(max(y, 0), y + patch), slice(max(x, 0), x + patch)) for y in rows for x in columns
    ]
    # A square over nothing changes nothing.
    covering = [square for square in squares if image[square].any()]

    def wiped() -> Iterator[Floats]:
        for square in covering:
            changed = image.copy()
            changed[square] = 0
            yield changed

    start = _evidence_of(iter([image]), digit, logits_of)[0]
    values = np.zeros_like(image)
    lost = start - _evidence_of(wiped(), digit, logits_of)
    for square, amount in zip(covering, lost, strict=True):
        values[square] += amount
    return EvidenceMap(digit, float(start), values / np.float32(patch**2))


def gradient_map(image: Floats, digit: int, logits_of: Logits, step: float = STEP) -> EvidenceMap:
    """The slope of the evidence by the brightness of each pixel, empty pixels included.

    Central differences: each pixel is made a little brighter and a little darker, 2 x 784 runs of
    the network ``(e(x + h) - e(x - h)) / 2h``, since ONNX Runtime has no gradients. The brightness
    may leave [0, 1] by `step`. Positive where more ink would speak for `digit`.

    Args:
        image: float32 [28, 28] in [0, 1].
        digit: the digit that the evidence is for.
        logits_of: the network: pictures float32 [B, 28, 28] to logits float32 [B, C].
        step: h, in units of brightness.
    """

    def nudged() -> Iterator[Floats]:
        for sign in (1, -1):
            for place in np.ndindex(image.shape):
                changed = image.copy()
                changed[place] += sign * step
                yield changed

    start = _evidence_of(iter([image]), digit, logits_of)[0]
    brighter, darker = _evidence_of(nudged(), digit, logits_of).reshape(2, *image.shape)
    return EvidenceMap(digit, float(start), (brighter - darker) / np.float32(2 * step))


def _evidence_of(images: Iterator[Floats], digit: int, logits_of: Logits) -> Floats:
    found, chunk = [np.zeros(0, np.float32)], []
    for image in images:
        chunk.append(image)
        if len(chunk) == _CHUNK:
            found.append(evidence(logits_of(np.stack(chunk)), digit))
            chunk = []
    if chunk:
        found.append(evidence(logits_of(np.stack(chunk)), digit))
    return np.concatenate(found)


def shifted(image: Floats, right: int, down: int) -> Floats:
    """The picture [H, W] moved by whole pixels; what leaves it is lost, what comes in is black."""
    height, width = image.shape
    moved = np.zeros_like(image)
    if abs(right) < width and abs(down) < height:
        to = (_overlap(down, height), _overlap(right, width))
        moved[to] = image[_overlap(-down, height), _overlap(-right, width)]
    return moved


def _overlap(offset: int, size: int) -> slice:
    return slice(max(offset, 0), size + min(offset, 0))


def rotated(image: Floats, degrees: float) -> Floats:
    """The picture [H, W] turned clockwise about its centre, interpolated bilinearly."""
    height, width = image.shape
    y, x = np.mgrid[:height, :width] - np.array([height - 1, width - 1]).reshape(2, 1, 1) / 2
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    source_x = cosine * x + sine * y + (width - 1) / 2
    source_y = cosine * y - sine * x + (height - 1) / 2
    framed = np.pad(image, 1)  # what lies beyond is black
    left, top = np.floor(source_x).astype(int), np.floor(source_y).astype(int)
    turned = np.zeros(image.shape)
    for dy in (0, 1):
        for dx in (0, 1):
            share = (1 - abs(source_x - left - dx)) * (1 - abs(source_y - top - dy))
            rows = np.clip(top + dy + 1, 0, height + 1)
            columns = np.clip(left + dx + 1, 0, width + 1)
            turned += share * framed[rows, columns]
    return turned.astype(np.float32)


def thickened(image: Floats, quarters: int) -> Floats:
    """The picture with its strokes grown (shrunk, if negative) on each side.

    Each pixel becomes 4 x 4, each of these the largest (smallest) value within a disk, and then
    their mean is taken.

    Args:
        image: [28, 28].
        quarters: radius of the disk, in quarters of a pixel.
    """
    if not quarters:
        return image.copy()
    radius = abs(quarters)
    fine = np.pad(image.repeat(_FINER, 0).repeat(_FINER, 1), radius)
    height, width = _FINER * image.shape[0], _FINER * image.shape[1]
    grow = np.maximum if quarters > 0 else np.minimum
    result = fine[radius : radius + height, radius : radius + width].copy()
    for y in range(-radius, radius + 1):
        for x in range(-radius, radius + 1):
            if x * x + y * y <= radius * radius:
                top, left = radius + y, radius + x
                grow(result, fine[top : top + height, left : left + width], out=result)
    blocks = result.reshape(image.shape[0], _FINER, image.shape[1], _FINER)
    return np.asarray(blocks.mean((1, 3)), np.float32)


def responses(image: Floats, logits_of: Logits) -> tuple[Response, ...]:
    """The answers as the digit is moved, turned, and drawn with a thinner or thicker pen.

    The changed pictures go straight to the network: preprocessing, which would undo a shift, is
    left out.

    Args:
        image: float32 [28, 28] in [0, 1].
        logits_of: the network: pictures float32 [B, 28, 28] to logits float32 [B, C].
    """
    steps = np.arange(-8, 9)
    turns = np.arange(-60, 61, 5)
    quarters = np.arange(-4, 7)
    series = (
        ("shift to the right", "pixels", steps, [shifted(image, int(k), 0) for k in steps]),
        ("shift down", "pixels", steps, [shifted(image, 0, int(k)) for k in steps]),
        ("turn clockwise", "degrees", turns, [rotated(image, float(k)) for k in turns]),
        # A radius of a quarter widens a stroke by half a pixel.
        (
            "width of the stroke",
            "pixels",
            quarters / 2,
            [thickened(image, int(k)) for k in quarters],
        ),
    )
    every = np.concatenate([np.stack(images) for *_, images in series])
    answers = softmax(logits_of(every)).astype(np.float32)
    ends = np.cumsum([len(images) for *_, images in series])
    return tuple(
        Response(name, unit, amounts.astype(np.float32), shares, np.stack(images))
        for (name, unit, amounts, images), shares in zip(
            series, np.split(answers, ends[:-1]), strict=True
        )
    )
