"""A Hierarchical Attention Network that reads texts, from a directory of weights. No Keras."""

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from dlnlp.artifacts import ArtifactDirectory
from dlnlp.inference.attention_result import AttentionResult
from dlnlp.inference.document_map import DocumentMap
from dlnlp.inference.han_runtime import Document, HanOutputs, HanRuntime
from dlnlp.inference.onnx_session import THREADS
from dlnlp.inference.opening import (
    Predictor,
    memory_mapped,
    nothing_to_read,
    parts_of,
    require_readable,
    require_size,
)
from dlnlp.text import Preprocessor, Sentence
from dlnlp.text.vocabulary import UNKNOWN, Vocabulary


class HanPredictor(Predictor):
    """A Hierarchical Attention Network that reads texts.

    May be shared by threads: nothing changes after loading.

    Attributes:
        class_names: C names in the order of the logits.
        vocabulary: words and their rows in the embedding matrix.
        preprocessor: text to sentences, with the limits the network was trained under.
        document_map: test documents to compare with.
        runtime: the network, with its memory-mapped embeddings.
    """

    def __init__(
        self,
        directory: ArtifactDirectory,
        runtime: HanRuntime,
        vocabulary: Vocabulary,
        preprocessor: Preprocessor,
        document_map: DocumentMap,
    ) -> None:
        """Keep the parts; :meth:`load` reads them.

        Raises:
            ArtifactError: two parts do not fit each other.
        """
        super().__init__(directory)
        self.class_names = tuple(str(name) for name in directory.config["class_names"])
        self.runtime = runtime
        self.vocabulary = vocabulary
        self.preprocessor = preprocessor
        self.document_map = document_map
        for file, found, needed in (
            ("vocabulary.txt", len(vocabulary), len(runtime.embeddings)),
            ("config.json", len(self.class_names), runtime.classes),
            ("map.npz", document_map.mean.size, runtime.state_size),
        ):
            require_size(directory.path / file, found, needed)

    @classmethod
    def from_opened(cls, opened: ArtifactDirectory, *, threads: int = THREADS) -> Self:
        """As :meth:`Predictor.from_opened`."""
        with parts_of(opened, "han", "train.han"):
            embeddings = memory_mapped(opened.file("embeddings.npy"))
            return cls(
                opened,
                HanRuntime(embeddings, opened.file("network.onnx"), threads=threads),
                Vocabulary.load(opened.file("vocabulary.txt")),
                Preprocessor.load(opened.file("preprocessor.json")),
                DocumentMap.load(opened.file("map.npz")),
            )

    def predict(self, text: str) -> AttentionResult:
        """Read one text.

        Raises:
            EmptyTextError: it holds no word.
            TextTooLongError: it has more than MAX_CHARACTERS.
        """
        return self.predict_batch([text])[0]

    def predict_batch(self, texts: Sequence[str]) -> list[AttentionResult]:
        """Read many texts with few runs of the network; results are those of :meth:`predict`.

        Raises:
            EmptyTextError: a text holds no word.
            TextTooLongError: a text has more than MAX_CHARACTERS.
        """
        read = [self._read(text) for text in texts]
        encoded = [
            [self.vocabulary.encode(sentence.tokens) for sentence in sentences]
            for sentences, _ in read
        ]
        outputs = self.run(encoded)
        return [
            self._result(text, *read[number], np.concatenate(encoded[number]), outputs, number)
            for number, text in enumerate(texts)
        ]

    def run(self, documents: Sequence[Document]) -> HanOutputs:
        """Read documents, whose sentences are int32 ``[words]``; see :meth:`HanRuntime.run`."""
        return self.runtime.run(documents)

    def _read(self, text: str) -> tuple[tuple[Sentence, ...], int | None]:
        """The sentences the network reads, and the offset from which it does not read."""
        require_readable(text)
        limit = self.preprocessor.max_sentences
        sentences = self.preprocessor(text, limit + 1)  # one more tells where reading stopped
        if not sentences:
            raise nothing_to_read()
        return sentences[:limit], sentences[limit].start if len(sentences) > limit else None

    def _result(
        self,
        text: str,
        sentences: tuple[Sentence, ...],
        cut_from: int | None,
        token_ids: NDArray[np.int32],
        outputs: HanOutputs,
        number: int,
    ) -> AttentionResult:
        logits = outputs.logits[number]
        exponentials = np.exp(logits - logits.max())
        lengths = [len(sentence.tokens) for sentence in sentences]
        return AttentionResult(
            text=text,
            class_names=self.class_names,
            logits=logits,
            probabilities=exponentials / exponentials.sum(),
            sentence_spans=np.array([(s.start, s.end) for s in sentences], np.int64),
            sentence_attention=outputs.sentence_attention[number],
            sentence_scores=outputs.sentence_scores[number],
            token_spans=np.array([span for s in sentences for span in s.spans], np.int64),
            tokens=tuple(token for s in sentences for token in s.tokens),
            token_sentence=np.repeat(np.arange(len(sentences)), lengths),
            token_known=token_ids != UNKNOWN,
            word_attention=outputs.word_attention[number],
            word_scores=outputs.word_scores[number],
            document_vector=outputs.document_vectors[number],
            cut_from=cut_from,
        )
