"""Buckets: every document once, little padding, like weights, reshuffled each epoch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.corpus.bucketing import (
    FEW_LENGTHS,
    LENGTHS,
    BucketedBatches,
    Buckets,
    padded,
    padding_share,
    plan,
)
from dlnlp.text.vocabulary import PADDING, UNKNOWN


class Texts:
    """Stands where a split does."""

    def __init__(self, counts: list[int]) -> None:
        self.token_counts = np.array(counts, np.int32)
        self._ids = [
            2 + np.arange(count, dtype=np.uint16) + 100 * (i % 300)
            for i, count in enumerate(counts)
        ]

    def __len__(self) -> int:
        return len(self._ids)

    def tokens(self, index: int) -> np.ndarray:
        return self._ids[index]


SMALL = Buckets(lengths=(4, 8, 16), positions=32)
COUNTS = st.lists(st.integers(0, 20), min_size=1, max_size=60)


@given(COUNTS, st.integers(0, 5))
def test_every_document_with_words_comes_once(counts: list[int], epoch: int) -> None:
    texts = Texts(counts)
    batches = BucketedBatches(texts, SMALL, np.zeros(len(texts), np.float32), seed=3)
    members = [int(i) for batch in batches.plan(epoch) for i in batch]
    assert sorted(members) == [i for i, count in enumerate(counts) if count]


@given(COUNTS)
def test_a_batch_holds_its_texts_then_padding(counts: list[int]) -> None:
    texts = Texts(counts)
    targets = np.arange(len(texts), dtype=np.float32)
    batches = BucketedBatches(texts, SMALL, targets, seed=1)
    for members, (ids, wanted, weights) in zip(batches.plan(0), batches.epoch(0), strict=True):
        assert ids.size == SMALL.positions and ids.dtype == np.int32
        for row, member in enumerate(members.tolist()):
            text = texts.tokens(member)[: SMALL.lengths[-1]]
            assert ids[row, : len(text)].tolist() == text.tolist()
            assert not ids[row, len(text) :].any() and wanted[row] == targets[member]
        assert (weights > 0).sum() == len(members)
        empty = ids[len(members) :]
        assert (empty[:, 0] == UNKNOWN).all() and (empty[:, 1:] == PADDING).all()


def test_a_document_counts_the_same_in_a_small_and_in_a_large_batch() -> None:
    texts = Texts([3] * 17 + [15] * 5)
    batches = BucketedBatches(texts, SMALL, np.zeros(22, np.float32))
    shares = [w / len(w) for _, _, w in batches.epoch(0)]  # what Keras' mean over rows gives each
    counted = np.concatenate([share[share > 0] for share in shares])
    assert np.allclose(counted, counted[0]) and len(counted) == 22
    assert np.isclose(np.sum(counted), len(shares))


def test_own_weights_are_kept_in_proportion() -> None:
    weights = np.array([1, 3], np.float32)
    batches = BucketedBatches(Texts([3, 15]), SMALL, np.zeros(2, np.float32), weights)
    found = {int(ids[0, 0]): (w / len(w)).sum() for ids, _, w in batches.epoch(0)}
    assert found[102] == pytest.approx(3 * found[2])


def test_epochs_differ_and_repeat() -> None:
    texts = Texts(list(range(1, 17)) * 8)
    one, again = (BucketedBatches(texts, SMALL, np.zeros(128, np.float32)) for _ in range(2))

    def order(batches: BucketedBatches, epoch: int) -> list[list[int]]:
        return [batch.tolist() for batch in batches.plan(epoch)]

    assert order(one, 0) == order(again, 0)
    assert order(one, 0) != order(one, 1)


def test_word_dropout_drops_its_share_of_real_words_only() -> None:
    texts = Texts([13] * 800)
    targets = np.zeros(800, np.float32)
    dropped = BucketedBatches(texts, SMALL, targets, word_dropout=0.3)
    ids = np.concatenate([ids for ids, _, _ in dropped.epoch(0)])
    assert (ids[:, 13:] == PADDING).all()
    assert np.mean(ids[:, :13] == UNKNOWN) == pytest.approx(0.3, abs=0.02)


def test_a_limit_cuts_the_rows() -> None:
    assert Buckets.up_to(100, 400) == Buckets((32, 64, 96, 100), 400)
    assert Buckets.up_to(96, 400).lengths == (32, 64, 96)
    assert Buckets.up_to(10_000).lengths == LENGTHS
    assert Buckets.up_to(100, 400, FEW_LENGTHS).lengths == (32, 64, 100)
    assert set(FEW_LENGTHS) < set(LENGTHS) and FEW_LENGTHS[-1] == LENGTHS[-1]
    cut = padded([np.arange(2, 30)], Buckets((4, 6), 12))
    assert cut[0].tolist() == [2, 3, 4, 5, 6, 7]


def test_without_a_generator_the_plan_is_in_order() -> None:
    assert [b.tolist() for b in plan(Texts([16, 1, 9, 4]), SMALL)] == [[1, 3], [0, 2]]


def test_padding_share_counts_empty_rows_too() -> None:
    # Eight rows of four for five texts, two rows of sixteen for one.
    assert padding_share(Texts([4] * 5 + [10]), SMALL) == pytest.approx(1 - 30 / 64)


@pytest.mark.parametrize("lengths", [(), (0, 4), (4, 4), (8, 4)])
def test_nonsense_is_refused(lengths: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="must rise"):
        Buckets(lengths, 64)


def test_a_batch_must_hold_one_row() -> None:
    with pytest.raises(ValueError, match="does not hold a row of 16"):
        Buckets((4, 16), 8)
    with pytest.raises(ValueError, match="3 targets"):
        BucketedBatches(Texts([1, 2]), SMALL, np.zeros(3, np.float32))
