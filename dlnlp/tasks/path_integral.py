"""The mean of a gradient on the way from zero vectors to a text, by Gauss-Legendre quadrature."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.completeness import largest_gap


@lru_cache
def nodes_of(count: int) -> tuple[list[float], NDArray[np.float64]]:
    """Nodes on the way from 0 to 1, and their weights, float64 ``[count]``.

    Example:
        >>> at, weights = nodes_of(2)
        >>> [round(node, 4) for node in at], weights.tolist()
        ([0.2113, 0.7887], [0.5, 0.5])
    """
    at, weights = np.polynomial.legendre.leggauss(count)
    return ((at + 1) / 2).tolist(), weights / 2


def means(gradients: Sequence[NDArray[np.float32]], nodes: int) -> dict[int, NDArray[np.float64]]:
    """The mean of each document from the gradients at its nodes.

    Args:
        gradients: float32 ``[N]`` at each node, one document after the other.
        nodes: of each document.

    Returns:
        Means float64 ``[N]`` by the document's place.
    """
    weights = nodes_of(nodes)[1]
    return {
        first // nodes: np.tensordot(weights, np.stack(gradients[first : first + nodes]), 1)
        for first in range(0, len(gradients), nodes)
    }


def unfinished(
    documents: Iterable[int], ways: Mapping[int, NDArray[np.float64]], changes: Sequence[float]
) -> list[int]:
    """Documents whose words do not add up to the change yet.

    Args:
        documents: places of those that are looked at.
        ways: the mean gradient times the vector of each word, float64 ``[N]``, by place.
        changes: of the log odds on the way of each document.
    """
    return [
        number
        for number in documents
        if abs(float(ways[number].sum()) - changes[number]) > largest_gap(changes[number])
    ]
