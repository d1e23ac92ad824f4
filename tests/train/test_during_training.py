"""A recording by a training of its own, put beside a network that was trained without."""

from dataclasses import replace
from pathlib import Path

import pytest

from dlnlp.artifacts import open_artifact
from dlnlp.corpus import Corpus
from dlnlp.examples.texts import WATCHED
from dlnlp.inference.recording import FILE, load_recording
from tests.tiny_han import POLARITY, write_tiny_han
from tests.tiny_kim_cnn import write_tiny_kim_cnn
from tests.train.conftest import SHAPE
from train.during_training import main
from train.texts import han_fitting, kim_cnn_fitting


@pytest.mark.parametrize("model", ["han_imdb", "kim_cnn"])
def test_the_recording_lies_beside_the_network_and_says_what_was_trained(
    model: str, imdb_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(han_fitting, "SMALL_SHAPE", SHAPE)
    small = replace(kim_cnn_fitting.RECIPE, widths=(1, 2), filters=4, max_tokens=24, positions=192)
    monkeypatch.setattr(kim_cnn_fitting, "RECIPE", small)
    output = tmp_path / model
    if model == "kim_cnn":
        write_tiny_kim_cnn(output)
    else:
        write_tiny_han(output, class_names=POLARITY, dataset="imdb")
    before = open_artifact(output).card
    command = [
        "--model", model, "--corpus", str(imdb_corpus.path), "--documents", "30", "--epochs", "1",
        "--output", str(output), "--checkpoints", str(tmp_path / "checkpoints"),
    ]  # fmt: skip
    assert main(command) == 0
    after = open_artifact(output).card
    assert set(after["files"]) - set(before["files"]) == {FILE}
    assert {name: after["files"][name] for name in before["files"]} == before["files"]
    recording = load_recording(output / FILE)
    assert recording is not None
    total = len(imdb_corpus.split("train"))
    assert f"30 of the {total:,} labelled" in recording["about"]
    assert "not in that of the shipped network" in recording["about"]
    assert [each["text"] for each in recording["texts"]] == [e.text for e in WATCHED[model]]
    # The same command again has the training in its checkpoint, and tells the same.
    assert main(command) == 0
    assert load_recording(output / FILE) == recording


def test_a_missing_network_or_corpus_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing = str(tmp_path / "nothing")
    assert main(["--model", "kim_cnn", "--corpus", nothing, "--output", nothing]) == 1
    assert "there is no directory" in capsys.readouterr().err
