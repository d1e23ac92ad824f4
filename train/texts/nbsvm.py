"""NB-SVM (Wang & Manning 2012, "Baselines and Bigrams"): a linear model on log-count ratios.

It serves as a teacher and as a baseline. Features are binary unigrams and bigrams of the corpus'
token ids, so that it reads exactly what the networks read.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from dlnlp.corpus.splits import Split

_SHIFT = 1 << 16  # token ids are uint16


def ngrams(split: Split) -> list[NDArray[np.int64]]:
    """Distinct unigrams and bigrams of each document as numbers, int64 ``[k]``, sorted."""
    found = []
    for index in range(len(split)):
        ids = split.tokens(index).astype(np.int64)
        found.append(np.unique(np.concatenate([ids, ids[:-1] + _SHIFT * ids[1:]])))
    return found


def known_ngrams(features: list[NDArray[np.int64]], min_count: int) -> NDArray[np.int64]:
    """The F n-grams that occur in at least ``min_count`` documents, sorted: the matrix's columns.

    Args:
        features: n-grams of each document, int64 ``[k]``.
        min_count: fewest documents.

    Returns:
        int64 ``[F]``.
    """
    columns, counts = np.unique(np.concatenate(features), return_counts=True)
    return columns[counts >= min_count]


def count_matrix(
    features: list[NDArray[np.int64]], columns: NDArray[np.int64]
) -> "csr_matrix[np.float32]":
    """Binary matrix of documents by known n-grams.

    Args:
        features: n-grams of each of n documents, int64 ``[k]``.
        columns: known n-grams, int64 ``[F]``, sorted.

    Returns:
        Sparse, float32 ``[n, F]``.
    """
    flat = np.concatenate(features)
    rows = np.repeat(np.arange(len(features)), [len(f) for f in features])
    place = np.searchsorted(columns, flat)
    known = (place < len(columns)) & (columns[np.minimum(place, len(columns) - 1)] == flat)
    ones = np.ones(int(known.sum()), np.float32)
    return csr_matrix((ones, (rows[known], place[known])), (len(features), len(columns)))


def nbsvm_log_odds(
    train: Split, others: Sequence[Split], *, min_count: int = 3, c: float = 0.25
) -> list[NDArray[np.float64]]:
    """Train on two classes, score other splits.

    Args:
        train: documents with labels 0 and 1.
        others: splits to score.
        min_count: rarer n-grams are left out.
        c: inverse strength of the L2 penalty (logistic loss in place of the paper's hinge, for
            probabilities).

    Returns:
        For each split the log-odds of class 1, float64 ``[n]``.
    """
    features = ngrams(train)
    columns = known_ngrams(features, min_count)
    matrix = count_matrix(features, columns)
    positive = train.labels == 1
    p = 1.0 + np.asarray(matrix[positive].sum(axis=0)).ravel()
    q = 1.0 + np.asarray(matrix[~positive].sum(axis=0)).ravel()
    ratio = np.log((p / p.sum()) / (q / q.sum())).astype(np.float32)
    model = LogisticRegression(C=c, solver="liblinear", random_state=0)
    model.fit(matrix.multiply(ratio).tocsr(), train.labels)
    return [
        model.decision_function(count_matrix(ngrams(split), columns).multiply(ratio).tocsr())
        for split in others
    ]
