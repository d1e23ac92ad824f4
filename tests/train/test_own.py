"""From a table of one's own to a network that the app and the command line can use."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import train.corpora.encoding
from dlnlp import catalogue
from dlnlp.artifacts import open_artifact
from dlnlp.inference import load_predictor
from dlnlp.inference.recording import FILE, load_recording
from tests.train import tables
from train.own import main


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Networks go to a folder of the test, and texts are cut in this process."""
    monkeypatch.setattr(train.corpora.encoding, "ProcessPoolExecutor", ThreadPoolExecutor)
    monkeypatch.setenv(catalogue.VARIABLE, str(tmp_path / "models"))
    monkeypatch.chdir(tmp_path)
    yield tmp_path / "models"


def weights(directory: Path) -> dict[str, str]:
    files: dict[str, str] = open_artifact(directory).card["files"]
    return {n: files[n] for n in ("network.onnx", "embeddings.npy", "vocabulary.txt")}


def test_german_hotel_reviews_are_learned_and_the_network_is_found_by_its_name(
    own_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tables.write(tmp_path / "hotels.csv", tables.phrases(tables.HOTEL, 200, seed=1))
    assert main([str(path), "--workers", "1", "--vectors", "own"]) == 0
    assert catalogue.text_models()[-1] == "hotels"
    predictor = load_predictor(catalogue.directory("hotels"))
    assert predictor.class_names == ("gut", "schlecht")
    found = predictor.predict("Sehr freundliches Personal! Das Zimmer war sauber.")
    assert found.class_names[found.predicted] == "gut"
    shown = json.loads((own_folder / "hotels" / "examples.json").read_text("utf-8"))["examples"]
    rows = dict(tables.phrases(tables.HOTEL, 200, seed=1))
    assert [rows[example["text"]] for example in shown] == ["gut", "schlecht"]
    recording = load_recording(own_folder / "hotels" / FILE)
    assert recording and [each["text"] for each in recording["texts"]] == [
        example["text"] for example in shown
    ]
    first, last = (recording["points"][n]["texts"] for n in (0, -1))
    assert max(first[0]["probabilities"]) < 0.9 < last[0]["probabilities"][0]
    card = predictor.card
    test = card["metrics"]["test"]["accuracy"]
    assert test["value"] > 0.95 and test["low"] < test["value"]
    assert set(card["baselines"]) == {
        "always the most frequent class", "linear, TF-IDF of 1- and 2-grams",
    }  # fmt: skip
    assert card["commit"] and card["corpus_sha256"] and card["training"]["temperature"] > 0
    history = json.loads((own_folder / "hotels" / "history.json").read_text())["epochs"]
    losses = [record["validation_loss"] for record in history]
    assert card["training"]["best_epoch"] == 1 + int(np.argmin(losses))
    told = capsys.readouterr()
    assert "accuracy on test" in told.err + told.out


def test_twenty_classes_twice_give_the_same_weights(own_folder: Path, tmp_path: Path) -> None:
    path = tables.write(tmp_path / "news.csv", tables.news(300, seed=3))
    given = [str(path), "--model", "kim_cnn", "--workers", "1", "--vectors", "own"]
    given += ["--watch", "Officials said that whales were seen.", "--watch", "\n"]
    assert main([*given, "--name", "one"]) == main([*given, "--name", "two"]) == 0
    assert weights(own_folder / "one") == weights(own_folder / "two")
    card = open_artifact(own_folder / "one").card
    assert card["metrics"]["test"]["accuracy"]["value"] > 0.5  # of 20 classes, 10 texts each
    assert len(card["class_names"]) == 20
    recording = load_recording(own_folder / "one" / FILE)
    assert recording == load_recording(own_folder / "two" / FILE)
    assert recording and len(recording["texts"]) == 1
    said = recording["points"][-1]["texts"][0]
    assert said["target"] == int(np.argmax(said["probabilities"]))


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("one", "a"), ("two", "a")], "all rows have the label 'a'"),
        ([("酒店很好", "a"), ("服务差", "b")], "Chinese or Japanese"),
        ([], "no row"),
        ([(f"number {n} text", "ab"[n % 2]) for n in range(12)], "2 of the texts fall to test"),
    ],
)
def test_what_cannot_be_learned_is_one_sentence(
    own_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    rows: list[tuple[str, str]],
    told: str,
) -> None:
    path = tables.write(tmp_path / "t.csv", rows)
    assert main([str(path), "--workers", "1"]) == 1
    sentence = capsys.readouterr().err.strip().splitlines()[-1]
    assert told in sentence
    assert not own_folder.exists()


@pytest.mark.parametrize("name", ["han_stars", "../x", "a b", ""])
def test_names_that_would_hide_or_escape_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = tables.write(tmp_path / "!!!.csv", [("a", "b")])
    with pytest.raises(SystemExit):
        main([str(path), "--name", name])
    assert "--name" in capsys.readouterr().err
