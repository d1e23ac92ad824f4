"""What methods explain: the log odds of a class, or of ordered classes the upper against the lower.

A target is a number: of a class, or C, where classes are in an order
(:mod:`dlnlp.inference.class_order` has the formula).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.log_odds import log_odds
from dlnlp.inference.class_order import counts_stars, of_logit
from dlnlp.inference.text_result import TextResult

UPPER = "upper"
"""The upper classes against the lower ones, in links and commands."""


def target_values(logits: NDArray[np.floating[Any]], ordered: bool) -> NDArray[np.float64]:
    """What is explained for each target.

    Args:
        logits: float ``[..., C]``.
        ordered: whether the classes are in an order.

    Returns:
        Log odds of the classes, and behind them, of ordered ones, the mean logit of the upper less
        that of the lower: float64 ``[..., C]`` or ``[..., C + 1]``.
    """
    odds = log_odds(logits)
    if not ordered:
        return odds
    contrast = of_logit(np.asarray(logits, np.float64), odds.shape[-1])
    return np.concatenate([odds, contrast[..., None]], axis=-1)


def target_names(class_names: Sequence[str], ordered: bool) -> tuple[str, ...]:
    """Names of the targets.

    Example:
        >>> target_names(["1 star", "2 stars", "3 stars", "4 stars"], True)[-1]
        '3–4 over 1–2 stars'
        >>> target_names(["bad", "fair", "good"], True)
        ('bad', 'fair', 'good', 'good over bad')
    """
    if not ordered:
        return tuple(class_names)
    upper, lower = _sides(class_names)
    short = upper.removesuffix(" stars") if lower.endswith(" stars") else upper
    return *class_names, f"{short} over {lower}"


def _sides(class_names: Sequence[str]) -> tuple[str, str]:
    """What the upper classes are called, and the lower ones."""
    count, half = len(class_names), len(class_names) // 2
    if counts_stars(class_names) and half > 1:
        return f"{count - half + 1}–{count} stars", f"1–{half} stars"
    return ", ".join(class_names[-half:]), ", ".join(class_names[:half])


def target_name(reading: TextResult, target: int) -> str:
    """Name of a target of a prediction."""
    return target_names(reading.class_names, reading.ordered)[target]


def quantity(reading: TextResult, target: int) -> str:
    """What is explained, in words: "the log odds of 5 stars"."""
    if target < len(reading.class_names):
        return f"the log odds of {reading.class_names[target]}"
    upper, lower = _sides(reading.class_names)
    return f"the mean logit of {upper} less that of {lower}"


def value_of(reading: TextResult, target: int) -> float:
    """What is explained, as a number."""
    return float(target_values(reading.logits, reading.ordered)[target])


def class_of(reading: TextResult, target: int) -> int:
    """The class that a view shows which knows classes alone: the predicted one where it must."""
    return target if target < len(reading.class_names) else reading.predicted
