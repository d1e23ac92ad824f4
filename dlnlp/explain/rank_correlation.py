"""Do two methods put the words in the same order? Kendall's tau-b."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_ROWS = 512


def kendall_tau(a: NDArray[Any], b: NDArray[Any]) -> float:
    """Kendall's tau-b of two scores of the same N words, in [-1, 1]; NaN where one is constant.

    ``(C - D) / sqrt((P - T_a) (P - T_b))`` with C pairs in the same order and D in the opposite
    one, of P pairs in all, T_a of which tie in a (Kendall 1945). Jain & Wallace (2019) compare
    attention with gradients by it.

    Args:
        a: float ``[N]``.
        b: float ``[N]``.

    Raises:
        ValueError: their lengths differ.
    """
    if a.shape != b.shape:
        raise ValueError(f"scores of shapes {a.shape} and {b.shape} are not of the same words")
    agree = in_a = in_b = 0
    for start in range(0, len(a), _ROWS):  # every pair is met twice, which cancels
        rows = slice(start, start + _ROWS)
        one = np.sign(a[rows, None] - a[None]).astype(np.int8)
        other = np.sign(b[rows, None] - b[None]).astype(np.int8)
        agree += int((one * other).sum(dtype=np.int64))
        in_a += int(np.count_nonzero(one))
        in_b += int(np.count_nonzero(other))
    if not in_a or not in_b:
        return float("nan")
    return float(agree / np.sqrt(float(in_a) * float(in_b)))
