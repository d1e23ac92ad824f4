"""Classes in an order, such as stars: what can be asked of the upper and the lower ones together.

Of ordered classes the question is often not "why 4 stars and not 5" but "why positive". So there is
one target more than classes, the upper classes against the lower ones::

    g = mean of z_c over the upper half of the classes - mean of z_c over the lower half

with the logits z; of an odd number of classes the middle one is left out. As the weights of the
logits add up to 0, g does not change when all logits rise together: it is the mean log probability
of the upper classes less that of the lower ones. Of two classes it would be the log odds.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def counts_stars(class_names: Sequence[str]) -> bool:
    """Whether the classes are 1 star, 2 stars and so on.

    Example:
        >>> counts_stars(["1 star", "2 stars", "3 stars"]), counts_stars(["bad", "good"])
        (True, False)
    """
    stars = (f"{n} star{'s' * (n > 1)}" for n in range(1, len(class_names) + 1))
    return tuple(class_names) == tuple(stars)


def are_ordered(class_names: Sequence[str], card: Mapping[str, Any]) -> bool:
    """Whether three or more classes are in an order, the lowest first.

    Args:
        class_names: names in the order of the logits.
        card: the model card; its ``ordered_classes``, true or false, goes before the names.
    """
    said = card.get("ordered_classes")
    ordered = said if isinstance(said, bool) else counts_stars(class_names)
    return ordered and len(class_names) > 2


def upper_less_lower(classes: int) -> NDArray[np.float64]:
    """Weights of the logits of ordered classes in the target above, float64 ``[C]``.

    Example:
        >>> upper_less_lower(5).tolist()
        [-0.5, -0.5, 0.0, 0.5, 0.5]
    """
    half = classes // 2
    weights = np.zeros(classes)
    weights[:half], weights[classes - half :] = -1 / half, 1 / half
    return weights


def of_logit(values: NDArray[Any], target: int) -> NDArray[Any]:
    """The part of logits, or of what adds up to them, that stands for a target.

    Args:
        values: float ``[..., C]``.
        target: index of a class, or C: the upper classes against the lower ones.

    Returns:
        float ``[...]``.
    """
    classes = values.shape[-1]
    if target == classes:
        return np.asarray(values @ upper_less_lower(classes).astype(values.dtype))
    return np.asarray(values[..., target])
