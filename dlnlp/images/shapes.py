"""Shapes on a grid, in NumPy: distances, centre lines, connected pieces.

Knows nothing about digits or pictures. Masks are small (some hundred pixels a side).
"""

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
_BITS = [np.uint8(1 << bit) for bit in range(8)]


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

    What lies beyond the edge of the array counts as outside. Distances are measured between centres
    of pixels: a line one pixel wide has distance 1.

    Args:
        mask: bool [H, W].

    Returns:
        float32 [H, W], in pixels.
    """
    padded = np.pad(mask, 1)
    places = np.arange(len(padded))[:, np.newaxis]
    # Within its column first: the last pixel outside above, and the first below.
    above = np.maximum.accumulate(np.where(padded, 0, places))
    below = np.minimum.accumulate(np.where(padded, len(padded), places)[::-1])[::-1]
    heights = np.minimum(places - above, below - places).astype(np.float32) ** 2
    return np.sqrt(_envelope_of_rows(heights, None))[1:-1, 1:-1]


def centre_line(mask: Mask) -> Mask:
    """`mask`, bool [H, W], thinned to lines one pixel wide, with the same connected pieces.

    Guo & Hall (1989), "Parallel Thinning with Two-Subiteration Algorithms". Holes stay holes.
    """
    return _peeled(mask, _REMOVABLE)


def without_spurs(line: Mask, length: int) -> Mask:
    """A centre line without branches of at most `length` pixels, which come from ragged edges.

    The ends are taken away `length` times, and what remains grows back along the line from its
    ends (Gonzalez & Woods, "Digital Image Processing", section on pruning). A piece that would
    disappear as a whole stays.

    Args:
        line: bool [H, W], lines one pixel wide.
        length: longest branch to remove, in pixels.

    Returns:
        bool [H, W].
    """
    remaining = _with_margin(_peeled(line, (_END,), length))
    lost = _with_margin(line) & ~remaining
    kept, free = remaining.reshape(-1), lost.reshape(-1)
    ends = np.flatnonzero(kept)
    ends = ends[_END[_neighbourhoods(remaining).reshape(-1)[ends]]]
    for _ in range(length):
        around = (ends + _around(remaining)).reshape(-1)
        ends = np.unique(around[free[around]])
        if not len(ends):
            break
        kept[ends], free[ends] = True, False
    labels, count = pieces(line)
    inner = remaining[1:-1, 1:-1]
    alive = np.bincount(labels[inner], minlength=count + 1) > 0
    return np.asarray(inner | (line & ~alive[labels]))


def _peeled(mask: Mask, tables: Sequence[Mask], steps: int | None = None) -> Mask:
    """`mask` without the pixels that the tables take away in turn, until none takes any.

    Args:
        mask: bool [H, W].
        tables: bool [256] each, which neighbourhoods lose their pixel.
        steps: stop after so many.
    """
    line = _with_margin(mask)
    codes, left = _neighbourhoods(line).reshape(-1), np.flatnonzero(line)
    bits = list(zip(_around(line)[:, 0].tolist(), _BITS, strict=True))
    unchanged = 0
    for table in itertools.islice(itertools.cycle(tables), steps):
        going = table[codes[left]]
        gone = left[going]
        if len(gone):
            left, unchanged = left[~going], 0
            for offset, bit in bits:  # no neighbour has it at the other side any more
                codes[gone - offset] &= ~bit
        elif (unchanged := unchanged + 1) == len(tables):
            break
    peeled = np.zeros_like(line)
    peeled.reshape(-1)[left] = True
    return peeled[1:-1, 1:-1]


def _with_margin(mask: Mask) -> Mask:
    padded = np.zeros((mask.shape[0] + 2, mask.shape[1] + 2), np.bool_)
    padded[1:-1, 1:-1] = mask
    return padded


def _neighbourhoods(padded: Mask) -> NDArray[np.uint8]:
    """The 8 neighbours of each pixel as the bits of a byte: north lowest, then clockwise.

    So they are the pixels p2 to p9 of the paper of Guo and Hall. 0 along the margin.
    """
    pixels = padded.view(np.uint8)
    left, middle, right = pixels[:, :-2], pixels[:, 1:-1], pixels[:, 2:]
    # North-west, north, north-east as the bits 7, 0, 1; south-west, south, south-east as 5, 4, 3.
    north = (left << 7) | middle | (right << 1)
    south = (left << 5) | (middle << 4) | (right << 3)
    codes = np.zeros_like(pixels)
    codes[1:-1, 1:-1] = north[:-2] | south[2:] | left[1:-1] << 6 | right[1:-1] << 2
    return codes


def _around(padded: Mask) -> NDArray[np.int64]:
    """Where the 8 neighbours lie in the flat array, in the order of the bits: int64 [8, 1]."""
    width = padded.shape[1]
    steps = [-width, 1 - width, 1, 1 + width, width, width - 1, -1, -1 - width]
    return np.array(steps)[:, np.newaxis]


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
