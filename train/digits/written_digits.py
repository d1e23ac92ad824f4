"""Digits as people write them beside MNIST's ways, drawn from strokes: what is still read?

Straight segments as on a display, a one with serif and base, a seven with a bar, a nine like a g:
MNIST has few of them, or none. Each is drawn with a round pen by a shaky hand, and placed as
MNIST's digits were.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from dlnlp.inference.digits import DigitOutputs
from train.digits.augmentation import Floats
from train.digits.non_digits import placed

SIDE, _ROOM = 224, 150  # pixels of a drawing, and of the digit's longer side
_PENS = (0.06, 0.16)  # width of the pen as a share of the digit's longer side
PER_WAY = 200

Points = NDArray[np.float64]  # [N, 2], x to the right and y down


def _strokes(text: str) -> tuple[Points, ...]:
    """Two strokes, (4, 0) to (4, 9) and (1, 9) to (7, 9), are "40 49/19 79"."""
    return tuple(
        np.array([(int(point[0]), int(point[1])) for point in stroke.split()], float) / 9
        for stroke in text.split("/")
    )


# The way of writing: which digit, and its strokes.
WAYS: Mapping[str, tuple[int, tuple[Points, ...]]] = {
    "1 as a line": (1, _strokes("40 49")),
    "1 with a serif": (1, _strokes("23 40 49")),
    "1 with serif and base": (1, _strokes("22 40 49/19 79")),
    "4 open": (4, _strokes("20 15 75/60 59")),
    "4 closed": (4, _strokes("59 50 06 76")),
    "7": (7, _strokes("10 70 39")),
    "7 with a bar": (7, _strokes("10 70 39/25 65")),
    "9 like a g": (9, _strokes("61 30 12 14 35 54 62 61 67 59 39 28")),
    "9 with a straight stem": (9, _strokes("62 40 20 12 14 35 54 62 69")),
    "0 of segments": (0, _strokes("10 60 69 19 10")),
    "2 of segments": (2, _strokes("10 60 64 14 19 69")),
    "3 of segments": (3, _strokes("10 60 69 19/14 64")),
    "4 of segments": (4, _strokes("10 14 64/60 69")),
    "5 of segments": (5, _strokes("60 10 14 64 69 19")),
    "6 of segments": (6, _strokes("60 10 19 69 64 14")),
    "7 of segments": (7, _strokes("10 60 69")),
    "8 of segments": (8, _strokes("10 60 69 19 10/14 64")),
    "9 of segments": (9, _strokes("64 14 10 60 69 19")),
}


def drawn(strokes: Sequence[Points], rng: np.random.Generator) -> Floats:
    """A digit as the network reads it, float32 ``[28, 28]`` in [0, 1].

    Args:
        strokes: points of each, in a square from 0 to 1.
        rng: draws the hand: turned to 10 degrees, slanted, stretched, each point moved by 2 %.
    """
    angle, slant = np.deg2rad(rng.uniform(-10, 10)), rng.uniform(-0.1, 0.25)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    hand = turn @ np.array([[np.exp(rng.uniform(-0.25, 0.15)), -slant], [0, 1]])
    moved = [(points + rng.normal(0, 0.02, points.shape)) @ hand.T for points in strokes]
    every = np.concatenate(moved)
    middle, extent = (every.max(0) + every.min(0)) / 2, float(np.ptp(every, axis=0).max())
    image = Image.new("L", (SIDE, SIDE))
    pencil = ImageDraw.Draw(image)
    radius = rng.uniform(*_PENS) * _ROOM / 2
    for points in moved:
        corners = [(float(x), float(y)) for x, y in (points - middle) / extent * _ROOM + SIDE / 2]
        pencil.line(corners, fill=255, width=round(2 * radius))
        for x, y in corners:
            pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return placed(np.asarray(image)).astype(np.float32) / np.float32(255)


def written(count: int = PER_WAY, seed: int = 0) -> dict[str, tuple[int, Floats]]:
    """For each of WAYS the digit and `count` drawings, float32 ``[count, 28, 28]``."""
    return {
        way: (digit, np.stack([drawn(strokes, rng) for _ in range(count)]))
        for place, (way, (digit, strokes)) in enumerate(WAYS.items())
        for rng in [np.random.default_rng((seed, place))]
    }


def ways_of_writing(
    predict: Callable[[Floats], DigitOutputs], *, count: int = PER_WAY
) -> list[dict[str, str | float]]:
    """Accuracy and share of false alarms for each of WAYS, for a card.

    Args:
        predict: the network; it reads pictures, float32 ``[B, 28, 28]`` in [0, 1].
        count: drawings of each way.
    """
    rows: list[dict[str, str | float]] = []
    for way, (digit, images) in written(count).items():
        outputs = predict(images)
        guesses = outputs.probabilities.argmax(axis=1)
        wrong = guesses[guesses != digit]
        rows.append(
            {
                "way": way,
                "accuracy": float(np.mean(guesses == digit)),
                "mostly_misread_as": str(np.bincount(wrong).argmax()) if len(wrong) else "",
                "share_called_no_digit": float(np.mean(~outputs.is_digit)),
            }
        )
    return rows
