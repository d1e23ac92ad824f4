"""What any text classifier answers to a text, on the offsets of the text as pasted."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dlnlp.inference.softmax import softmax

MAX_CHARACTERS = 1_000_000


class EmptyTextError(ValueError):
    """A text without any word; the message is a sentence for the page."""


class TextTooLongError(ValueError):
    """A text of more than MAX_CHARACTERS; the message is a sentence for the page."""


@dataclass(frozen=True, eq=False)
class TextResult:
    """Prediction for one text of C classes, S sentences and N tokens read.

    Attributes:
        text: the text as pasted.
        class_names: C names.
        logits: float32 ``[C]``.
        sentence_spans: int64 ``[S, 2]``, character offsets into `text`.
        token_spans: int64 ``[N, 2]``, character offsets into `text`, in its order.
        tokens: N normalised words.
        token_sentence: int64 ``[N]``, index of each token's sentence.
        token_known: bool ``[N]``, False where the network saw the unknown word.
        token_ids: int32 ``[N]``, rows of the embedding matrix.
        document_vector: float32 ``[D]``; the document map places the text by it.
        cut_from: offset from which `text` was not read; None when all of it was.
        ordered: whether the classes are in an order (:mod:`dlnlp.inference.class_order`).
    """

    text: str
    class_names: tuple[str, ...]
    logits: NDArray[np.float32]
    sentence_spans: NDArray[np.int64]
    token_spans: NDArray[np.int64]
    tokens: tuple[str, ...]
    token_sentence: NDArray[np.int64]
    token_known: NDArray[np.bool_]
    token_ids: NDArray[np.int32]
    document_vector: NDArray[np.float32]
    cut_from: int | None
    ordered: bool = field(default=False, kw_only=True)

    @property
    def probabilities(self) -> NDArray[np.float32]:
        """Softmax of the logits, float32 ``[C]``."""
        return softmax(self.logits).astype(np.float32)

    @property
    def predicted(self) -> int:
        """Index of the most probable class; the first of equals."""
        return int(self.logits.argmax())

    @property
    def sentence_ids(self) -> list[NDArray[np.int32]]:
        """Token ids of each sentence, S arrays int32 ``[words]``."""
        starts = np.searchsorted(self.token_sentence, np.arange(1, len(self.sentence_spans)))
        return np.split(self.token_ids, starts)
