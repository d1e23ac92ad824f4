"""What all cards say: commit, versions, statistics over seeds; weights under any name."""

import json
from pathlib import Path

import keras
import numpy as np
import pytest

from dlnlp.artifacts import json_bytes, write_artifact
from train import provenance


def dense() -> keras.Model:
    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])


def test_weights_come_back_from_the_file(tmp_path: Path) -> None:
    network, other = dense(), dense()
    files = provenance.network_files(network, [{"loss": 0.5}])
    assert json.loads(files["history.json"]) == {"epochs": [{"loss": 0.5}]}
    path = tmp_path / "network.weights.h5"
    path.write_bytes(files[path.name])
    other.load_weights(path)
    for mine, theirs in zip(network.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("wrong", ["history", "loss", "weights", "array"])
def test_no_network_is_saved_that_nobody_trained(wrong: str) -> None:
    network, nan = dense(), float("nan")
    if wrong == "weights":
        network.set_weights([np.array([[1.0], [np.inf]]), np.zeros(1)])
    history = {"history": [], "loss": [{"loss": 1.0}, {"loss": nan}]}.get(wrong, [{"loss": 1.0}])
    rounded = np.array([1.0, 70_000 if wrong == "array" else 2.0])
    with np.errstate(over="ignore"):
        rounded = rounded.astype(np.float16)
    with pytest.raises(provenance.UntrainedError, match="nothing was saved"):
        provenance.network_files(network, history, embeddings=rounded)


def test_the_commit_is_named_or_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_git(*_: object, **__: object) -> None:
        raise FileNotFoundError("git")

    monkeypatch.setattr("subprocess.run", no_git)
    assert provenance.commit() == "unknown"


def test_versions_name_the_backend() -> None:
    assert provenance.versions()["backend"] == keras.backend.backend()


def test_statistics_over_seeds() -> None:
    # The worked example of any textbook: five numbers, t(4) = 2.776.
    found = provenance.over_seeds([1.0, 2.0, 3.0, 4.0, 5.0])
    assert found["mean"] == 3 and found["seeds"] == 5
    assert found["standard_deviation"] == pytest.approx(np.sqrt(2.5))
    assert found["high"] - found["mean"] == pytest.approx(2.776 * np.sqrt(2.5) / np.sqrt(5))
    assert found["low"] + found["high"] == pytest.approx(6)


def test_one_seed_has_no_spread() -> None:
    assert provenance.over_seeds([0.5]) == {"seeds": 1, "mean": 0.5}


@pytest.mark.parametrize("seeds", range(2, 11))
def test_the_interval_is_students(seeds: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    values = np.random.default_rng(seeds).random(seeds)
    found = provenance.over_seeds(values.tolist())
    low, high = stats.t.interval(
        0.95, seeds - 1, loc=values.mean(), scale=values.std(ddof=1) / np.sqrt(seeds)
    )
    assert (found["low"], found["high"]) == pytest.approx((low, high), abs=1e-4)


def test_a_network_that_stands_already_is_known_by_its_graph_and_its_vectors(
    tmp_path: Path,
) -> None:
    path, vectors = tmp_path / "model", np.ones((2, 3), np.float16)
    assert not provenance.standing(path, b"graph", vectors)
    files = {
        "config.json": json_bytes({}),
        "network.onnx": b"graph",
        "embeddings.npy": lambda place: np.save(place, vectors, allow_pickle=False),
    }
    write_artifact(path, files, {"toy": 1})
    assert provenance.standing(path, b"graph", vectors)
    assert not provenance.standing(path, b"other", vectors)
    assert not provenance.standing(path, b"graph", 2 * vectors)
    (path / "network.onnx").write_bytes(b"spoilt")
    assert not provenance.standing(path, b"spoilt", vectors)
