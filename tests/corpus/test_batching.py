"""Batches of a split: budgets; order and word dropout by seed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dlnlp.corpus.batching import PackedBatches, PerClassValues, plan
from dlnlp.corpus.packing import BatchShape
from dlnlp.corpus.splits import Split
from dlnlp.text.vocabulary import UNKNOWN
from tests.small_splits import random_documents, unpacked, write_split

SHAPE = BatchShape(rows=8, row_length=8, grid_rows=4, grid_length=6, documents=8, distinct=40)


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Split:
    documents = random_documents(60, seed=1, most=9)
    documents[7] = [[5] * 8] * 40  # longer than the grid
    documents[8] = [[6] * 8] * 6
    return write_split(tmp_path_factory.mktemp("split") / "train.arrow", documents)


def test_a_plan_takes_documents_in_order_up_to_the_budgets(split: Split) -> None:
    order = np.random.default_rng(0).permutation(len(split))
    batches = plan(split, SHAPE, order)
    assert np.concatenate(batches).tolist() == order.tolist()
    assert all(len(members) for members in batches)

    def spent(members: np.ndarray) -> tuple[int, int, int]:
        lengths = [split.sentence_lengths(i)[: SHAPE.grid_length] for i in members.tolist()]
        return (
            len(members),
            sum(map(len, lengths)),
            sum(int(each.sum(dtype=np.int64)) for each in lengths),
        )

    def fits(members: np.ndarray) -> bool:
        documents, sentences, tokens = spent(members)
        return (
            documents <= SHAPE.documents
            and sentences <= SHAPE.sentence_budget
            and tokens <= SHAPE.token_budget
        )

    assert all(fits(members) for members in batches)
    for members, following in zip(batches, batches[1:], strict=False):
        assert not fits(np.append(members, following[0]))  # full: no place for one more


@pytest.mark.parametrize(
    "limit", [{"rows": 100, "grid_rows": 100, "documents": 5}, {"rows": 100, "documents": 100}]
)
def test_each_budget_ends_a_batch(tmp_path: Path, limit: dict[str, int]) -> None:
    split = write_split(tmp_path / "a.arrow", [[[1]] * 6] * 12)
    shape = replace(SHAPE, **limit)
    sizes = [len(members) for members in plan(split, shape, np.arange(12))]
    expected = 5 if "grid_rows" in limit else shape.sentence_budget // 6
    assert sizes[0] == expected
    assert sum(sizes) == 12


def test_a_document_above_the_budget_has_a_batch_of_its_own(tmp_path: Path) -> None:
    shape = BatchShape(rows=2, row_length=8, grid_rows=2, grid_length=6, documents=8, distinct=9)
    documents = [[[1]], [[2] * 8] * 6, [[3]]]
    split = write_split(tmp_path / "a.arrow", documents)
    batches = plan(split, shape, np.arange(3))
    assert [members.tolist() for members in batches] == [[0], [1], [2]]
    assert plan(split, shape, np.arange(0)) == []


def targets_of(split: Split) -> np.ndarray:
    return np.arange(2 * len(split), dtype=np.float32).reshape(-1, 2)


def epoch_of(batches: PackedBatches, epoch: int) -> list[tuple[dict, np.ndarray, np.ndarray]]:
    return list(batches.epoch(epoch))


def test_an_epoch_shows_every_document_once_with_its_target_and_weight(split: Split) -> None:
    weights = np.linspace(1, 2, len(split), dtype=np.float32)
    batches = PackedBatches(split, SHAPE, targets_of(split), weights, seed=3)
    seen = []
    for batch, targets, sample_weights in batches.epoch(2):
        assert targets.shape == (len(batch["documents"]), 2)
        used = batch["documents"] == 1
        assert not sample_weights[~used].any()
        assert not targets[~used].any()
        found = unpacked(batch)
        for place in np.flatnonzero(used).tolist():
            index = int(targets[place, 0]) // 2
            seen.append(index)
            assert targets[place].tolist() == [2 * index, 2 * index + 1]
            assert sample_weights[place] == weights[index]
            expected = [s.tolist() for s in split.sentences(index, SHAPE.grid_length)]
            assert found[place] == expected
    assert sorted(seen) == list(range(len(split)))
    assert epoch_of(PackedBatches(split, SHAPE, targets_of(split)), 0)[0][2][0] == 1


def test_epochs_differ_and_an_epoch_repeats_itself(split: Split) -> None:
    def order(seed: int, epoch: int) -> list[int]:
        batches = PackedBatches(split, SHAPE, targets_of(split), seed=seed)
        return np.concatenate(batches.plan(epoch)).tolist()

    assert order(1, 0) == order(1, 0)
    assert len({tuple(order(seed, epoch)) for seed in (1, 2) for epoch in (0, 1, 2)}) == 6
    # Not only the order of the batches changes: who is together does.
    together = [
        {frozenset(m.tolist()) for m in PackedBatches(split, SHAPE, targets_of(split)).plan(epoch)}
        for epoch in (0, 1)
    ]
    assert not any(len(members) > 2 for members in together[0] & together[1])
    one = epoch_of(PackedBatches(split, SHAPE, targets_of(split), seed=5, word_dropout=0.3), 4)
    two = epoch_of(PackedBatches(split, SHAPE, targets_of(split), seed=5, word_dropout=0.3), 4)
    for (a, *x), (b, *y) in zip(one, two, strict=True):
        assert all(np.array_equal(a[name], b[name]) for name in a)
        assert all(np.array_equal(m, n) for m, n in zip(x, y, strict=True))


def test_word_dropout_makes_its_share_unknown_and_moves_nothing(tmp_path: Path) -> None:
    documents = random_documents(150, seed=2)
    documents = [[[i + 1 for i in s] for s in document] for document in documents]  # none unknown
    split = write_split(tmp_path / "a.arrow", documents)
    drops = []
    for epoch in (0, 1):
        batches = PackedBatches(split, SHAPE, targets_of(split), seed=1, word_dropout=0.2)
        dropped = total = 0
        pattern = []
        for batch, targets, _ in batches.epoch(epoch):
            for place, document in unpacked(batch).items():
                original = documents[int(targets[place, 0]) // 2]
                assert [len(s) for s in document] == [len(s) for s in original]
                for found, given_ in zip(sum(document, []), sum(original, []), strict=True):
                    assert found in (given_, UNKNOWN)
                    dropped += found == UNKNOWN
                    total += 1
                    pattern.append(found == UNKNOWN)
        assert dropped / total == pytest.approx(0.2, abs=0.03)
        drops.append(pattern)
    assert drops[0] != drops[1]
    assert UNKNOWN not in {
        i
        for batch, *_ in PackedBatches(split, SHAPE, targets_of(split)).epoch(0)
        for i in batch["word_ids"].tolist()
    }


def test_word_dropout_is_drawn_anew_for_each_batch_and_epoch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    split = write_split(tmp_path / "a.arrow", [[[2, 3, 4, 5, 6, 7, 8]] * 4] * 4)
    same = [np.array([0, 1]), np.array([2, 3])]
    monkeypatch.setattr(PackedBatches, "plan", lambda self, epoch: same)

    def seen(seed: int, epoch: int) -> list[str]:
        batches = PackedBatches(split, SHAPE, targets_of(split), seed=seed, word_dropout=0.5)
        return [str(unpacked(batch)) for batch, *_ in batches.epoch(epoch)]

    assert len({batch for seed in (1, 2) for epoch in (0, 1) for batch in seen(seed, epoch)}) == 8


def test_targets_of_another_length_are_refused(split: Split) -> None:
    with pytest.raises(ValueError, match="59 targets for 60 documents"):
        PackedBatches(split, SHAPE, targets_of(split)[:-1])


def test_a_plan_takes_documents_until_a_budget_is_spent(tmp_path: Path) -> None:
    split = write_split(tmp_path / "train.arrow", random_documents(200, seed=6, most=9))
    order = np.random.default_rng(0).permutation(200)
    expected: list[list[int]] = [[]]
    tokens = sentences = 0
    for document in order.tolist():
        lengths = split.sentence_lengths(document)[: SHAPE.grid_length].astype(int)
        more = tokens + lengths.sum(), sentences + len(lengths)
        full = more[0] > SHAPE.token_budget or more[1] > SHAPE.sentence_budget
        if expected[-1] and (full or len(expected[-1]) == SHAPE.documents):
            expected.append([])
            more = lengths.sum(), len(lengths)
        tokens, sentences = more
        expected[-1].append(document)
    assert [members.tolist() for members in plan(split, SHAPE, order)] == expected


def test_one_hot_rows_are_made_when_they_are_read() -> None:
    targets = PerClassValues.one_hot(np.array([2, 0, 1], np.int8), 3)
    assert targets.shape == (3, 3) and len(targets) == 3
    assert targets[np.array([1, 0])].tolist() == [[1, 0, 0], [0, 0, 1]]
    assert targets[:].dtype == np.float32 and targets[:].sum() == 3


def test_what_a_class_weighs_is_looked_up_for_each_document() -> None:
    weights = PerClassValues(np.array([2, 0, 1], np.int8), np.array([0.5, 1, 2], np.float32))
    assert weights.shape == (3,) and len(weights) == 3
    assert weights[np.array([2, 0])].tolist() == [1, 2]
    assert weights[:].tolist() == [2, 0.5, 1]
