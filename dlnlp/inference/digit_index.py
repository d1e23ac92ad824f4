"""Training digits by their embedding, small enough to ship: which are most like a new one?

An embedding keeps its positions along the main directions of all of them, each rounded to one of
255 steps: 20 bytes instead of 384 for 96 units.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlnlp.inference.stored_arrays import StoredArrays

_STEPS = 127


@dataclass(frozen=True, eq=False)
class DigitIndex(StoredArrays):
    """M training digits.

    Attributes:
        codes: int8 ``[M, K]``, positions along the directions in steps.
        steps: float32 ``[K]``, length of a step along each direction.
        directions: float32 ``[K, D]``, orthonormal.
        rows: ``[M]``, row of each digit in the training split.
        labels: uint8 ``[M]``.
    """

    codes: NDArray[np.int8]
    steps: NDArray[np.float32]
    directions: NDArray[np.float32]
    rows: NDArray[np.unsignedinteger[Any]]
    labels: NDArray[np.uint8]

    def __post_init__(self) -> None:
        """Compare the arrays; raise ValueError when they do not belong together."""
        digits, kept = len(self.rows), len(self.directions)
        expected: dict[str, tuple[str, tuple[int, ...]]] = {
            "codes": ("i", (digits, kept)),
            "steps": ("f", (kept,)),
            "directions": ("f", (kept, self.directions.shape[-1])),
            "rows": ("u", (digits,)),
            "labels": ("u", (digits,)),
        }
        for name, (kind, shape) in expected.items():
            array = getattr(self, name)
            if array.shape != shape or array.dtype.kind != kind:
                raise ValueError(
                    f"index array {name} is {array.dtype} {array.shape} where {shape} is needed; "
                    "make the index again from embeddings"
                )

    @cached_property
    def _units(self) -> NDArray[np.float32]:
        """Positions scaled to length 1, ``[M, K]``: no part of the file, made for look-ups."""
        return _unit(self.codes.astype(np.float32) * self.steps)

    @classmethod
    def fit(
        cls, embeddings: NDArray[np.float32], labels: ArrayLike, rows: ArrayLike, *, directions: int
    ) -> "DigitIndex":
        """Make the index of digits.

        The directions are the first right singular vectors of the embeddings, not centred, so that
        an angle between two digits is the angle between their embeddings.

        Args:
            embeddings: float32 ``[M, D]``.
            labels: ``[M]``.
            rows: ``[M]``, rows of the training split.
            directions: how many are kept, at most D.
        """
        moments = embeddings.astype(np.float64)
        _, vectors = np.linalg.eigh(moments.T @ moments)
        kept = vectors[:, ::-1][:, :directions].T.astype(np.float32)
        positions = embeddings @ kept.T
        steps = np.maximum(np.abs(positions).max(axis=0), np.finfo(np.float32).tiny * _STEPS)
        steps = (steps / _STEPS).astype(np.float32)
        return cls(
            codes=np.rint(positions / steps).clip(-_STEPS, _STEPS).astype(np.int8),
            steps=steps,
            directions=kept,
            rows=np.asarray(rows).astype(np.min_scalar_type(int(np.max(rows)))),
            labels=np.asarray(labels).astype(np.uint8),
        )

    def nearest(
        self, embedding: NDArray[np.float32], count: int
    ) -> tuple[tuple[int, int, float], ...]:
        """Training digits with the most similar embedding, the most similar first.

        Args:
            embedding: float32 ``[D]``.
            count: how many; fewer when the index is smaller.

        Returns:
            Row in the training split, label, and cosine of the angle between the embeddings.
        """
        similarity = np.clip(self._units @ _unit(self.directions @ embedding), -1, 1)
        order = np.argsort(-similarity, kind="stable")[: max(count, 0)]
        return tuple((int(self.rows[i]), int(self.labels[i]), float(similarity[i])) for i in order)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, 1), np.float32)
