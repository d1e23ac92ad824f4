"""The map of documents: projection, neighbours, file."""

import numpy as np
import pytest

from dlnlp.inference.document_map import DocumentMap


def documents(count=400, size=64, seed=0):
    """Vectors whose spread falls off over the directions, as those of a trained network do."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(5, size=count)
    spread = 1.5 ** -np.arange(size)
    mixing = np.linalg.qr(rng.standard_normal((size, size)))[0]
    latent = rng.standard_normal((count, size))
    latent[:, 0] += labels - 2
    vectors = (latent * spread) @ mixing + 0.3
    return vectors.astype(np.float32), labels, np.minimum(labels + 1, 4)


@pytest.fixture(scope="module")
def document_map():
    vectors, labels, predictions = documents()
    return DocumentMap.fit(vectors, labels, predictions, np.arange(400) * 2, max_documents=300)


def test_fit_keeps_what_belongs_together(document_map):
    vectors, labels, predictions = documents()
    index = document_map.rows // 2
    assert len(set(index)) == 300
    np.testing.assert_array_equal(document_map.labels, labels[index])
    np.testing.assert_array_equal(document_map.predictions, predictions[index])
    for number in (0, 150, 299):
        np.testing.assert_allclose(
            document_map.place(vectors[index[number]]), document_map.coordinates[number], atol=1e-5
        )


def test_axes_are_principal_components(document_map):
    vectors, _, _ = documents()
    sample = vectors[document_map.rows // 2].astype(np.float64)
    values, directions = np.linalg.eigh(np.cov(sample.T))
    for axis in (0, 1):
        cosine = abs(directions[:, -1 - axis] @ document_map.directions[axis])
        assert cosine == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(document_map.explained, values[[-1, -2]] / values.sum(), rtol=1e-4)
    np.testing.assert_allclose(document_map.coordinates.mean(axis=0), 0, atol=1e-5)


def test_more_stars_are_to_the_right(document_map):
    assert np.corrcoef(document_map.coordinates[:, 0], document_map.labels)[0, 1] > 0.5


def test_signs_follow_from_the_labels_and_loadings():
    vectors, labels, predictions = documents()
    rows = np.arange(400)
    one = DocumentMap.fit(vectors, labels, predictions, rows)
    mirrored = DocumentMap.fit(vectors, 4 - labels, predictions, rows)
    np.testing.assert_allclose(mirrored.coordinates[:, 0], -one.coordinates[:, 0], atol=1e-4)
    for direction in one.directions[1:]:
        assert direction[np.abs(direction).argmax()] > 0


def test_a_seed_gives_one_map():
    vectors, labels, predictions = documents()

    def fit(seed):
        return DocumentMap.fit(
            vectors, labels, predictions, range(400), max_documents=50, seed=seed
        )

    np.testing.assert_array_equal(fit(1).coordinates, fit(1).coordinates)
    assert not np.array_equal(fit(1).rows, fit(2).rows)


def test_neighbours_agree_with_exact_cosines(document_map):
    stored = documents()[0][document_map.rows // 2]
    queries, _, _ = documents(count=100, seed=0)
    queries = queries + np.random.default_rng(5).normal(0, 0.02, queries.shape).astype(np.float32)
    centre = stored.mean(axis=0)
    shared = 0
    for query in queries:
        a, b = stored - centre, query - centre
        exact = a @ b / np.linalg.norm(a, axis=1) / np.linalg.norm(b)
        found = document_map.neighbours(query, 10)
        assert [n.similarity for n in found] == sorted((n.similarity for n in found), reverse=True)
        shared += len(set(np.argsort(-exact)[:10]) & {n.index for n in found})
    assert shared / 1000 > 0.9


def test_a_stored_document_is_its_own_nearest_neighbour(document_map):
    vectors, _, _ = documents()
    first = document_map.neighbours(vectors[document_map.rows[7] // 2], count=3)
    assert first[0].index == 7
    assert first[0].similarity == pytest.approx(1, abs=2e-3)
    assert len(document_map.neighbours(vectors[0], count=1000)) == 300


def test_the_mean_document_has_no_direction_but_an_answer(document_map):
    assert [n.similarity for n in document_map.neighbours(document_map.mean)] == [0.0] * 5


def test_save_and_load(document_map, tmp_path):
    path = tmp_path / "map.npz"
    document_map.save(path)
    loaded = DocumentMap.load(path)
    for name in ("coordinates", "labels", "predictions", "rows", "explained", "unit_vectors"):
        array = getattr(loaded, name)
        np.testing.assert_array_equal(array, getattr(document_map, name))
        assert array.dtype == getattr(document_map, name).dtype
    query = np.linspace(0, 1, 64, dtype=np.float32)
    assert loaded.neighbours(query) == document_map.neighbours(query)
    assert loaded.place(query).dtype == np.float32


def test_three_thousand_documents_stay_small(tmp_path):
    vectors, labels, predictions = documents(count=3100, size=200)
    made = DocumentMap.fit(vectors, labels, predictions, range(3100), max_documents=3000)
    made.save(tmp_path / "map.npz")
    assert len(made.rows) == 3000
    assert made.unit_vectors.shape == (3000, 32)
    assert (tmp_path / "map.npz").stat().st_size < 300_000


def test_small_vectors_have_fewer_directions():
    vectors, labels, predictions = documents(count=20, size=8)
    assert DocumentMap.fit(vectors, labels, predictions, range(20)).directions.shape == (8, 8)


def test_errors_name_the_cause(document_map, tmp_path):
    with pytest.raises(ValueError, match="at least 3 documents"):
        DocumentMap.fit(np.zeros((2, 4), np.float32), [0, 1], [0, 1], [0, 1])
    np.savez(tmp_path / "map.npz", coordinates=document_map.coordinates)
    with pytest.raises(ValueError, match=r"map\.npz holds no array labels"):
        DocumentMap.load(tmp_path / "map.npz")
    np.savez(tmp_path / "map.npz", coordinates=np.array([{}], dtype=object))
    with pytest.raises(ValueError, match="holds no array labels"):
        DocumentMap.load(tmp_path / "map.npz")
    with pytest.raises(ValueError, match="map array labels has shape"):
        DocumentMap(
            **{n: getattr(document_map, n) for n in document_map.__dataclass_fields__}
            | {"labels": document_map.labels[1:]}
        )
