"""One training run on a few drawn digits: it learns, goes on where it was, leaves test alone."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

import train.digits.mnist_cnn_fitting
from dlnlp.datasets.mnist import Digits
from dlnlp.models.mnist_cnn import MnistCnnConfig
from dlnlp.schedules import OneCycle
from dlnlp.training.callbacks import CheckpointError, HyperparameterScheduler
from train.digits.mnist_cnn_fitting import (
    ORIGIN_RECIPE,
    RECIPE,
    DigitBatches,
    MnistData,
    compiled,
    fit,
    predict,
    read_data,
)
from train.digits.written_digits import written

SMALL = replace(
    RECIPE,
    config=MnistCnnConfig(filters=(4, 4, 6, 6, 6), embedding=8),
    epochs=2,
    batch_size=32,
    max_lr=0.05,
    written=0,
)


@pytest.fixture(scope="module")
def data() -> MnistData:
    """Digits drawn in 18 ways, as arrays of MNIST; the test split cannot be read."""
    ways = list(written(24).values())
    images = np.concatenate([pictures for _, pictures in ways])
    labels = np.repeat([digit for digit, _ in ways], 24).astype(np.uint8)
    order = np.random.default_rng(0).permutation(len(labels))
    images, labels = (images[order] * 255).astype(np.uint8), labels[order]
    return MnistData(images[:-50], labels[:-50], images[-50:], labels[-50:], None, None, "drawn")


@pytest.fixture(scope="module")
def whole(data: MnistData, tmp_path_factory: pytest.TempPathFactory):
    """A whole run: the network, its history, its checkpoints."""
    checkpoints = tmp_path_factory.mktemp("whole")
    return *fit(data, SMALL, 1, checkpoints), checkpoints


def arrays(checkpoints: Path) -> dict[str, np.ndarray]:
    with np.load(checkpoints / "newest.npz") as stored:
        return {name: stored[name] for name in stored.files if name != "about"}


def test_it_learns_and_every_epoch_is_recorded(whole) -> None:
    _, history, _ = whole
    first, second = history
    assert second["loss"] < first["loss"]
    assert set(first) == {"loss", "seconds", "validation_loss", "validation_accuracy"}


def test_the_network_is_what_the_checkpoint_holds(whole, data: MnistData) -> None:
    model, history, _ = whole
    logits = predict(model, data.validation_images)
    assert logits.shape == (50, 10)
    accuracy = np.mean(logits.argmax(1) == data.validation_labels)
    assert history[-1]["validation_accuracy"] == pytest.approx(accuracy)


def test_an_interrupted_run_goes_on_as_if_it_had_not_been(
    whole, data: MnistData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step_of, steps = keras.Model.train_on_batch, []

    def interrupted(model, *batch, **weights):
        steps.append(None)
        if len(steps) in (4, once + 4):  # in either epoch
            raise KeyboardInterrupt
        return step_of(model, *batch, **weights)

    once = len(data.train_labels) // SMALL.batch_size
    monkeypatch.setattr(keras.Model, "train_on_batch", interrupted)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            fit(data, SMALL, 1, tmp_path, every=0)
    _, history = fit(data, SMALL, 1, tmp_path, every=0)
    assert len(steps) == 2 * once + 2
    expected, found = arrays(whole[2]), arrays(tmp_path)
    assert expected.keys() == found.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array)
    timeless = [{k: v for k, v in r.items() if k != "seconds"} for r in history]
    assert timeless == [{k: v for k, v in r.items() if k != "seconds"} for r in whole[1]]

    assert fit(data, SMALL, 1, tmp_path)[1] == history
    assert len(steps) == 2 * once + 2  # there is nothing left to train


def test_another_seed_is_another_network(whole, data: MnistData, tmp_path: Path) -> None:
    model, _ = fit(data, replace(SMALL, epochs=1), 2, tmp_path)
    mine, others = (
        keras.ops.convert_to_numpy(m.get_layer("classifier").kernel) for m in (model, whole[0])
    )
    assert np.abs(mine - others).max() > 0.01


@pytest.mark.parametrize(
    ("recipe", "seed", "hash_of_data"),
    [
        (replace(SMALL, label_smoothing=0.0), 1, "drawn"),
        (SMALL, 2, "drawn"),
        (SMALL, 1, "others"),
    ],
)
def test_checkpoints_of_another_run_are_refused(
    whole, data: MnistData, recipe, seed: int, hash_of_data: str
) -> None:
    with pytest.raises(CheckpointError, match="belongs to a run with other settings"):
        fit(replace(data, sha256=hash_of_data), recipe, seed, whole[2])


def test_one_cycle_of_rate_and_momentum_is_applied(
    data: MnistData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    class Watched(HyperparameterScheduler):
        def __init__(self, *arguments) -> None:
            super().__init__(*arguments)
            made.append(self)

    monkeypatch.setattr(train.digits.mnist_cnn_fitting, "HyperparameterScheduler", Watched)
    fit(data, SMALL, 1, tmp_path)
    applied, steps = made[0].history, 2 * (len(data.train_labels) // 32)
    assert applied["step"] == list(range(steps))
    expected = [OneCycle(0.05, total_steps=steps)(step) for step in range(steps)]
    np.testing.assert_allclose(applied["learning_rate"], expected, rtol=1e-5)
    rate, momentum = np.array(applied["learning_rate"]), np.array(applied["momentum"])
    assert momentum.argmin() == rate.argmax()
    assert momentum.min() == pytest.approx(0.85, abs=0.01)
    assert momentum[-1] == pytest.approx(0.95, abs=1e-3)


def test_only_kernels_decay() -> None:
    model = compiled(replace(SMALL, weight_decay=0.5))
    optimizer = model.optimizer
    optimizer.build(model.trainable_variables)
    before = [keras.ops.convert_to_numpy(v) for v in model.trainable_variables]
    optimizer.learning_rate = 0.1
    optimizer.momentum = 0.0
    zeros = [keras.ops.zeros(v.shape) for v in model.trainable_variables]
    optimizer.apply(zeros)
    for variable, old in zip(model.trainable_variables, before, strict=True):
        expected = old * 0.95 if variable.name == "kernel" else old
        np.testing.assert_allclose(keras.ops.convert_to_numpy(variable), expected, atol=1e-6)


@pytest.mark.parametrize(("distorted", "smoothing"), [(True, 0.1), (False, 0.0)])
def test_what_a_step_is_given(
    data: MnistData,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    distorted: bool,
    smoothing: float,
) -> None:
    known = {image.tobytes(): label for image, label in
             zip(data.train_images, data.train_labels, strict=True)}  # fmt: skip
    seen = []

    def step(model, images, targets, sample_weight):
        assert sample_weight is None
        assert images.shape == (32, 28, 28, 1) and 0 <= images.min() and images.max() <= 1
        seen.append((images[..., 0], targets))
        return 1.0

    monkeypatch.setattr(keras.Model, "train_on_batch", step)
    recipe = replace(SMALL, epochs=1, label_smoothing=smoothing)
    recipe = recipe if distorted else replace(recipe, distortion=None)
    fit(data, recipe, 1, tmp_path)
    assert len(seen) == len(data.train_labels) // 32
    for images, targets in seen:
        assert (targets.sum(1) == 1).all() and set(np.unique(targets)) == {0, 1}
        for image, target in zip(images, targets, strict=True):
            original = np.rint(image * 255).astype(np.uint8).tobytes()
            assert (original not in known) if distorted else known[original] == target.argmax()


def test_a_loss_that_is_no_number_stops_the_training(
    data: MnistData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    losses = iter([1.0, float("nan")])
    monkeypatch.setattr(keras.Model, "train_on_batch", lambda *_, **__: next(losses))
    with pytest.raises(FloatingPointError, match=r"epoch 1/2, batch 2 is nan: lower max_lr"):
        fit(data, SMALL, 1, tmp_path)
    assert not (tmp_path / "newest.npz").exists()


def test_answers_are_in_the_order_of_the_digits(whole, data: MnistData) -> None:
    images = np.tile(data.validation_images, (42, 1, 1))  # more than one part
    logits = predict(whole[0], images)
    assert logits.shape == (2100, 10)
    np.testing.assert_allclose(logits, np.tile(logits[:50], (42, 1)), atol=1e-4)


def test_validation_is_the_end_of_train(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    splits = {
        name: Digits(
            rng.integers(0, 256, (count, 28, 28), np.uint8), rng.integers(0, 10, count, np.uint8)
        )
        for name, count in (("train", 5_300), ("test", 20))
    }
    monkeypatch.setattr(train.digits.mnist_cnn_fitting, "read_mnist", splits.__getitem__)
    found = read_data()
    assert (found.train_images == splits["train"].images[:300]).all()
    assert (found.train_labels == splits["train"].labels[:300]).all()
    assert (found.validation_images == splits["train"].images[300:]).all()
    assert (found.validation_labels == splits["train"].labels[300:]).all()
    assert (found.test_images == splits["test"].images).all()
    assert read_data().sha256 == found.sha256
    splits["test"].images[7, 3, 3] ^= 1
    assert read_data().sha256 != found.sha256


def test_the_baseline_is_trained_plainly() -> None:
    assert ORIGIN_RECIPE.config.architecture == "branches"
    assert ORIGIN_RECIPE.distortion is None
    assert ORIGIN_RECIPE.label_smoothing == ORIGIN_RECIPE.weight_decay == 0
    assert compiled(RECIPE).count_params() < 1_000_000


def test_written_digits_stand_in_for_some_of_each_batch(
    data: MnistData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train.digits.mnist_cnn_fitting, "WRITTEN", 2)
    plain, mixed = (
        DigitBatches(data, replace(SMALL, distortion=None, written=some), seed=3) for some in (0, 5)
    )
    drawings, digits = mixed.written
    for (before, was, _), (after, now, _) in zip(plain.epoch(0), mixed.epoch(0), strict=True):
        assert np.array_equal(before[5:], after[5:]) and np.array_equal(was[5:], now[5:])
        for picture, target in zip(after[:5, ..., 0], now[:5], strict=True):
            place = np.flatnonzero((drawings == picture).all((1, 2)))[0]
            assert target.argmax() == digits[place]
        break  # what is drawn for the first batch moves the draws of the next
    of_the_card = np.concatenate([pictures for _, pictures in written(2).values()])
    assert not np.array_equal(drawings, of_the_card)
