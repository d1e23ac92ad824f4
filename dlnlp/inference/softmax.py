"""From the logits of classes to their probabilities: the only softmax over classes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def softmax(logits: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Softmax over the last axis.

    Args:
        logits: float ``[..., C]``.

    Returns:
        float64 ``[..., C]``.

    Example:
        >>> softmax(np.array([[0.0, 0.0], [2000.0, 0.0]])).tolist()
        [[0.5, 0.5], [1.0, 0.0]]
    """
    below = np.asarray(logits, np.float64)
    raised = np.exp(below - below.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))
