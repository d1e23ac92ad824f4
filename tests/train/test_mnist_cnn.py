"""The command for digits: all seeds, the baseline, the first ships; one sentence where it fails."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import train.digits.mnist_cnn_training
from dlnlp.inference.digits import DigitPredictor
from dlnlp.models.mnist_cnn import MnistCnnConfig
from tests.small_digits import small_digits
from train.digits.mnist_cnn_artifact import save_artifact
from train.digits.mnist_cnn_fitting import ORIGIN_RECIPE, RECIPE, MnistData
from train.mnist_cnn import main


def data() -> MnistData:
    parts = [small_digits(count, seed) for seed, count in enumerate((160, 50, 60))]
    return MnistData(*(array for part in parts for array in part), "0" * 64)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    config = MnistCnnConfig(filters=(4, 4, 4, 4, 4), embedding=8)
    recipe = replace(RECIPE, config=config, epochs=2, batch_size=16, max_lr=0.05)
    branches = replace(ORIGIN_RECIPE.config, filters=(2, 2))
    origin = replace(ORIGIN_RECIPE, config=branches, epochs=1, batch_size=16)
    monkeypatch.setattr(train.digits.mnist_cnn_training, "RECIPE", recipe)
    monkeypatch.setattr(train.digits.mnist_cnn_training, "ORIGIN_RECIPE", origin)
    monkeypatch.setattr(train.digits.mnist_cnn_training, "read_data", data)
    monkeypatch.setattr(
        train.digits.mnist_cnn_training, "save_artifact", partial(save_artifact, per_kind=5)
    )


def arguments(folder: Path) -> list[str]:
    return [
        *("--output", str(folder / "mnist_cnn")),
        *("--checkpoints", str(folder / "checkpoints")),
        *("--seeds", "2"),
    ]


def test_the_first_seed_ships_and_the_card_tells_of_all(tmp_path: Path) -> None:
    assert main(arguments(tmp_path)) == 0
    predictor = DigitPredictor.load(tmp_path / "mnist_cnn")
    card, digits = predictor.card, data()
    assert [seed["seed"] for seed in card["seeds"]] == [1, 2]
    outputs = predictor.predict(digits.test_images.astype(np.float32) / 255)
    accuracy = np.mean(outputs.probabilities.argmax(1) == digits.test_labels)
    assert card["metrics"]["test"]["accuracy"]["value"] == pytest.approx(accuracy)
    assert card["seeds"][0]["accuracy"] == pytest.approx(accuracy)
    mean = np.mean([seed["accuracy"] for seed in card["seeds"]])
    assert card["over_seeds"]["accuracy"]["mean"] == pytest.approx(mean)
    (baseline,) = card["baselines"].values()
    assert 0 <= baseline["accuracy"] <= 1 and baseline["parameters"] > 100
    assert card["training"]["validation"] == "the last 50 training digits"
    # Everything is trained: a second run only writes again, the same.
    first = (tmp_path / "mnist_cnn" / "network.onnx").read_bytes()
    assert main(arguments(tmp_path)) == 0
    assert (tmp_path / "mnist_cnn" / "network.onnx").read_bytes() == first


def test_without_test_nothing_is_read_or_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        train.digits.mnist_cnn_training, "finish", None
    )  # would fail if it were called
    assert main([*arguments(tmp_path), "--no-test"]) == 0
    assert not (tmp_path / "mnist_cnn").exists()


def test_missing_data_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("DLNLP_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert main(arguments(tmp_path)) == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1 and "mnist.npz" in lines[0]
