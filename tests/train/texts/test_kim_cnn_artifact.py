"""A Kim CNN of five classes: trained, exported, opened, and taken apart."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from dlnlp.corpus import Corpus
from dlnlp.explain.evidence import evidence
from dlnlp.explain.saliency import saliency
from dlnlp.inference import KimCnnPredictor
from dlnlp.models.kim_cnn import KimCnn
from train.texts.kim_cnn_artifact import export, save_artifact
from train.texts.kim_cnn_fitting import RECIPE, compiled_kim_cnn
from train.texts.kim_cnn_training import train

SMALL = replace(
    RECIPE, widths=(1, 2), filters=6, max_tokens=32, epochs=6, positions=512, max_lr=2e-2
)
TEXTS = ("The lamp is awful. It broke at once. I want my money back!", "superb", "Zyx, qwv?")


@pytest.fixture(scope="module")
def trained(star_corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> tuple[KimCnn, Path]:
    folder = tmp_path_factory.mktemp("kim")
    model, history = train(star_corpus, SMALL, 1, folder / "checkpoints")
    before = model.explain(np.array([[3, 4, 5, 6]], np.int32))["logits"]
    exported = export(model, star_corpus.split("validation"), SMALL.buckets)
    after = model.explain(np.array([[3, 4, 5, 6]], np.int32))["logits"]
    # Calibrated, and without what moves all classes alike: no other change.
    cooled = np.asarray(before) / exported.temperature
    np.testing.assert_allclose(after, cooled - cooled.mean(), atol=1e-2)
    output = folder / "kim_stars"
    save_artifact(model, exported, star_corpus, SMALL.buckets, history, {"note": 1}, output)
    return model, output


def test_it_has_learned_more_than_the_most_frequent_class(
    trained: tuple[KimCnn, Path], star_corpus: Corpus
) -> None:
    card = KimCnnPredictor.load(trained[1]).card
    labels = star_corpus.split("test").labels
    assert card["metrics"]["test"]["accuracy"]["value"] > 0.1 + np.bincount(labels).max() / len(
        labels
    )
    assert np.shape(card["confusion"]) == (5, 5) and card["note"] == 1
    assert set(card["per_source"]) == {"shop", "café"} and card["temperature"] > 0


@pytest.mark.parametrize("text", TEXTS)
def test_contributions_add_up_to_the_logit_of_every_class(
    trained: tuple[KimCnn, Path], text: str
) -> None:
    model, path = trained
    predictor = KimCnnPredictor.load(path)
    result, network = predictor.predict(text), predictor.runtime.network
    assert predictor.class_names == tuple(f"{n} star{'s' * (n > 1)}" for n in range(1, 6))
    ids = np.zeros((1, 32), np.int32)
    ids[0, : len(result.token_ids)] = result.token_ids
    np.testing.assert_allclose(result.logits, model.explain(ids)["logits"][0], atol=1e-4)
    raised = np.exp(result.logits.astype(float))
    np.testing.assert_allclose(result.probabilities, raised / raised.sum(), atol=1e-6)
    assert result.logits.sum() == pytest.approx(0, abs=1e-3)
    for target in range(5):
        exact = evidence(result, network, target)
        assert exact.words.sum() + exact.bias == pytest.approx(result.logits[target], 1e-5)
        assert exact.filters.sum() + exact.classifier_bias == pytest.approx(exact.logit, 1e-5)
        integrated = saliency(result, network, "integrated_gradients", target)
        assert integrated.gap == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("name", ["imdb_corpus", "star_corpus"])
def test_rows_without_a_document_are_not_learned_from(
    request: pytest.FixtureRequest, name: str
) -> None:
    """Their weight is 0; the other rows weigh what they are given, each on its own."""
    corpus: Corpus = request.getfixturevalue(name)

    shape = replace(SMALL, dropout=0.0)
    model = compiled_kim_cnn(corpus, shape, keras.optimizers.SGD(0.1))
    first = [keras.ops.convert_to_numpy(variable) for variable in model.trainable_variables]

    def after_a_step(weights: list[float], target: int) -> list[np.ndarray]:
        for variable, value in zip(model.trainable_variables, first, strict=True):
            variable.assign(value)
        ids = np.array([[3, 4, 5], [6, 7, 8], [1, 0, 0]], np.int32)
        targets = np.eye(len(corpus.class_names), dtype=np.float32)[[0, 1, target]]
        model.train_on_batch(ids, targets, sample_weight=np.array(weights, np.float32))
        return [keras.ops.convert_to_numpy(variable) for variable in model.trainable_variables]

    def same(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
        return all(np.array_equal(mine, theirs) for mine, theirs in zip(one, other, strict=True))

    assert same(after_a_step([1, 1, 0], 0), after_a_step([1, 1, 0], 1))
    assert not same(after_a_step([1, 1, 0], 0), after_a_step([0.5, 1.5, 0], 0))
    assert not same(after_a_step([1, 1, 1], 0), after_a_step([1, 1, 1], 1))
