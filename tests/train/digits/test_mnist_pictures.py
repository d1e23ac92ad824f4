"""The index of neighbours and the pictures that ship: from the network and MNIST alone."""

from pathlib import Path

import numpy as np
import pytest

import train.digits.mnist_pictures as mnist_pictures
from dlnlp.artifacts import open_artifact
from dlnlp.datasets.mnist import Digits
from dlnlp.inference.digits import DigitPredictor
from tests.small_digits import small_digits
from tests.tiny_mnist_cnn import write_tiny_mnist_cnn
from train.mnist_cnn import main


def test_the_index_is_a_sample_in_the_order_of_the_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mnist_pictures, "INDEX_DIGITS", 7)
    embeddings = np.random.default_rng(0).random((30, 4)).astype(np.float32)
    labels = (np.arange(30) % 10).astype(np.uint8)
    index = mnist_pictures.digit_index(embeddings, labels)
    assert len(index.rows) == 7 and (np.diff(index.rows.astype(int)) > 0).all()
    np.testing.assert_array_equal(index.labels, labels[index.rows])


def test_pictures_are_made_again_without_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mnist_cnn"
    write_tiny_mnist_cnn(folder)
    before = open_artifact(folder)
    before.card["digits"] = {"train": 80}
    mnist_pictures.amend_artifact(before, {"digits": {"train": 80}})
    splits = {"train": Digits(*small_digits(90, 0)), "test": Digits(*small_digits(50, 1))}
    monkeypatch.setattr(mnist_pictures, "read_mnist", splits.__getitem__)
    monkeypatch.setattr(mnist_pictures, "INDEX_DIGITS", 40)
    assert main(["--pictures", "--output", str(folder)]) == 0
    predictor, after = DigitPredictor.load(folder), open_artifact(folder)
    np.testing.assert_array_equal(predictor.test_pictures, splits["test"].images)
    rows = predictor.index.rows.tolist()
    assert len(rows) == 40 and max(rows) < 80  # validation digits are no neighbours
    np.testing.assert_array_equal(predictor.neighbour_pictures(rows), splits["train"].images[rows])
    for name in ("network.onnx", "not_a_digit.npz", "test_predictions.npz"):
        assert after.card["files"][name] == before.card["files"][name]
