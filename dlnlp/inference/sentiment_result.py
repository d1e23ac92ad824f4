"""What a max-pooled convolutional network answers to a text."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlnlp.inference.text_result import TextResult


@dataclass(frozen=True, eq=False)
class SentimentResult(TextResult):
    """Prediction for one text of N tokens read by K filters.

    A network of two classes has one logit z: `logits` are then (0, z).

    Attributes:
        positions: int64 ``[K]``, the token where the first region with the filter's largest value
            starts.
    """

    positions: NDArray[np.int64]

    @property
    def pooled(self) -> NDArray[np.float32]:
        """Each filter's largest value over the regions, at least 0, float32 ``[K]``."""
        return self.document_vector
