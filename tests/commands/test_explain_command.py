"""`python -m dlnlp explain` as a user meets it: files, messages, exit status."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dlnlp import artifacts
from dlnlp.__main__ import main
from dlnlp.commands import explain_command
from dlnlp.explain.text_attribution import METHODS_OF
from tests.tiny_han import POLARITY, write_tiny_han
from tests.tiny_kim_cnn import write_tiny_kim_cnn

ROOT = Path(__file__).resolve().parents[2]
TABLE = 'id,text\n1,"A good film.\nNot a bad one."\n2,--\n3,bad phone\n'
Explain = Callable[..., int]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("weights")
    write_tiny_han(root / "han_imdb", 1, class_names=POLARITY, dataset="imdb")
    write_tiny_kim_cnn(root / "kim_cnn")
    return root


@pytest.fixture
def explain(weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Explain:
    """`explain(content, method, *options)` runs the command on in.csv, inside this process."""
    monkeypatch.setattr(artifacts, "WEIGHTS", weights)
    monkeypatch.chdir(tmp_path)

    def explain(content: str, method: str, *options: str, model: str = "kim_cnn") -> int:
        Path("in.csv").write_text(content)
        given = ["--model", model, "--method", method, "in.csv", "--output", "out.jsonl"]
        return main(["explain", *given, *options])

    return explain


def output() -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]


@pytest.mark.parametrize(
    ("model", "method"),
    [("kim_cnn", name) for name in METHODS_OF["kim_cnn"]]
    + [("han_imdb", name) for name in METHODS_OF["han"]],
)
def test_every_method_explains_every_readable_row(
    explain: Explain, model: str, method: str, capsys: pytest.CaptureFixture
) -> None:
    assert explain(TABLE, method, model=model) == 3
    told = capsys.readouterr().err
    assert "in.csv, line 4: there is no word in the text." in told
    assert f"out.jsonl: 2 rows explained by {method} of {model} in" in told
    rows = [record for record in output() if record["record"] == "row"]
    assert [(row["row"], row["line"]) for row in rows] == [(1, 2), (3, 5)]
    for row in rows:
        words = [w for w in output() if w["record"] == "word" and w["row"] == row["row"]]
        assert len(words) == row["words"] and {w["target"] for w in words} == {row["target"]}


def test_methods_of_the_help_are_all_that_there_are() -> None:
    for names in METHODS_OF.values():
        for name in names:
            assert name in explain_command._EPILOG


def test_own_networks_are_explained(
    explain: Explain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLNLP_MODELS", str(tmp_path / "own"))
    write_tiny_kim_cnn(tmp_path / "own" / "mine", class_names=("sports", "news", "science"))
    assert explain("text\ngood film\n", "evidence", "--target", "News", model="mine") == 0
    assert {record["target"] for record in output()} == {"news"}


@pytest.mark.parametrize("method", ["written", "delete"])
def test_of_ordered_classes_the_upper_are_explained_against_the_lower(
    explain: Explain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setenv("DLNLP_MODELS", str(tmp_path / "own"))
    write_tiny_han(tmp_path / "own" / "stars")
    assert explain("text\ngood film\n", method, "--target", "upper", model="stars") == 0
    assert {record["target"] for record in output()} == {"4–5 over 1–2 stars"}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("integrated_gradients",), "gradients of a HAN need Keras, see the page /han"),
        (("evidence",), "choose one of within, product, raw, written, delete, unknown."),
        (("within", "--target", "negative"), "--method within knows no class"),
        (("written", "--target", "neutral"), "is no class: choose of negative, positive."),
        (("written", "--words", "out.jsonl"), "cannot hold the words as well"),
        (("written", "--words", "./out.jsonl"), "cannot hold the words as well"),
        (("written", "--words", "in.csv"), "is the input itself: give --words another name."),
    ],
)
def test_wrong_usage_is_one_sentence(
    explain: Explain, options: tuple[str, ...], told: str, capsys: pytest.CaptureFixture
) -> None:
    assert explain(TABLE, *options, model="han_imdb") == 2
    (sentence,) = capsys.readouterr().err.splitlines()
    assert told in sentence
    assert not Path("out.jsonl").exists()


def test_a_failure_leaves_the_old_file(
    explain: Explain, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    Path("out.jsonl").write_text("old")
    assert explain("other\ngood\n", "evidence") == 1
    assert "--text-column" in capsys.readouterr().err
    assert Path("out.jsonl").read_text() == "old"


@pytest.mark.parametrize(
    ("model", "method"),
    [
        ("kim_cnn", "evidence"),
        ("kim_cnn", "delete"),
        ("han_imdb", "delete"),
        ("han_imdb", "written"),
    ],
)
def test_planted_words_decide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str, method: str
) -> None:
    """With the shipped networks: plain texts, each with one of two strong words."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(2)
    plain = "i saw the film with my sister on a monday in the city and we sat near the door".split()
    with open("in.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text"])
        for number in range(40):
            words = list(rng.permutation(plain))
            words.insert(words.index("film"), ("superb", "awful")[number % 2])
            writer.writerow([" ".join(words)])
    given = ["--model", model, "--method", method, "--target", "positive", "in.csv"]
    files = ["--output", "out.jsonl", "--words", "words.csv"]
    assert main(["explain", *given, *files]) == 0
    found = list(csv.DictReader(io.StringIO(Path("words.csv").read_text())))
    words = [row for row in found if row["size"] == "1"]
    assert words[0]["ngram"] == "superb" and words[-1]["ngram"] == "awful"
    assert words[0]["texts"] == "20" and words[0]["target"] == "positive"
    assert float(words[0]["low"]) > 0 > float(words[-1]["high"])
    pairs = [row["ngram"] for row in found if row["size"] == "2"]
    assert "superb" in pairs[0].split() and "awful" in pairs[-1].split()
