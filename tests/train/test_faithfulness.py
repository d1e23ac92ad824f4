"""The command on a small corpus: its figures, its resumption, the card it leaves."""

import json
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest

import train.texts.faithfulness_measuring
from dlnlp.artifacts import open_artifact, write_artifact
from dlnlp.corpus import Corpus
from dlnlp.explain.faithfulness import ERASER_SHARES, without, words_of_share
from dlnlp.explain.log_odds import log_odds
from dlnlp.inference import load_predictor
from dlnlp.models.han import HanConfig, build_han
from tests.keras_han import write_keras_han
from tests.small_splits import random_documents, write_split
from tests.tiny_han import POLARITY
from tests.tiny_kim_cnn import write_tiny_kim_cnn
from tests.train.conftest import SHAPE
from train.faithfulness import main
from train.texts.faithfulness_measuring import run
from train.texts.faithfulness_networks import open_network
from train.texts.faithfulness_summary import mean_interval, summary
from train.texts.han_artifact import save_artifact

pytestmark = pytest.mark.skipif(keras.backend.backend() != "jax", reason="the worker's backend")
DOCUMENTS = random_documents(9, seed=1, most=4)


@pytest.fixture
def split(tmp_path: Path):
    return write_split(tmp_path / "test.arrow", DOCUMENTS)


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("weights")
    write_keras_han(root / "han_imdb", class_names=POLARITY, dataset="imdb", max_words=12)
    write_tiny_kim_cnn(root / "kim_cnn")
    write_tiny_kim_cnn(root / "kim_topics", class_names=("sports", "news", "science"))
    return root


@pytest.mark.parametrize("model", ["han_imdb", "kim_cnn", "kim_topics"])
def test_a_document_is_judged_by_what_the_network_answers(weights, split, model) -> None:
    network = open_network(weights / model)
    documents = [network.document(split, index) for index in range(3)]
    records = train.texts.faithfulness_measuring.judge(network, documents, seed=0)
    predicted, scores = network.explained(documents)
    predictor = load_predictor(weights / model)
    for number, (document, record) in enumerate(zip(documents, records, strict=True)):
        words = np.concatenate(document)
        assert set(record["delete"]) == {*network.methods, "random"}

        def probability(sentences, target=int(predicted[number])) -> float:
            odds = float(log_odds(predictor.run([sentences]).logits[0])[target])
            return 1 / (1 + np.exp(-odds))

        assert probability(document) >= 1 / len(predictor.class_names)
        for name in network.methods:
            order = np.argsort(-scores[number][name], kind="stable")
            for place, share in enumerate(ERASER_SHARES):
                removed = np.zeros(len(words), bool)
                removed[order[: words_of_share(share, len(words))]] = True
                for row, gone in enumerate((removed, ~removed)):
                    left = probability(without(document, gone, "unknown"))
                    found = record["unknown"][name][row][place]
                    assert found == pytest.approx(probability(document) - left, abs=1e-5)


def test_leaving_out_is_measured_where_it_is_sure_to_be_right(weights, split) -> None:
    """The first word by leave-one-out is the most comprehensive single word there is."""
    network = open_network(weights / "han_imdb")
    documents = [network.document(split, index) for index in range(9)]
    for record in train.texts.faithfulness_measuring.judge(network, documents, seed=0):
        best = record["delete"]["delete"][0][0]  # 1 %: a single word
        for name in network.methods:
            assert record["delete"][name][0][0] <= best + 1e-6


def test_intervals_hold_the_mean_and_pairs_are_paired() -> None:
    rng = np.random.default_rng(0)
    base = rng.normal(size=300)
    assert mean_interval(np.full(5, 0.25)) == {"value": 0.25, "low": 0.25, "high": 0.25}
    found = mean_interval(base)
    assert found["high"] - found["low"] == pytest.approx(
        2 * 1.96 * base.std(ddof=1) / 300**0.5, rel=1e-3
    )

    def row(value: float) -> list[list[float]]:
        return [[value] * 5, [-value] * 5]

    curves = [{"a": row(x + 0.1), "b": row(x), "random": row(0)} for x in base]
    records = [
        {"delete": c, "unknown": c, "tau": {"a b": 0.5 if k else None}}
        for k, c in enumerate(curves)
    ]
    told = summary(records, ("a", "b"))
    area = told["measures"]["delete"]["a"]
    assert area["comprehensiveness"]["value"] == pytest.approx(base.mean() + 0.1)
    assert area["sufficiency"]["by_share"] == pytest.approx([-base.mean() - 0.1] * 5)
    difference = told["differences"]["unknown"]["a - b"]["comprehensiveness"]
    assert difference["low"] == pytest.approx(0.1) and difference["high"] == pytest.approx(0.1)
    assert told["tau"]["a b"]["value"] == 0.5 and told["tau"]["a b"]["documents"] == 299


def test_an_interrupted_run_goes_on_where_it_was(weights, split, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(train.texts.faithfulness_measuring, "CHUNK", 2)
    network, state = open_network(weights / "kim_cnn"), tmp_path / "state" / "kim.jsonl"
    documents, judged = list(range(9)), []

    def judge_parts(parts):
        for numbers, seed in parts:
            judged.append(len(numbers))
            read = [network.document(split, number) for number in numbers]
            yield {
                "records": train.texts.faithfulness_measuring.judge(network, read, seed),
                "seconds": 0.5,
            }

    whole = list(run(judge_parts, documents, 0, "key", state))
    assert [len(chunk["records"]) for chunk in whole] == judged == [2, 2, 2, 2, 1]
    lines = state.read_text().splitlines(keepends=True)
    state.write_text("".join(lines[:3]) + lines[3][:50])  # killed while it wrote the third chunk
    judged.clear()
    assert list(run(judge_parts, documents, 0, "key", state)) == whole and judged == [2, 2, 1]
    assert state.read_text().splitlines(keepends=True) == lines
    # A larger sample keeps what is whole, another question nothing.
    judged.clear()
    assert list(run(judge_parts, [*documents, 0], 0, "key", state))[:4] == whole[:4]
    assert judged == [2]
    list(islice(run(judge_parts, documents, 0, "another", state), 1))
    assert judged == [2, 2]


def test_the_command_writes_a_record_and_a_valid_card(
    star_corpus: Corpus, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = tmp_path / "weights" / "han_stars"
    keras.utils.set_random_seed(2)
    model = build_han(
        HanConfig(len(star_corpus.vocabulary), 5, 8, 4, 4), star_corpus.embeddings() + 1e-4
    )
    save_artifact(model, star_corpus, SHAPE, {"history": [{"loss": 1.0}]}, directory)
    before = open_artifact(directory)
    files = {name: before.file(name).read_bytes() for name in before.card["files"]}
    (tmp_path / "reviews5").symlink_to(star_corpus.path)
    options = ["--model", "han_stars", "--weights", str(directory.parent)]
    options += ["--corpora", str(tmp_path), "--documents", "5", "--state"]
    assert main([*options, str(tmp_path / "state"), "--workers", "1"]) == 0
    opened = open_artifact(directory)
    record = json.loads(opened.file("faithfulness.json").read_text())
    assert record["documents"] == 5 and record["of"] == len(star_corpus.split("test"))
    assert record["sample_seed"] == 0 and record["processor_seconds_a_document"] > 0
    assert record["weights"]["network.onnx"] == opened.card["files"]["network.onnx"]
    assert set(record["measures"]["delete"]) == {*record["methods"], "random"}
    assert {name: opened.file(name).read_bytes() for name in files} == files
    left_out = ("files", "card_sha256")
    assert [opened.card[k] for k in before.card if k not in left_out] == [
        before.card[k] for k in before.card if k not in left_out
    ]
    # Measured anew, with the new card and in another number of processes.
    assert main([*options, str(tmp_path / "elsewhere"), "--workers", "2"]) == 0
    again = json.loads(open_artifact(directory).file("faithfulness.json").read_text())
    assert again["measures"] == record["measures"]
    # The sentences have a record of their own, beside that of the words.
    assert main([*options, str(tmp_path / "state"), "--workers", "1", "--level", "sentences"]) == 0
    opened = open_artifact(directory)
    assert json.loads(opened.file("faithfulness.json").read_text()) == again
    record = json.loads(opened.file("faithfulness_sentences.json").read_text())
    assert record["documents"] == 5 and 0 < record["judged"] <= 5
    assert set(record["measures"]) == {*record["methods"], "random"}
    assert set(record["correlation_of_classes"]) == {"attended", "written"}
    write_artifact(directory, files, before.card | {"corpus_sha256": "0" * 64})
    assert main([*options, str(tmp_path / "state")]) == 1
    assert "is not the corpus of" in capsys.readouterr().err


def test_a_network_that_reads_no_sentences_is_refused(
    weights, tmp_path, monkeypatch, capsys
) -> None:
    monkeypatch.setattr(
        train.texts.faithfulness_measuring,
        "corpus_of",
        lambda opened, corpora, named: SimpleNamespace(path=tmp_path),
    )
    monkeypatch.setattr(
        train.texts.faithfulness_measuring,
        "_opened",
        lambda directory, corpus: (open_network(directory), []),
    )
    options = ["--model", "kim_cnn", "--weights", str(weights), "--level", "sentences"]
    assert main([*options, "--state", str(tmp_path)]) == 1
    assert "kim_cnn reads no sentences" in capsys.readouterr().err


def test_damaged_weights_are_refused(weights, tmp_path, capsys) -> None:
    options = ["--model", "han_stars", "--weights", str(tmp_path), "--corpora", str(tmp_path)]
    assert main(options) == 1 and "han_stars" in capsys.readouterr().err


def test_gradients_are_those_of_jax_whatever_the_environment_says() -> None:
    code = "import train.texts.faithfulness_measuring, keras; print(keras.backend.backend())"
    environment = os.environ | {"KERAS_BACKEND": "tensorflow"}
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.split()[-1] == "jax"
