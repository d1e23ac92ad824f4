"""The predictor for digits on a tiny random artifact."""

from pathlib import Path

import numpy as np
import pytest

import dlnlp.inference.digits
from dlnlp.artifacts import ArtifactError
from dlnlp.inference.digit_index import DigitIndex
from dlnlp.inference.digits import DigitPredictor
from dlnlp.inference.out_of_distribution import OutOfDistributionScore
from tests.reference_mnist_cnn import reference_mnist_cnn
from tests.rewritten_artifact import rewritten
from tests.tiny_kim_cnn import write_tiny_kim_cnn
from tests.tiny_mnist_cnn import random_pictures, write_tiny_mnist_cnn


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "mnist_cnn"
    write_tiny_mnist_cnn(path)
    return path


@pytest.fixture(scope="module")
def predictor(directory: Path) -> DigitPredictor:
    return DigitPredictor.load(directory)


def test_it_answers_as_the_reference(tmp_path: Path) -> None:
    weights = write_tiny_mnist_cnn(tmp_path / "mnist_cnn", seed=5)
    found = DigitPredictor.load(tmp_path / "mnist_cnn")
    pictures = random_pictures(3, 9)
    outputs = found.predict(pictures)
    for row, picture in enumerate(pictures):
        expected = reference_mnist_cnn(weights, picture)
        exponentials = np.exp(expected["logits"])
        np.testing.assert_allclose(outputs.logits[row], expected["logits"], atol=1e-5)
        np.testing.assert_allclose(
            outputs.probabilities[row], exponentials / exponentials.sum(), atol=1e-6
        )
        np.testing.assert_allclose(outputs.embeddings[row], expected["embedding"], atol=1e-5)
        layers = found.runtime.maps(picture)
        assert tuple(layers) == found.layers == ("conv1", "conv2", "conv3", "conv4", "conv5")
        for name, maps in layers.items():
            np.testing.assert_allclose(maps, expected[name], atol=1e-5)


def test_many_pictures_are_read_a_bounded_number_at_a_time(
    predictor: DigitPredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = random_pictures(11, 2)
    whole = predictor.predict(pictures)
    monkeypatch.setattr(dlnlp.inference.digits, "PICTURES_PER_RUN", 4)
    sizes, run = [], type(predictor.runtime)._asked

    def watched(self, names, images):
        sizes.append(len(images))
        return run(self, names, images)

    monkeypatch.setattr(type(predictor.runtime), "_asked", watched)
    parts = predictor.predict(pictures)
    assert sizes == [4, 4, 3]
    for name in ("probabilities", "logits", "embeddings", "not_a_digit", "is_digit"):
        np.testing.assert_allclose(getattr(parts, name), getattr(whole, name), atol=1e-6)
    empty = predictor.predict(pictures[:0])
    assert empty.probabilities.shape == (0, 10) and empty.is_digit.shape == (0,)


def test_the_score_says_what_is_no_digit(predictor: DigitPredictor) -> None:
    known = predictor.predict(random_pictures(60, 0))  # those that the tiny score was made of
    assert known.is_digit.mean() >= 0.9
    strange = predictor.predict(np.full((3, 28, 28), 40, np.float32))
    assert not strange.is_digit.any() and (strange.not_a_digit > known.not_a_digit.max()).all()
    for outputs in (known, strange):
        assert ((outputs.not_a_digit >= 0) & (outputs.not_a_digit <= 1)).all()
        above = outputs.not_a_digit > predictor.not_a_digit_threshold
        np.testing.assert_array_equal(outputs.is_digit, ~above)


def test_a_digit_of_the_index_is_its_own_neighbour(predictor: DigitPredictor) -> None:
    embeddings = predictor.predict(random_pictures(60, 0)).embeddings
    for place in (0, 17, 59):
        row, label, similarity = predictor.neighbours(embeddings[place], 4)[0]
        assert (row, label) == (3 * place, place % 10) and similarity > 0.99
    found = predictor.neighbours(embeddings[3], 8)
    nearness = [similarity for _, _, similarity in found]
    assert len(found) == 8 and nearness == sorted(nearness, reverse=True)


def test_pictures_of_another_shape_are_refused(predictor: DigitPredictor) -> None:
    for shape in ((28, 28), (1, 28, 27), (1, 28, 28, 1)):
        with pytest.raises(ValueError, match="cannot be read: give"):
            predictor.predict(np.zeros(shape, np.float32))


def test_parts_that_do_not_fit_are_named(directory: Path, tmp_path: Path) -> None:
    other = DigitIndex.fit(np.eye(5, dtype=np.float32), range(5), range(5), directions=3)
    other.save(tmp_path / "index.npz")
    score = OutOfDistributionScore("energy", 0, 1, 0.5, np.zeros((9, 2)), np.zeros((12, 2)))
    score.save(tmp_path / "score.npz")
    write_tiny_kim_cnn(tmp_path / "kim_cnn")
    for file, source, message in (
        ("neighbours.npz", "index.npz", r"neighbours\.npz is made for a size of 5 .* 12"),
        ("not_a_digit.npz", "score.npz", r"not_a_digit\.npz is made for a size of 9"),
        ("network.onnx", "kim_cnn/network.onnx", "does not read digits"),
    ):
        content = {file: (tmp_path / source).read_bytes()}
        with pytest.raises(ArtifactError, match=message):
            DigitPredictor.load(rewritten(directory, tmp_path / f"broken {file}", content))
