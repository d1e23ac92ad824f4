"""The index of training digits: nearest by angle, small, and back from its file."""

from pathlib import Path

import numpy as np
import pytest

from dlnlp.inference.digit_index import DigitIndex


def clouds(count=300, size=24, seed=0):
    """Embeddings in ten clouds, none of them negative, and their labels."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(10, size=count)
    centres = rng.uniform(0, 3, (10, size))
    noise = rng.normal(0, 0.3, (count, size))
    return np.maximum(centres[labels] + noise, 0).astype(np.float32), labels


def cosine(one, other):
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))


def test_neighbours_are_those_by_the_cosine_of_whole_embeddings() -> None:
    embeddings, labels = clouds()
    index = DigitIndex.fit(embeddings, labels, np.arange(300) + 1_000, directions=24)
    query = clouds(1, seed=4)[0][0]
    exact = np.array([cosine(query, embedding) for embedding in embeddings])
    found = index.nearest(query, 5)
    for row, label, similarity in found:
        assert similarity == pytest.approx(exact[row - 1_000], abs=5e-3)
        assert label == labels[row - 1_000]
    assert exact[found[0][0] - 1_000] > exact.max() - 5e-3
    assert len(index.nearest(query, 999)) == 300 and index.nearest(query, 0) == ()


def test_fewer_directions_keep_the_nearest_classes() -> None:
    embeddings, labels = clouds(400)
    index = DigitIndex.fit(embeddings[:300], labels[:300], range(300), directions=10)
    assert index.codes.dtype == np.int8 and index.codes.shape == (300, 10)
    right = [
        index.nearest(embedding, 1)[0][1] == label
        for embedding, label in zip(embeddings[300:], labels[300:], strict=True)
    ]
    assert np.mean(right) > 0.95


def test_an_embedding_of_zeros_has_neighbours_without_a_warning() -> None:
    embeddings, labels = clouds(20)
    embeddings[3] = 0
    index = DigitIndex.fit(embeddings, labels, range(20), directions=5)
    assert [similarity for *_, similarity in index.nearest(np.zeros(24, np.float32), 2)] == [0, 0]


def test_it_comes_back_from_its_file(tmp_path: Path) -> None:
    embeddings, labels = clouds(50)
    index = DigitIndex.fit(embeddings, labels, np.arange(50) * 1_000, directions=6)
    index.save(tmp_path / "neighbours.npz")
    again = DigitIndex.load(tmp_path / "neighbours.npz")
    assert again.nearest(embeddings[7], 9) == index.nearest(embeddings[7], 9)


def test_a_file_without_an_array_or_with_wrong_ones_is_refused(tmp_path: Path) -> None:
    embeddings, labels = clouds(50)
    index = DigitIndex.fit(embeddings, labels, range(50), directions=6)
    np.savez(tmp_path / "x.npz", codes=index.codes)
    with pytest.raises(ValueError, match=r"x\.npz holds no array steps"):
        DigitIndex.load(tmp_path / "x.npz")
    arrays = {name: getattr(index, name) for name in ("codes", "steps", "directions", "labels")}
    with pytest.raises(ValueError, match="index array codes"):
        DigitIndex(**arrays, rows=index.rows[1:])
    with pytest.raises(ValueError, match="index array rows"):
        DigitIndex(**arrays, rows=index.rows.astype(float))
