"""Documents, each a sequence of sentences, as batches of a HAN that is given its word vectors."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.corpus.packing import BatchShape, make_batch

# Token ids of each sentence, int32 [words].
Document = Sequence[NDArray[np.int32]]

# Rows of 50 words as trained; a text of the longest kind fills one batch.
SHAPE = BatchShape(rows=64, row_length=50, grid_rows=12, grid_length=64, documents=64)


def groups(documents: Sequence[Document], shape: BatchShape) -> list[range]:
    """Documents, in their order, as many to a batch as it holds.

    Args:
        documents: sentences of each document, int32 ``[words]`` each; none is empty.
        shape: of a batch.

    Returns:
        The places of the documents of each batch.
    """
    found, first, tokens, sentences = [], 0, 0, 0
    for number, document in enumerate(documents):
        length = sum(map(len, document))
        full = (
            number - first == shape.documents
            or tokens + length > shape.token_budget
            or sentences + len(document) > shape.sentence_budget
        )
        if full and number > first:
            found.append(range(first, number))
            first, tokens, sentences = number, 0, 0
        tokens, sentences = tokens + length, sentences + len(document)
    return [*found, range(first, len(documents))] if documents else []


def packed(
    documents: Sequence[Document], embeddings: NDArray[Any], shape: BatchShape
) -> tuple[dict[str, NDArray[Any]], NDArray[np.float32], NDArray[np.int64]]:
    """One batch of documents, with a word vector of its own at every position.

    Args:
        documents: sentences of each document.
        embeddings: float16 or float32 ``[V, E]``.
        shape: of the batch.

    Returns:
        The layout (:mod:`dlnlp.models.han`) without word ids, the vectors float32 ``[R * T, E]``,
        and the positions of all words in the order of the documents, int64 ``[words]``.
    """
    lengths = [np.array([len(s) for s in document]) for document in documents]
    layout = make_batch([np.concatenate(d) for d in documents], lengths, shape)
    ids = layout.pop("word_ids")[layout["token_index"].ravel()]
    cells = layout["sentence_ids"].ravel()
    places = np.flatnonzero(cells < layout["document_ids"].size)
    owners = layout["document_ids"].ravel()[cells[places]]
    # Of a document, cells and positions rise as in the text, but rows are filled as they fit.
    places = places[np.lexsort((places, cells[places], owners))]
    layout["token_index"] = np.arange(len(ids), dtype=np.int32).reshape(layout["token_index"].shape)
    return layout, embeddings[ids].astype(np.float32), places
