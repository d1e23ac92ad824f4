"""`dlnlp score --label-column`: the measures that are told are those of the scored table."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sklearn import metrics

from dlnlp.__main__ import main
from tests.tiny_han import POLARITY

ROWS = [("good film", "pos"), ("bad phone", "neg"), ("good", "neg"), ("bad", "pos"), ("film", "?")]
TABLE = "text,gold\n" + "".join(f"{text},{label}\n" for text, label in ROWS * 5)
Score = Callable[..., int]


@pytest.fixture
def score(tiny_weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Score:
    monkeypatch.chdir(tmp_path)

    def score(*options: str, table: str = TABLE, output: str = "out.csv") -> int:
        Path("in.csv").write_text(table)
        return main(["score", "--model", "han_imdb", "in.csv", "--output", output, *options])

    return score


def scored() -> tuple[list[int], list[int], list[float]]:
    """True and predicted classes of `out.csv`, and the probability of a positive review."""
    classes = {"neg": 0, "pos": 1}
    with open("out.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["gold"] in classes]
    return (
        [classes[row["gold"]] for row in rows],
        [POLARITY.index(row["label"]) for row in rows],
        [float(row["p_positive"]) for row in rows],
    )


def test_the_measures_are_those_of_the_scored_table(
    score: Score, capsys: pytest.CaptureFixture[str]
) -> None:
    assert score("--label-column", "gold", "--evaluation", "measures.json") == 0
    told = capsys.readouterr().err
    found = json.loads(Path("measures.json").read_text())
    true, predicted, positive = scored()
    assert found["rows"] == len(true) == 20 and found["left_out"] == 5
    assert found["labels"] == {"pos": "positive", "neg": "negative", "?": None}
    assert found["accuracy"]["value"] == pytest.approx(metrics.accuracy_score(true, predicted))
    assert found["confusion"] == metrics.confusion_matrix(true, predicted, labels=[0, 1]).tolist()
    said = np.stack([1 - np.array(positive), positive], axis=1)
    assert found["log_loss"] == pytest.approx(metrics.log_loss(true, said), abs=1e-4)
    assert found["model"] == "han_imdb" and found["label_column"] == "gold"
    assert f"accuracy               {100 * found['accuracy']['value']:.1f} %" in told
    assert "pos = positive, neg = negative, ? = left out" in told
    assert "5 scored rows have no label" in told


def test_what_a_value_means_can_be_said(score: Score) -> None:
    turned = ("--label", "pos=Negative", "--label", "neg=positive", "--label", "?=positive")
    assert score("--label-column", "gold", "--evaluation", "measures.json", *turned) == 0
    found = json.loads(Path("measures.json").read_text())
    assert found["labels"] == {"pos": "negative", "neg": "positive", "?": "positive"}
    assert found["rows"] == 25 and found["left_out"] == 0
    assert score("--label-column", "gold", "--evaluation", "m.json", "--label", "neg=") == 0
    assert json.loads(Path("m.json").read_text())["left_out"] == 15


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        (("--label-column", "nowhere"), 1, "no column 'nowhere'"),
        (("--label-column", "gold", "--label", "pos"), 1, "'pos' is no VALUE=CLASS"),
        (("--label-column", "gold", "--label", "pos=good"), 1, "a class of negative, positive"),
        (("--evaluation", "measures.json"), 2, "--evaluation needs --label-column"),
        (("--label", "1=negative"), 2, "--label needs --label-column"),
        (("--label-column", "gold", "--evaluation", "table.json"), 2, "the table itself"),
        (("--label-column", "gold", "--evaluation", "-"), 2, "give it a name"),
    ],
)
def test_what_cannot_be_meant_writes_nothing(
    score: Score,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    status: int,
    message: str,
) -> None:
    Path("table.json").symlink_to("in.csv")
    assert score(*options) == status
    assert message in capsys.readouterr().err
    assert not Path("out.csv").exists() and Path("in.csv").read_text() == TABLE


def test_a_column_of_anything_is_no_column_of_labels(
    score: Score, capsys: pytest.CaptureFixture[str]
) -> None:
    many = "text,id\n" + "".join(f"good,{n}\n" for n in range(60))
    assert score("--label-column", "id", table=many) == 1
    assert "more than 50 distinct values" in capsys.readouterr().err
    assert not Path("out.csv").exists()


def test_labels_that_mean_nothing_cost_no_scores(
    score: Score, capsys: pytest.CaptureFixture[str]
) -> None:
    assert score("--label-column", "kind", table="text,kind\ngood,film\nbad,book\n") == 3
    told = capsys.readouterr().err
    assert "'film', 'book'" in told and "--label film=negative" in told
    assert Path("out.csv").exists()
