"""Shapes on a grid, in NumPy: distances, centre lines, connected pieces.

Knows nothing about digits or pictures. Masks are small (some hundred pixels a side).
"""

import itertools

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


def lower_envelope(heights: NDArray[np.float32], reach: int | None = None) -> NDArray[np.float32]:
    """The lowest of the paraboloids that stand on all pixels: ``min_q |p - q|^2 + heights[q]``.

    With 0 on the pixels of a set and infinity elsewhere it is the squared Euclidean distance to
    the set; with ``-r(q)^2`` on a set it is below 0 exactly in the union of the discs of radius
    r(q) around q (Felzenszwalb & Huttenlocher 2012, "Distance Transforms of Sampled Functions").

    Args:
        heights: float32 [H, W]; infinity where no paraboloid stands.
        reach: do not look further than this many pixels along each axis; None: as far as it takes.

    Returns:
        float32 [H, W].
    """
    return _envelope_of_rows(_envelope_of_rows(heights.T, reach).T, reach)


def _envelope_of_rows(heights: NDArray[np.float32], reach: int | None) -> NDArray[np.float32]:
    source = np.ascontiguousarray(heights, np.float32)
    lowest = source.copy()
    width = source.shape[1]
    end = width if reach is None else min(reach + 1, width)
    floor = source.min(initial=np.inf)
    for shift in range(1, end):
        climb = np.float32(shift * shift)
        # Nothing that far away can be lower than the highest value that stands already.
        if floor + climb >= lowest.max():
            break
        np.minimum(lowest[:, shift:], source[:, :-shift] + climb, out=lowest[:, shift:])
        np.minimum(lowest[:, :-shift], source[:, shift:] + climb, out=lowest[:, :-shift])
    return lowest


def highest_of_blocks(picture: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """The highest value of each square of `factor` pixels a side; the last ones may be smaller.

    What is thinner than such a square stays connected, as it would not under the mean.

    Returns:
        uint8 [ceil(H / factor), ceil(W / factor)].
    """
    height, width = (-(-side // factor) * factor for side in picture.shape)
    padded = np.pad(picture, [(0, height - picture.shape[0]), (0, width - picture.shape[1])])
    rows = np.maximum.reduce([padded[shift::factor] for shift in range(factor)])
    return np.asarray(np.maximum.reduce([rows[:, shift::factor] for shift in range(factor)]))


def distance_inside(mask: Mask) -> NDArray[np.float32]:
    """Distance of each pixel of `mask` from the nearest pixel outside; 0 outside.

    What lies beyond the edge of the array counts as outside. Between centres of pixels: a line one
    pixel wide has distance 1.
    """
    heights = np.where(np.pad(mask, 1), np.float32(np.inf), np.float32(0))
    return np.sqrt(lower_envelope(heights))[1:-1, 1:-1]


def centre_line(mask: Mask) -> Mask:
    """`mask` thinned to lines one pixel wide that are connected as it was.

    Guo & Hall (1989), "Parallel Thinning with Two-Subiteration Algorithms". Holes stay holes.
    """
    line = np.pad(mask, 1).astype(np.uint8)
    inner = line[1:-1, 1:-1]
    unchanged = 0
    for removable in itertools.cycle(_REMOVABLE):
        gone = removable[_neighbourhoods(line)] & inner.view(np.bool_)
        if gone.any():
            inner[gone] = 0
            unchanged = 0
        else:
            unchanged += 1
            if unchanged == len(_REMOVABLE):
                break
    return inner.astype(np.bool_)


def without_spurs(line: Mask, length: int) -> Mask:
    """A centre line without branches of at most `length` pixels, which ragged edges give it.

    The ends are taken away `length` times, and what remains grows back along the line from its
    ends (Gonzalez & Woods, "Digital Image Processing", section on pruning). A piece that would go
    as a whole stays.
    """
    kept = np.pad(line, 1).astype(np.uint8)
    inner = kept[1:-1, 1:-1]
    for _ in range(length):
        inner[_END[_neighbourhoods(kept)]] = 0
    ends = _END[_neighbourhoods(kept)] & (inner > 0)
    grown = np.pad(ends, 1).astype(np.uint8)
    lost = line & (inner == 0)
    for _ in range(length):
        grown[1:-1, 1:-1] |= (_neighbourhoods(grown) > 0) & lost
    remaining = (inner | grown[1:-1, 1:-1]).astype(np.bool_)
    labels, count = pieces(line)
    alive = np.bincount(labels[remaining], minlength=count + 1) > 0
    return np.asarray(remaining | (line & ~alive[labels]))


def _neighbourhoods(padded: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The 8 neighbours of each pixel as the bits of a byte: north lowest, then clockwise.

    So they are the pixels p2 to p9 of the paper of Guo and Hall.
    """
    left, middle, right = padded[:, :-2], padded[:, 1:-1], padded[:, 2:]
    # North-west, north, north-east as the bits 7, 0, 1; south-west, south, south-east as 5, 4, 3.
    north = (left << 7) | middle | (right << 1)
    south = (left << 5) | (middle << 4) | (right << 3)
    code = north[:-2] | south[2:]
    code |= left[1:-1] << 6
    code |= right[1:-1] << 2
    return np.asarray(code, np.uint8)


def _removable() -> tuple[Mask, Mask]:
    """For both half steps of the paper, which of the 256 neighbourhoods lose their pixel."""
    p2, p3, p4, p5, p6, p7, p8, p9 = (np.arange(256) >> bit & 1 for bit in range(8))
    crossings = (
        (1 - p2 & (p3 | p4)) + (1 - p4 & (p5 | p6)) + (1 - p6 & (p7 | p8)) + (1 - p8 & (p9 | p2))
    )
    pairs = np.minimum(
        (p9 | p2) + (p3 | p4) + (p5 | p6) + (p7 | p8),
        (p2 | p3) + (p4 | p5) + (p6 | p7) + (p8 | p9),
    )
    border = (crossings == 1) & (pairs >= 2) & (pairs <= 3)
    return (
        border & ((p2 | p3 | 1 - p5) & p4 == 0),
        border & ((p6 | p7 | 1 - p9) & p8 == 0),
    )


def _end() -> Mask:
    """Which of the 256 neighbourhoods are those of an end: one neighbour, or two side by side."""
    around = np.stack([np.arange(256) >> bit & 1 for bit in range(8)])
    starts = ((np.roll(around, 1, 0) == 0) & (around == 1)).sum(0)
    return np.asarray((starts == 1) & (around.sum(0) <= 2))


_REMOVABLE = _removable()
_END = _end()


def pieces(mask: Mask) -> tuple[NDArray[np.int32], int]:
    """The connected pieces of `mask` (corners connect).

    Returns:
        int32 [H, W] with 0 outside and 1 to count inside, and the count.
    """
    width = mask.shape[1] + 2  # two columns of space keep the ends of rows apart
    padded = np.zeros((mask.shape[0], width), np.int8)
    padded[:, 1:-1] = mask
    steps = np.diff(padded.ravel(), prepend=np.int8(0))
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)  # runs along rows
    # Each run and those of the next row that it touches: edges of a graph.
    first = np.searchsorted(ends, starts + width, "left")
    last = np.searchsorted(starts, ends + width, "right")
    touching = np.maximum(last - first, 0)
    upper = np.repeat(np.arange(len(starts)), touching)
    lower = np.arange(len(upper)) - np.repeat(np.cumsum(touching) - touching - first, touching)
    names = np.arange(len(starts))
    while True:  # the smallest name spreads along the edges, with short cuts
        lowest = np.minimum(names[upper], names[lower])
        before = names.copy()
        np.minimum.at(names, before[upper], lowest)
        np.minimum.at(names, before[lower], lowest)
        names = names[names]
        if np.array_equal(names, before):
            break
    distinct, names = np.unique(names, return_inverse=True)
    labels = np.zeros(mask.shape, np.int32)
    labels[mask] = np.repeat(names + 1, ends - starts)
    return labels, len(distinct)
