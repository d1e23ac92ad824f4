"""From a network to its directory: calibration, parity, what the card says, and reading it back."""

import json
from functools import partial

import keras
import numpy as np
import pytest

import train.digits.mnist_cnn_artifact as artifact
from dlnlp.artifacts import open_artifact
from dlnlp.inference.digits import DigitPredictor
from dlnlp.models.mnist_cnn import MnistCnnConfig, build_mnist_cnn
from tests.models.test_mnist_cnn import SMALL, with_moving_statistics
from tests.small_digits import small_digits
from train.digits.mnist_cnn_fitting import MnistData
from train.digits.non_digits import KINDS
from train.digits.written_digits import ways_of_writing
from train.evaluation import temperature_of_classes
from train.provenance import ParityError

HISTORY = [{"loss": 2.0, "seconds": 1.0}, {"loss": 1.5, "seconds": 1.0}]


def data() -> MnistData:
    parts = [small_digits(count, seed) for seed, count in enumerate((80, 50, 60))]
    return MnistData(*(array for part in parts for array in part), "0" * 64)


def network(seed=1) -> keras.Model:
    keras.utils.set_random_seed(seed)
    model = with_moving_statistics(build_mnist_cnn(SMALL), seed)
    model.compile(loss="mse")
    return model


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory):
    model, digits = network(), data()
    exported = artifact.export(model, digits.validation_images, digits.validation_labels)
    before = model.predict_on_batch(digits.test_images[..., None] / np.float32(255))
    path = tmp_path_factory.mktemp("weights") / "mnist_cnn"
    facts = {"training": {"epochs": 2}, "seeds": [{"seed": 1, "accuracy": 0.1}]}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(artifact, "ways_of_writing", partial(ways_of_writing, count=10))
        card = artifact.save_artifact(model, exported, digits, HISTORY, facts, path, per_kind=5)
    return path, card, exported, np.asarray(before), model


def test_what_ships_answers_as_the_calibrated_network(saved) -> None:
    path, card, exported, before, model = saved
    digits, predictor = data(), DigitPredictor.load(path)
    outputs = predictor.predict(digits.test_images.astype(np.float32) / 255)
    assert card["temperature"] == exported.temperature != 1
    np.testing.assert_allclose(outputs.logits, before / exported.temperature, atol=1e-4)
    # The network's own file holds the calibrated weights too.
    again = build_mnist_cnn(MnistCnnConfig.from_dict(open_artifact(path).config))
    again.load_weights(path / "network.weights.h5")
    logits = again.predict_on_batch(digits.test_images[..., None] / np.float32(255))
    np.testing.assert_allclose(outputs.logits, logits, atol=1e-4)


def test_the_record_is_that_of_the_test_digits(saved) -> None:
    path, card, *_ = saved
    digits, predictor = data(), DigitPredictor.load(path)
    with np.load(path / "test_predictions.npz") as arrays:
        assert arrays["probabilities"].dtype == np.float16
        np.testing.assert_array_equal(arrays["labels"], digits.test_labels)
        outputs = predictor.predict(digits.test_images.astype(np.float32) / 255)
        np.testing.assert_allclose(arrays["probabilities"], outputs.probabilities, atol=1e-3)
    right = outputs.probabilities.argmax(axis=1) == digits.test_labels
    assert card["metrics"]["test"]["accuracy"]["value"] == pytest.approx(right.mean())
    assert np.trace(card["confusion"]) == right.sum()
    assert "within_one" not in card["metrics"]["test"]
    assert sum(row["digits"] for row in card["reliability"]) == 60
    assert card["robustness"][0]["accuracy"] == pytest.approx(right.mean())
    assert json.loads((path / "history.json").read_text())["epochs"] == HISTORY


def test_the_score_is_described_and_used(saved) -> None:
    path, card, *_ = saved
    digits, predictor = data(), DigitPredictor.load(path)
    about = card["not_a_digit"]
    assert about["threshold"] == predictor.not_a_digit_threshold
    assert about["method"] == predictor.out_of_distribution.method
    assert set(about["share_found"]) == {*KINDS, "mean"}
    shares = about["share_found_by_method_when_chosen"]
    assert shares[about["method"]] == max(shares.values())
    outputs = predictor.predict(digits.test_images.astype(np.float32) / 255)
    alarms = about["share_of_false_alarms"]["test"]
    assert alarms == pytest.approx(1 - outputs.is_digit.mean())


def test_neighbours_are_rows_of_the_training_digits(saved) -> None:
    path, *_ = saved
    digits, predictor = data(), DigitPredictor.load(path)
    outputs = predictor.predict(digits.train_images[:20].astype(np.float32) / 255)
    rows = [predictor.neighbours(embedding, 1)[0] for embedding in outputs.embeddings]
    assert [label for _, label, _ in rows] == digits.train_labels[:20].tolist()
    assert sum(row == place for place, (row, *_) in enumerate(rows)) >= 15


def test_an_export_that_differs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    build, digits = artifact.build_mnist_cnn_onnx, data()

    def wrong(weights):
        return build(weights | {"classifier.bias": weights["classifier.bias"] + np.float32(1e-2)})

    monkeypatch.setattr(artifact, "build_mnist_cnn_onnx", wrong)
    with pytest.raises(ParityError, match="nothing was saved"):
        artifact.export(network(), digits.validation_images, digits.validation_labels)


def test_temperature_makes_overconfident_logits_honest() -> None:
    rng = np.random.default_rng(0)
    honest = rng.normal(0, 2, (20_000, 4))
    shares = np.exp(honest) / np.exp(honest).sum(axis=1, keepdims=True)
    labels = (rng.random((20_000, 1)) > shares.cumsum(axis=1)).sum(axis=1)
    for factor in (0.5, 1, 3):
        found = temperature_of_classes((factor * honest).astype(np.float32), labels)
        assert found == pytest.approx(factor, rel=0.05)
