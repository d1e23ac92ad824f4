"""Pictures that are no digits, made by chance: what the score "not a digit" is chosen on.

Each is drawn large and then cropped, scaled into 20 x 20 pixels and centred by its mass, as MNIST's
digits were and as `dlnlp.images` does with what people draw. Letters and signs that a digit may
look like (O, l, Z, S, B, g, q, a square) are left out.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from dlnlp.images.placing import BOX, FIELD, cropped, in_field, ink_box, scaled_to_box

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
Points = NDArray[np.float64]

KINDS = ("letters", "signs", "scribbles", "blots", "half_digits", "two_digits")
_CANVAS, _EXTENT = 240, 160
_PENS = (1.6, 3.6)  # pixels of MNIST's box of 20
_LONELY = 1  # half a one is a one

# Strokes as "x,y x,y ..." in tenths, one string a stroke, from the upper left corner.
_LETTERS = {
    "A": ("0,10 4,0 8,10", "2,6 6,6"),
    "E": ("7,0 0,0 0,10 7,10", "0,5 6,5"),
    "F": ("7,0 0,0 0,10", "0,5 6,5"),
    "H": ("0,0 0,10", "7,0 7,10", "0,5 7,5"),
    "K": ("0,0 0,10", "7,0 0,6", "2,4 7,10"),
    "M": ("0,10 1,0 5,7 9,0 10,10",),
    "N": ("0,10 0,0 8,10 8,0",),
    "P": ("0,10 0,0 5,0 7,2 5,5 0,5",),
    "R": ("0,10 0,0 5,0 7,2 5,5 0,5", "3,5 7,10"),
    "V": ("0,0 4,10 8,0",),
    "W": ("0,0 2,10 5,3 8,10 10,0",),
    "X": ("0,0 8,10", "8,0 0,10"),
    "e": ("1,6 8,5 7,1 4,0 1,2 0,6 3,10 8,9",),
    "h": ("0,0 0,10", "0,6 4,4 6,6 6,10"),
    "k": ("0,0 0,10", "5,4 0,7", "2,6 6,10"),
    "m": ("0,4 0,10", "0,5 2,4 4,5 4,10", "4,5 6,4 8,5 8,10"),
    "n": ("0,2 0,10", "0,4 4,2 7,4 7,10"),
    "w": ("0,2 2,10 5,4 7,10 10,2",),
}
_SIGNS = {
    "plus": ("4,0 4,8", "0,4 8,4"),
    "hash": ("3,0 2,10", "7,0 6,10", "0,3 9,3", "0,7 9,7"),
    "star": ("5,0 5,10", "0,5 10,5", "1,1 9,9", "9,1 1,9"),
    "arrow": ("0,5 10,5", "6,1 10,5 6,9"),
    "triangle": ("5,0 10,9 0,9 5,0",),
    "house": ("0,5 5,0 10,5", "1,5 1,10 9,10 9,5"),
    "wave": ("0,5 2,2 4,5 6,8 8,5 10,2",),
    "equals": ("0,3 9,3", "0,7 9,7"),
    "question": ("0,2 2,0 5,0 6,2 3,5 3,7", "3,9 3,10"),
    "heart": ("5,10 0,4 1,1 3,0 5,3 7,0 9,1 10,4 5,10",),
    "face": ("5,0 9,2 10,5 9,8 5,10 1,8 0,5 1,2 5,0", "3,3 3,4", "7,3 7,4", "3,7 5,8 7,7"),
    "pentagram": ("2,10 5,0 8,10 0,4 10,4 2,10",),
}


def non_digits(
    kind: str,
    count: int,
    rng: np.random.Generator,
    digits: Pixels,
    labels: NDArray[np.uint8],
    *,
    group: int = 0,
) -> Floats:
    """Pictures of one kind, float32 ``[count, 28, 28]`` in [0, 1].

    Args:
        kind: one of KINDS.
        count: how many.
        rng: what is drawn by chance.
        digits: uint8 ``[n, 28, 28]``, of which halves and pairs are made.
        labels: uint8 ``[n]``; halves of ones are not made.
        group: 0 or 1, which letters and signs: by one a score is chosen, on the other measured.

    Raises:
        ValueError: the kind is unknown, or there is no digit to cut.
    """
    makers: dict[str, Callable[[], Pixels]] = {
        "letters": lambda: _signed(list(_LETTERS.values())[group::2], rng),
        "signs": lambda: _signed(list(_SIGNS.values())[group::2], rng),
        "scribbles": lambda: _scribble(rng),
        "blots": lambda: _blot(rng),
        "half_digits": lambda: _half(rng, digits, whole),
        "two_digits": lambda: _pair(rng, digits),
    }
    if kind not in makers:
        raise ValueError(f"there is no kind {kind!r} of non-digits: choose one of {KINDS}")
    whole = np.flatnonzero(labels != _LONELY)
    if not len(whole):
        raise ValueError("halves are made of digits other than one: give some")
    made = [makers[kind]() for _ in range(count)]
    return np.asarray(np.reshape(made, (count, FIELD, FIELD)), np.float32) / np.float32(255)


def every_kind(
    seed: int, count: int, digits: Pixels, labels: NDArray[np.uint8], *, group: int
) -> dict[str, Floats]:
    """`count` pictures of each kind, float32 ``[count, 28, 28]``; a seed always gives the same.

    Args:
        seed: seed of the pictures.
        count: pictures of each kind.
        digits: uint8 ``[n, 28, 28]``, of which halves and pairs are made.
        labels: uint8 ``[n]``; halves of ones are not made.
        group: 0 or 1; see :func:`non_digits`.
    """
    return {
        kind: non_digits(
            kind, count, np.random.default_rng((seed, place)), digits, labels, group=group
        )
        for place, kind in enumerate(KINDS)
    }


def placed(picture: Pixels) -> Pixels:
    """Cropped, scaled and centred as MNIST's digits, uint8 ``[28, 28]``; black stays black."""
    if not picture.any():
        return np.zeros((FIELD, FIELD), np.uint8)
    return in_field(scaled_to_box(cropped(picture, ink_box(picture))), by_mass=True)


def _drawn(strokes: Sequence[Points], rng: np.random.Generator) -> Pixels:
    """Strokes (x, y) drawn with a round pen and placed."""
    every = np.concatenate(strokes)
    low = every.min(axis=0)
    pen = rng.uniform(*_PENS) / BOX * _EXTENT
    scale = (_EXTENT - pen) / max(float(np.ptp(every, axis=0).max()), 1e-9)
    image = Image.new("L", (_CANVAS, _CANVAS))
    pencil = ImageDraw.Draw(image)
    for stroke in strokes:
        points = [(float(x), float(y)) for x, y in (stroke - low) * scale + _CANVAS / 6]
        pencil.line(points, fill=255, width=max(1, round(pen)))
        for x, y in points:
            pencil.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=255)
    return placed(np.asarray(image))


def _signed(signs: Sequence[tuple[str, ...]], rng: np.random.Generator) -> Pixels:
    """One of the signs by a shaky hand: slanted, turned a little, corners rounded or not."""
    chosen = signs[int(rng.integers(len(signs)))]
    angle, slant, wide = rng.normal(0, 0.12), rng.normal(0, 0.12), rng.uniform(0.7, 1.1)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    change = np.diag([wide, 1.0]) @ np.array([[1, 0], [slant, 1]]) @ turn
    rounds = int(rng.integers(0, 3))
    strokes = []
    for stroke in chosen:
        points = np.array([place.split(",") for place in stroke.split()], np.float64) / 10
        points += rng.normal(0, 0.035, points.shape)
        strokes.append(_rounded(points @ change, rounds))
    return _drawn(strokes, rng)


def _rounded(points: Points, rounds: int) -> Points:
    """Corners cut off at a quarter of each side (Chaikin 1974); the ends stay."""
    for _ in range(rounds if len(points) > 2 else 0):
        ahead = np.stack([0.75 * points[:-1] + 0.25 * points[1:],
                          0.25 * points[:-1] + 0.75 * points[1:]], axis=1)  # fmt: skip
        points = np.concatenate([points[:1], ahead.reshape(-1, 2)[1:-1], points[-1:]])
    return points


def _scribble(rng: np.random.Generator) -> Pixels:
    """Smooth curves through random points: three to seven cubic Bezier pieces."""
    pieces = int(rng.integers(3, 8))
    share = np.linspace(0, 1, 16)[:, None]
    weights = (1 - share) ** 3, 3 * share * (1 - share) ** 2, 3 * share**2 * (1 - share), share**3
    start, handle = rng.random(2), rng.random(2)
    curve = []
    for _ in range(pieces):
        control, end = rng.random((2, 2))
        parts = zip(weights, (start, handle, control, end), strict=True)
        curve.append(sum(weight * point for weight, point in parts))
        start, handle = end, 2 * end - control  # goes on in the same direction
    return _drawn([np.concatenate(curve)], rng)


def _blot(rng: np.random.Generator) -> Pixels:
    """Nothing, grains as a camera makes them, or one to three filled ellipses."""
    kind = rng.random()
    if kind < 0.1:
        return np.zeros((FIELD, FIELD), np.uint8)
    if kind < 0.4:
        grains = rng.random((FIELD, FIELD)) < rng.uniform(0.01, 0.3)
        return np.asarray(grains * rng.integers(60, 256, (FIELD, FIELD)), np.uint8)
    image = Image.new("L", (_CANVAS, _CANVAS))
    pencil = ImageDraw.Draw(image)
    for _ in range(rng.integers(1, 4)):
        x, y = rng.uniform(60, 180, 2)
        wide, high = rng.uniform(15, 60, 2)
        pencil.ellipse((x - wide, y - high, x + wide, y + high), fill=255)
    return placed(np.asarray(image))


def _half(rng: np.random.Generator, digits: Pixels, whole: NDArray[np.intp]) -> Pixels:
    """The upper, lower, left or right half of a digit."""
    digit = digits[rng.choice(whole)]
    digit = cropped(digit, ink_box(digit))
    if rng.integers(2):
        digit = digit.T
    middle = len(digit) // 2 or 1
    half = digit[:middle] if rng.integers(2) else digit[middle:]
    return placed(np.ascontiguousarray(half if half.any() else digit[:middle]))


def _pair(rng: np.random.Generator, digits: Pixels) -> Pixels:
    """Two digits side by side."""
    pair = []
    for place in rng.integers(0, len(digits), 2):
        digit = cropped(digits[place], ink_box(digits[place]))
        high = np.zeros((FIELD, digit.shape[1]), np.uint8)
        top = (FIELD - digit.shape[0]) // 2
        high[top : top + digit.shape[0]] = digit
        pair.append(high)
    gap = np.zeros((FIELD, int(rng.integers(1, 5))), np.uint8)
    return placed(np.concatenate([pair[0], gap, pair[1]], axis=1))
