"""Every training command works on the corpus of a table and on one's own networks."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import train.corpora.encoding
from dlnlp import catalogue
from dlnlp.artifacts import open_artifact
from dlnlp.inference import HanPredictor, KimCnnPredictor
from tests.train import tables
from train import faithfulness, han, kim_cnn, lr_range_test, prepare


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the corpus of a table, its networks below; texts are cut in this process."""
    with pytest.MonkeyPatch.context() as patched:
        folder = tmp_path_factory.mktemp("own")
        patched.setattr(train.corpora.encoding, "ProcessPoolExecutor", ThreadPoolExecutor)
        patched.setenv(catalogue.VARIABLE, str(folder / "models"))
        patched.chdir(folder)
        table = tables.write(folder / "sms.csv", tables.phrases(tables.SMS, 100, seed=1))
        given = ["--table", str(table), "--vectors", "own", "--embedding-dim", "8"]
        assert prepare.main([*given, "--workers", "1"]) == 0
        yield folder


@pytest.fixture(scope="module")
def own_han(folder: Path) -> HanPredictor:
    given = ["--corpus", "corpora/sms", "--epochs", "2", "--units", "4", "--max-lr", "0.02"]
    assert han.main(given) == 0
    return HanPredictor.load(folder / "models" / "sms_han")


def test_a_han_is_trained_as_the_options_say(folder: Path, own_han: HanPredictor) -> None:
    card = own_han.card
    assert own_han.class_names == ("ham", "spam")
    assert (card["training"]["units"], card["training"]["max_lr"]) == (4, 0.02)
    assert card["training"]["class_weight_power"] > 0
    assert len(card["baselines"]) == 2 and card["data"] == "100 rows of sms.csv"
    shown = json.loads((folder / "models" / "sms_han" / "examples.json").read_text())["examples"]
    assert [example["label"] for example in shown] == ["ham", "spam"]


def test_a_kim_cnn_learns_the_labels_without_teachers(folder: Path) -> None:
    assert kim_cnn.main(["--corpus", "corpora/sms", "--epochs", "1"]) == 0
    card = KimCnnPredictor.load(folder / "models" / "sms_kim_cnn").card
    assert "teachers" not in card["training"] and card["training"]["epochs"] == 1
    assert card["baselines"].keys() == {
        "always the most frequent class", "linear, TF-IDF of 1- and 2-grams",
    }  # fmt: skip


def test_a_range_test_takes_network_and_batches_of_the_recipe(folder: Path) -> None:
    given = ["--corpus", "corpora/sms", "--steps", "10", "--max-lr", "0.1", "--units", "4"]
    assert lr_range_test.main([*given, "--output", "range"]) == 0
    assert (folder / "range" / "sms.csv").read_text().count("\n") == 11
    assert "momentum" not in (folder / "range" / "sms.html").read_text("utf-8")
    lowest = (folder / "range" / "sms.csv").read_text().splitlines()[1]
    # AdamW, the optimizer of the recipe, learns at low rates.
    assert float(lowest.split(",")[0]) == pytest.approx(1e-5)


def test_explanations_of_an_own_network_are_measured(folder: Path, own_han: HanPredictor) -> None:
    given = ["--model", "sms_han", "--documents", "4", "--workers", "1"]
    assert faithfulness.main(given) == 0
    opened = open_artifact(folder / "models" / "sms_han")
    record = json.loads(opened.file("faithfulness.json").read_text("utf-8"))
    assert record["documents"] == 4 and "attention" in record["methods"]


@pytest.mark.parametrize(
    ("command", "more", "told"),
    [
        (han, ["--seeds", "2"], "--seeds"),
        (han, ["--dataset", "imdb", "--teachers", "1"], "--dataset, --teachers"),
        (han, ["--distributed"], "--distributed"),
        (kim_cnn, ["--seeds", "2"], "--seeds"),
        (kim_cnn, ["--teacher", "x"], "--teacher"),
        (kim_cnn, ["--no-test"], "--no-test"),
        (lr_range_test, ["--model", "han_imdb"], "--model"),
        (lr_range_test, ["--momentum", "0.9"], "--momentum"),
    ],
)
def test_what_does_not_fit_a_table_is_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], command, more: list[str], told: str
) -> None:
    assert command.main(["--corpus", "corpora/sms", *more]) == 1
    (sentence,) = capsys.readouterr().err.strip().splitlines()
    assert f"{told} can be used: leave that out" in sentence


@pytest.mark.parametrize(
    ("name", "told"),
    [("mnist_cnn", "reads no texts"), ("../sms_han", "is no name"), ("nobody", "nobody")],
)
def test_other_names_are_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, told: str
) -> None:
    assert faithfulness.main(["--model", name]) == 1
    (sentence,) = capsys.readouterr().err.strip().splitlines()
    assert told in sentence


def test_the_corpus_of_another_data_set_is_one_sentence(
    star_corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--corpus", str(star_corpus.path)]
    for command, more in ((han, ["--dataset", "imdb"]), (lr_range_test, ["--model", "han_imdb"])):
        assert command.main([*given, *more]) == 1
        assert "leave out --" in capsys.readouterr().err
    assert kim_cnn.main(given) == 1
    assert "there is no recipe" in capsys.readouterr().err
