"""The export: the same numbers or nothing."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

import train.texts.han_artifact
from dlnlp.corpus import Corpus
from dlnlp.corpus.splits import Split
from dlnlp.inference import HanPredictor
from dlnlp.inference.han_runtime import HanRuntime
from dlnlp.models.han import Han, HanConfig, HanNetwork, build_han, network_weights
from dlnlp.models.han_onnx import build_han_onnx
from tests.train.conftest import SHAPE
from train.provenance import ParityError
from train.texts.han_artifact import check_parity, measures_on_test, save_artifact


@pytest.fixture(scope="module")
def model(star_corpus: Corpus) -> Han:
    return untrained_network(star_corpus)


@pytest.fixture(scope="module")
def split(star_corpus: Corpus) -> Split:
    return star_corpus.split("validation")


def untrained_network(corpus: Corpus) -> Han:
    keras.utils.set_random_seed(2)
    vectors = corpus.embeddings() + np.float32(1e-4)
    return build_han(HanConfig(len(corpus.vocabulary), 5, 8, 4, 4), vectors)


def runtime_of(model: Han, **changes: np.ndarray) -> HanRuntime:
    weights = network_weights(model)
    for name, change in changes.items():
        key = name.replace("__", ".")
        weights[key] = weights[key] + change
    embeddings = keras.ops.convert_to_numpy(model.embedding.embeddings)
    return HanRuntime(embeddings, build_han_onnx(weights).SerializeToString())


def test_an_honest_export_agrees(model: Han, split) -> None:
    assert 0 < check_parity(model, runtime_of(model), split, SHAPE) <= 1e-5


@pytest.mark.parametrize(
    "name", ["classifier__bias", "word_attention__context", "sentence_gru__recurrent_kernel"]
)
def test_an_export_of_other_weights_is_refused(model: Han, split, name: str) -> None:
    change = np.random.default_rng(0).standard_normal(
        network_weights(model)[name.replace("__", ".")].shape
    )
    runtime = runtime_of(model, **{name: change.astype(np.float32) * np.float32(1e-2)})
    with pytest.raises(ParityError, match=r"differ by .* \(allowed 1e-05\): nothing was saved"):
        check_parity(model, runtime, split, SHAPE)


class Spoiled:
    """A runtime with one number of its attention changed; its logits agree."""

    def __init__(self, runtime: HanRuntime, name: str, change: float) -> None:
        self.runtime, self.name, self.change = runtime, name, change

    def run(self, documents):
        outputs = self.runtime.run(documents)
        arrays = [array.copy() for array in getattr(outputs, self.name)]
        arrays[7][-1] += self.change
        return replace(outputs, **{self.name: tuple(arrays)})


@pytest.mark.parametrize("name", ["word_attention", "sentence_attention"])
@pytest.mark.parametrize("change", [1e-4, float("nan")])
def test_attention_is_compared_too(model: Han, split, name: str, change: float) -> None:
    runtime = Spoiled(runtime_of(model), name, change)
    with pytest.raises(ParityError):
        check_parity(model, runtime, split, SHAPE)  # type: ignore[arg-type]


@pytest.fixture
def untrained(star_corpus: Corpus) -> Han:
    return untrained_network(star_corpus)


def test_what_is_evaluated_is_what_ships(
    untrained: Han, star_corpus: Corpus, tmp_path: Path
) -> None:
    output = tmp_path / "weights" / "model"
    measured = measures_on_test(untrained, star_corpus, SHAPE)
    card = save_artifact(
        untrained, star_corpus, SHAPE, {"history": [{"loss": 1.0}], "seed": 2}, output
    )
    found = card["metrics"]["test"]
    assert measured == {name: value["value"] for name, value in found.items()}
    stored = np.load(output / "embeddings.npy")
    assert stored.dtype == np.float16
    assert not stored[0].any()
    embeddings = keras.ops.convert_to_numpy(untrained.embedding.embeddings)
    np.testing.assert_array_equal(embeddings, stored.astype(np.float32))

    network = HanNetwork(HanConfig.from_dict({**untrained.config.to_dict()}))
    network.load_weights(output / "network.weights.h5")
    for mine, theirs in zip(network.weights, untrained.network.weights, strict=True):
        np.testing.assert_array_equal(
            keras.ops.convert_to_numpy(mine), keras.ops.convert_to_numpy(theirs)
        )
    predictor = HanPredictor.load(output)
    assert predictor.card["training"] == {"seed": 2}
    assert predictor.card["metrics"] == card["metrics"]
    test = star_corpus.split("test")
    assert set(predictor.document_map.rows.tolist()) == set(test.rows.tolist())
    labels = dict(zip(test.rows.tolist(), test.labels.tolist(), strict=True))
    assert [labels[row] for row in predictor.document_map.rows.tolist()] == (
        predictor.document_map.labels.tolist()
    )


def test_a_refused_export_leaves_the_old_weights(
    untrained: Han, star_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "model"
    output.mkdir()
    (output / "card.json").write_text("old")
    build = train.texts.han_artifact.build_han_onnx

    def wrong(weights):
        weights["classifier.bias"] = weights["classifier.bias"] + np.float32(1e-3)
        return build(weights)

    monkeypatch.setattr(train.texts.han_artifact, "build_han_onnx", wrong)
    with pytest.raises(ParityError):
        save_artifact(untrained, star_corpus, SHAPE, {"history": [{"loss": 1.0}]}, output)
    assert [path.name for path in tmp_path.rglob("*")] == ["model", "card.json"]
    assert (output / "card.json").read_text() == "old"
