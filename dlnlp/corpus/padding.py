"""What padding costs: packed (:mod:`dlnlp.corpus.batching`), and in the ways that others batch."""

import numpy as np
from numpy.typing import NDArray

from dlnlp.corpus.batching import plan
from dlnlp.corpus.packing import BatchShape
from dlnlp.corpus.splits import Split


def padding_report(split: Split, shape: BatchShape) -> dict[str, float]:
    """Share of positions that are padding, by how batches are made.

    Returns:
        ``packed``: ours. ``random``: batches of 128 random documents padded to their longest
        document and sentence. ``sorted``: the same of documents sorted by number of sentences
        (the origin's buckets). Lengths are cut to the shape's limits in all three.
    """
    order = np.random.default_rng(0).permutation(len(split))
    counts = np.minimum(split.sentence_counts, shape.grid_length)
    longest = np.zeros(len(split), np.int64)
    tokens = np.zeros(len(split), np.int64)
    for index in range(len(split)):
        lengths = split.sentence_lengths(index)[: shape.grid_length]
        longest[index], tokens[index] = lengths.max(), lengths.sum(dtype=np.int64)

    def padded(documents: NDArray[np.int64]) -> float:
        groups = [documents[i : i + 128] for i in range(0, len(documents), 128)]
        cells = sum(len(g) * int(counts[g].max()) * int(longest[g].max()) for g in groups)
        return 1 - float(tokens.sum()) / cells

    batches = len(plan(split, shape, order))
    return {
        "packed": 1 - float(tokens.sum()) / (batches * shape.rows * shape.row_length),
        "random": padded(order),
        "sorted": padded(order[np.argsort(counts[order], kind="stable")]),
    }
