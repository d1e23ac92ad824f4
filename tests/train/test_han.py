"""The training command from end to end on small corpora."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import keras
import numpy as np
import pytest

import train.texts.han_artifact
import train.texts.han_training
from dlnlp.artifacts import amend_artifact, open_artifact
from dlnlp.corpus import Corpus
from dlnlp.corpus.batching import PackedBatches, PerClassValues
from dlnlp.corpus.splits import JoinedSplits
from dlnlp.datasets import Review, iterate
from dlnlp.examples.texts import WATCHED
from dlnlp.inference import HanPredictor
from dlnlp.inference.recording import FILE, load_recording
from dlnlp.inference.softmax import softmax
from dlnlp.models.han import Han
from dlnlp.training.optimizers import DiscriminativeAdamW
from tests.train.conftest import SHAPE
from train.fitting import train_epoch
from train.han import build_parser, main
from train.texts.han_fitting import class_weights, compiled_han, count_tokens, labelled_batches
from train.texts.han_recipes import RECIPES, Phase, Recipe
from train.texts.opinions import Heard, Opinions, two_columns

NETWORK = ["--units", "4", "--max-lr", "0.02"]


def arguments(corpus: Corpus, folder: Path, *more: str) -> list[str]:
    return [
        "--dataset", corpus.info["dataset"], "--corpus", str(corpus.path),
        "--checkpoints", str(folder / "checkpoints"), "--output", str(folder / "weights" / "model"),
        "--seeds", "1", *NETWORK, *more,
    ]  # fmt: skip


def state(checkpoints: Path) -> tuple[dict[str, np.ndarray], list[dict[str, float]]]:
    """All arrays of the newest checkpoint, and its history without the seconds."""
    with np.load(checkpoints / "seed1" / "model" / "newest.npz") as stored:
        arrays = {name: stored[name] for name in stored.files}
    history = json.loads(str(arrays.pop("about")))["notes"]["history"]
    return arrays, [{k: v for k, v in r.items() if k != "seconds"} for r in history]


@pytest.fixture(scope="module")
def stars(star_corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a whole run of the command on the star reviews: two epochs, test, artifact."""
    folder = tmp_path_factory.mktemp("stars")
    assert main(arguments(star_corpus, folder, "--epochs", "2")) == 0
    return folder


def test_the_artifact_answers_texts_as_its_card_says(stars: Path, archives: Path) -> None:
    predictor = HanPredictor.load(stars / "weights" / "model")
    result = predictor.predict("The lamp is superb. It never fails.\nZyzzyva!")
    assert result.probabilities.sum() == pytest.approx(1, abs=1e-6)
    assert result.class_names == ("1 star", "2 stars", "3 stars", "4 stars", "5 stars")
    assert result.sentence_attention.sum() == pytest.approx(1, abs=1e-6)
    assert not result.token_known[result.tokens.index("zyzzyva")]
    # It was watched while it learned, as those that ship are.
    recording = load_recording(stars / "weights" / "model" / FILE)
    assert recording and [each["text"] for each in recording["texts"]] == [
        example.text for example in WATCHED["han_stars"]
    ]
    assert recording["points"][0]["step"] == 0 and recording["points"][-1]["epoch"] == 2

    # The way of the app, from text through ONNX Runtime, gives what the evaluation gave.
    test = assert_test_is_as_the_card_says(predictor)
    assert {name: row["documents"] for name, row in predictor.card["per_source"].items()} == {
        name: sum(review.group == name for review in test) for name in ("café", "shop")
    }


def assert_test_is_as_the_card_says(predictor: HanPredictor) -> list[Review]:
    """Reads the test texts as the app would; returns them."""
    card = predictor.card
    test = list(iterate(card["dataset"], "test", on_bad_row=lambda bad: None))
    classes = len(predictor.class_names)
    confusion = np.zeros((classes, classes), int)
    answers = predictor.predict_batch([review.text for review in test])
    for review, answer in zip(test, answers, strict=True):
        confusion[review.label, answer.predicted] += 1
    assert card["confusion"] == confusion.tolist()
    accuracy = np.trace(confusion) / len(test)
    assert card["metrics"]["test"]["accuracy"]["value"] == pytest.approx(accuracy)
    counted = card["reliability"]
    assert sum(row["documents"] for row in counted) == len(test)
    right = sum(row["documents"] * row["share_it_is_right"] for row in counted)
    assert right == pytest.approx(np.trace(confusion))
    return test


def test_the_card_tells_where_the_weights_come_from(stars: Path, star_corpus: Corpus) -> None:
    opened = open_artifact(stars / "weights" / "model")
    card, config = opened.card, opened.config
    assert card["corpus_sha256"] == star_corpus.info["hash"]
    assert card["word_vectors"] == star_corpus.info["word_vectors"]
    assert card["documents"] == {
        name: found["documents"] for name, found in star_corpus.info["splits"].items()
    }
    assert card["parity_onnx_keras"] <= 1e-5
    assert set(card["metrics"]) == {"validation", "test"}
    assert {"accuracy", "mean_recall", "within_one"} <= set(card["metrics"]["test"])
    training = card["training"]
    recipe = replace(RECIPES["reviews5"], units=4, max_lr=0.02, epochs=2, goes_on=False)
    assert {k: training[k] for k in asdict(recipe)} == asdict(recipe)
    assert training["seed"] == 1
    assert training["batch"] == asdict(SHAPE)
    assert 0 <= training["padding"]["packed"] <= 1
    assert config["vocabulary_size"] == len(star_corpus.vocabulary)
    assert (config["units"], config["embedding_dim"], config["num_classes"]) == (4, 8, 5)
    size = 5 * 8 + 5  # classifier
    size += 2 * 3 * 4 * (8 + 4 + 2) + 2 * 3 * 4 * (8 + 4 + 2)  # GRUs: input, recurrent, 2 biases
    size += 2 * (8 * 4 + 4 + 4)
    assert card["parameters"] == {
        "embeddings": len(star_corpus.vocabulary) * 8,
        "network": size,
    }
    assert set(card["files"]) == {
        "config.json", "embeddings.npy", "network.onnx", "network.weights.h5",
        "preprocessor.json", "vocabulary.txt", "map.npz", "history.json",
        "during_training.json",
    }  # fmt: skip


def test_of_several_seeds_the_first_ships_and_the_card_tells_of_all(
    star_corpus: Corpus, tmp_path: Path
) -> None:
    assert main([*arguments(star_corpus, tmp_path, "--epochs", "1"), "--seeds", "2"]) == 0
    card = open_artifact(tmp_path / "weights" / "model").card
    first, second = card["seeds"]
    # What another command added stays when the same network is joined by a further seed.
    path = tmp_path / "weights" / "model"
    amend_artifact(open_artifact(path), {"baselines": {"a line": {"accuracy": 0.5}}})
    assert main([*arguments(star_corpus, tmp_path, "--epochs", "1"), "--seeds", "3"]) == 0
    later = open_artifact(path).card
    assert later["baselines"] and later["seeds"][:2] == [
        first | {"seconds_of_this_run": later["seeds"][0]["seconds_of_this_run"]},
        second | {"seconds_of_this_run": later["seeds"][1]["seconds_of_this_run"]},
    ]
    assert later["over_seeds"]["accuracy"]["seeds"] == 3
    assert (first["seed"], second["seed"], card["training"]["seed"]) == (1, 2, 1)
    for name, found in card["metrics"]["test"].items():
        assert first[name] == found["value"]
        assert card["over_seeds"][name]["mean"] == pytest.approx((first[name] + second[name]) / 2)
    assert first["log_loss"] != second["log_loss"]


def test_it_learns_and_every_epoch_is_recorded(stars: Path) -> None:
    history = json.loads((stars / "weights" / "model" / "history.json").read_text("utf-8"))
    first, second = history["epochs"]
    assert second["loss"] < first["loss"]
    assert {"validation_accuracy", "validation_mean_recall", "validation_loss", "tokens"} <= set(
        first
    )
    assert first["steps"] > 5


def test_an_interrupted_training_goes_on_as_if_it_had_not_been(
    stars: Path, star_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = arguments(star_corpus, tmp_path, "--epochs", "2", "--no-test")
    command += ["--checkpoint-minutes", "0"]
    step_of, split_of = Han.train_on_batch, Corpus.split
    steps, opened = [], set()

    def interrupted(model: Han, *batch, **weights):
        steps.append(step_of(model, *batch, **weights))
        if len(steps) in deaths:
            raise KeyboardInterrupt
        return steps[-1]

    def split(corpus: Corpus, name: str):
        opened.add(name)
        return split_of(corpus, name)

    expected, recorded = state(stars / "checkpoints")
    monkeypatch.setattr(Corpus, "split", split)
    monkeypatch.setattr(Han, "train_on_batch", interrupted)
    deaths = (3, 4, int(recorded[0]["steps"]) + 3)  # the interrupted step is made again
    for _ in deaths:
        with pytest.raises(KeyboardInterrupt):
            main(command)
    assert main(command) == 0
    assert len(steps) == sum(record["steps"] for record in recorded) + 3
    arrays, history = state(tmp_path / "checkpoints")
    assert arrays.keys() == expected.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, expected[name])
    assert history == recorded
    # Without a test nothing is exported, and the test split is not opened.
    assert opened == {"train", "validation"}
    assert not (tmp_path / "weights").exists()
    assert main(command) == 0  # and there is nothing left to train
    assert len(steps) == sum(record["steps"] for record in recorded) + 3


def test_checkpoints_of_other_settings_are_refused(
    stars: Path, star_corpus: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    for other in (["--word-dropout", "0.2"], ["--dropout", "0.1"]):
        command = arguments(star_corpus, stars, "--epochs", "2", *other)
        assert main(command) == 1
        assert "belongs to a run with other settings" in capsys.readouterr().err


def test_an_export_that_differs_is_not_saved(
    stars: Path, star_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    command = arguments(star_corpus, stars, "--epochs", "2", "--output", str(tmp_path / "weights"))
    monkeypatch.setattr(train.texts.han_artifact, "TOLERANCE", 0.0)
    assert main(command) == 1
    assert "ONNX Runtime and Keras differ by" in capsys.readouterr().err
    assert not (tmp_path / "weights").exists()


def test_a_missing_corpus_is_one_sentence(tmp_path: Path, capsys) -> None:
    assert main(["--dataset", "imdb", "--corpus", str(tmp_path)]) == 1
    assert "corpus.json is missing: run `python -m train.prepare`" in capsys.readouterr().err


class Scripted:
    """A model that answers with given losses and keeps Keras' running mean."""

    def __init__(self, losses: list[float]) -> None:
        self.losses, self.since_reset, self.weights = iter(losses), [], []

    def reset_metrics(self) -> None:
        self.since_reset = []

    def train_on_batch(self, batch, targets, sample_weight) -> float:
        self.since_reset.append(next(self.losses))
        self.weights.append(sample_weight)
        return float(np.mean(self.since_reset))


def test_an_epoch_reports_the_loss_of_each_batch_and_its_tokens(star_corpus: Corpus) -> None:
    batches = labelled_batches(star_corpus, RECIPES["reviews5"], SHAPE, seed=1)
    steps = len(batches.plan(3))
    model, calls = Scripted([float(n) for n in range(100)]), []
    done = train_epoch(
        model, batches, 3, "x", count=count_tokens, before=lambda *at: calls.append(at)
    )
    assert done.losses == [float(n) for n in range(steps)]
    assert calls == [(3, step) for step in range(steps)]
    assert done.tokens == star_corpus.split("train").token_counts.sum()
    # Each document counts with the weight of its class; two and three stars are rare.
    labels = star_corpus.split("train").labels.astype(int)
    expected = np.sort(class_weights(labels, 5, RECIPES["reviews5"].class_weight_power)[labels])
    seen = np.concatenate(model.weights)
    np.testing.assert_allclose(np.sort(seen[seen > 0]), expected, rtol=1e-6)


def test_a_loss_that_is_no_number_stops_the_training(star_corpus: Corpus) -> None:
    split = star_corpus.split("train")
    batches = PackedBatches(split, SHAPE, PerClassValues.one_hot(split.labels, 5))
    model = Scripted([1.0, float("nan"), 1.0])
    with pytest.raises(FloatingPointError, match="loss of epoch 1/2, batch 2 is nan: lower max_lr"):
        train_epoch(model, batches, 0, "epoch 1/2")


@pytest.mark.parametrize("share", [0.1, 0.0])
def test_word_vectors_learn_at_their_share_of_the_rate(share: float) -> None:
    def after_a_step(optimizer: keras.optimizers.Optimizer) -> list[np.ndarray]:
        variables = [
            keras.Variable(np.ones((2, 3)), name=name) for name in ("embeddings", "kernel")
        ]
        optimizer.build(variables)
        optimizer.exclude_from_weight_decay(var_names=["embeddings"])
        optimizer.apply([np.full((2, 3), 0.5, np.float32)] * 2, variables)
        return [keras.ops.convert_to_numpy(variable) for variable in variables]

    options = {"weight_decay": 0.01, "global_clipnorm": 1.0}
    vectors, kernel = after_a_step(DiscriminativeAdamW(0.1, embedding_rate=share, **options))
    moved, plain = after_a_step(keras.optimizers.AdamW(0.1, **options))
    np.testing.assert_array_equal(kernel, plain)
    np.testing.assert_allclose(vectors, 1 + share * (moved - 1), atol=1e-7)


def test_a_recipe_may_leave_the_word_vectors_alone(star_corpus: Corpus) -> None:
    recipe = replace(RECIPES["reviews5"], units=4, embedding_rate=0.0)
    model = compiled_han(star_corpus, recipe, keras.optimizers.SGD())
    trained = {variable.path for variable in model.trainable_variables}
    assert trained == {variable.path for variable in model.network.trainable_variables}
    assert (model.config.units, model.config.attention_dim) == (4, 4)
    assert model.config.dropout == recipe.dropout


def test_class_weights_by_hand() -> None:
    labels = np.array([0, 0, 0, 1])
    assert class_weights(labels, 2, 1.0).tolist() == pytest.approx([2 / 3, 2])
    assert class_weights(labels, 2, 0.0).tolist() == [1, 1]
    half = np.array([2 / 3, 2]) ** 0.5
    assert class_weights(labels, 2, 0.5) == pytest.approx(half / half[labels].mean())
    labels = np.array([0, 2, 2])
    weights = class_weights(labels, 3, 0.4)  # a class without documents
    assert weights.dtype == np.float32
    assert weights[labels].mean() == pytest.approx(1)
    assert weights[0] > weights[2] > 0


class Fitted:
    """What a run of :func:`fit` was given, and a network that answers with one row of logits."""

    def __init__(self, number: int, logits: list[float], given: dict[str, object]) -> None:
        self.number, self.logits = number, np.array([logits], np.float32)
        for name, value in given.items():
            setattr(self, name, value)

    def get_weights(self) -> list[np.ndarray]:
        return [np.array([self.number])]


@pytest.fixture
def fitted(monkeypatch: pytest.MonkeyPatch) -> list[Fitted]:
    """Networks are not trained: what they would be trained by, in order."""
    found: list[Fitted] = []

    def fit(corpus, batches, recipe, seed, checkpoints, settings, **given):
        given |= {
            "batches": batches, "recipe": recipe, "seed": seed, "place": checkpoints,
            "settings": settings,
        }  # fmt: skip
        logits = np.linspace(0.0, len(found) + 1.0, len(corpus.class_names)).tolist()
        found.append(Fitted(len(found) + 1, logits, given))
        return found[-1], [{"seconds": 2.0}]

    def predict_split(model, split, shape):
        return {"logits": np.tile(model.logits, (len(split), 1))}

    monkeypatch.setattr(train.texts.han_training, "fit", fit)
    monkeypatch.setattr(train.texts.han_training, "predict_split", predict_split)
    return found


def opinions_of_a_run(
    corpus: Corpus, recipe: Recipe, seeds: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Opinions:
    """Run the command by a recipe as far as the test split; what its teachers said."""
    module, heard = train.texts.han_training, []
    teach = module.teach

    def noted(*given: object) -> Opinions:
        heard.append(teach(*given))
        return heard[-1]

    monkeypatch.setattr(module, "teach", noted)
    monkeypatch.setitem(module.RECIPES, corpus.info["dataset"], recipe)
    places = ["--corpus", str(corpus.path), "--checkpoints", str(folder / "checkpoints")]
    module.run(build_parser().parse_args([*places, "--seeds", str(seeds), "--no-test"]))
    (opinions,) = heard
    return opinions


def test_teachers_see_labels_only_and_the_student_learns_their_weighted_opinion(
    imdb_corpus: Corpus, tmp_path: Path, fitted: list[Fitted], monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = {name: len(imdb_corpus.split(name)) for name in ("unsup", "validation")}
    unlabelled_odds = {"nbsvm": 4.0, "document_vectors": -2.0}
    others = Heard(
        {
            name: {
                "unsup": two_columns(np.full(sizes["unsup"], value)),
                "validation": two_columns(np.ones(sizes["validation"])),
            }
            for name, value in unlabelled_odds.items()
        },
        {"nbsvm": 3.0, "document_vectors": 4.0},
    )
    monkeypatch.setattr(train.texts.han_training, "film_teachers", lambda *_: others)
    teaching = Phase(epochs=3, dropout=0.3)
    recipe = replace(RECIPES["imdb"], teachers=2, teaching=teaching, epochs=7)
    teachers = opinions_of_a_run(imdb_corpus, recipe, 1, tmp_path, monkeypatch)
    places = [str(run.place.relative_to(tmp_path / "checkpoints")) for run in fitted]
    assert places == ["network1/model", "network2/model", "seed1/first", "seed1/model"]
    assert [run.recipe.epochs for run in fitted] == [3, 3, recipe.first.epochs, 7]
    rates = [recipe.first.embedding_rate, recipe.embedding_rate]
    assert [run.recipe.embedding_rate for run in fitted[2:]] == rates
    assert [run.recipe.dropout for run in fitted[:2]] == [0.3, 0.3]
    assert [run.begin for run in fitted] == [None, None, None, fitted[2]]
    assert [run.seed for run in fitted] == [1001, 1002, 1, 1001]
    assert len({json.dumps(run.settings) for run in fitted}) == 4
    labelled, unlabelled = imdb_corpus.split("train"), imdb_corpus.split("unsup")
    truth = np.eye(2, dtype=np.float32)[labelled.labels]
    for run in fitted[:2]:
        assert len(run.batches.split) == len(labelled)
        np.testing.assert_array_equal(run.batches.targets[:], truth)
    student = fitted[2].batches
    assert isinstance(student.split, JoinedSplits)
    assert len(student.split) == len(labelled) + len(unlabelled)
    for index, origin in ((0, labelled), (len(labelled), unlabelled)):
        np.testing.assert_array_equal(student.split.tokens(index), origin.tokens(0))
    np.testing.assert_array_equal(student.targets[: len(labelled)], truth)
    mean = 0.25 * 1.0 + 0.25 * 2.0 + 0.25 * 4.0 + 0.25 * -2.0
    positive = np.full(len(unlabelled), 1 / (1 + np.exp(-mean)))
    np.testing.assert_allclose(student.targets[len(labelled) :, 1], positive, atol=1e-6)
    np.testing.assert_allclose(student.targets.sum(axis=1), 1, atol=1e-6)
    assert student.weights.tolist() == [1.0] * len(student.split)
    assert teachers.about["unlabelled_documents"] == 190
    told = teachers.about["teachers_on_validation"]
    assert set(told) == {"network1", "network2", "nbsvm", "document_vectors", "together"}
    assert sum(found.get("weight", 0) for found in told.values()) == 1
    assert told["nbsvm"]["seconds"] == 3 and told["network1"]["seconds"] == 2
    assert fitted[2].settings["teachers"] == teachers.source


def test_where_all_reviews_have_labels_each_network_goes_on_with_what_all_teachers_say(
    star_corpus: Corpus, tmp_path: Path, fitted: list[Fitted], monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled, said = star_corpus.split("train"), np.array([1.0, -1.0, 0.5, 0.0, 2.0])
    others = {
        name: np.tile(said, (len(star_corpus.split(name)), 1)) for name in ("train", "validation")
    }
    module = train.texts.han_training
    monkeypatch.setattr(module, "ngram_teacher", lambda *_: Heard({"ngrams": others}, {}))
    teaching = Phase(epochs=3, dropout=0.3)
    recipe = replace(RECIPES["reviews5"], epochs=1, teachers=2, teaching=teaching, label_share=0.25)
    opinions = opinions_of_a_run(star_corpus, recipe, 3, tmp_path, monkeypatch)
    places = [str(run.place.relative_to(tmp_path / "checkpoints")) for run in fitted]
    assert places == [
        "network1/model", "network2/model", "seed1/model", "seed2/model",
        "network3/model", "seed3/model",
    ]  # fmt: skip
    assert [run.recipe.epochs for run in fitted] == [3, 3, 1, 1, 3, 1]
    begun = [run.begin and run.begin.number for run in fitted]
    assert begun == [None, None, 1, 2, None, 5]
    assert len({run.seed for run in fitted}) == 6
    assert len({json.dumps(run.settings) for run in fitted}) == 6
    # What ships is watched from its random start, the others are not.
    assert [run.recorder is not None for run in fitted] == [True, False, True, False, False, False]
    share = module.NETWORKS_WEIGHT["train"]
    mean = share * (fitted[0].logits[0] + fitted[1].logits[0]) / 2 + (1 - share) * said
    truth = np.eye(5, dtype=np.float32)[labelled.labels]
    for run in fitted:
        assert len(run.batches.split) == len(labelled)
        weights = class_weights(labelled.labels, 5, recipe.class_weight_power)[labelled.labels]
        np.testing.assert_array_equal(run.batches.weights[:], weights)
        alone = run.place.parent.name.startswith("network")
        expected = truth if alone else 0.25 * truth + 0.75 * softmax(mean)
        np.testing.assert_allclose(run.batches.targets[:], expected, atol=1e-6)
    assert opinions.about["taught_documents"] == len(labelled)


def test_the_command_with_a_teacher_makes_a_model_of_film_reviews(
    imdb_corpus: Corpus, tmp_path: Path
) -> None:
    # The student has twice as many batches: as many steps, and JAX compiles once for both.
    more = ["--epochs", "1", "--first-epochs", "1", "--teachers", "1", "--teacher-epochs", "2"]
    assert main(arguments(imdb_corpus, tmp_path, *more)) == 0
    predictor = HanPredictor.load(tmp_path / "weights" / "model")
    assert predictor.class_names == ("negative", "positive")
    assert_test_is_as_the_card_says(predictor)
    training = predictor.card["training"]
    assert training["unlabelled_documents"] == 190
    assert 0 <= training["teachers_on_validation"]["together"]["accuracy"] <= 1
    assert training["first"]["epochs"] == training["epochs"] == 1
    history = json.loads((tmp_path / "weights" / "model" / "history.json").read_text("utf-8"))
    first, second = history["epochs"]
    assert second["loss"] < first["loss"]  # it goes on from there
    assert "within_one" not in predictor.card["metrics"]["test"]
    assert "per_source" not in predictor.card
    assert {"seed1", "network1"} <= {path.name for path in (tmp_path / "checkpoints").iterdir()}
    assert (tmp_path / "film_teachers.npz").exists()


def test_the_command_with_teachers_makes_a_model_of_star_reviews(
    star_corpus: Corpus, tmp_path: Path
) -> None:
    more = ["--epochs", "1", "--teachers", "1", "--teacher-epochs", "2"]
    assert main(arguments(star_corpus, tmp_path, *more)) == 0
    path = tmp_path / "weights" / "model"
    predictor = HanPredictor.load(path)
    assert_test_is_as_the_card_says(predictor)
    told = predictor.card["training"]["teachers_on_validation"]
    assert set(told) == {"network1", "ngrams", "together"}
    assert all(found["log_loss_on_train"] > 0 for found in told.values())
    # The network among its teachers is its own beginning: three epochs, watched from the start.
    history = json.loads((path / "history.json").read_text("utf-8"))
    assert len(history["epochs"]) == 3
    recording = load_recording(path / FILE)
    steps = [point["step"] for point in recording["points"]]
    assert steps[0] == 0 and steps == sorted(steps)
    assert steps[-1] == sum(epoch["steps"] for epoch in history["epochs"])


def test_a_full_disk_at_the_end_is_one_sentence(
    stars: Path,
    star_corpus: Corpus,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "weights/model")

    monkeypatch.setattr(train.texts.han_training, "save_artifact", full)
    assert main(arguments(star_corpus, stars, "--epochs", "2")) == 1
    error = capsys.readouterr().err.strip()
    assert error.endswith(f"it goes on from the last checkpoint in {stars / 'checkpoints'}")
    assert "weights/model (No space left on device)" in error
