"""A fixed map of test documents on which a new document can be placed, and its neighbours.

The map is a principal component analysis: unlike t-SNE it has a projection that places a document
it has not seen. For the neighbours, each document keeps its position along the first 32 principal
directions, scaled to length 1 and rounded to float16: 64 bytes instead of 800 for 200 units.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlnlp.inference.stored_arrays import StoredArrays

MAX_DIRECTIONS = 32


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A document of the map near another one.

    Attributes:
        index: its index in the map's arrays.
        similarity: cosine similarity, -1 to 1.
    """

    index: int
    similarity: float


@dataclass(frozen=True, eq=False)
class DocumentMap(StoredArrays):
    """M test documents on the plane of their two main directions.

    Attributes:
        coordinates: float32 ``[M, 2]``.
        labels: uint8 ``[M]``, true class.
        predictions: uint8 ``[M]``, predicted class.
        rows: int64 ``[M]``, row of each document in its data set's test split.
        explained: float32 ``[2]``, share of the variance along each axis.
        mean: float32 ``[2h]``, the mean document vector, the map's origin.
        directions: float32 ``[K, 2h]``, orthonormal principal directions; the first two are the
            axes. K is at most 32.
        unit_vectors: float16 ``[M, K]``, each document along the directions, length 1.
    """

    coordinates: NDArray[np.float32]
    labels: NDArray[np.uint8]
    predictions: NDArray[np.uint8]
    rows: NDArray[np.int64]
    explained: NDArray[np.float32]
    mean: NDArray[np.float32]
    directions: NDArray[np.float32]
    unit_vectors: NDArray[np.float16]

    def __post_init__(self) -> None:
        """Compare the arrays' shapes; raise ValueError when they do not belong together."""
        documents, directions, size = len(self.rows), len(self.directions), self.mean.size
        expected = {
            "coordinates": (documents, 2),
            "labels": (documents,),
            "predictions": (documents,),
            "rows": (documents,),
            "explained": (2,),
            "mean": (size,),
            "directions": (directions, size),
            "unit_vectors": (documents, directions),
        }
        for name, shape in expected.items():
            if getattr(self, name).shape != shape or directions < 2:
                raise ValueError(
                    f"map array {name} has shape {getattr(self, name).shape} where {shape} is "
                    "needed; make the map again from document vectors"
                )

    @classmethod
    def fit(
        cls,
        document_vectors: NDArray[np.float32],
        labels: ArrayLike,
        predictions: ArrayLike,
        rows: ArrayLike,
        *,
        max_documents: int = 3000,
        seed: int = 0,
    ) -> "DocumentMap":
        """Make the map of a random sample of documents.

        The directions are the right singular vectors of the centred sample. Their signs are fixed:
        the first axis points to where the class number grows, each other one to where its largest
        loading is positive.

        Args:
            document_vectors: float32 ``[N, 2h]`` of test documents.
            labels: ``[N]`` class indices.
            predictions: ``[N]`` class indices.
            rows: ``[N]`` rows of the documents in their test split.
            max_documents: size of the sample, drawn without replacement.
            seed: seed of the sample.

        Raises:
            ValueError: fewer than 3 documents, or vectors of fewer than 2 numbers.
        """
        if len(document_vectors) < 3 or document_vectors.shape[1] < 2:
            raise ValueError(
                f"document vectors of shape {document_vectors.shape} span no plane; "
                "give at least 3 documents of 2 numbers"
            )
        size = min(max_documents, len(document_vectors))
        chosen = np.random.default_rng(seed).choice(len(document_vectors), size, replace=False)
        chosen.sort()
        vectors = document_vectors[chosen].astype(np.float64)
        classes = np.asarray(labels)[chosen]
        mean = vectors.mean(axis=0)
        _, singular, directions = np.linalg.svd(vectors - mean, full_matrices=False)
        largest = np.abs(directions).argmax(axis=1)
        signs = np.sign(directions[np.arange(len(directions)), largest])
        trend = (classes - classes.mean()) @ (vectors - mean) @ directions[0]
        if trend:
            signs[0] = np.sign(trend)
        directions = (directions * signs[:, None])[:MAX_DIRECTIONS]
        positions = (vectors - mean) @ directions.T
        variance = singular**2 / max(float((singular**2).sum()), np.finfo(np.float64).tiny)
        return cls(
            coordinates=positions[:, :2].astype(np.float32),
            labels=classes.astype(np.uint8),
            predictions=np.asarray(predictions)[chosen].astype(np.uint8),
            rows=np.asarray(rows)[chosen].astype(np.int64),
            explained=variance[:2].astype(np.float32),
            mean=mean.astype(np.float32),
            directions=directions.astype(np.float32),
            unit_vectors=_unit(positions).astype(np.float16),
        )

    def place(self, document_vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Coordinates ``[..., 2]`` on the fixed axes, from document vectors ``[..., 2h]``."""
        return np.asarray((document_vector - self.mean) @ self.directions[:2].T, np.float32)

    def neighbours(
        self, document_vector: NDArray[np.float32], count: int = 5
    ) -> tuple[Neighbour, ...]:
        """The documents in the most similar direction from the map's origin, nearest first.

        The similarity is the cosine of the angle between two document vectors less the mean
        document vector, ``(v - m) . (w - m) / (|v - m| |w - m|)``. It is computed along the stored
        directions on rounded vectors, which is exact up to the variance outside of them and the
        rounding (about 0.001).

        Args:
            document_vector: float32 ``[2h]``.
            count: how many; fewer when the map is smaller.
        """
        query = _unit((document_vector - self.mean) @ self.directions.T)
        similarity = np.clip(self.unit_vectors.astype(np.float32) @ query, -1, 1)
        nearest = np.argsort(-similarity, kind="stable")[:count]
        return tuple(Neighbour(int(index), float(similarity[index])) for index in nearest)


def _unit(vectors: NDArray[Any]) -> NDArray[Any]:
    length: NDArray[Any] = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.where(length > 0, length, 1)
