"""What a network says of a text, whatever the network: probabilities in words and in changes."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlnlp.explain.log_odds import log_odds
from dlnlp.inference.class_order import counts_stars
from dlnlp.inference.text_result import TextResult
from dlnlp.ui.shell.numbers import probability

POLARITY = ("negative", "positive")


@dataclass(frozen=True, eq=False)
class Answer:
    """A prediction over C classes, the worst first.

    Attributes:
        class_names: C names.
        probabilities: float64 ``[C]``, the softmax of `logits`.
        logits: float64 ``[C]``; a network with one logit z has (0, z).
        ordered: whether the classes are in an order, so that there is one target more.
    """

    class_names: tuple[str, ...]
    probabilities: NDArray[np.float64]
    logits: NDArray[np.float64]
    ordered: bool = False

    @property
    def log_odds(self) -> NDArray[np.float64]:
        """The logit ``log p / (1 - p)`` of each class, ``[C]``, exact where p is near 0 or 1."""
        return log_odds(self.logits)

    @property
    def counts_stars(self) -> bool:
        """Whether the classes are 1 star, 2 stars and so on, so that their mean says something."""
        return counts_stars(self.class_names)

    @property
    def expected_value(self) -> float:
        """Mean class number, counted from 1: the expected stars."""
        return float(self.probabilities @ np.arange(1, len(self.probabilities) + 1))


def make_answer(
    class_names: tuple[str, ...], probabilities: ArrayLike, logits: ArrayLike
) -> Answer:
    """An answer from class names, probabilities and logits, float ``[C]`` each."""
    return Answer(
        class_names, np.asarray(probabilities, np.float64), np.asarray(logits, np.float64)
    )


def answer_of(result: TextResult) -> Answer:
    """What any text classifier says of a text."""
    answer = make_answer(result.class_names, result.probabilities, result.logits)
    return replace(answer, ordered=result.ordered)


def prediction(answer: Answer) -> str:
    """The prediction in one plain sentence."""
    names, shares = answer.class_names, answer.probabilities
    if names == POLARITY:
        return f"Probability of a {names[1]} review: {probability(shares[1])}"
    best = int(shares.argmax())
    most_likely = f"ost likely {names[best]}, {probability(shares[best])}"
    if answer.counts_stars:
        return f"{answer.expected_value:.1f} stars expected; m{most_likely}"
    return f"M{most_likely}"
