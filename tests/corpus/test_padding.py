"""Shares of padding against those counted by hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dlnlp.corpus.batching import plan
from dlnlp.corpus.packing import BatchShape
from dlnlp.corpus.padding import padding_report
from tests.small_splits import write_split


def test_padding_is_reported_as_counted_by_hand(tmp_path: Path) -> None:
    # 200 documents of one sentence with 2 words, 56 of 4 sentences with 1, 1, 1 and 5 words.
    documents = [[[1, 2]]] * 200 + [[[3], [3], [3], [3] * 5]] * 56
    split = write_split(tmp_path / "a.arrow", documents)
    shape = BatchShape(rows=32, row_length=8, grid_rows=64, grid_length=8, documents=128)
    tokens = 200 * 2 + 56 * 8
    report = padding_report(split, shape)
    # By number of sentences: 128 short ones (128 x 1 x 2), then 72 short with the 56 long ones.
    assert report["sorted"] == pytest.approx(1 - tokens / (128 * 1 * 2 + 128 * 4 * 5))
    # Every group of 128 random documents holds a long one.
    assert report["random"] == pytest.approx(1 - tokens / (256 * 4 * 5))
    batches = len(plan(split, shape, np.random.default_rng(0).permutation(256)))
    assert report["packed"] == pytest.approx(1 - tokens / (batches * 32 * 8))
    assert 0 <= report["packed"] < report["sorted"] < report["random"]
    # Sentences behind the end of the grid are not counted anywhere.
    cut = padding_report(split, replace(shape, grid_length=2))
    assert cut["random"] == pytest.approx(1 - (200 * 2 + 56 * 2) / (256 * 2 * 2))
