"""NB-SVM (Wang & Manning 2012, "Baselines and Bigrams"): a linear model on log-count ratios.

It serves as a teacher and as a baseline, on the n-grams of :mod:`train.texts.review_ngrams`. The
n-grams of token ids, exactly what the networks read, are for :mod:`train.texts.linear_baseline`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

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


def log_count_ratios(matrix: Any, labels: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
    """How much more often each n-gram stands in texts of class 1 than in those of class 0.

    Args:
        matrix: which n-grams stand in each text, sparse ``[n, F]`` of 0 and 1.
        labels: 0 or 1, int ``[n]``.

    Returns:
        Logarithm of the ratio of its shares of all n-grams, one text more counted in each class,
        float32 ``[F]``.
    """
    positive = labels == 1
    p = 1.0 + np.asarray(matrix[positive].sum(axis=0)).ravel()
    q = 1.0 + np.asarray(matrix[~positive].sum(axis=0)).ravel()
    return np.asarray(np.log((p / p.sum()) / (q / q.sum())), np.float32)


def nbsvm_log_odds(
    matrix: Any, labels: NDArray[np.integer[Any]], others: Sequence[Any], *, c: float = 0.25
) -> list[NDArray[np.float64]]:
    """Train on two classes, score other texts.

    Args:
        matrix: which n-grams stand in each text, sparse ``[n, F]`` of 0 and 1.
        labels: 0 or 1, int ``[n]``.
        others: the same of texts to score, ``[m, F]`` each.
        c: inverse strength of the L2 penalty (logistic loss in place of the paper's hinge, for
            probabilities).

    Returns:
        For each of the others the log odds of class 1, float64 ``[m]``.
    """
    ratios = log_count_ratios(matrix, labels)
    # Imported only here: importing scikit-learn takes as long as Keras.
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=c, solver="liblinear", random_state=0)
    model.fit(matrix.multiply(ratios).tocsr(), labels)
    return [model.decision_function(other.multiply(ratios).tocsr()) for other in others]
