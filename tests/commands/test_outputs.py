"""Every command refuses an output file with an unknown extension."""

from pathlib import Path

import pytest

from dlnlp.__main__ import main

TABLE = ["--model", "kim_cnn", "in.csv"]
EXPLAIN = ["explain", *TABLE, "--method", "evidence"]
LABELS = ["--label-column", "label"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([*EXPLAIN, "--output", "x.txt"], "--output: 'x.txt' does not end in .jsonl, .jsonl.gz or"),
        ([*EXPLAIN, "--output", "x.json"], ".jsonl, .jsonl.gz or .parquet"),
        ([*EXPLAIN, "--output", "x.jsonl", "--words", "w.xlsx"], "--words: 'w.xlsx' does not end"),
        ([*EXPLAIN[:1], *EXPLAIN[4:], "--figure", "x.gif"], "--figure: 'x.gif' does not end in"),
        (["score", *TABLE, "--output", "x.parquet"], "--output: 'x.parquet' does not end in .csv"),
        (
            ["score", *TABLE, "--output", "x.csv", *LABELS, "--evaluation", "x.csv"],
            "--evaluation: 'x.csv' does not end in .json",
        ),
        (["classify", "7.png", "--output", "x.json"], "'x.json' does not end in .csv or .csv.gz"),
    ],
)
def test_an_unknown_ending_is_one_sentence_that_names_the_known_ones(
    given: list[str],
    told: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        main(given)
    assert stopped.value.code == 2
    (sentence,) = capsys.readouterr().err.splitlines()
    assert told in sentence
    assert not list(tmp_path.iterdir())
