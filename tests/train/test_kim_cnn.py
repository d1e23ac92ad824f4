"""The Kim CNN's training command on a small corpus: artifact, card, resumption, refusals."""

import json
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

import train.kim_cnn_trials
import train.texts.film_teachers
import train.texts.kim_cnn_artifact
import train.texts.kim_cnn_training
import train.texts.kim_cnn_trials
from dlnlp.corpus import Corpus
from dlnlp.corpus.bucketing import BucketedBatches
from dlnlp.examples.texts import WATCHED
from dlnlp.inference import KimCnnPredictor
from dlnlp.inference.recording import FILE, load_recording
from dlnlp.inference.softmax import softmax
from dlnlp.models.han import HanConfig, build_han
from dlnlp.models.kim_cnn import KimCnn, KimCnnConfig, KimCnnNetwork
from dlnlp.training.callbacks import CheckpointError
from tests.train.conftest import SHAPE
from train.evaluation import calibration_error
from train.kim_cnn import main
from train.provenance import ParityError
from train.texts import han_artifact
from train.texts.kim_cnn_artifact import export, mean_vectors
from train.texts.kim_cnn_fitting import RECIPE, predict_split
from train.texts.kim_cnn_training import opinions
from train.texts.kim_cnn_training import train as train_one
from train.texts.opinions import Opinions

SMALL = replace(RECIPE, widths=(1, 2), filters=4, max_tokens=24, epochs=2, positions=96)
NOBODY = None


@pytest.fixture(scope="module")
def teacher(imdb_corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A HAN on the same words."""
    keras.utils.set_random_seed(3)
    han = build_han(HanConfig(len(imdb_corpus.vocabulary), 2, 8, 4, 4), imdb_corpus.embeddings())
    path = tmp_path_factory.mktemp("weights") / "han_imdb"
    han_artifact.save_artifact(han, imdb_corpus, SHAPE, {"history": [{"loss": 1.0}]}, path)
    return path


@pytest.fixture(scope="module")
def run(imdb_corpus: Corpus, teacher: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the whole command has run with two seeds."""
    folder = tmp_path_factory.mktemp("run")
    trials = folder / "trials.json"
    trials.write_text(json.dumps({"tried": [{"name": "nothing", "validation_accuracy": 0.5}]}))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(train.texts.kim_cnn_training, "RECIPE", SMALL)
        patched.setattr(
            train.texts.kim_cnn_training, "ORIGIN", replace(SMALL, epochs=1, variant="static")
        )
        assert main(arguments(imdb_corpus, teacher, folder, "--trials", str(trials))) == 0
    return folder


def arguments(corpus: Corpus, teacher: Path, folder: Path, *more: str) -> list[str]:
    places = {"corpus": corpus.path, "teacher": teacher, "output": folder / "kim_cnn"}
    places["checkpoints"] = folder / "checkpoints"
    named = [part for name, path in places.items() for part in (f"--{name}", str(path))]
    return [*named, "--seeds", "2", *more]


def test_the_artifact_answers_as_its_card_says(run: Path, imdb_corpus: Corpus) -> None:
    predictor = KimCnnPredictor.load(run / "kim_cnn")
    test = imdb_corpus.split("test")
    logits = np.array(
        [predictor.runtime.run([test.tokens(i)[:24].astype(np.int32)]).logits[0]
         for i in range(len(test))]
    )  # fmt: skip
    metrics = predictor.card["metrics"]["test"]
    assert metrics["accuracy"]["value"] == np.mean(logits.argmax(axis=1) == test.labels)
    expected = calibration_error(softmax(logits), test.labels)
    assert metrics["calibration_error"]["value"] == pytest.approx(expected, abs=1e-6)
    counted = predictor.card["reliability"]
    assert sum(part["documents"] for part in counted) == len(test)
    assert metrics["accuracy"]["value"] == pytest.approx(
        sum(part["documents"] * part["share_it_is_right"] for part in counted) / len(test)
    )


def test_the_network_that_is_saved_was_watched(run: Path) -> None:
    recording = load_recording(run / "kim_cnn" / FILE)
    assert recording and len(recording["texts"]) == len(WATCHED["kim_cnn"])
    last = recording["points"][-1]["texts"][0]
    assert last["target"] == 1 and "sentences" not in last


def test_the_card_reports_all_seeds_baselines_and_trials(run: Path) -> None:
    card = KimCnnPredictor.load(run / "kim_cnn").card
    assert [seed["seed"] for seed in card["seeds"]] == [1, 2]
    accuracies = [seed["accuracy"] for seed in card["seeds"]]
    assert card["over_seeds"]["accuracy"]["mean"] == pytest.approx(np.mean(accuracies))
    # The first seed is what ships.
    assert card["metrics"]["test"]["accuracy"]["value"] == pytest.approx(accuracies[0])
    assert len(card["baselines"]) == 2 and card["tried"][0]["name"] == "nothing"
    assert card["training"]["teachers"].startswith("han_imdb; NB-SVM")
    assert set(card["training"]["teachers_on_validation"]) == {
        "han", "nbsvm", "document_vectors", "together",
    }  # fmt: skip
    assert 0 < card["training"]["padding"] < 1
    assert card["parity_onnx_keras"] < 1e-4 and card["temperature"] > 0


def test_phrases_excite_their_filter_by_the_value_that_is_told(
    run: Path, imdb_corpus: Corpus
) -> None:
    predictor = KimCnnPredictor.load(run / "kim_cnn")
    test = imdb_corpus.split("test")
    place = {int(row): index for index, row in enumerate(test.rows)}
    checked = 0
    for number, entry in enumerate(predictor.filters):
        for phrase in entry.phrases[:2]:
            document = test.tokens(place[phrase.row])[:24].astype(np.int32)
            outputs = predictor.runtime.run([document])
            assert float(outputs.pooled[0, number]) == pytest.approx(phrase.value, rel=1e-3)
            start = int(outputs.positions[0, number])
            words = [predictor.vocabulary.words[i] for i in document[start : start + entry.width]]
            assert " ".join(words) == phrase.text
            checked += 1
    assert checked > 4


def test_weights_for_keras_are_those_of_the_graph(run: Path) -> None:
    predictor = KimCnnPredictor.load(run / "kim_cnn")
    content = json.loads((run / "kim_cnn" / "config.json").read_text())
    network = KimCnnNetwork(KimCnnConfig.from_dict(content))
    network.build((None, None, 8), (None,))
    network.load_weights(run / "kim_cnn" / "network.weights.h5")
    kernel = keras.ops.convert_to_numpy(network.classifier.kernel)
    np.testing.assert_array_equal(kernel, predictor.runtime.weights["classifier.kernel"])


def test_the_map_before_training_is_of_mean_word_vectors(run: Path, imdb_corpus: Corpus) -> None:
    predictor = KimCnnPredictor.load(run / "kim_cnn")
    before = predictor.document_map_before
    test = imdb_corpus.split("test")
    vectors = mean_vectors(test, imdb_corpus.embeddings())
    place = {int(row): index for index, row in enumerate(test.rows)}
    chosen = vectors[[place[int(row)] for row in before.rows]]
    placed = np.stack([before.place(vector) for vector in chosen])
    np.testing.assert_allclose(placed, before.coordinates, atol=1e-4)
    by_words = [predictor.place_before(test.tokens(place[int(row)])) for row in before.rows]
    np.testing.assert_allclose(by_words, before.coordinates, atol=1e-4)


def test_an_interrupted_training_ends_as_if_it_had_not_been(
    imdb_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def weights(folder: Path) -> list[np.ndarray]:
        model, history = train_one(imdb_corpus, SMALL, 5, folder, NOBODY, every=0)
        assert len(history) == 2
        return [keras.ops.convert_to_numpy(v) for v in model.variables]

    whole = weights(tmp_path / "whole")
    step_of, steps = KimCnn.train_on_batch, []

    def dies(model: KimCnn, *batch, **weights):
        steps.append(None)
        if len(steps) in deaths:
            raise KeyboardInterrupt
        return step_of(model, *batch, **weights)

    split = imdb_corpus.split("train")
    once = len(BucketedBatches(split, SMALL.buckets, np.zeros(len(split), np.float32)).plan(0))
    deaths = {2, once + 4}
    monkeypatch.setattr(KimCnn, "train_on_batch", dies)
    for _ in deaths:
        with pytest.raises(KeyboardInterrupt):
            weights(tmp_path / "cut")
    for mine, theirs in zip(weights(tmp_path / "cut"), whole, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert len(steps) == 2 * once + len(deaths)


def test_a_checkpoint_of_other_teachers_is_refused(imdb_corpus: Corpus, tmp_path: Path) -> None:
    short = replace(SMALL, epochs=1)
    train_one(imdb_corpus, short, 5, tmp_path, NOBODY)
    undecided = np.full((len(imdb_corpus.split("unsup")), 2), 0.5, np.float32)
    teachers = Opinions("somebody", "unsup", undecided, {})
    with pytest.raises(CheckpointError, match="other settings"):
        train_one(imdb_corpus, short, 5, tmp_path, teachers)


def test_teachers_are_asked_once(
    imdb_corpus: Corpus, teacher: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoints = tmp_path / "kim_cnn"
    first, nbsvm_test = opinions(imdb_corpus, teacher, checkpoints)
    assert first.probabilities.shape == (len(imdb_corpus.split("unsup")), 2)
    assert 0 <= first.probabilities.min() <= first.probabilities.max() <= 1
    assert nbsvm_test.shape == (len(imdb_corpus.split("test")), 2)

    def asked(*_: object) -> None:
        raise AssertionError("asked again")

    monkeypatch.setattr(train.texts.film_teachers, "nbsvm_log_odds", asked)
    monkeypatch.setattr(train.texts.kim_cnn_training, "teachers_log_odds", asked)
    again, _ = opinions(imdb_corpus, teacher, checkpoints)
    np.testing.assert_array_equal(again.probabilities, first.probabilities)
    assert again.source == first.source
    alone, _ = opinions(imdb_corpus, teacher, checkpoints, "nbsvm")
    assert alone.source != first.source
    assert set(alone.about["teachers_on_validation"]) == {"nbsvm", "together"}
    assert not np.array_equal(alone.probabilities, first.probabilities)
    for damaged in (checkpoints / "opinions.npz", tmp_path / "film_teachers.npz"):
        damaged.write_bytes(b"PK damaged")
        with pytest.raises(AssertionError, match="asked again"):
            opinions(imdb_corpus, teacher, checkpoints)


def test_an_export_that_differs_is_refused(
    imdb_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, _ = train_one(imdb_corpus, replace(SMALL, epochs=1), 5, tmp_path, NOBODY)
    build = train.texts.kim_cnn_artifact.build_kim_cnn_onnx

    def wrong(weights, widths):
        weights["classifier.bias"] = weights["classifier.bias"] + np.float32(1e-2)
        return build(weights, widths)

    monkeypatch.setattr(train.texts.kim_cnn_artifact, "build_kim_cnn_onnx", wrong)
    with pytest.raises(ParityError, match="nothing was saved"):
        export(model, imdb_corpus.split("validation"), SMALL.buckets)


def test_predictions_come_in_the_order_of_the_split(imdb_corpus: Corpus, tmp_path: Path) -> None:
    model, _ = train_one(imdb_corpus, replace(SMALL, epochs=1), 5, tmp_path, NOBODY)
    split = imdb_corpus.split("validation")
    together = predict_split(model, split, SMALL.buckets)
    for index in range(len(split)):
        ids = np.zeros((1, 24), np.int32)
        tokens = split.tokens(index)[:24]
        ids[0, : len(tokens)] = tokens
        alone = model.explain(ids)
        np.testing.assert_allclose(alone["logits"][0], together["logits"][index], atol=1e-5)


def test_trials_are_recorded_and_not_repeated(
    imdb_corpus: Corpus, teacher: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = replace(SMALL, epochs=1)
    trials = {
        "labels": train.texts.kim_cnn_trials.Trial(short),
        "taught": train.texts.kim_cnn_trials.Trial(short, "all"),
    }
    monkeypatch.setattr(train.texts.kim_cnn_trials, "TRIALS", trials)
    output = tmp_path / "trials.json"
    places = ["--corpus", imdb_corpus.path, "--teacher", teacher, "--output", output]
    command = [*map(str, places), "--checkpoints", str(tmp_path / "checkpoints")]
    assert train.kim_cnn_trials.main(command) == 0
    tried = json.loads(output.read_text())["tried"]
    assert [record["name"] for record in tried] == ["labels", "taught"]
    assert tried[0]["differs"]["filters"] == 4
    monkeypatch.setattr(train.texts.kim_cnn_trials, "train", None)  # would fail if it were called
    assert train.kim_cnn_trials.main(command) == 0


def test_a_missing_corpus_or_teacher_is_one_sentence(
    imdb_corpus: Corpus, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--corpus", str(tmp_path / "nothing")]) == 1
    assert "python -m train.prepare" in capsys.readouterr().err
    assert main(arguments(imdb_corpus, tmp_path / "nobody", tmp_path)) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
