"""The log odds of each class: what explanations of several networks have in common."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def log_odds(logits: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """``log p / (1 - p)`` of each class, where p is the softmax; exact where p is near 0 or 1.

    Args:
        logits: float ``[..., C]``, C at least 2.

    Returns:
        float64 ``[..., C]``.
    """
    logits = np.asarray(logits, np.float64)
    size = logits.shape[-1]
    others = np.where(np.eye(size, dtype=bool), -np.inf, logits[..., None, :])
    most = others.max(axis=-1)
    rest = most + np.log(np.exp(others - most[..., None]).sum(axis=-1))
    return np.asarray(logits - rest, np.float64)
