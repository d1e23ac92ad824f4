"""A convolutional network that reads texts, from a directory of weights. Never imports Keras."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.artifacts import ArtifactDirectory
from dlnlp.inference.document_map import DocumentMap
from dlnlp.inference.filters import load_filters
from dlnlp.inference.kim_cnn_runtime import KimCnnOutputs, KimCnnRuntime
from dlnlp.inference.opening import memory_mapped, require_size
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.inference.text_classifier import Document, TextClassifier
from dlnlp.text import Sentence


class KimCnnPredictor(TextClassifier[KimCnnOutputs, SentimentResult]):
    """A Kim CNN that reads texts, up to a number of words; sentences mean nothing to it.

    Attributes:
        max_tokens: words of a text that are read; None: all.
        widths: words of a region, in the order of the filters.
        runtime: the network, with its memory-mapped embeddings; ``runtime.network`` is what the
            explanations ask for.
        filters: what each filter listens to.
        document_map_before: the documents of the map by mean word vector, before training.
        words_before: float32 ``[V, 2]``, each word's own place on that map: its vector from before
            training is not shipped, and the place of a text is the mean of its words' places.
    """

    model = "kim_cnn"

    def __init__(self, opened: ArtifactDirectory) -> None:
        """As :class:`Predictor`."""
        super().__init__(opened)
        self.max_tokens = _limit(opened.config["max_tokens"])
        embeddings = memory_mapped(opened.file("embeddings.npy"))
        self.runtime = KimCnnRuntime(embeddings, opened.file("network.onnx"))
        self.widths = self.runtime.widths
        self.filters = load_filters(opened.file("filters.json"))
        self.document_map_before = DocumentMap.load(opened.file("map_before.npz"))
        self.words_before: NDArray[np.float32] = np.load(
            opened.file("words_before.npy"), allow_pickle=False
        )
        count = self.runtime.filters
        self._require_sizes(opened, len(embeddings), self.runtime.classes, count)
        widths = tuple(self.runtime.network.filter_widths.tolist())
        documents = len(self.document_map.rows)
        for file, found, needed in (
            ("config.json", tuple(opened.config["widths"]), self.widths),
            ("filters.json", len(self.filters), count),
            ("filters.json", tuple(entry.width for entry in self.filters), widths),
            ("map_before.npz", len(self.document_map_before.rows), documents),
            ("words_before.npy", self.words_before.shape, (len(embeddings), 2)),
        ):
            require_size(opened.path / file, found, needed)

    def place_before(self, token_ids: NDArray[np.int32]) -> NDArray[np.float32]:
        """Where a text lies on the map from before training, float32 ``[2]``.

        The map is linear in the mean word vector: ``place(mean_i x_i) = mean_i place(x_i)``.
        """
        return np.asarray(self.words_before[token_ids].mean(axis=0), np.float32)

    def run(self, documents: Sequence[Document]) -> KimCnnOutputs:
        """As :meth:`TextClassifier.run`; sentences, int32 ``[words]`` each, are one text."""
        return self.runtime.run([np.concatenate(document) for document in documents])

    def token_lists(self, text: str) -> list[list[str]]:
        """As :meth:`TextClassifier.token_lists`."""
        sentences, left = self.preprocessor.token_lists(text), self.max_tokens
        if left is None:
            return sentences
        for place, tokens in enumerate(sentences):
            if len(tokens) >= left:
                return [*sentences[:place], tokens[:left]]
            left -= len(tokens)
        return sentences

    def _sentences(self, text: str) -> tuple[tuple[Sentence, ...], int | None]:
        sentences, left = self._enough_sentences(text), self.max_tokens
        if left is None:
            return sentences, None
        for place, sentence in enumerate(sentences):
            tokens, spans = sentence.tokens, sentence.spans
            if len(tokens) > left:
                part = (replace(sentence, tokens=tokens[:left], spans=spans[:left]),)
                return sentences[:place] + (part if left else ()), spans[left][0]
            left -= len(tokens)
        return sentences, None

    def _enough_sentences(self, text: str) -> tuple[Sentence, ...]:
        """Sentences from the first on that hold more than is read, or all that the text has."""
        if self.max_tokens is None:
            return self.preprocessor(text)
        # Ever more of them: a hostile text may have sentences of one token, or of fifty.
        limit = 1 + self.max_tokens // 8
        while True:
            sentences = self.preprocessor(text, limit)
            tokens = sum(len(sentence.tokens) for sentence in sentences)
            if len(sentences) < limit or tokens > self.max_tokens:
                return sentences
            limit *= 4

    def _result(
        self, parts: Mapping[str, Any], outputs: KimCnnOutputs, number: int
    ) -> SentimentResult:
        return SentimentResult(
            **parts,
            document_vector=outputs.pooled[number],
            positions=outputs.positions[number],
        )


def _limit(value: object) -> int | None:
    if value is None or (isinstance(value, int) and value > 0):
        return value
    raise ValueError(f"config.json has max_tokens {value!r} where a number from 1 up is needed")
