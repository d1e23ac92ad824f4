"""Gradients of a HAN: finite differences, completeness, agreement with the serving graph."""

from pathlib import Path

import keras
import numpy as np
import pytest

from dlnlp.corpus.packing import BatchShape
from dlnlp.explain.completeness import largest_gap
from dlnlp.explain.targets import target_values
from dlnlp.inference import HanPredictor
from dlnlp.tasks.han_gradients import HanGradients
from dlnlp.text.vocabulary import Vocabulary
from tests.keras_han import write_keras_han
from tests.small_splits import random_documents

pytestmark = pytest.mark.skipif(keras.backend.backend() != "jax", reason="the worker's backend")

SHAPE = BatchShape(rows=12, row_length=12, grid_rows=6, grid_length=6, documents=10, distinct=60)
LONG = BatchShape(rows=8, row_length=50, grid_rows=2, grid_length=64, documents=8)
WEIGHTS = Path(__file__).resolve().parents[2] / "weights"
DOCUMENTS = [
    [np.array(sentence, np.int32) for sentence in document]
    for document in [*random_documents(5, seed=3), [[7]]]
]


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "han_stars"
    write_keras_han(path)
    return path


@pytest.fixture(scope="module")
def gradients(directory) -> HanGradients:
    return HanGradients.load(directory, SHAPE)


@pytest.fixture(scope="module")
def predictor(directory) -> HanPredictor:
    return HanPredictor.load(directory)


def test_reads_as_the_serving_graph_does(gradients, predictor) -> None:
    read, served = gradients.read(DOCUMENTS), predictor.run(DOCUMENTS)
    np.testing.assert_allclose(read.logits, served.logits, atol=1e-5)
    for name in ("word_attention", "word_scores", "sentence_attention", "sentence_scores"):
        for ours, theirs in zip(getattr(read, name), getattr(served, name), strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_gradients_are_the_slopes_of_what_is_explained(directory, gradients, predictor) -> None:
    """Each word's vector is scaled a little, in the serving graph: d f / d a at a = 1."""
    document = DOCUMENTS[1]
    targets = list(range(6))  # five classes, and the upper against the lower ones
    found = gradients.explain([document] * 6, targets)
    length, step = sum(map(len, document)), 1e-2
    # Rows of their own for the words of the text, so that one can be scaled alone.
    ids = np.concatenate(document)
    matrix = np.asarray(predictor.runtime.embeddings, np.float32)
    runtime = predictor.runtime
    own = np.split(np.arange(length, dtype=np.int32), np.cumsum([len(s) for s in document])[:-1])
    before = runtime.embeddings
    try:
        slopes = np.zeros((length, 6))
        for word in range(length):
            ends = []
            for scale in (1 + step, 1 - step):
                runtime.embeddings = matrix[ids].copy()
                runtime.embeddings[word] *= scale
                ends.append(target_values(runtime.run([own]).logits[0], ordered=True))
            slopes[word] = (ends[0] - ends[1]) / (2 * step)
    finally:
        runtime.embeddings = before
    for target in targets:
        np.testing.assert_allclose(
            found[target].gradient_x_input, slopes[:, target], atol=2e-3, rtol=2e-2
        )


def test_integrated_gradients_are_complete_and_gaps_shrink_with_nodes(gradients) -> None:
    targets = [0, 1, 2, 3, 4, 5]
    coarse, fine = (gradients.explain(DOCUMENTS, targets, nodes=n, max_nodes=n) for n in (1, 24))
    for found in fine:
        assert abs(found.gap) < 1e-3
    assert max(abs(found.gap) for found in coarse) > 1e-2
    empty = gradients.explain([[np.zeros_like(s) for s in DOCUMENTS[0]]], [0])[0]  # vectors of 0
    whole = fine[0]
    assert whole.integrated_gradients.sum() == pytest.approx(whole.value - empty.value, abs=2e-3)


@pytest.mark.parametrize(("nodes", "doubled"), [(2, True), (24, False)])
def test_nodes_are_doubled_where_the_gap_is_large(gradients, nodes: int, doubled: bool) -> None:
    targets = [0, 1, 2, 3, 4, 0]
    once = gradients.explain(DOCUMENTS, targets, nodes=nodes, max_nodes=nodes)
    found = gradients.explain(DOCUMENTS, targets, nodes=nodes)
    for before, after in zip(once, found, strict=True):
        change = float(after.integrated_gradients.sum()) - after.gap
        assert abs(after.gap) <= largest_gap(change)
        assert (abs(before.gap) > largest_gap(change)) is doubled
        same = np.array_equal(after.integrated_gradients, before.integrated_gradients)
        assert same is not doubled


@pytest.mark.parametrize("model", ["han_imdb", "han_stars"])
def test_the_shipped_networks_explain_a_word_said_again_and_again(model: str) -> None:
    network = HanGradients.load(WEIGHTS / model, LONG)
    vocabulary = Vocabulary.load(WEIGHTS / model / "vocabulary.txt")
    documents = [[vocabulary.encode(["great"] * times)] for times in (20, 50)]
    for found in network.explain(documents, [1, 0]):
        change = float(found.integrated_gradients.sum()) - found.gap
        assert abs(found.gap) <= 0.01 * abs(change)


def test_answers_do_not_depend_on_what_else_is_in_the_batch(gradients) -> None:
    together = gradients.explain(DOCUMENTS, [1] * 6)
    alone = gradients.explain(DOCUMENTS[3:4], [1])[0]
    np.testing.assert_allclose(
        together[3].integrated_gradients, alone.integrated_gradients, atol=1e-5
    )
    assert together[3].value == pytest.approx(alone.value, abs=1e-5)


def test_random_weights_are_others_of_the_same_spread(gradients) -> None:
    random = gradients.randomized(0)
    for new, old in zip(random._weights, map(np.asarray, gradients._weights), strict=True):
        assert new.shape == old.shape
        if old.size > 90:
            assert abs(np.corrcoef(new.ravel(), old.ravel())[0, 1]) < 0.3
            assert new.std() == pytest.approx(old.std(), rel=0.3)
    again, other = (gradients.randomized(seed).read(DOCUMENTS).logits for seed in (0, 1))
    np.testing.assert_array_equal(again, random.read(DOCUMENTS).logits)
    assert np.abs(again - other).max() > 1e-3


def test_progress_ends_at_one_and_may_stop_the_work(gradients) -> None:
    seen: list[float] = []
    gradients.explain(DOCUMENTS, [0] * 6, progress=seen.append)
    assert seen == sorted(seen) and seen[0] == 0 and seen[-1] == 1

    def stop(share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        gradients.explain(DOCUMENTS, [0] * 6, progress=stop)
