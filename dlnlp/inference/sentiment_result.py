"""What a max-pooled convolutional network answers to a text, on the offsets of that text."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class SentimentResult:
    """Prediction for one text of N tokens read by K filters.

    Attributes:
        text: the text as pasted.
        class_names: the classes of a negative and of a positive logit.
        logit: log odds of ``class_names[1]``, calibrated.
        token_spans: int64 ``[N, 2]``, character offsets into `text`, in its order.
        tokens: N normalised words.
        token_known: bool ``[N]``, False where the network saw the unknown word.
        token_ids: int32 ``[N]``, rows of the embedding matrix.
        pooled: float32 ``[K]``, each filter's largest value over the regions, at least 0.
        positions: int64 ``[K]``, the token where the first region with that value starts.
        cut_from: offset from which `text` was not read; None when all of it was.
    """

    text: str
    class_names: tuple[str, str]
    logit: float
    token_spans: NDArray[np.int64]
    tokens: tuple[str, ...]
    token_known: NDArray[np.bool_]
    token_ids: NDArray[np.int32]
    pooled: NDArray[np.float32]
    positions: NDArray[np.int64]
    cut_from: int | None

    @property
    def probability(self) -> float:
        """Of ``class_names[1]``: ``1 / (1 + exp(-logit))``."""
        # tanh, because exp would overflow far below zero.
        return 0.5 + 0.5 * math.tanh(self.logit / 2)

    @property
    def probabilities(self) -> NDArray[np.float32]:
        """Of both classes, float32 ``[2]``."""
        return np.array([1 - self.probability, self.probability], np.float32)

    @property
    def predicted(self) -> int:
        """Index of the more probable class; 0 where both are equal."""
        return int(self.logit > 0)

    @property
    def document_vector(self) -> NDArray[np.float32]:
        """:attr:`pooled`, float32 ``[K]``: the document map places the text by it."""
        return self.pooled
