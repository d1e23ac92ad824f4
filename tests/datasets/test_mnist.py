"""MNIST's file: read as published, refused when it is anything else."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dlnlp.datasets import DatasetError
from dlnlp.datasets.mnist import read_mnist


def write(path: Path, **changes: Any) -> Path:
    """A file of MNIST's layout; `changes` replace or (None) remove arrays."""
    rng = np.random.default_rng(0)
    arrays: dict[str, Any] = {}
    for split, count in (("train", 60_000), ("test", 10_000)):
        images = np.zeros((count, 28, 28), np.uint8)
        images[:, 5, 7] = np.arange(count) % 251
        arrays[f"x_{split}"] = images
        arrays[f"y_{split}"] = rng.integers(10, size=count).astype(np.uint8)
    arrays.update(changes)
    np.savez_compressed(path, **{k: v for k, v in arrays.items() if v is not None})
    return path


@pytest.fixture(scope="module")
def mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("data") / "mnist.npz")


def test_splits_are_read_in_order(mnist: Path) -> None:
    for split, count in (("train", 60_000), ("test", 10_000)):
        digits = read_mnist(split, mnist)
        assert digits.images.shape == (count, 28, 28) and digits.images.dtype == np.uint8
        assert digits.labels.shape == (count,)
        assert np.array_equal(digits.images[:, 5, 7], np.arange(count) % 251)


def test_the_file_is_found_by_the_environment(mnist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DLNLP_DATA", str(mnist.parent))
    assert len(read_mnist("test").labels) == 10_000


def test_what_is_not_there_is_named(tmp_path: Path, mnist: Path) -> None:
    with pytest.raises(DatasetError, match="nowhere.npz is not there"):
        read_mnist("test", tmp_path / "nowhere.npz")
    with pytest.raises(DatasetError, match="no split 'valid'"):
        read_mnist("valid", mnist)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"x_test": None}, "x_test"),
        ({"x_test": np.zeros((3, 28, 28), np.uint8)}, r"uint8 \[3, 28, 28\] instead"),
        ({"x_test": np.zeros((10_000, 28, 28), np.float32)}, "float32"),
        ({"y_test": np.full(10_000, 10, np.uint8)}, "the label 10"),
        ({"y_test": np.array([{}] * 10_000, object)}, "ValueError"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    path = write(tmp_path / "mnist.npz", **changes)
    with pytest.raises(DatasetError, match=reason):
        read_mnist("test", path)


def test_damage_is_one_sentence(tmp_path: Path, mnist: Path) -> None:
    whole = mnist.read_bytes()
    for content in (b"", b"no archive", whole[: len(whole) // 2]):
        (tmp_path / "mnist.npz").write_bytes(content)
        with pytest.raises(DatasetError, match="delete it and download it again"):
            read_mnist("test", tmp_path / "mnist.npz")
