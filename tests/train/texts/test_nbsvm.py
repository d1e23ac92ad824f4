"""The linear teacher on a toy corpus."""

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from dlnlp.corpus.splits import Split
from tests.small_splits import write_split
from train.texts.nbsvm import (
    count_matrix,
    known_ngrams,
    log_count_ratios,
    nbsvm_log_odds,
    ngrams,
)

GOOD, BAD, NOT, FILLERS = 2, 3, 4, range(5, 30)
NEW = 65_000


def document(rng: np.random.Generator, label: int) -> list[list[int]]:
    """The label is said by one word, or by its opposite after "not"."""
    said = [[GOOD], [NOT, BAD]] if label else [[BAD], [NOT, GOOD]]
    filler = rng.choice(FILLERS, 6).tolist()
    return [[*filler[:3], *said[rng.integers(2)], *filler[3:]]]


def split_of(path: Path, count: int, seed: int) -> Split:
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, count).tolist()
    return write_split(path, [document(rng, label) for label in labels], labels)


@pytest.fixture(scope="module")
def train(tmp_path_factory: pytest.TempPathFactory) -> Split:
    return split_of(tmp_path_factory.mktemp("nbsvm") / "train.arrow", 300, seed=0)


def log_odds(train: Split, others: list[Split]) -> list[np.ndarray]:
    features = ngrams(train)
    columns = known_ngrams(features, min_count=3)
    matrix, *others = (count_matrix(ngrams(split), columns) for split in (train, *others))
    return nbsvm_log_odds(matrix, train.labels, others)


def test_it_separates_what_needs_pairs_of_words(train: Split, tmp_path: Path) -> None:
    test = split_of(tmp_path / "test.arrow", 100, seed=1)
    (found, again), repeated = log_odds(train, [test, train]), log_odds(train, [test])
    assert found.shape == (100,)
    assert np.mean((found > 0) == (test.labels == 1)) > 0.9  # single words tell nothing
    assert np.mean((again > 0) == (train.labels == 1)) > 0.98
    np.testing.assert_array_equal(found, repeated[0])


def test_ngrams_that_train_does_not_have_are_ignored(train: Split, tmp_path: Path) -> None:
    # One token a document: no pair with a neighbour arises or is lost.
    alone = [[[GOOD]], [[BAD]], [[NEW]], [[NEW + 1]], [[NEW, NEW + 1]]]
    good, bad, *unseen = log_odds(train, [write_split(tmp_path / "a.arrow", alone)])[0]
    assert bad < unseen[0] < good
    assert unseen[0] == unseen[1] == unseen[2]  # the constant alone
    longer = [[[*document[0], NEW, NEW + 1]] for document in alone]
    found = log_odds(train, [write_split(tmp_path / "b.arrow", longer)])[0]
    np.testing.assert_array_equal(found, [good, bad, *unseen])


def test_ngrams_are_distinct_words_and_ordered_pairs(tmp_path: Path) -> None:
    split = write_split(tmp_path / "a.arrow", [[[2, 3], [2, 3]], [[3, 2]], [[2]], [[NEW, NEW]]])
    first, second, third, fourth = ngrams(split)
    shift = 1 << 16
    assert first.tolist() == [2, 3, 3 + 2 * shift, 2 + 3 * shift]
    assert second.tolist() == [2, 3, 3 + 2 * shift]
    assert third.tolist() == [2]
    assert fourth.tolist() == [NEW, NEW + NEW * shift]


def test_rare_ngrams_are_no_columns_and_counts_are_binary(tmp_path: Path) -> None:
    split = write_split(tmp_path / "a.arrow", [[[2, 3], [2, 3]], [[3, 2]], [[2]], [[7]]])
    features = ngrams(split)
    columns = known_ngrams(features, min_count=2)
    assert columns.tolist() == [2, 3, 3 + (2 << 16)]
    assert count_matrix(features, columns).toarray().tolist() == [
        [1, 1, 1],
        [1, 1, 1],
        [1, 0, 0],
        [0, 0, 0],
    ]


def test_ratios_of_counts_by_hand() -> None:
    matrix = csr_matrix(np.array([[1, 0], [1, 1], [0, 1]], np.float32))
    found = log_count_ratios(matrix, np.array([1, 1, 0]))
    # Two and one of three n-grams in class 1, none and one of one in class 0; one more of each.
    np.testing.assert_allclose(found, np.log([(3 / 5) / (1 / 3), (2 / 5) / (2 / 3)]), rtol=1e-6)
