"""A HAN's ONNX graph and its embedding matrix: token ids in, scores and attention out.

Knows neither text nor files: the app and the parity check of the training command share it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.inference.onnx_session import THREADS, open_session

# Positions (padding included) in one run of the graph: bounds the memory of a batch at about 40 MB
# for 100 units; twice as many were no faster.
POSITIONS_PER_RUN = 4096

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


class HanRuntime:
    """Runs the graph of ``dlnlp.models.han_onnx``; may be shared by threads.

    Args:
        embeddings: float16 or float32 ``[V, E]``; a memory map stays on disk, as only the rows of
            the words that occur are read.
        network: path of the graph, or its bytes.
        threads: that one run uses.

    Attributes:
        embeddings: as given.
        embedding_dim: E.
        classes: C.
        state_size: 2h, the length of a document vector.

    Raises:
        ValueError: ONNX Runtime cannot run the graph, or the matrix does not fit it.
    """

    def __init__(
        self,
        embeddings: NDArray[np.floating[Any]],
        network: Path | bytes,
        *,
        threads: int = THREADS,
    ) -> None:
        self.embeddings = embeddings
        self._session = open_session(network, threads)
        shapes = {value.name: value.shape for value in self._session.get_inputs()}
        shapes |= {value.name: value.shape for value in self._session.get_outputs()}
        self.embedding_dim: int = shapes["word_vectors"][1]
        self.classes: int = shapes["logits"][1]
        self.state_size: int = shapes["document_vectors"][1]
        if embeddings.ndim != 2 or embeddings.shape[1] != self.embedding_dim:
            raise ValueError(
                f"embeddings of shape {embeddings.shape} do not fit a network that reads vectors "
                f"of {self.embedding_dim}; train the model again"
            )

    def run(self, documents: Sequence[Document]) -> HanOutputs:
        """Read documents of token ids, grouped by size so that a run pads little; cuts nothing.

        Args:
            documents: sentences of each document, each int32 ``[words]``; no document and no
                sentence may be empty.

        Raises:
            ValueError: a document or a sentence is empty.
        """
        for number, document in enumerate(documents):
            if not len(document) or not all(len(sentence) for sentence in document):
                raise ValueError(
                    f"document {number} has no sentence, or one without words; leave it out"
                )
        logits = np.zeros((len(documents), self.classes), np.float32)
        vectors = np.zeros((len(documents), self.state_size), np.float32)
        ragged: list[tuple[NDArray[np.float32], ...]] = [()] * len(documents)
        for chosen in _groups(documents):
            group = self._run_padded([documents[number] for number in chosen])
            logits[chosen], vectors[chosen] = group.logits, group.document_vectors
            columns = zip(
                group.sentence_scores,
                group.sentence_attention,
                group.word_scores,
                group.word_attention,
                strict=True,
            )
            for number, arrays in zip(chosen, columns, strict=True):
                ragged[number] = arrays
        columns_of_all = zip(*ragged, strict=True) if ragged else ((), (), (), ())
        return HanOutputs(logits, vectors, *columns_of_all)

    def logits(self, documents: Sequence[Document]) -> NDArray[np.float32]:
        """Logits ``[D, C]`` alone; a sentence that several documents share is read once.

        For the variants of one text, of which most differ in a sentence or two.

        Raises:
            ValueError: a document or a sentence is empty.
        """
        keys = [[np.asarray(s, np.int32).tobytes() for s in document] for document in documents]
        if not all(document and all(document) for document in keys):
            raise ValueError("a document has no sentence, or one without words; leave it out")
        found = np.zeros((len(documents), self.classes), np.float32)
        for chosen in _sharing_groups(keys):
            place = {
                key: number
                for number, key in enumerate(dict.fromkeys(k for n in chosen for k in keys[n]))
            }
            sentences = [np.frombuffer(key, np.int32) for key in place]
            index = [[place[key] for key in keys[number]] for number in chosen]
            found[chosen] = self._run_shared(sentences, index)
        return found

    def _run_shared(
        self, sentences: Sequence[NDArray[np.int32]], index: Sequence[Sequence[int]]
    ) -> NDArray[np.float32]:
        """Logits of documents that name their sentences, in one run of the graph."""
        word_counts = np.array([len(sentence) for sentence in sentences], np.int32)
        sentence_counts = np.array([len(document) for document in index], np.int32)
        row, document = _places(sentence_counts)
        sentence_index = np.zeros((sentence_counts.max(), len(index)), np.int64)
        sentence_index[row, document] = np.concatenate(index)
        inputs = self._words(sentences, word_counts)
        inputs |= {"sentence_index": sentence_index, "sentence_counts": sentence_counts}
        (logits,) = self._session.run(["logits"], inputs)
        return np.asarray(logits, np.float32)

    def _words(
        self, sentences: Sequence[NDArray[np.int32]], word_counts: NDArray[np.int32]
    ) -> dict[str, NDArray[Any]]:
        """What the graph reads of the sentences' words."""
        distinct, index = np.unique(np.concatenate(sentences), return_inverse=True)
        word, sentence = _places(word_counts)
        token_index = np.zeros((word_counts.max(), len(word_counts)), np.int32)
        token_index[word, sentence] = index
        return {
            "word_vectors": self.embeddings[distinct].astype(np.float32),
            "token_index": token_index,
            "word_counts": word_counts,
        }

    def _run_padded(self, documents: Sequence[Document]) -> HanOutputs:
        """One run of the graph."""
        word_counts = np.array([len(s) for document in documents for s in document], np.int32)
        sentence_counts = np.array([len(document) for document in documents], np.int32)
        inputs = self._words([s for document in documents for s in document], word_counts)
        word, sentence = _places(word_counts)
        row, document = _places(sentence_counts)
        sentence_index = np.zeros((sentence_counts.max(), len(sentence_counts)), np.int64)
        sentence_index[row, document] = np.arange(len(word_counts))
        names = ["logits", "document_vectors", "sentence_scores", "sentence_attention"]
        logits, vectors, sentence_scores, sentence_attention, scores, attention = self._session.run(
            [*names, "word_scores", "word_attention"],
            inputs | {"sentence_index": sentence_index, "sentence_counts": sentence_counts},
        )
        last_sentences = np.cumsum(sentence_counts)[:-1]
        last_tokens = np.cumsum(word_counts)[last_sentences - 1]
        return HanOutputs(
            logits,
            vectors,
            tuple(np.split(sentence_scores[document, row], last_sentences)),
            tuple(np.split(sentence_attention[document, row], last_sentences)),
            tuple(np.split(scores[sentence, word], last_tokens)),
            tuple(np.split(attention[sentence, word], last_tokens)),
        )


def _places(counts: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Position within its row, and row, of every element of rows with these counts."""
    rows = np.repeat(np.arange(len(counts)), counts)
    starts = np.cumsum(counts) - counts
    return np.arange(len(rows)) - starts[rows], rows


def _groups(documents: Sequence[Document]) -> Iterator[list[int]]:
    """Numbers of the documents to run together: similar sizes, at most POSITIONS_PER_RUN."""
    longest = [max(len(sentence) for sentence in document) for document in documents]
    order = sorted(range(len(documents)), key=lambda n: (longest[n], len(documents[n])))
    group: list[int] = []
    sentences = 0
    for number in order:
        # In this order the newest document has the longest sentence.
        total = sentences + len(documents[number])
        if group and total * longest[number] > POSITIONS_PER_RUN:
            yield group
            group, total = [], len(documents[number])
        group.append(number)
        sentences = total
    if group:
        yield group


def _sharing_groups(keys: Sequence[Sequence[bytes]]) -> Iterator[list[int]]:
    """Numbers of the documents to run together: similar sizes, at most POSITIONS_PER_RUN.

    Of words of different sentences, and of sentences of documents; padding included.
    """
    words = [max(map(len, document)) // 4 for document in keys]
    group: list[int] = []
    different: set[bytes] = set()
    for number in sorted(range(len(keys)), key=lambda n: (words[n], len(keys[n]))):
        together = different.union(keys[number])
        sentences = max((len(keys[n]) for n in [*group, number]), default=0) * (len(group) + 1)
        if group and max(len(together) * words[number], sentences) > POSITIONS_PER_RUN:
            yield group
            group, together = [], set(keys[number])
        group.append(number)
        different = together
    if group:
        yield group
