"""A HAN's ONNX graph and its embedding matrix: token ids in, scores and attention out.

Knows neither text nor files: the app and the parity check of the training command share it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.inference.han_network import HanNetwork
from dlnlp.inference.onnx_constants import float_constants
from dlnlp.inference.text_runtime import TextRuntime

# Positions (padding included) in one run of the graph: bounds the memory of a batch at about 40 MB
# for 100 units; twice as many were no faster.
POSITIONS_PER_RUN = 4096
# Positions of padding that take as long as another run.
PADDING_PER_RUN = 128

Document = Sequence[NDArray[np.int32]]


@dataclass(frozen=True, eq=False)
class HanOutputs:
    """What a HAN computes for D documents; ragged outputs are tuples of one array a document.

    Attributes:
        logits: float32 ``[D, C]``.
        document_vectors: float32 ``[D, 2h]``.
        sentence_scores: D arrays float32 ``[sentences]``.
        sentence_attention: D arrays float32 ``[sentences]``, each sums to 1.
        word_scores: D arrays float32 ``[tokens]``, in text order.
        word_attention: D arrays float32 ``[tokens]``, sums to 1 within each sentence.
    """

    logits: NDArray[np.float32]
    document_vectors: NDArray[np.float32]
    sentence_scores: tuple[NDArray[np.float32], ...]
    sentence_attention: tuple[NDArray[np.float32], ...]
    word_scores: tuple[NDArray[np.float32], ...]
    word_attention: tuple[NDArray[np.float32], ...]


class HanRuntime(TextRuntime):
    """Runs a HAN in ONNX Runtime: the graph that ``dlnlp.models.han_onnx`` builds.

    Attributes:
        classes: C.
        state_size: 2h, the length of a document vector.
        network: the same weights in NumPy, for what the graph does not tell.
    """

    needs = {"word_vectors", "read_sentences"}

    def __init__(self, embeddings: NDArray[np.floating[Any]], network: Path | bytes) -> None:
        super().__init__(embeddings, network)
        shapes = {value.name: value.shape for value in self._session.get_outputs()}
        self.classes: int = shapes["logits"][1]
        self.state_size: int = shapes["document_vectors"][1]
        self.network = HanNetwork.from_constants(embeddings, float_constants(network))

    def run(self, documents: Sequence[Document]) -> HanOutputs:
        """Read documents of token ids; cuts nothing.

        Args:
            documents: sentences of each document, each int32 ``[words]``; no document and no
                sentence may be empty.

        Raises:
            ValueError: a document or a sentence is empty.
        """
        _require_words(documents)
        sentences = [sentence for document in documents for sentence in document]
        vectors, scores, attention = self._read_sentences(
            sentences, ["word_scores", "word_attention"]
        )
        counts = np.array([len(document) for document in documents], np.int32)
        logits, states, sentence_scores, sentence_attention = self._read_documents(
            vectors, np.arange(len(sentences)), counts, ["sentence_scores", "sentence_attention"]
        )
        words = np.array([sum(map(len, document)) for document in documents], np.int64)
        return HanOutputs(
            logits,
            states,
            _ragged(sentence_scores, counts),
            _ragged(sentence_attention, counts),
            _ragged(scores, words),
            _ragged(attention, words),
        )

    def logits(self, documents: Sequence[Document]) -> NDArray[np.float32]:
        """Logits ``[D, C]`` alone; a sentence that several documents share is read once.

        Meant for variants of one text, most of which differ in a sentence or two.

        Raises:
            ValueError: a document or a sentence is empty.
        """
        _require_words(documents)
        place: dict[bytes, int] = {}
        sentences: list[NDArray[np.int32]] = []
        index: list[int] = []
        for document in documents:
            for sentence in document:
                number = place.setdefault(sentence.tobytes(), len(place))
                if number == len(sentences):
                    sentences.append(sentence)
                index.append(number)
        (vectors,) = self._read_sentences(sentences, [])
        counts = np.array([len(document) for document in documents], np.int32)
        return self._read_documents(vectors, np.array(index, np.int64), counts, [])[0]

    def _read_sentences(
        self, sentences: Sequence[NDArray[np.int32]], names: list[str]
    ) -> list[NDArray[np.float32]]:
        """Vectors ``[S, 2h]`` of sentences; of each named output its real positions, in order."""
        counts = np.array([len(sentence) for sentence in sentences], np.int32)
        first = np.cumsum(counts) - counts
        vectors = np.zeros((len(sentences), self.state_size), np.float32)
        found = [np.zeros(counts.sum(), np.float32) for _ in names]
        no_document = {
            "read_sentences": np.zeros((0, self.state_size), np.float32),
            "sentence_index": np.zeros((1, 1), np.int64),
            "sentence_counts": np.ones(1, np.int32),
        }
        for chosen in _groups(counts):
            distinct, words = np.unique(
                np.concatenate([sentences[number] for number in chosen]), return_inverse=True
            )
            token, row = _places(counts[chosen])
            token_index = np.zeros((counts[chosen].max(), len(chosen)), np.int32)
            token_index[token, row] = words
            inputs = {
                "word_vectors": self.embeddings[distinct].astype(np.float32),
                "token_index": token_index,
                "word_counts": counts[chosen],
                **no_document,
            }
            vectors[chosen], *parts = self._session.run(["sentence_vectors", *names], inputs)
            for flat, part in zip(found, parts, strict=True):
                flat[first[chosen][row] + token] = part[row, token]
        return [vectors, *found]

    def _read_documents(
        self,
        vectors: NDArray[np.float32],
        index: NDArray[np.int64],
        counts: NDArray[np.int32],
        names: list[str],
    ) -> list[NDArray[np.float32]]:
        """Logits and vectors of documents; of each named output its real positions, in order.

        Args:
            vectors: float32 ``[S, 2h]``, of sentences.
            index: which of them are the sentences of all documents, end to end.
            counts: int32 ``[D]``, sentences of each document.
            names: names of outputs ``[D, M]``.
        """
        first = np.cumsum(counts) - counts
        logits = np.zeros((len(counts), self.classes), np.float32)
        states = np.zeros((len(counts), self.state_size), np.float32)
        found = [np.zeros(len(index), np.float32) for _ in names]
        no_sentence = {
            "word_vectors": np.zeros((1, self.embedding_dim), np.float32),
            "token_index": np.zeros((1, 1), np.int32),
            "word_counts": np.ones(1, np.int32),
        }
        for chosen in _groups(counts):
            sentence, row = _places(counts[chosen])
            places = first[chosen][row] + sentence
            needed, local = np.unique(index[places], return_inverse=True)
            sentence_index = np.zeros((counts[chosen].max(), len(chosen)), np.int64)
            sentence_index[sentence, row] = 1 + local  # 0 is the sentence that the graph asks for
            inputs = {
                "read_sentences": vectors[needed],
                "sentence_index": sentence_index,
                "sentence_counts": counts[chosen],
                **no_sentence,
            }
            logits[chosen], states[chosen], *parts = self._session.run(
                ["logits", "document_vectors", *names], inputs
            )
            for flat, part in zip(found, parts, strict=True):
                flat[places] = part[row, sentence]
        return [logits, states, *found]


def _require_words(documents: Sequence[Document]) -> None:
    for number, document in enumerate(documents):
        if not len(document) or not all(len(sentence) for sentence in document):
            raise ValueError(
                f"document {number} has no sentence, or one without words; leave it out"
            )


def _ragged(
    flat: NDArray[np.float32], counts: NDArray[np.integer[Any]]
) -> tuple[NDArray[np.float32], ...]:
    """Cut into one array for each count."""
    return tuple(np.split(flat, np.cumsum(counts)[:-1]))[: len(counts)]


def _places(counts: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Position within its row, and row, of every element of rows with these counts."""
    rows = np.repeat(np.arange(len(counts)), counts)
    starts = np.cumsum(counts) - counts
    return np.arange(len(rows)) - starts[rows], rows


def _groups(counts: NDArray[np.int32]) -> Iterator[NDArray[np.int64]]:
    """Numbers of the rows to run together, the shortest first.

    At most POSITIONS_PER_RUN (or one row), and less padding than PADDING_PER_RUN.
    """
    order = np.argsort(counts, kind="stable")
    begin = real = 0
    for end, count in enumerate(counts[order].tolist()):
        positions = (end + 1 - begin) * count
        padding = positions - real - count
        if end > begin and (positions > POSITIONS_PER_RUN or padding > PADDING_PER_RUN):
            yield order[begin:end]
            begin, real = end, 0
        real += count
    if begin < len(order):
        yield order[begin:]
