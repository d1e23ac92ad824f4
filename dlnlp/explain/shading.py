"""An attribution as shades: the one place where the number of a word becomes a shade.

Shades are linear in the number and share one scale across the whole text, stated in the legend:
nothing is rescaled sentence by sentence, so any two words can be compared.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dlnlp.explain.attribution import Attribution
from dlnlp.inference.text_result import TextResult
from dlnlp.number_format import signed

_DIGITS = 3  # above or below zero there is something to say in three


def percent(share: float) -> str:
    """Format a share for people: `0.1234` is `"12.3 %"`, tiny shares keep two digits."""
    value = 100 * share
    if 0 < value < 0.005:
        return "< 0.01 %"
    return f"{value:.2f} %" if value < 1 else f"{value:.1f} %"


def number(attribution: Attribution[TextResult], value: float, digits: int = _DIGITS) -> str:
    """Format a number of an attribution by what it is: a share, a signed change, a length."""
    scale = attribution.method.scale
    if scale == "share":
        return percent(value)
    return signed(value, digits) if scale == "logit" else f"{value:.{digits}f}"


@dataclass(frozen=True, slots=True)
class Ends:
    """The numbers between which shades lie: those of no shade and of the full one.

    Attributes:
        low: The least attention logit; 0 for every other number.
        high: The largest attention logit; for every other number the largest by size.
    """

    low: float
    high: float


def ends(attribution: Attribution[TextResult], *values: NDArray[np.float32]) -> Ends:
    """The ends of the scale that numbers of one kind share.

    Args:
        attribution: The attribution to show.
        values: Numbers of its words or of its sentences, float32 ``[n]``, and of what else is to
            be shaded on the same scale.
    """
    numbers = np.concatenate(values).astype(np.float64)
    if not numbers.size:
        return Ends(0.0, 0.0)
    if attribution.method.scale == "score":
        return Ends(float(numbers.min()), float(numbers.max()))
    return Ends(0.0, float(np.abs(numbers).max()))


def shades(
    attribution: Attribution[TextResult], values: NDArray[np.float32], scale: Ends | None = None
) -> NDArray[np.float64]:
    """Map numbers to shades on one scale.

    Args:
        attribution: The attribution to show.
        values: Numbers of its words or of its sentences, float32 ``[n]``.
        scale: The ends of the scale; those of `values` by default.

    Returns:
        float64 ``[n]``: -1 to 1 where numbers have a sign (0 is 0), else 0 to 1.
    """
    numbers, scale = values.astype(np.float64), scale or ends(attribution, values)
    width = scale.high - scale.low
    if width:
        return (numbers - scale.low) / width
    return np.full_like(numbers, 0.5 if attribution.method.scale == "score" else 0.0)


def common_scales(
    first: Attribution[TextResult], second: Attribution[TextResult]
) -> tuple[Ends, Ends] | None:
    """Scales of words and of sentences that two attributions share; None where units differ."""
    if first.method.scale != second.method.scale:
        return None
    return (
        ends(first, first.words, second.words),
        ends(first, first.sentences, second.sentences),
    )


@dataclass(frozen=True, slots=True)
class Legend:
    """What the shades of a scale mean.

    Attributes:
        kind: Whether shades go up from nothing, or to both sides of it.
        title: What the numbers are.
        low: The number at the lower end and what it means.
        high: The number at the upper end and what it means.
        numbers: Both ends without what they mean.
    """

    kind: Literal["sequential", "diverging"]
    title: str
    low: str
    high: str
    numbers: tuple[str, str]


def legend(
    of: Literal["Word", "Sentence"],
    heading: str,
    attribution: Attribution[TextResult],
    scale: Ends,
) -> Legend:
    """What the shades between two ends mean.

    Args:
        of: What is shaded.
        heading: What its numbers are called.
        attribution: The attribution to show.
        scale: The ends.
    """
    title = heading if heading.startswith(of) else f"{of}: {heading.lower()}"
    kind, name = attribution.method.scale, attribution.target_name
    if kind == "logit":
        low, high = signed(-scale.high, 2), signed(scale.high, 2)
        return Legend(
            "diverging", title, f"{low} against {name}", f"{high} for {name}", (low, high)
        )
    low = "0" if kind != "score" else number(attribution, scale.low, 2)
    high = number(attribution, scale.high, 2)
    largest = " (largest here)" if kind == "share" else ""
    return Legend("sequential", title, low, high + largest, (low, high))


def sentence_words(attribution: Attribution[TextResult]) -> list[range]:
    """The words of each of the S sentences."""
    counts = np.bincount(attribution.token_sentence, minlength=len(attribution.sentence_spans))
    ends = np.cumsum(counts).tolist()
    return [range(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]
