"""The worker's task: what it returns, and how it fails."""

import json

import keras
import numpy as np
import pytest

from dlnlp.explain.leave_one_out import sentences_without_each, without_each_sentence
from dlnlp.explain.log_odds import log_odds
from dlnlp.inference import HanPredictor
from dlnlp.tasks.han_saliency import saliency
from dlnlp.worker.process import TaskError
from tests.keras_han import write_keras_han
from tests.tiny_han import POLARITY

pytestmark = pytest.mark.skipif(keras.backend.backend() != "jax", reason="the worker's backend")
SENTENCES = [[5, 6, 7], [8, 1, 9, 10]]


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "han_imdb"
    write_keras_han(path, class_names=POLARITY, dataset="imdb", max_words=50, max_sentences=64)
    return path


def run(directory, seed=None, cancelled=lambda: False):
    reports: list[dict] = []
    arguments = {"weights": str(directory), "sentences": SENTENCES, "seed": seed}
    result = saliency(arguments, reports.append, cancelled)
    json.dumps(result, allow_nan=False)  # what goes down the pipe
    return result, [report["share"] for report in reports]


def test_the_trained_network_is_explained_for_both_classes(directory) -> None:
    found, shares = run(directory)
    documents = [[np.array(s, np.int32) for s in SENTENCES]]
    odds = log_odds(HanPredictor.load(directory).run(documents).logits[0])
    assert found["value"] == pytest.approx(odds, abs=1e-5)
    for name in ("gradient_x_input", "integrated_gradients"):
        negative, positive = np.array(found[name])
        assert positive.shape == (7,) and (negative == -positive).all() and positive.any()
    assert found["gap"][0] == -found["gap"][1] and 0 < abs(found["gap"][1]) < 0.1
    assert shares[-1] == 1 and "word_attention" not in found


def test_of_ordered_classes_the_upper_are_explained_against_the_lower(tmp_path) -> None:
    write_keras_han(tmp_path / "han", max_words=50, max_sentences=64)
    found, _ = run(tmp_path / "han")
    logits = HanPredictor.load(tmp_path / "han").run([[*map(np.int32, SENTENCES)]]).logits[0]
    assert len(found["value"]) == 6
    assert found["value"][5] == pytest.approx(logits[3:].mean() - logits[:2].mean(), abs=1e-5)
    assert np.array(found["integrated_gradients"]).shape == (6, 7)
    change = sum(found["integrated_gradients"][5]) - found["gap"][5]
    assert abs(found["gap"][5]) < 0.1 and change != 0
    random, _ = run(tmp_path / "han", seed=1)
    assert np.array(random["delete"]).shape == (6, 7)


def test_random_weights_have_attention_and_leaving_out_too(directory) -> None:
    found, shares = run(directory, seed=3)
    assert sum(found["sentence_attention"]) == pytest.approx(1, abs=1e-5)
    assert sum(found["word_attention"]) == pytest.approx(2, abs=1e-5)
    ends = np.cumsum([len(sentence) for sentence in SENTENCES])
    for scores, weights, cuts in (
        (found["word_scores"], found["word_attention"], ends[:-1]),
        (found["sentence_scores"], found["sentence_attention"], []),
    ):
        for some, shown in zip(np.split(scores, cuts), np.split(weights, cuts), strict=True):
            softmax = np.exp(some) / np.exp(some).sum()
            np.testing.assert_allclose(softmax, shown, atol=1e-5)
    assert np.array(found["delete"]).shape == (2, 7)
    assert np.array(found["unknown_sentences"]).shape == (2, 2)
    assert np.abs(np.array(found["delete"])[1]).max() > 1e-4
    assert shares == sorted(shares) and shares[-1] == 1
    assert found != run(directory, seed=4)[0]


def test_leaving_out_is_that_of_the_network_it_is_asked_of(directory) -> None:
    """With random weights nothing can be compared; so with the trained ones, as if random."""
    from dlnlp.tasks.han_gradients import HanGradients
    from dlnlp.tasks.han_saliency import _attention_and_leaving_out

    sentences = [np.array(sentence, np.int32) for sentence in SENTENCES]
    found = _attention_and_leaving_out(HanGradients.load(directory), sentences, lambda share: None)
    runtime = HanPredictor.load(directory).runtime
    whole = log_odds(runtime.logits([sentences]))
    for name, variants in (
        ("delete", sentences_without_each(sentences, "delete")),
        ("unknown_sentences", without_each_sentence(sentences, "unknown")),
    ):
        expected = (whole - log_odds(runtime.logits(list(variants)))).T
        np.testing.assert_allclose(np.array(found[name]), expected, atol=1e-4)


def test_a_cancelled_task_returns_nothing(directory) -> None:
    assert run(directory, cancelled=lambda: True) == ({}, [])


@pytest.mark.parametrize(
    "wrong",
    [{"weights": "/nowhere"}, {"sentences": []}, {"sentences": [[]]}, {"sentences": "ab"}],
)
def test_nonsense_is_one_sentence(directory, wrong) -> None:
    arguments = {"weights": str(directory), "sentences": SENTENCES, "seed": None} | wrong
    with pytest.raises(TaskError, match="This text cannot be explained"):
        saliency(arguments, lambda report: None, lambda: False)
