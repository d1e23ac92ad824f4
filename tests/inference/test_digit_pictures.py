"""Pictures that ship with the network: back as they were, anything else refused."""

from pathlib import Path

import numpy as np
import pytest

from dlnlp.artifacts import ArtifactError
from dlnlp.inference.digit_pictures import load_pictures, save_pictures
from dlnlp.inference.digits import DigitPredictor
from tests.tiny_mnist_cnn import as_pixels, random_pictures, write_tiny_mnist_cnn


def test_pictures_come_back(tmp_path: Path) -> None:
    pictures = np.random.default_rng(0).integers(256, size=(5, 28, 28)).astype(np.uint8)
    save_pictures(tmp_path / "a.npz", pictures)
    np.testing.assert_array_equal(load_pictures(tmp_path / "a.npz", 5), pictures)
    with pytest.raises(ValueError, match="--pictures"):
        load_pictures(tmp_path / "a.npz", 6)


@pytest.mark.parametrize(
    "array", [np.zeros((2, 28, 28)), np.zeros((2, 27, 28), np.uint8), np.uint8(3)]
)
def test_other_arrays_are_refused(tmp_path: Path, array: np.ndarray) -> None:
    np.savez_compressed(tmp_path / "a.npz", pictures=array)
    with pytest.raises(ValueError, match="holds"):
        load_pictures(tmp_path / "a.npz")
    np.savez_compressed(tmp_path / "b.npz", other=array)
    with pytest.raises(ValueError, match="holds no pictures"):
        load_pictures(tmp_path / "b.npz")


def test_a_neighbour_has_the_picture_that_the_index_was_made_of(tmp_path: Path) -> None:
    write_tiny_mnist_cnn(tmp_path / "mnist_cnn")
    predictor = DigitPredictor.load(tmp_path / "mnist_cnn")
    pictures = random_pictures(60)
    embedding = predictor.predict(pictures[7:8]).embeddings[0]
    ((row, _, near),) = predictor.neighbours(embedding, 1)
    assert near > 0.999
    np.testing.assert_array_equal(
        predictor.neighbour_pictures([row])[0], as_pixels(pictures[row // 3])
    )
    assert len(predictor.test_pictures) == 200


def test_a_damaged_file_is_one_sentence(tmp_path: Path) -> None:
    write_tiny_mnist_cnn(tmp_path / "mnist_cnn")
    predictor = DigitPredictor.load(tmp_path / "mnist_cnn")
    (tmp_path / "mnist_cnn" / "test_pictures.npz").write_bytes(b"PK nothing")
    with pytest.raises(ArtifactError, match=r"test_pictures\.npz"):
        predictor.test_pictures  # noqa: B018
