"""What a Hierarchical Attention Network answers to a text."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlnlp.inference.text_result import TextResult


@dataclass(frozen=True, eq=False)
class AttentionResult(TextResult):
    """Prediction and attention for one text of S sentences and N tokens read.

    Attention after Yang et al. (2016): a score is ``tanh(u W + b) . context`` of the recurrent
    state ``u``; the attention is the softmax of the scores over the words of a sentence, or over
    the sentences of the document.

    Attributes:
        sentence_attention: float32 ``[S]``, sums to 1.
        sentence_scores: float32 ``[S]``, before the softmax.
        word_attention: float32 ``[N]``, sums to 1 within each sentence.
        word_scores: float32 ``[N]``, before the softmax.
    """

    sentence_attention: NDArray[np.float32]
    sentence_scores: NDArray[np.float32]
    word_attention: NDArray[np.float32]
    word_scores: NDArray[np.float32]

    @property
    def word_importance(self) -> NDArray[np.float32]:
        """Word attention times the attention of its sentence, float32 ``[N]``; sums to 1."""
        return self.word_attention * self.sentence_attention[self.token_sentence]

    @property
    def expected_value(self) -> float:
        """Mean class number, ``sum_k p_k k`` with k from 1 to C: the expected stars."""
        return float(self.probabilities @ np.arange(1, len(self.probabilities) + 1))
