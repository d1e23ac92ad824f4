"""A network's mistakes among the documents of its map."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from dlnlp.datasets import Review
from dlnlp.datasets.searching import ReviewStore
from dlnlp.ui.text.review_store import find_mistakes


class Reader:
    """Believes what a text says: its second word is the probability of the second class."""

    def __init__(self, labels: list[int], predictions: list[int], rows: list[int]) -> None:
        self.document_map = SimpleNamespace(
            labels=np.array(labels), predictions=np.array(predictions), rows=np.array(rows)
        )
        self.read: list[str] = []

    def predict_batch(self, texts: list[str]) -> list[Any]:
        self.read += texts
        shares = [float(text.split()[1]) for text in texts]
        return [SimpleNamespace(probabilities=np.array([1 - p, p])) for p in shares]


def test_mistakes_come_surest_first_and_only_they_are_read() -> None:
    shares = [0.9, 0.2, 0.6, 0.99, 0.3, 0.8]
    labels = [0, 1, 0, 1, 0, 0]
    store = ReviewStore(
        Review(f"text {share}", label, "", 10 * k)
        for k, (share, label) in enumerate(zip(shares, labels, strict=True))
    )
    predictions = [int(share > 0.5) for share in shares]
    reader = Reader(labels, predictions, [0, 10, 20, 30, 40, 50])
    found = find_mistakes(reader, store)  # type: ignore[arg-type]
    assert [mistake.row for mistake in found] == [0, 10, 50, 20]
    np.testing.assert_allclose([mistake.probability for mistake in found], [0.9, 0.8, 0.8, 0.6])
    assert [(m.label, m.predicted) for m in found] == [(0, 1), (1, 0), (0, 1), (0, 1)]
    assert found[0].beginning == "text 0.9"
    assert sorted(reader.read) == sorted(f"text {share}" for share in (0.9, 0.2, 0.6, 0.8))


def test_rows_that_are_missing_or_no_mistake_any_more_are_left_out() -> None:
    store = ReviewStore([Review("text 0.1", 0, "", 0)])
    reader = Reader([0, 1], [1, 0], [0, 10])
    assert find_mistakes(reader, store) == ()  # type: ignore[arg-type]


def test_many_mistakes_are_read_in_parts() -> None:
    store = ReviewStore(Review(f"text 0.{k:03}", 1, "", k) for k in range(1, 100))
    reader = Reader([1] * 99, [0] * 99, list(range(1, 100)))
    found = find_mistakes(reader, store)  # type: ignore[arg-type]
    assert [mistake.row for mistake in found] == list(range(1, 100))
