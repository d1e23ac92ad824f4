"""Lines that people draw around and beside a digit: frames, circles, underlines, axes.

A line is a connected piece of ink. It is told by where the rest of the ink lies: inside of it, or
all on one side of it. A digit's own strokes do neither, but for a few whose top bar stands apart.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]  # x to the right, y down: [N, 2]

_MOST = 12  # pieces that are looked at, the heaviest ones
_BINS = 72  # directions in which a piece is looked for around another
_AROUND = 0.8  # share of the directions in which a line around something is met
_INSIDE = 0.2  # what is smaller than this share of the line around it is no digit
_ALONG = 0.1  # of its longer side, how far an axis' ticks may lie from its box
_THIN = 0.12  # width of a straight line as a share of its length
_LEVEL = 0.97  # cosine of the angle to the horizontal or vertical at most


@dataclass(frozen=True, eq=False)
class _Piece:
    """A connected piece of ink: its pixels and the box around them."""

    points: Points
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    @property
    def size(self) -> NDArray[np.float64]:
        return self.high - self.low + 1


def _piece(points: Points) -> _Piece:
    return _Piece(points, points.min(0), points.max(0))


def lines_beside(labels: NDArray[np.int32], mass: NDArray[np.float64], least: float) -> list[int]:
    """Labels of the pieces that are lines around or beside the rest of the ink.

    Args:
        labels: int32 [H, W], of connected pieces, 0 outside.
        mass: float64 [count + 1], the ink of each label.
        least: pieces with a smaller share of the heaviest one's ink are specks: not looked at.
    """
    heavy = np.flatnonzero(mass >= max(least * mass.max(), 1e-9))
    heavy = heavy[np.argsort(-mass[heavy])][:_MOST]
    if len(heavy) < 2:
        return []
    pieces = {
        int(label): _piece(np.argwhere(labels == label)[:, ::-1].astype(np.float64))
        for label in heavy
    }
    found: list[int] = []
    while len(pieces) > 1:
        line = next((label for label in pieces if _is_line(label, pieces)), None)
        if line is None:
            break
        del pieces[line]
        found.append(line)
    return found


def _is_line(label: int, pieces: dict[int, _Piece]) -> bool:
    piece = pieces[label]
    others = [other for key, other in pieces.items() if key != label]
    if any(_lies_around(piece, other) for other in others):
        return True
    return _lies_beside(piece, _piece(np.concatenate([other.points for other in others])))


def _lies_around(piece: _Piece, other: _Piece) -> bool:
    """Whether `piece` is a ring or a frame with `other` in it, or two axes with it between them."""
    inside = (piece.low <= other.low).all() and (other.high <= piece.high).all()
    if not inside or other.size.max() < _INSIDE * piece.size.max():
        return False
    x, y = (piece.points - (other.low + other.high) / 2).T
    directions = np.floor(np.arctan2(y, x) / (2 * np.pi) * _BINS).astype(np.int64) % _BINS
    if np.mean(np.bincount(directions, minlength=_BINS) > 0) >= _AROUND:
        return True
    from_box = np.minimum(piece.points - piece.low, piece.high - piece.points).min(1)
    return bool(np.mean(from_box <= _ALONG * piece.size.max()) >= 0.9)


def _lies_beside(piece: _Piece, rest: _Piece) -> bool:
    """Whether `piece` is a straight line below, above, or at the side of `rest`, and long enough.

    The top bar of a five may stand apart: a line above must keep its distance. A one may stand
    beside another digit: a line at the side must be much longer than the rest.
    """
    across = int(np.argmin(piece.size))  # 1: a level line, 0: an upright one
    along = 1 - across
    away = piece.points - piece.points.mean(0)
    axes = np.linalg.eigh(away.T @ away)[1].T[::-1]  # along the line, across
    if abs(axes[0, along]) < _LEVEL:
        return False
    length, width = (float(np.ptp(away @ axis)) + 1 for axis in axes)
    extent, depth = (float(np.ptp(rest.points @ axis)) + 1 for axis in axes)
    if width > _THIN * length:
        return False
    axis = axes[1] * (1 if axes[1, across] > 0 else -1)  # downwards, or to the right
    theirs, own = rest.points @ axis, piece.points @ axis
    before, after = own.min() - theirs.max(), theirs.min() - own.max()
    if max(before, after) <= 0:
        return False  # they lie on both sides of it
    if across == 0:
        return length >= 1.5 * extent
    if depth < 4 * width:
        return False  # another level line, as in an equals sign
    if before > 0:
        return length >= 0.7 * extent
    return length >= extent and after >= 0.15 * depth
