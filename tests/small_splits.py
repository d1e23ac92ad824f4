"""Small splits of random documents, and a reader of batches that knows only their description."""

from pathlib import Path

import numpy as np

from dlnlp.corpus.splits import Document, Split, SplitWriter

Sentences = list[list[int]]


def random_documents(
    count: int, seed: int = 0, *, words: int = 40, longest: int = 8, most: int = 5
) -> list[Sentences]:
    """Documents of 1 to `most` sentences of 1 to `longest` token ids from 1 to `words` - 1."""
    rng = np.random.default_rng(seed)
    return [
        [
            rng.integers(1, words, rng.integers(1, longest + 1)).tolist()
            for _ in range(rng.integers(1, most + 1))
        ]
        for _ in range(count)
    ]


def flat(documents: list[Sentences]) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Token ids and sentence lengths of each document, as a split gives them."""
    tokens = [np.array([i for s in document for i in s], np.uint16) for document in documents]
    lengths = [np.array([len(s) for s in document], np.uint8) for document in documents]
    return tokens, lengths


def write_split(
    path: Path,
    documents: list[Sentences],
    labels: list[int] | None = None,
    groups: list[str] | None = None,
) -> Split:
    """Writes a split and opens it; `Document.row` is three times the index."""
    tokens, lengths = flat(documents)
    with SplitWriter(path) as writer:
        for index in range(len(documents)):
            label = labels[index] if labels else 0
            group = groups[index] if groups else ""
            writer.append(Document(tokens[index], lengths[index], label, group, 3 * index))
    return Split(path)


def places(batch: dict[str, np.ndarray]) -> dict[int, list[np.ndarray]]:
    """For each document of a batch, for each of its sentences, the places ``row * T + column``.

    Asserts that sentences and documents are each one run inside one row.
    """
    row_length = batch["sentence_ids"].shape[1]
    grid_length = batch["document_ids"].shape[1]
    cells, words = batch["document_ids"].ravel(), batch["sentence_ids"].ravel()
    found = {}
    for document in np.unique(cells[cells < len(batch["documents"])]):
        mine = _run(np.flatnonzero(cells == document), grid_length)
        found[int(document)] = [_run(np.flatnonzero(words == cell), row_length) for cell in mine]
    return found


def _run(positions: np.ndarray, row_length: int) -> np.ndarray:
    assert len(positions)
    assert (np.diff(positions) == 1).all()
    assert positions[0] // row_length == positions[-1] // row_length
    return positions


def unpacked(batch: dict[str, np.ndarray]) -> dict[int, Sentences]:
    """The token ids of a batch as documents of sentences."""
    tokens = batch["word_ids"][batch["token_index"].ravel()]
    return {
        document: [tokens[sentence].tolist() for sentence in sentences]
        for document, sentences in places(batch).items()
    }
