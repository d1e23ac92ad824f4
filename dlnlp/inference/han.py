"""A Hierarchical Attention Network that reads texts, from a directory of weights. No Keras."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.artifacts import ArtifactDirectory
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.inference.han_runtime import HanOutputs, HanRuntime
from dlnlp.inference.opening import memory_mapped
from dlnlp.inference.text_classifier import Document, TextClassifier
from dlnlp.text import Sentence


class HanPredictor(TextClassifier[HanOutputs, AttentionResult]):
    """A Hierarchical Attention Network that reads texts, up to a number of sentences.

    Attributes:
        runtime: the network, with its memory-mapped embeddings.
    """

    model = "han"

    def __init__(self, opened: ArtifactDirectory) -> None:
        """As :class:`Predictor`."""
        super().__init__(opened)
        embeddings = memory_mapped(opened.file("embeddings.npy"))
        self.runtime = HanRuntime(embeddings, opened.file("network.onnx"))
        sizes = len(embeddings), self.runtime.classes, self.runtime.state_size
        self._require_sizes(opened, *sizes)

    def run(self, documents: Sequence[Document]) -> HanOutputs:
        """As :meth:`TextClassifier.run`, from sentences int32 ``[words]``."""
        return self.runtime.run(documents)

    def logits(self, documents: Sequence[Document]) -> NDArray[np.float32]:
        """Logits, float32 ``[D, C]``, of D documents, sentences int32 ``[words]`` each.

        A sentence that documents share is read once.
        """
        return self.runtime.logits(documents)

    def token_lists(self, text: str) -> list[list[str]]:
        """As :meth:`TextClassifier.token_lists`."""
        return self.preprocessor.token_lists(text)[: self.preprocessor.max_sentences]

    def _sentences(self, text: str) -> tuple[tuple[Sentence, ...], int | None]:
        limit = self.preprocessor.max_sentences
        sentences = self.preprocessor(text, limit + 1)  # one more tells where reading stopped
        return sentences[:limit], sentences[limit].start if len(sentences) > limit else None

    def _result(
        self, parts: Mapping[str, Any], outputs: HanOutputs, number: int
    ) -> AttentionResult:
        return AttentionResult(
            **parts,
            document_vector=outputs.document_vectors[number],
            sentence_attention=outputs.sentence_attention[number],
            sentence_scores=outputs.sentence_scores[number],
            word_attention=outputs.word_attention[number],
            word_scores=outputs.word_scores[number],
        )
