"""`python -m dlnlp score` as a user meets it: files, streams, messages, exit status."""

import csv
import gzip
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dlnlp import artifacts
from dlnlp.__main__ import main
from dlnlp.commands import score_output, scored_table, text_table
from dlnlp.inference import load_predictor
from tests.tiny_han import POLARITY, write_tiny_han

ROOT = Path(__file__).resolve().parents[2]
TABLE = 'id,text,note\n1,"A good film.\nNot a bad one, ""really"".",=1+1\n2,bad phone,\n'
Score = Callable[..., int]


@pytest.fixture
def score(tiny_weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Score:
    """`score(content, *options)` runs the command on in.csv, inside this process."""
    monkeypatch.chdir(tmp_path)

    def score(content: str | bytes, *options: str, model: str = "han_imdb") -> int:
        raw = content.encode() if isinstance(content, str) else content
        Path("in.csv").write_bytes(raw)
        return main(["score", "--model", model, "in.csv", "--output", "out.csv", *options])

    return score


def output(encoding: str = "utf-8", delimiter: str = ",") -> list[dict[str, str]]:
    text = Path("out.csv").read_bytes().decode(encoding)
    usual = csv.field_size_limit(2_000_000)
    try:
        table = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return list(table)
    finally:
        csv.field_size_limit(usual)


def command(weights: Path, *arguments: str, **options: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "dlnlp", "score", *arguments],
        cwd=ROOT,
        env={**os.environ, "DLNLP_WEIGHTS": str(weights)},
        capture_output=True,
        check=False,
        timeout=120,
        **options,  # type: ignore[call-overload]
    )


@pytest.mark.parametrize("model", ["han_imdb", "han_stars", "kim_cnn"])
def test_every_model_adds_label_and_probabilities(
    tiny_networks: Path, tmp_path: Path, model: str
) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(TABLE)
    done = command(tiny_networks, "--model", model, str(source), "--output", str(target))
    assert done.returncode == 0, done.stderr
    assert b"2 rows scored by " + model.encode() in done.stderr
    predictor = load_predictor(tiny_networks / model)
    given = list(csv.DictReader(io.StringIO(TABLE, newline="")))
    written = list(csv.DictReader(io.StringIO(target.read_text(), newline=""), strict=True))
    assert len(written) == 2
    for old, new in zip(given, written, strict=True):
        assert {name: new[name] for name in old} == old
        result = predictor.predict(old["text"])
        assert new["label"] == predictor.class_names[int(np.argmax(result.probabilities))]
        for name, share in zip(predictor.class_names, result.probabilities, strict=True):
            assert float(new["p_" + name.replace(" ", "_")]) == pytest.approx(share, abs=1e-6)


def test_unreadable_rows_are_reported_and_the_rest_goes_on(
    score: Score, capsys: pytest.CaptureFixture
) -> None:
    rows = [b'"1","good"', b"2", b"3,  ", b"4,\xff\xfe", b'5,"lost', b'6,"bad"', b"7,x\0"]
    long = b"8," + b"good " * 200_001
    assert score(b"id,text\n" + b"\n".join([*rows, long, b"9,great"])) == 3
    written = output()
    assert [row["id"] for row in written] == ["1", "3", "4", "6", "7", "8", "9"]
    assert [bool(row["label"]) for row in written] == [1, 0, 0, 1, 0, 0, 1]
    assert all(bool(row["label"]) == bool(row["p_positive"]) for row in written)
    assert written[2]["text"] == "��"
    assert capsys.readouterr().err.splitlines()[:-1] == [
        "in.csv, line 3: the row has 1 field where the header has 2.",
        "in.csv, line 4: there is no word in the text.",
        "in.csv, line 5: the row holds bytes that are not text in UTF-8: name the file's encoding, "
        "for example cp1252.",
        "in.csv, line 6: a quote inside a quoted field is not doubled.",
        "in.csv, line 8: the row holds a NUL character.",
        "in.csv, line 9: the text has 1,000,005 characters and at most 1,000,000 can be read.",
    ]


def test_encoding_delimiter_mark_and_line_ends_follow_the_input(score: Score) -> None:
    assert score("\ufeffid;text\r\n1;so, gut\r\n") == 0
    assert Path("out.csv").read_bytes().startswith(b"\xef\xbb\xbfid;text;label;p_negative;p_pos")
    assert Path("out.csv").read_bytes().count(b"\r\n") == 2
    assert output("utf-8-sig", ";")[0]["text"] == "so, gut"
    table = "id\ttext\n" + "1\tschön gut\n" * 20
    assert score(table.encode("cp1252")) == 0
    assert output(delimiter="\t")[0]["text"] == "schön gut"
    assert score(table.encode("cp1252"), "--encoding", "cp1252", "--delimiter", "tab") == 0
    assert output(delimiter="\t")[0]["text"] == "schön gut"
    assert score(table.encode("utf-16")) == 0
    assert output(delimiter="\t")[0]["text"] == "schön gut"


def test_packed_tables_are_read_and_written(score: Score) -> None:
    assert score(gzip.compress(TABLE.encode(), mtime=0), "--output", "out.csv.gz") == 0
    packed = gzip.decompress(Path("out.csv.gz").read_bytes())
    assert score(TABLE) == 0
    assert packed == Path("out.csv").read_bytes()


def test_a_header_alone_is_a_table(score: Score) -> None:
    assert score("text\n") == 0
    assert Path("out.csv").read_text() == "text,label,p_negative,p_positive,unknown_share\n"


@pytest.mark.parametrize(
    ("content", "options", "status", "message"),
    [
        (TABLE, ["--text-column", "Text"], 1, "no column 'Text': choose one of 'id', 'text'"),
        ("text,text\na,b\n", [], 1, "2 columns are called 'text': choose.*'column 1'"),
        ("1,good\n2,bad\n", [], 1, "seems to be data, and.*choose one of 'column 1', 'column 2'"),
        ("1,good\n2,bad\n", ["--header"], 1, "no column 'text': choose one of '1', 'good'"),
        ("id,text\n1,a\n", ["--no-header"], 1, "choose one of 'column 1', 'column 2'"),
        (TABLE, ["--encoding", "utf-16"], 1, "it is not in 'utf-16'.*(--encoding)"),
        (("1,фильм\n" * 20).encode("cp1251"), [], 1, "not in UTF-8.*cp1251 (--encoding)"),
        ("text,p_positive\na,b\n", [], 1, "'p_positive' already.*(--prefix)"),
        ("", [], 1, "in.csv: it is empty"),
        (b"PK\x03\x04zip", [], 1, "Excel workbook"),
        (gzip.compress(TABLE.encode(), mtime=0)[:40], [], 1, "cannot be read"),
        (TABLE, ["--encoding", "klingon"], 1, "no encoding 'klingon'.*(--encoding)"),
        (TABLE, ["--delimiter", "::"], 1, "(--delimiter)"),
        (TABLE, ["--output", "in.csv"], 2, "is the input itself"),
        (TABLE, ["--output", "."], 2, "is a folder"),
        (TABLE, ["--output", "nowhere/out.csv"], 2, "nowhere is no folder"),
    ],
)
def test_failures_are_one_sentence_and_write_nothing(
    score: Score,
    capsys: pytest.CaptureFixture,
    content: str | bytes,
    options: list[str],
    status: int,
    message: str,
) -> None:
    assert score(content, *options) == status
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1 and error.endswith(".\n")
    for part in message.split(".*"):
        assert part in error
    assert [path.name for path in Path().iterdir()] == ["in.csv"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--model", "mnist_cnn", "in.csv", "--output", "o.csv"],
            "choose one of han_imdb, han",
        ),
        (["--model", "../x", "in.csv", "--output", "o.csv"], "holds no network"),
        (["--model", "han_imdb", "in.csv"], "--output"),
        (["--model", "han_imdb", "in.csv", "--output", "o.csv", "--threads", "0"], "whole number"),
        (
            ["--model", "kim_cnn", "a.csv", "--output", "o.csv", "--quoting", "some"],
            "none of auto",
        ),
        (["--model", "kim_cnn", "in.csv", "--output", "o.csv", "--escape", "x"], "none of auto"),
    ],
)
def test_wrong_usage_is_status_2(
    tiny_weights: Path, capsys: pytest.CaptureFixture, arguments: list[str], message: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["score", *arguments])
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err


def test_a_prefix_avoids_a_clash(score: Score) -> None:
    assert score("text,label\ngood,mine\n", "--prefix", "han_") == 0
    (row,) = output()
    assert row["label"] == "mine" and row["han_label"] in POLARITY and row["han_p_negative"]


KAGGLE = (
    'id\tsentiment\treview\n"1"\t0\t"A warm film."\n"2"\t1\t"He says \\"hello\\", good."\n'
    '"3"\t0\t"\\"Brilliant\\" is the word."\n"4"\t1\t"Flat, \\"artful\\" nonsense."\n'
)


@pytest.mark.parametrize(
    ("content", "options", "rows", "told"),
    [
        (KAGGLE, ["--text-column", "review"], 4, "tab-separated, UTF-8, backslash before quotes"),
        ("1,good\n2,bad\n", ["--text-column", "column 2"], 2, "comma-separated, UTF-8, no header"),
        ("A good film.\nBad.\nBad.\n", [], 3, "one column, UTF-8, no header"),
        ("sep=;\nid;text\n1;good\n", [], 1, "semicolon-separated, UTF-8, 1 line above the table"),
        (b"id,text\n1,It\x92s good\n", [], 1, "comma-separated, Windows-1252."),
        ("id,text,,\n1,good,,\n", [], 1, ""),
        (",text,\n0,good,\n1,bad,\n", [], 2, ""),
        ("text,text\na,good\n", ["--text-column", "column 2"], 1, ""),
    ],
)
def test_dialects_are_read_and_told(
    score: Score,
    capsys: pytest.CaptureFixture,
    content: str | bytes,
    options: list[str],
    rows: int,
    told: str,
) -> None:
    assert score(content, *options) == 0
    *lines, summary = capsys.readouterr().err.splitlines()
    assert f"{rows} rows scored" in summary and "0 could not" in summary
    assert (lines and lines[0].startswith(f"in.csv: read as {told}")) if told else not lines
    assert len(Path("out.csv").read_text().splitlines()) == rows + 1


def test_a_dialect_can_be_given(score: Score) -> None:
    options = ["--text-column", "review", "--delimiter", "tab"]
    assert score(KAGGLE, *options, "--quoting", "standard", "--escape", "double") == 3
    assert [row["id"] for row in output(delimiter="\t")] == ["1"]
    assert score(KAGGLE, *options, "--quoting", "standard", "--escape", "backslash") == 0
    assert output(delimiter="\t")[3]["review"] == 'Flat, "artful" nonsense.'
    assert score(KAGGLE, *options, "--quoting", "none", "--escape", "auto") == 0
    assert output(delimiter="\t")[2]["id"] == '"3"'


def test_missing_input_and_broken_weights_are_told(
    score: Score, tmp_path: Path, capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert main(["score", "--model", "han_imdb", "no.csv", "--output", "out.csv"]) == 1
    assert "no.csv cannot be read (No such file or directory)" in capsys.readouterr().err
    write_tiny_han(tmp_path / "w" / "han_x")
    (tmp_path / "w" / "han_x" / "vocabulary.txt").write_text("changed")
    monkeypatch.setattr(artifacts, "WEIGHTS", tmp_path / "w")
    assert score(TABLE, model="han_x") == 1
    assert "vocabulary.txt has changed" in capsys.readouterr().err
    assert not Path("out.csv").exists()


def test_a_full_disk_leaves_the_old_file(
    score: Score, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    Path("out.csv").write_text("old")
    monkeypatch.setattr(
        scored_table, "csv_record", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left"))
    )
    assert score(TABLE) == 1
    assert capsys.readouterr().err == (
        "out.csv cannot be written (No space left): nothing was changed.\n"
    )
    assert Path("out.csv").read_text() == "old"
    assert sorted(path.name for path in Path().iterdir()) == ["in.csv", "out.csv"]


def test_the_input_is_not_replaced_under_another_name(
    score: Score, capsys: pytest.CaptureFixture
) -> None:
    Path("in.csv").write_text(TABLE)
    Path("link.csv").symlink_to("in.csv")
    os.link("in.csv", "hard.csv")
    for name in ("./in.csv", "link.csv", "hard.csv"):
        assert score(TABLE, "--output", name) == 2
        assert "is the input in.csv" in capsys.readouterr().err
    assert Path("in.csv").read_text() == TABLE


def test_closed_streams_are_wrong_usage(
    score: Score, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(score_output, "closed_streams", {"stdout"})
    assert score(TABLE, "--output", "-") == 2
    assert capsys.readouterr().err.startswith("standard output is closed")
    monkeypatch.setattr(text_table, "closed_streams", {"stdin"})
    assert main(["score", "--model", "han_imdb", "-", "--output", "out.csv"]) == 2
    assert capsys.readouterr().err.startswith("standard input is closed")
    assert not Path("out.csv").exists()


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_nothing(
    tiny_networks: Path, tmp_path: Path, number: int, status: int
) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "dlnlp", "score", "--model", "han_imdb", "-", "--output",
         str(tmp_path / "out.csv")],
        cwd=ROOT, env={**os.environ, "DLNLP_WEIGHTS": str(tiny_networks)},
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None and process.stderr is not None
        # More than is looked at to find out how the table is written. It stays open: the command
        # waits for the rest.
        process.stdin.write("text\n" + "good film\n" * 60_000)
        process.stdin.flush()
        limit = time.monotonic() + 60
        while not list(tmp_path.glob(".out.csv.*.part")):
            assert time.monotonic() < limit
            time.sleep(0.01)
        process.send_signal(number)
        assert process.stderr.read().endswith(": nothing was changed.\n")
    assert process.returncode == status
    assert list(tmp_path.iterdir()) == []


def test_streams_in_and_out(tiny_networks: Path) -> None:
    done = command(tiny_networks, "--model", "han_imdb", "-", "--output", "-", input=TABLE.encode())
    assert done.returncode == 0, done.stderr
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "id,text,note,label,p_negative,p_positive,unknown_share" and len(lines) == 4


def test_a_reader_that_has_seen_enough_is_no_error(tiny_networks: Path, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("text\n" + "good film\n" * 20_000)
    done = subprocess.run(
        f"{sys.executable} -m dlnlp score --model han_imdb {tmp_path}/in.csv --output - | head -1",
        shell=True,
        cwd=ROOT,
        env={**os.environ, "DLNLP_WEIGHTS": str(tiny_networks)},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.stdout == b"text,label,p_negative,p_positive,unknown_share\n"
    assert b"Traceback" not in done.stderr and b"Exception" not in done.stderr
