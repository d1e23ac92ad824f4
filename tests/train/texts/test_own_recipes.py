"""What follows from the size of a table."""

from pathlib import Path

import numpy as np
import pytest

from dlnlp.corpus.batching import PackedBatches, PerClassValues
from dlnlp.corpus.splits import Document, Split, SplitWriter
from train.texts.own_recipes import corpus_settings, han_plan, kim_plan


def split(path: Path, documents: int, words: int) -> Split:
    """Documents of about so many words in sentences of ten, one of them ten times as long."""
    rng = np.random.default_rng(0)
    with SplitWriter(path) as writer:
        for row in range(documents):
            length = 10 * words if row == 7 else int(rng.integers(words // 2, 3 * words // 2 + 1))
            sentences = np.full(-(-length // 10), 10, np.uint8)
            sentences[-1] = length - 10 * (len(sentences) - 1)
            ids = rng.integers(2, 5_000, length).astype(np.uint16)
            writer.append(Document(ids, sentences, row % 2, "", row))
    return Split(path)


@pytest.mark.parametrize(("documents", "words"), [(60, 10), (400, 12), (2_000, 20), (1_500, 80)])
def test_a_small_table_makes_some_hundred_steps_in_one_shape(
    tmp_path: Path, documents: int, words: int
) -> None:
    train = split(tmp_path / "train.arrow", documents, words)
    plan = han_plan("x", train)
    ones = PerClassValues(train.labels, np.ones(2, np.float32))
    batches = PackedBatches(train, plan.shape, PerClassValues.one_hot(train.labels, 2), ones)
    steps = len(batches.plan(0)) * plan.recipe.epochs
    assert steps >= 100 and steps <= 1_200
    shapes = {
        tuple(sorted((name, array.shape) for name, array in inputs.items()))
        for inputs, _, _ in batches.epoch(0)
    }
    assert len(shapes) == 1
    assert plan.patience < plan.recipe.epochs
    kim = kim_plan(train).recipe
    assert kim.positions >= kim.max_tokens and len(kim.buckets.lengths) <= 6
    assert 8 <= kim.epochs <= 40


def test_a_larger_table_makes_a_larger_network_in_fewer_epochs(tmp_path: Path) -> None:
    small = han_plan("x", split(tmp_path / "a.arrow", 1_000, 20)).recipe
    medium = han_plan("x", split(tmp_path / "b.arrow", 6_000, 20)).recipe
    assert small.units < medium.units and small.epochs > medium.epochs
    assert corpus_settings(1_000).min_count < corpus_settings(10_000).min_count
