"""With patience, the epoch that counts is that of the lowest loss at the best temperature."""

from pathlib import Path

import numpy as np
import pytest

from dlnlp.corpus import Corpus
from tests.train.conftest import SHAPE
from train.evaluation import measures, temperature_of_classes
from train.fitting import best_epoch
from train.texts import han_fitting, han_predictions, kim_cnn_fitting
from train.texts.han_recipes import Recipe
from train.texts.kim_cnn_fitting import Recipe as KimRecipe


def calibrated_loss(logits: np.ndarray, labels: np.ndarray) -> float:
    labels = labels.astype(int)
    found = measures(labels, logits / temperature_of_classes(logits, labels))["loss"]
    assert found < measures(labels, logits)["loss"] - 1e-4  # so that the test can tell them apart
    return found


def test_of_a_han(star_corpus: Corpus, tmp_path: Path) -> None:
    recipe = Recipe(model="x", units=4, epochs=2, max_lr=0.02)
    batches = han_fitting.labelled_batches(star_corpus, recipe, SHAPE, 1)
    model, history = han_fitting.fit(
        star_corpus, batches, recipe, 1, tmp_path, {}, patience=2
    )  # fmt: skip
    validation = star_corpus.split("validation")
    logits = han_predictions.predict_split(model, validation, SHAPE)["logits"]
    told = history[best_epoch(history)]["validation_loss"]
    assert told == pytest.approx(calibrated_loss(logits, validation.labels), rel=1e-3)


def test_of_a_kim_cnn(star_corpus: Corpus, tmp_path: Path) -> None:
    recipe = KimRecipe(widths=(1,), filters=4, max_tokens=24, epochs=2, positions=192, max_lr=0.05)
    train, validation = star_corpus.split("train"), star_corpus.split("validation")
    targets = np.eye(5, dtype=np.float32)[train.labels]
    model, history = kim_cnn_fitting.fit(
        star_corpus, train, targets, recipe, 1, tmp_path, {}, patience=2
    )
    logits = kim_cnn_fitting.predict_split(model, validation, recipe.buckets)["logits"]
    told = history[best_epoch(history)]["validation_loss"]
    assert told == pytest.approx(calibrated_loss(logits, validation.labels), rel=1e-3)
