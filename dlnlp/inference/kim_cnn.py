"""A convolutional network that reads texts, from a directory of weights. Never imports Keras."""

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from dlnlp.artifacts import ArtifactDirectory
from dlnlp.inference.document_map import DocumentMap
from dlnlp.inference.filters import FilterEntry, load_filters
from dlnlp.inference.kim_cnn_runtime import KimCnnRuntime
from dlnlp.inference.onnx_session import THREADS
from dlnlp.inference.opening import (
    Predictor,
    memory_mapped,
    nothing_to_read,
    parts_of,
    require_readable,
    require_size,
)
from dlnlp.inference.sentiment_result import SentimentResult
from dlnlp.text import Preprocessor, Sentence
from dlnlp.text.vocabulary import UNKNOWN, Vocabulary

Span = tuple[int, int]


class KimCnnPredictor(Predictor):
    """A Kim CNN that reads texts.

    May be shared by threads: nothing changes after loading.

    Attributes:
        class_names: the classes of a negative and of a positive logit.
        vocabulary: words and their rows in the embedding matrix.
        preprocessor: text to sentences; the network reads their words as one sequence.
        max_tokens: words of a text that are read; None: all.
        widths: words of a region, in the order of the filters.
        runtime: the network, with its memory-mapped embeddings; ``runtime.network`` is what the
            explanations ask for.
        filters: what each filter listens to.
        document_map: test documents by :attr:`SentimentResult.document_vector`.
        document_map_before: the same documents by mean word vector, before training.
        words_before: float32 ``[V, 2]``, each word's own place on that map: its vector from before
            training is not shipped, and the place of a text is the mean of its words' places.
    """

    def __init__(
        self,
        directory: ArtifactDirectory,
        runtime: KimCnnRuntime,
        vocabulary: Vocabulary,
        preprocessor: Preprocessor,
        filters: tuple[FilterEntry, ...],
        document_map: DocumentMap,
        document_map_before: DocumentMap,
        words_before: NDArray[np.float32],
    ) -> None:
        """Keep the parts; :meth:`load` reads them.

        Raises:
            ArtifactError: two parts do not fit each other.
            ValueError: the config's classes or limit are not usable.
        """
        super().__init__(directory)
        self.class_names = _two_names(directory.config["class_names"])
        self.max_tokens = _limit(directory.config["max_tokens"])
        self.widths = runtime.widths
        self.runtime = runtime
        self.vocabulary = vocabulary
        self.preprocessor = preprocessor
        self.filters = filters
        self.document_map = document_map
        self.document_map_before = document_map_before
        self.words_before = words_before
        documents, count = len(document_map.rows), runtime.filters
        widths = tuple(runtime.network.filter_widths.tolist())
        for file, found, needed in (
            ("vocabulary.txt", len(vocabulary), len(runtime.embeddings)),
            ("config.json", tuple(directory.config["widths"]), self.widths),
            ("filters.json", len(filters), count),
            ("filters.json", tuple(entry.width for entry in filters), widths),
            ("map.npz", document_map.mean.size, count),
            ("map_before.npz", len(document_map_before.rows), documents),
            ("words_before.npy", words_before.shape, (len(runtime.embeddings), 2)),
        ):
            require_size(directory.path / file, found, needed)

    @classmethod
    def from_opened(cls, opened: ArtifactDirectory, *, threads: int = THREADS) -> Self:
        """As :meth:`Predictor.from_opened`."""
        with parts_of(opened, "kim_cnn", "train.kim_cnn"):
            embeddings = memory_mapped(opened.file("embeddings.npy"))
            return cls(
                opened,
                KimCnnRuntime(embeddings, opened.file("network.onnx"), threads=threads),
                Vocabulary.load(opened.file("vocabulary.txt")),
                Preprocessor.load(opened.file("preprocessor.json")),
                load_filters(opened.file("filters.json")),
                DocumentMap.load(opened.file("map.npz")),
                DocumentMap.load(opened.file("map_before.npz")),
                np.load(opened.file("words_before.npy"), allow_pickle=False),
            )

    def place_before(self, token_ids: NDArray[np.int32]) -> NDArray[np.float32]:
        """Where a text lies on the map from before training, float32 ``[2]``.

        The map is linear in the mean word vector: ``place(mean_i x_i) = mean_i place(x_i)``.
        """
        return np.asarray(self.words_before[token_ids].mean(axis=0), np.float32)

    def predict(self, text: str) -> SentimentResult:
        """Read one text.

        Raises:
            EmptyTextError: it holds no word.
            TextTooLongError: it has more than MAX_CHARACTERS.
        """
        return self.predict_batch([text])[0]

    def predict_batch(self, texts: Sequence[str]) -> list[SentimentResult]:
        """Read many texts with few runs of the network; results are those of :meth:`predict`.

        Raises:
            EmptyTextError: a text holds no word.
            TextTooLongError: a text has more than MAX_CHARACTERS.
        """
        read = [self._read(text) for text in texts]
        encoded = [self.vocabulary.encode(tokens) for tokens, _, _ in read]
        outputs = self.runtime.run(encoded)
        return [
            SentimentResult(
                text=text,
                class_names=self.class_names,
                logit=float(outputs.logits[number]),
                token_spans=np.array(read[number][1], np.int64),
                tokens=read[number][0],
                token_known=encoded[number] != UNKNOWN,
                token_ids=encoded[number],
                pooled=outputs.pooled[number],
                positions=outputs.positions[number],
                cut_from=read[number][2],
            )
            for number, text in enumerate(texts)
        ]

    def _read(self, text: str) -> tuple[tuple[str, ...], tuple[Span, ...], int | None]:
        """The tokens that the network reads, their spans, and from where it does not read."""
        require_readable(text)
        enough = None if self.max_tokens is None else self.max_tokens + 1
        sentences = self._sentences(text, enough)
        if not sentences:
            raise nothing_to_read()
        tokens = tuple(token for sentence in sentences for token in sentence.tokens)[:enough]
        spans = tuple(span for sentence in sentences for span in sentence.spans)[:enough]
        if len(tokens) != enough:
            return tokens, spans, None
        return tokens[:-1], spans[:-1], spans[-1][0]

    def _sentences(self, text: str, enough: int | None) -> tuple[Sentence, ...]:
        """Sentences from the first on that hold `enough` tokens, or all that the text has."""
        if enough is None:
            return self.preprocessor(text)
        # Ever more of them: a hostile text may have sentences of one token, or of fifty.
        limit = 1 + enough // 8
        while True:
            sentences = self.preprocessor(text, limit)
            tokens = sum(len(sentence.tokens) for sentence in sentences)
            if len(sentences) < limit or tokens >= enough:
                return sentences
            limit *= 4


def _two_names(names: Sequence[str]) -> tuple[str, str]:
    if len(names) != 2:
        raise ValueError(f"config.json names {len(names)} classes where a Kim CNN has 2")
    return str(names[0]), str(names[1])


def _limit(value: object) -> int | None:
    if value is None or (isinstance(value, int) and value > 0):
        return value
    raise ValueError(f"config.json has max_tokens {value!r} where a number from 1 up is needed")
