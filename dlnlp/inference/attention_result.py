"""What a Hierarchical Attention Network read in a text, on the offsets of the text as pasted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAX_CHARACTERS = 1_000_000


class EmptyTextError(ValueError):
    """A text without any word; the message is a sentence for the page."""


class TextTooLongError(ValueError):
    """A text of more than MAX_CHARACTERS; the message is a sentence for the page."""


@dataclass(frozen=True, eq=False)
class AttentionResult:
    """Prediction and attention for one text of C classes, S sentences and N tokens read.

    Attention after Yang et al. (2016): a score is ``tanh(u W + b) . context`` of the recurrent
    state ``u``; the attention is the softmax of the scores over the words of a sentence, or over
    the sentences of the document.

    Attributes:
        text: the text as pasted.
        class_names: C names.
        logits: float32 ``[C]``.
        probabilities: float32 ``[C]``, their softmax.
        sentence_spans: int64 ``[S, 2]``, character offsets into `text`.
        sentence_attention: float32 ``[S]``, sums to 1.
        sentence_scores: float32 ``[S]``, before the softmax.
        token_spans: int64 ``[N, 2]``, character offsets into `text`, in its order.
        tokens: N normalised words.
        token_sentence: int64 ``[N]``, index of each token's sentence.
        token_known: bool ``[N]``, False where the network saw the unknown word.
        word_attention: float32 ``[N]``, sums to 1 within each sentence.
        word_scores: float32 ``[N]``, before the softmax.
        document_vector: float32 ``[2h]``.
        cut_from: offset from which `text` was not read; None when all of it was.
    """

    text: str
    class_names: tuple[str, ...]
    logits: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    sentence_spans: NDArray[np.int64]
    sentence_attention: NDArray[np.float32]
    sentence_scores: NDArray[np.float32]
    token_spans: NDArray[np.int64]
    tokens: tuple[str, ...]
    token_sentence: NDArray[np.int64]
    token_known: NDArray[np.bool_]
    word_attention: NDArray[np.float32]
    word_scores: NDArray[np.float32]
    document_vector: NDArray[np.float32]
    cut_from: int | None

    @property
    def word_importance(self) -> NDArray[np.float32]:
        """Word attention times the attention of its sentence, float32 ``[N]``; sums to 1."""
        return self.word_attention * self.sentence_attention[self.token_sentence]

    @property
    def expected_value(self) -> float:
        """Mean class number, ``sum_k p_k k`` with k from 1 to C: the expected stars."""
        return float(self.probabilities @ np.arange(1, len(self.probabilities) + 1))

    @property
    def predicted(self) -> int:
        """Index of the most probable class."""
        return int(self.logits.argmax())
