"""The network on packed rows: against NumPy, whatever the packing; training; both backends."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from dlnlp.corpus.packing import BatchShape, make_batch
from dlnlp.inference.han_runtime import HanRuntime
from dlnlp.models.han import Han, HanConfig, build_han, network_weights
from dlnlp.models.han_onnx import build_han_onnx
from tests.reference_han import random_han_weights, reference_han
from tests.small_splits import flat, places, random_documents

ROOT = Path(__file__).resolve().parents[2]
CONFIG = HanConfig(
    vocabulary_size=40, num_classes=3, embedding_dim=5, units=3, attention_dim=4, dropout=0.0
)
WEIGHTS = random_han_weights(seed=11)
EMBEDDINGS = np.random.default_rng(12).standard_normal((40, 5)).astype(np.float32)
SHAPE = BatchShape(rows=12, row_length=8, grid_rows=5, grid_length=6, documents=9, distinct=40)
DOCUMENTS = [*random_documents(6, seed=3), [[7]]]
JIT = "auto" if keras.backend.backend() == "jax" else False


class Explained(keras.Model):
    """All outputs of a network as one compiled call."""

    def __init__(self, han: Han) -> None:
        super().__init__()
        self.han = han
        self.built = True
        self.compile(jit_compile=JIT)

    def call(self, batch):
        return self.han.explain(batch)


def assign(han: Han, weights: dict[str, np.ndarray]) -> None:
    for name, array in weights.items():
        layer, variable = name.split(".")
        next(v for v in getattr(han.network, layer).weights if v.name == variable).assign(array)


@pytest.fixture(scope="module")
def model() -> Explained:
    han = build_han(CONFIG, EMBEDDINGS)
    assign(han, WEIGHTS)
    return Explained(han)


def batch_of(documents, shape=SHAPE) -> dict[str, np.ndarray]:
    return make_batch(*flat(documents), shape)


def answers(model: Explained, batch: dict[str, np.ndarray]) -> list[dict]:
    """The outputs by document, in the form of the reference, after a look at the padding."""
    outputs = {name: np.asarray(v) for name, v in model.predict_on_batch(batch).items()}
    padding = batch["sentence_ids"] == batch["document_ids"].size
    assert not outputs["word_attention"][padding].any()
    empty = batch["document_ids"] == len(batch["documents"])
    assert not outputs["sentence_attention"][empty].any()
    assert all(np.isfinite(array).all() for array in outputs.values())
    found = []
    for document, sentences in sorted(places(batch).items()):
        cells = np.flatnonzero(batch["document_ids"].ravel() == document)
        found.append(
            {
                "logits": outputs["logits"][document],
                "document_vector": outputs["document_vectors"][document],
                "sentence_vectors": outputs["sentence_vectors"].reshape(-1, 6)[cells],
                "sentence_scores": outputs["sentence_scores"].ravel()[cells],
                "sentence_attention": outputs["sentence_attention"].ravel()[cells],
                "word_scores": [outputs["word_scores"].ravel()[s] for s in sentences],
                "word_attention": [outputs["word_attention"].ravel()[s] for s in sentences],
            }
        )
    return found


def assert_same(found: list[dict], expected: list[dict], tolerance: float = 1e-5) -> None:
    assert len(found) == len(expected)
    for mine, theirs in zip(found, expected, strict=True):
        for name, value in theirs.items():
            if isinstance(value, list):
                assert len(mine[name]) == len(value)
                for a, b in zip(mine[name], value, strict=True):
                    np.testing.assert_allclose(a, b, atol=tolerance, err_msg=name)
            else:
                np.testing.assert_allclose(mine[name], value, atol=tolerance, err_msg=name)


def expected_of(documents, weights=WEIGHTS) -> list[dict]:
    return reference_han(weights, [[EMBEDDINGS[s] for s in document] for document in documents])


def test_agrees_with_the_reference(model: Explained) -> None:
    assert_same(answers(model, batch_of(DOCUMENTS)), expected_of(DOCUMENTS))


def test_attention_over_real_words_and_sentences_sums_to_one(model: Explained) -> None:
    for document in answers(model, batch_of(DOCUMENTS)):
        assert document["sentence_attention"].sum() == pytest.approx(1, abs=1e-6)
        for sentence in document["word_attention"]:
            assert sentence.sum() == pytest.approx(1, abs=1e-6)
            assert (sentence > 0).all()


def test_more_padding_changes_no_answer(model: Explained) -> None:
    small = answers(model, batch_of(DOCUMENTS))
    wide = replace(
        SHAPE, rows=17, row_length=11, grid_rows=8, grid_length=9, documents=13, distinct=60
    )
    wider = Explained(model.han)  # TensorFlow compiles for one shape
    assert_same(answers(wider, batch_of(DOCUMENTS, wide)), small, 1e-6)


def test_permuted_documents_give_permuted_answers(model: Explained) -> None:
    order = np.random.default_rng(0).permutation(len(DOCUMENTS)).tolist()
    found = answers(model, batch_of([DOCUMENTS[n] for n in order]))
    straight = answers(model, batch_of(DOCUMENTS))
    assert_same(found, [straight[n] for n in order], 1e-6)
    alone = answers(model, batch_of(DOCUMENTS[2:3]))
    assert_same(alone, straight[2:3], 1e-6)


def moved(batch: dict[str, np.ndarray], seed: int) -> dict[str, np.ndarray]:
    """The same documents elsewhere: rows exchanged on both levels, sequences shifted in rows."""
    rng = np.random.default_rng(seed)
    cells = batch["document_ids"].size
    documents = len(batch["documents"])
    grid_rows = rng.permutation(len(batch["document_ids"]))
    document_ids = batch["document_ids"][grid_rows]
    numbers = np.arange(cells).reshape(batch["document_ids"].shape)[grid_rows]
    for row in range(len(document_ids)):  # what is empty goes to the front
        order = np.argsort(document_ids[row] != documents, kind="stable")
        document_ids[row], numbers[row] = document_ids[row][order], numbers[row][order]
    renamed = np.full(cells + 1, cells)
    renamed[numbers.ravel()] = np.arange(cells)
    word_rows = rng.permutation(len(batch["sentence_ids"]))
    sentence_ids = renamed[batch["sentence_ids"]][word_rows].astype(np.int32)
    token_index = batch["token_index"][word_rows]
    for row in range(len(sentence_ids)):
        order = np.argsort(sentence_ids[row] != cells, kind="stable")
        sentence_ids[row], token_index[row] = sentence_ids[row][order], token_index[row][order]
    words = rng.permutation(len(batch["word_ids"]))
    return {
        "word_ids": batch["word_ids"][words],
        "token_index": np.argsort(words)[token_index].astype(np.int32),
        "sentence_ids": sentence_ids,
        "document_ids": document_ids,
        "documents": batch["documents"],
    }


@pytest.mark.parametrize("seed", [0, 1])
def test_where_a_sentence_lies_does_not_matter(model: Explained, seed: int) -> None:
    batch = batch_of(DOCUMENTS)
    elsewhere = moved(batch, seed)
    assert not np.array_equal(elsewhere["sentence_ids"], batch["sentence_ids"])
    assert not np.array_equal(elsewhere["document_ids"], batch["document_ids"])
    assert_same(answers(model, elsewhere), answers(model, batch), 1e-6)


def test_unused_places_are_zero_documents(model: Explained) -> None:
    outputs = model.predict_on_batch(batch_of(DOCUMENTS))
    assert not np.asarray(outputs["document_vectors"])[len(DOCUMENTS) :].any()
    np.testing.assert_allclose(
        np.asarray(outputs["logits"])[len(DOCUMENTS) :],
        np.tile(WEIGHTS["classifier.bias"], (2, 1)),
        atol=1e-7,
    )


def test_huge_scores_stay_finite(model: Explained) -> None:
    loud = {
        name: array * np.float32(1e4) if name.endswith("context") else array
        for name, array in WEIGHTS.items()
    }
    try:
        assign(model.han, loud)
        found = answers(model, batch_of(DOCUMENTS))
    finally:
        assign(model.han, WEIGHTS)
    assert max(np.abs(s).max() for d in found for s in d["word_scores"]) > 5_000
    for document in found:
        assert document["sentence_attention"].sum() == pytest.approx(1, abs=1e-6)


def test_the_exported_graph_answers_as_the_network_does(model: Explained) -> None:
    runtime = HanRuntime(EMBEDDINGS, build_han_onnx(network_weights(model.han)).SerializeToString())
    outputs = runtime.run([[np.array(s, np.int32) for s in document] for document in DOCUMENTS])
    for number, document in enumerate(answers(model, batch_of(DOCUMENTS))):
        for found, wanted in (
            (outputs.logits, document["logits"]),
            (outputs.document_vectors, document["document_vector"]),
            (outputs.sentence_attention, document["sentence_attention"]),
            (outputs.sentence_scores, document["sentence_scores"]),
            (outputs.word_attention, np.concatenate(document["word_attention"])),
            (outputs.word_scores, np.concatenate(document["word_scores"])),
        ):
            np.testing.assert_allclose(found[number], wanted, atol=1e-5)


def test_weights_have_the_names_and_layouts_of_the_exporter(model: Explained) -> None:
    found = network_weights(model.han)
    assert {name: array.shape for name, array in found.items()} == {
        name: array.shape for name, array in WEIGHTS.items()
    }
    for name, array in found.items():
        np.testing.assert_array_equal(array, WEIGHTS[name])


def train_one_step(han: Han, batch: dict[str, np.ndarray]) -> tuple[float, list[np.ndarray]]:
    """One step of SGD on fixed targets: the loss before it, and all weights after it."""
    loss = keras.losses.CategoricalCrossentropy(
        from_logits=True, reduction="mean_with_sample_weight"
    )
    han.compile(optimizer=keras.optimizers.SGD(0.5), loss=loss, jit_compile=JIT)
    targets = np.eye(3, dtype=np.float32)[np.arange(len(batch["documents"])) % 3]
    value = han.train_on_batch(batch, targets, sample_weight=batch["documents"])
    return float(value), [keras.ops.convert_to_numpy(v) for v in han.trainable_variables]


def answer_on_this_backend(folder: Path) -> None:
    """What a second process does with the weights that were saved by the first."""
    han = build_han(CONFIG, EMBEDDINGS)
    han.network.load_weights(folder / "network.weights.h5")
    batch = batch_of(DOCUMENTS)
    explained = Explained(han)
    outputs = {
        name: keras.ops.convert_to_numpy(value)
        for name, value in explained.predict_on_batch(batch).items()
    }
    # TensorFlow traces a second shape with unknown sizes.
    enlarged = batch_of(DOCUMENTS, replace(SHAPE, rows=20, grid_rows=7, documents=14, distinct=48))
    again = keras.ops.convert_to_numpy(explained.predict_on_batch(enlarged)["logits"])
    count = len(DOCUMENTS)
    np.testing.assert_allclose(again[:count], outputs["logits"][:count], atol=1e-5)
    loss, after = train_one_step(han, batch)
    np.savez(
        folder / "answer.npz",
        backend=keras.backend.backend(),
        loss=loss,
        **outputs,
        **{f"after{n}": weights for n, weights in enumerate(after)},
    )


def test_tensorflow_and_jax_give_the_same_output_and_the_same_training_step(
    model: Explained, tmp_path: Path
) -> None:
    batch = batch_of(DOCUMENTS)
    model.han.network.save_weights(tmp_path / "network.weights.h5")
    other = "tensorflow" if keras.backend.backend() == "jax" else "jax"
    code = (
        "import sys; from pathlib import Path; from tests.models import test_han as test; "
        "test.answer_on_this_backend(Path(sys.argv[1]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "KERAS_BACKEND": other, "TF_CPP_MIN_LOG_LEVEL": "2"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    with np.load(tmp_path / "answer.npz") as answer:
        theirs = dict(answer)
    assert str(theirs.pop("backend")) == other
    for name, value in model.predict_on_batch(batch).items():
        np.testing.assert_allclose(value, theirs[name], atol=1e-5, err_msg=name)

    # Every weight moved, and to the same place.
    han = build_han(CONFIG, EMBEDDINGS)
    assign(han, WEIGHTS)
    before = [keras.ops.convert_to_numpy(v) for v in han.trainable_variables]
    loss, after = train_one_step(han, batch)
    assert loss == pytest.approx(float(theirs["loss"]), abs=1e-5)
    assert len(after) == 1 + len(WEIGHTS)
    for n, (variable, old, new) in enumerate(
        zip(han.trainable_variables, before, after, strict=True)
    ):
        assert np.isfinite(new).all(), variable.path
        assert np.abs(new - old).max() > 1e-5, variable.path
        np.testing.assert_allclose(new, theirs[f"after{n}"], atol=1e-5, err_msg=variable.path)


def test_saved_weights_give_the_identical_output(model: Explained, tmp_path: Path) -> None:
    path = tmp_path / "network.weights.h5"
    model.han.network.save_weights(path)
    batch = batch_of(DOCUMENTS)
    expected = model.predict_on_batch(batch)
    try:
        assign(model.han, random_han_weights(seed=99))
        changed = model.predict_on_batch(batch)
        assert np.abs(np.asarray(changed["logits"]) - np.asarray(expected["logits"])).max() > 0.01
        model.han.network.load_weights(path)
        for name, value in model.predict_on_batch(batch).items():
            np.testing.assert_array_equal(value, expected[name])
    finally:
        assign(model.han, WEIGHTS)
    assert path.stat().st_size < 200_000  # without the embedding matrix


def test_fresh_networks_start_from_the_vectors_and_the_seed() -> None:
    one, two, three = (build(seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.pop("embedding"), EMBEDDINGS)
    assert all(np.array_equal(array, two[name]) for name, array in one.items())
    assert not np.array_equal(one["word_gru.kernel"], three["word_gru.kernel"])
    assert not np.array_equal(one["word_gru.kernel"][0], one["word_gru.kernel"][1])


def build(seed: int) -> dict[str, np.ndarray]:
    keras.utils.set_random_seed(seed)
    han = build_han(CONFIG, EMBEDDINGS)
    embedding = keras.ops.convert_to_numpy(han.embedding.embeddings)
    return {"embedding": embedding, **network_weights(han)}


def test_a_configuration_survives_its_dictionary_among_other_keys() -> None:
    content = {**CONFIG.to_dict(), "format": 1, "class_names": ["a"]}
    assert HanConfig.from_dict(content) == CONFIG
    assert HanConfig.from_dict({"vocabulary_size": 9, "num_classes": 2}).units == 100


def test_dropout_rates_follow_the_configuration() -> None:
    network = build_han(replace(CONFIG, dropout=0.5)).network
    rates = (network.embedding_dropout, network.sentence_dropout, network.document_dropout)
    assert [layer.rate for layer in rates] == [0.25, 0.5, 0.5]
