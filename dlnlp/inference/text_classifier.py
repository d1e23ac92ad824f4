"""A text classifier from a directory of weights: what is the same for every network."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from dlnlp.artifacts import ArtifactDirectory
from dlnlp.inference.class_order import are_ordered
from dlnlp.inference.document_map import DocumentMap
from dlnlp.inference.opening import Predictor, require_size
from dlnlp.inference.text_result import (
    MAX_CHARACTERS,
    EmptyTextError,
    TextResult,
    TextTooLongError,
)
from dlnlp.text import Preprocessor, Sentence
from dlnlp.text.vocabulary import UNKNOWN, Vocabulary

Document = Sequence[NDArray[np.int32]]


class Outputs(Protocol):
    """What a network computes for D documents."""

    @property
    def logits(self) -> NDArray[np.float32]:
        """float32 ``[D, C]``."""


OutputsT = TypeVar("OutputsT", bound=Outputs)
ResultT = TypeVar("ResultT", bound=TextResult)


class TextClassifier(Predictor, Generic[OutputsT, ResultT]):
    """A network that reads texts and tells C classes apart.

    A subclass says how its network runs, how much of a text it reads, and what its results hold
    beside :class:`TextResult`.

    Attributes:
        vocabulary: words and their rows in the embedding matrix.
        preprocessor: text to sentences, by the rules that the network was trained on.
        document_map: test documents to compare with.
        ordered: whether the classes are in an order (:mod:`dlnlp.inference.class_order`).
    """

    def __init__(self, opened: ArtifactDirectory) -> None:
        """As :class:`Predictor`."""
        super().__init__(opened)
        self.vocabulary = Vocabulary.load(opened.file("vocabulary.txt"))
        self.preprocessor = Preprocessor.load(opened.file("preprocessor.json"))
        self.document_map = DocumentMap.load(opened.file("map.npz"))
        self.ordered = are_ordered(self.class_names, self.card)

    def _require_sizes(
        self, opened: ArtifactDirectory, words: int, classes: int, vector: int
    ) -> None:
        """Compare vocabulary, class names and map with the network; raises ArtifactError."""
        for file, found, needed in (
            ("vocabulary.txt", len(self.vocabulary), words),
            ("config.json", len(self.class_names), classes),
            ("map.npz", self.document_map.mean.size, vector),
        ):
            require_size(opened.path / file, found, needed)

    @abstractmethod
    def run(self, documents: Sequence[Document]) -> OutputsT:
        """Read documents of token ids; cuts nothing.

        Args:
            documents: sentences of each document, each int32 ``[words]``; no document and no
                sentence may be empty.

        Raises:
            ValueError: a document is empty.
        """

    def logits(self, documents: Sequence[Document]) -> NDArray[np.float32]:
        """The logits of :meth:`run` alone, float32 ``[D, C]``."""
        return self.run(documents).logits

    @abstractmethod
    def token_lists(self, text: str) -> list[list[str]]:
        """The tokens of each sentence as far as the network reads, without their offsets.

        Several times as fast as what :meth:`predict` does; empty where there is nothing to read.
        """

    @abstractmethod
    def _sentences(self, text: str) -> tuple[tuple[Sentence, ...], int | None]:
        """The sentences as far as the network reads, and the offset from which it does not."""

    @abstractmethod
    def _result(self, parts: Mapping[str, Any], outputs: OutputsT, number: int) -> ResultT:
        """A result from what all results have but the document vector, and a row of outputs."""

    def predict(self, text: str) -> ResultT:
        """Read one text.

        Raises:
            EmptyTextError: it holds no word.
            TextTooLongError: it has more than MAX_CHARACTERS.
        """
        return self.predict_batch([text])[0]

    def predict_batch(self, texts: Sequence[str]) -> list[ResultT]:
        """Read many texts with few runs of the network; results are those of :meth:`predict`.

        Raises:
            EmptyTextError: a text holds no word.
            TextTooLongError: a text has more than MAX_CHARACTERS.
        """
        read = [self._parts(text) for text in texts]
        outputs = self.run([document for document, _ in read])
        return [
            self._result({**parts, "logits": outputs.logits[number]}, outputs, number)
            for number, (_, parts) in enumerate(read)
        ]

    def _parts(self, text: str) -> tuple[list[NDArray[np.int32]], dict[str, Any]]:
        """The token ids of each sentence that is read, and what a result says of the text."""
        if len(text) > MAX_CHARACTERS:
            raise TextTooLongError(
                f"This text has {len(text):,} characters and at most {MAX_CHARACTERS:,} can be "
                "read: please paste a part of it."
            )
        sentences, cut_from = self._sentences(text)
        if not sentences:
            raise EmptyTextError(
                "There is no word to read in this text, nor a symbol that the network knows: "
                "please write some words."
            )
        document = [self.vocabulary.encode(sentence.tokens) for sentence in sentences]
        token_ids = np.concatenate(document)
        return document, {
            "text": text,
            "class_names": self.class_names,
            "sentence_spans": np.array([(s.start, s.end) for s in sentences], np.int64),
            "token_spans": np.array([span for s in sentences for span in s.spans], np.int64),
            "tokens": tuple(token for s in sentences for token in s.tokens),
            "token_sentence": np.repeat(np.arange(len(sentences)), [len(ids) for ids in document]),
            "token_known": token_ids != UNKNOWN,
            "token_ids": token_ids,
            "cut_from": cut_from,
            "ordered": self.ordered,
        }
