"""What is written down while a network learns, and that the training does not notice."""

import json
from pathlib import Path

import numpy as np
import pytest

from dlnlp.corpus import Corpus
from dlnlp.inference.recording import FILE, load_recording
from dlnlp.inference.softmax import softmax
from dlnlp.models import han, kim_cnn
from tests.reference_han import reference_han
from tests.reference_kim_cnn import reference_kim_cnn
from tests.train.conftest import SHAPE
from train.texts import han_fitting, kim_cnn_fitting
from train.texts.han_recipes import Recipe
from train.texts.recording import Recorder, recorded_steps

TEXTS = ("The lamp is superb. It never fails!", " \x00\n", "Zyzzyva, dull and broken.")
HAN = Recipe(units=4, epochs=2, max_lr=0.02)
KIM = kim_cnn_fitting.Recipe(widths=(1, 2), filters=4, max_tokens=6, epochs=2, positions=192)


def fit_han(corpus: Corpus, folder: Path, recorder: Recorder | None, every: float = 10):
    batches = han_fitting.labelled_batches(corpus, HAN, SHAPE, seed=1)
    return han_fitting.fit(
        corpus, batches, HAN, 1, folder, {}, every=every, recorder=recorder
    )[0]  # fmt: skip


def fit_kim(corpus: Corpus, folder: Path, recorder: Recorder | None, every: float = 10):
    train = corpus.split("train")
    targets = np.eye(len(corpus.class_names), dtype=np.float32)[train.labels]
    return kim_cnn_fitting.fit(
        corpus, train, targets, KIM, 1, folder, {}, every=every, recorder=recorder, patience=1
    )[0]  # fmt: skip


def same(left, right) -> bool:
    pairs = zip(left.get_weights(), right.get_weights(), strict=True)
    return all(np.array_equal(*pair) for pair in pairs)


def test_steps_are_dense_at_first_and_bounded() -> None:
    steps = sorted(recorded_steps(20_000, 40))
    assert steps[:4] == [0, 1, 2, 3] and steps[-1] == 20_000 and 30 <= len(steps) <= 40
    assert np.all(np.diff(np.diff(steps)) >= -1)
    assert recorded_steps(1, 40) == {0, 1} and recorded_steps(0, 40) == {0, 1}


def test_attention_is_that_of_the_weights_and_the_training_is_the_same(
    star_corpus: Corpus, tmp_path: Path
) -> None:
    given = []
    recorder = Recorder(star_corpus, TEXTS, given.append, count=6)
    with_it = fit_han(star_corpus, tmp_path / "with", recorder)
    assert same(with_it, fit_han(star_corpus, tmp_path / "without", None))
    found = recorder.recording
    assert given == found["points"]
    assert [each["text"] for each in found["texts"]] == [TEXTS[0], TEXTS[2]]  # one has no word
    first = found["texts"][0]
    assert first["sentences"][0] == ["the", "lamp", "is", "superb"]
    tokens = [token for sentence in first["sentences"] for token in sentence]
    assert [TEXTS[0][a:b].lower() for a, b in first["spans"]] == tokens

    start, end = found["points"][0], found["points"][-1]
    steps = [point["step"] for point in found["points"]]
    assert steps == sorted(set(steps)) and start["step"] == 0 and end["epoch"] == 2
    assert start["loss"] is None and 0 < end["loss"] < 5
    assert 1.0 in [point["epoch"] for point in found["points"]]
    vectors = with_it.embedding.get_weights()[0]
    documents = [[vectors[ids] for ids in document] for document in recorder.documents]
    expected = reference_han(han.network_weights(with_it), documents)
    for said, theirs in zip(end["texts"], expected, strict=True):
        np.testing.assert_allclose(said["probabilities"], softmax(theirs["logits"]), atol=1e-4)
        np.testing.assert_allclose(said["sentences"], theirs["sentence_attention"], atol=1e-4)
        for words, attention in zip(said["words"], theirs["word_attention"], strict=True):
            np.testing.assert_allclose(words, attention, atol=1e-4)
    assert start["texts"] != end["texts"]

    file = tmp_path / FILE
    file.write_text(json.dumps(found), encoding="utf-8")
    assert load_recording(file) == found


def test_contributions_add_up_and_the_training_is_the_same(
    imdb_corpus: Corpus, tmp_path: Path
) -> None:
    recorder = Recorder(imdb_corpus, TEXTS, max_tokens=KIM.max_tokens, count=6)
    model = fit_kim(imdb_corpus, tmp_path / "with", recorder)
    assert same(model, fit_kim(imdb_corpus, tmp_path / "without", None))
    assert [sum(map(len, each["sentences"])) for each in recorder.texts] == [6, 4]
    points = recorder.recording["points"]
    kept = recorder.recording.get("kept_step", points[-1]["step"])
    (point,) = [point for point in points if point["step"] == kept]
    for said, document in zip(point["texts"], recorder.documents, strict=True):
        vectors = model.embedding_matrix()[np.concatenate(document)]
        logits = reference_kim_cnn(kim_cnn.network_weights(model), vectors, (1, 2))["logits"]
        np.testing.assert_allclose(said["probabilities"], softmax(logits), atol=1e-4)
        assert [len(part) for part in said["words"]] == [len(ids) for ids in document]
        assert said["target"] == 1
        total = sum(map(sum, said["words"])) + said["bias"]
        assert total == pytest.approx(logits[1] - logits[0], abs=1e-3)


@pytest.mark.parametrize("kind", ["han", "kim_cnn"])
def test_an_interrupted_training_keeps_one_history(
    imdb_corpus: Corpus, tmp_path: Path, kind: str
) -> None:
    fit = fit_han if kind == "han" else fit_kim
    whole = Recorder(imdb_corpus, TEXTS, count=20)
    fit(imdb_corpus, tmp_path / "whole", whole)

    def interrupt(point) -> None:
        if point["step"] == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(imdb_corpus, tmp_path / "cut", Recorder(imdb_corpus, TEXTS, interrupt, count=20), 0)
    given = []
    again = Recorder(imdb_corpus, TEXTS, given.append, count=20)
    fit(imdb_corpus, tmp_path / "cut", again, 0)
    assert again.recording == whole.recording
    assert given == whole.points
    # The finished training, run again, tells the same; other texts have no history to tell.
    fit(imdb_corpus, tmp_path / "cut", once_more := Recorder(imdb_corpus, TEXTS, count=20))
    assert once_more.recording == whole.recording
    fit(imdb_corpus, tmp_path / "cut", other := Recorder(imdb_corpus, ["Another one."]))
    assert len(other.points) == 1


def test_a_second_phase_goes_on_with_the_record(star_corpus: Corpus, tmp_path: Path) -> None:
    recorder = Recorder(star_corpus, TEXTS, count=6)
    fit_han(star_corpus, tmp_path / "first", recorder)
    between = [point["step"] for point in recorder.points]
    fit_han(star_corpus, tmp_path / "second", recorder)
    steps = [point["step"] for point in recorder.points]
    assert steps == between + [between[-1] + step for step in between[1:]]


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"version": 2}', '{"version": 1, "texts": [], "class_names": []}'],
)
def test_what_is_no_recording_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content, encoding="utf-8")
    assert load_recording(tmp_path / FILE) is None
    assert load_recording(tmp_path / "missing.json") is None
