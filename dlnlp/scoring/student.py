"""Quantiles of Student's t, for intervals of means."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

_Z = 1.959964


def t_quantile(degrees: ArrayLike) -> NDArray[np.float64]:
    """The 0.975 quantile of Student's t.

    The expansion in Abramowitz & Stegun (1964), 26.7.5: 0.03 % off at 4 degrees of freedom, 1 % at
    2. One degree has the exact value.

    Args:
        degrees: of freedom, at least 1, int or float, any shape.

    Returns:
        float64, of the same shape.
    """
    freedom = np.asarray(degrees, np.float64)
    z = _Z
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92_160,
    )
    quantile = z + sum(term / freedom**power for power, term in enumerate(terms, 1))
    return np.where(freedom == 1, 12.706205, quantile)
