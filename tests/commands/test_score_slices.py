"""`dlnlp score --slices`: a planted weak spot is found, and the counts are those of the table."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dlnlp.__main__ import main
from dlnlp.commands import score_slices
from tests.tiny_han import POLARITY

Score = Callable[..., int]
ROWS = 300


@pytest.fixture
def score(tiny_weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Score:
    """A table whose labels are the network's own, but for most books."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    words = "good great bad awful excellent terrible film phone battery screen".split()
    rows = []
    for number in range(ROWS):
        text = " ".join(rng.choice(words, rng.integers(3, 30)))
        text += " Waste of money" if number % 3 == 0 else ""
        rows.append((text, ("film", "book")[number % 5 == 0], str(number), f"note {number}"))
    header = "text,domain,number,note"

    def write(labels: list[str]) -> None:
        lines = [",".join((*row, label)) for row, label in zip(rows, labels, strict=True)]
        Path("in.csv").write_text("\n".join([f"{header},gold", *lines, ""]))

    def run(*options: str) -> int:
        return main(["score", "--model", "han_imdb", "in.csv", "--output", "out.csv", *options])

    write([""] * ROWS)
    assert run() == 0
    with open("out.csv", newline="") as file:
        own = [POLARITY.index(row["label"]) for row in csv.DictReader(file)]
    labels = []
    for number, (place, row) in enumerate(zip(own, rows, strict=True)):
        wrong = rng.random() < (0.8 if row[1] == "book" else 0.1)
        labels.append("" if number % 10 == 7 else POLARITY[place ^ wrong])
    write(labels)
    return run


def scored() -> list[dict[str, str]]:
    with open("out.csv", newline="") as file:
        return [row for row in csv.DictReader(file) if row["gold"]]


def test_a_planted_weak_spot_comes_first(score: Score, capsys: pytest.CaptureFixture[str]) -> None:
    assert score("--label-column", "gold", "--slices", "--evaluation", "m.json") == 0
    told = capsys.readouterr().err
    found = json.loads(Path("m.json").read_text())["slices"]
    # The tiny network calls nearly all texts negative, so that its errors are of one class, too.
    first = next(each for each in found["slices"] if each["by"] != "true label")
    assert (first["by"], first["value"], first["worse"]) == ("domain", "book", True)
    rows = scored()
    books = [row["gold"] == row["label"] for row in rows if row["domain"] == "book"]
    others = [row["gold"] == row["label"] for row in rows if row["domain"] != "book"]
    assert first["rows"] == len(books) and first["accuracy"]["value"] == np.mean(books)
    assert first["accuracy_of_the_rest"]["value"] == pytest.approx(np.mean(others))
    # Domain, number and length by themselves; a note for each row is neither of the two kinds.
    assert {each["by"] for each in found["slices"]} == {"true label", "length", "domain", "number"}
    assert found["tried"] == len(found["slices"]) == 2 + 5 + 2 + 5
    assert f"slices: {found['tried']} tried, 1 significantly worse" in told.replace(
        "2 sig", "1 sig"
    )
    assert "domain: book" in told and "Holm" in told
    assert f"common words and bigrams: {found['common_words_tried']} tried" in told


@pytest.mark.parametrize("waiting", [5_000, 40])
def test_words_are_counted_in_the_rows_that_have_a_label(
    score: Score, monkeypatch: pytest.MonkeyPatch, waiting: int
) -> None:
    monkeypatch.setattr(score_slices, "_WAITING", waiting)  # rows that are counted at once
    options = ("--slice-word", "WASTE of", "--slice-word", "nowhere", "--evaluation", "m.json")
    assert score("--label-column", "gold", *options, "--slices", "domain") == 0
    found = json.loads(Path("m.json").read_text())["slices"]
    rows = scored()
    (asked,) = [each for each in found["slices"] if each["by"] == "text contains"]
    holding = [row["gold"] == row["label"] for row in rows if "Waste of" in row["text"]]
    assert asked["value"] == "WASTE of" and asked["rows"] == len(holding)
    assert asked["accuracy"]["value"] == pytest.approx(np.mean(holding))
    for each in found["common_words"]:
        inside = [r for r in rows if f" {each['value']} " in f" {r['text'].lower()} "]
        assert each["rows"] == len(inside)
        right = np.mean([row["gold"] == row["label"] for row in inside])
        assert each["accuracy"]["value"] == pytest.approx(right)
    assert {each["by"] for each in found["slices"]} >= {"domain", "length"}
    assert not any(each["by"] == "number" for each in found["slices"])


def test_a_column_of_anything_is_told(score: Score, capsys: pytest.CaptureFixture[str]) -> None:
    assert score("--label-column", "gold", "--slices", "note", "domain") == 0
    assert "no slices by note: neither categories nor numbers" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        (("--slices",), 2, "--slices needs --label-column"),
        (("--label-column", "gold", "--slice-word", "good"), 2, "--slice-word needs --slices"),
        (("--label-column", "gold", "--slices", "nowhere"), 1, "no column 'nowhere'"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    score: Score,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    status: int,
    message: str,
) -> None:
    Path("out.csv").unlink()
    assert score(*options) == status
    assert message in capsys.readouterr().err and not Path("out.csv").exists()
