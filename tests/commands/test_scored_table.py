"""`dlnlp score --recalibrate` and `--threshold`: columns of their own, as the labels say."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dlnlp import artifacts
from dlnlp.__main__ import main
from dlnlp.scoring.recalibration import Recalibration
from tests.tiny_han import POLARITY, STARS, write_tiny_han

Score = Callable[..., int]
TEXTS = ["good film", "bad phone", "", 'a "very" great\nbook, yes', "=worst", "é awful; waste"]


@pytest.fixture
def score(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Score:
    for name, classes in (("han_imdb", POLARITY), ("han_stars", STARS)):
        write_tiny_han(tmp_path / "weights" / name, 1, class_names=classes, dataset="imdb")
    monkeypatch.setattr(artifacts, "WEIGHTS", tmp_path / "weights")
    monkeypatch.chdir(tmp_path)

    def score(
        *options: str, rows: int = 120, model: str = "han_imdb", output: str = "o.csv"
    ) -> int:
        with open("in.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["text", "gold"])
            for number in range(rows):
                gold = "" if number > 80 else str(number * 7 % 3 % 2)
                writer.writerow([TEXTS[number % len(TEXTS)], gold])
        return main(["score", "--model", model, "in.csv", "--output", output, *options])

    return score


def scored(name: str = "o.csv") -> list[dict[str, str]]:
    with open(name, newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("kind", ["temperature", "priors"])
def test_recalibrated_columns_stand_beside_the_others(
    score: Score, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    assert score(output="plain.csv") == 3
    options = ("--label-column", "gold", "--evaluation", "m.json")
    assert score(*options, "--recalibrate", kind) == 3  # a text without words
    told = capsys.readouterr().err
    found = json.loads(Path("m.json").read_text())["recalibration"][kind]
    plain, rows = scored("plain.csv"), scored()
    assert len(rows) == 120
    recalibration = Recalibration(found["temperature"], tuple(found["weights"]))
    for before, row in zip(plain, rows, strict=True):
        assert {name: row[name] for name in before} == before
        if not row["text"]:
            assert row["recalibrated_label"] == row["recalibrated_p_positive"] == ""
            continue
        said = np.array([[float(before["p_negative"]), float(before["p_positive"])]])
        negative, positive = recalibration.apply(said)[0]
        assert float(row["recalibrated_p_positive"]) == pytest.approx(positive, abs=1e-5)
        assert row["recalibrated_label"] == POLARITY[int(positive > negative)]
    if kind == "temperature":
        assert [r["recalibrated_label"] for r in rows] == [r["label"] for r in rows]
        assert found["weights"] == [1, 1]
    assert "measured by cross-validation in 10 folds" in told
    assert f"temperature {found['temperature']:.2f}" in told
    assert "written in the columns called recalibrated: temperature" in told


def test_too_few_labels_leave_the_columns_empty(
    score: Score, capsys: pytest.CaptureFixture[str]
) -> None:
    assert score("--label-column", "gold", "--recalibrate", "priors", rows=20) == 3
    assert "too few labelled rows to recalibrate (17, and at least 50" in capsys.readouterr().err
    rows = scored()
    assert len(rows) == 20 and all(row["recalibrated_label"] == "" for row in rows)
    assert all(row["label"] for row in rows if row["text"])


def test_the_table_can_go_to_standard_output(
    score: Score, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    options = ("--label-column", "gold", "--recalibrate", "temperature")
    assert score(*options) == score(*options, output="-") == 3
    assert capfdbinary.readouterr().out == Path("o.csv").read_bytes()


def test_a_threshold_has_a_column_and_a_sentence(
    score: Score, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--threshold", "0.4", "--label-column", "gold", "--evaluation", "m.json")
    assert score(*options, "--prefix", "x_") == 3
    rows = [row for row in scored() if row["text"]]
    assert {row["x_label_from_0.4"] for row in rows} <= set(POLARITY)
    for row in rows:
        expected = POLARITY[int(float(row["x_p_positive"]) >= 0.4)]
        assert row["x_label_from_0.4"] == expected
    point = json.loads(Path("m.json").read_text())["operating_point"]
    right = [POLARITY[int(row["gold"])] == row["x_label_from_0.4"] for row in rows if row["gold"]]
    assert point["threshold"] == 0.4 and point["accuracy"] == pytest.approx(np.mean(right))
    assert f"From 40 % on “positive”: accuracy {100 * np.mean(right):.1f} %" in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("model", "options", "status", "message"),
    [
        ("han_stars", ("--threshold", "0.4"), 1, "parts two classes, and han_stars has 5"),
        ("han_imdb", ("--threshold", "1.5"), 2, "not a number from 0 to 1"),
        ("han_imdb", ("--recalibrate", "priors"), 2, "--recalibrate needs --label-column"),
        ("han_imdb", ("--label-column", "gold", "--recalibrate", "all"), 2, "invalid choice"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    score: Score,
    capsys: pytest.CaptureFixture[str],
    model: str,
    options: tuple[str, ...],
    status: int,
    message: str,
) -> None:
    try:
        found: object = score(*options, model=model)
    except SystemExit as end:
        found = end.code
    assert found == status and message in capsys.readouterr().err
    assert not Path("o.csv").exists()
