"""Whether integrated gradients add up to the change that they explain.

They must (completeness, Sundararajan et al. 2017) but for the error of the numerical integral.
"""

SHARE = 0.01
# Below this change of the log odds, a hundredth of it is nothing that anyone would see.
_LEAST = 0.5


def largest_gap(change: float) -> float:
    """The largest gap between sum and change that counts as none."""
    return SHARE * max(abs(change), _LEAST)


def incomplete(words: float, gap: float) -> bool:
    """Whether the sum of the words misses the change by more than :func:`largest_gap`.

    Args:
        words: sum of the integrated gradients.
        gap: that sum less the change.
    """
    return abs(gap) > largest_gap(words - gap)
