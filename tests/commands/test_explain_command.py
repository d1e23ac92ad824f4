"""`python -m dlnlp explain` as a user meets it: files, messages, exit status."""

import csv
import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from dlnlp.__main__ import main
from dlnlp.commands import explain_command, explain_parts
from dlnlp.explain.text_attribution import HAN_GRADIENTS, METHODS_OF
from dlnlp.scoring import explain_rows, explanation_files, gradient_processes
from tests.tiny_han import write_tiny_han
from tests.tiny_kim_cnn import write_tiny_kim_cnn

ROOT = Path(__file__).resolve().parents[2]
TABLE = 'id,text\n1,"A good film.\nNot a bad one."\n2,--\n3,bad phone\n'
Explain = Callable[..., int]


@pytest.fixture
def explain(tiny_weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Explain:
    """`explain(content, method, *options)` runs the command on in.csv, inside this process."""
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
    + [("han_imdb", name) for name in METHODS_OF["han"] if name not in HAN_GRADIENTS],
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


WORDS = ("--words", "words.csv")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("evidence",), "choose one of within, product, raw, written, delete, unknown, gradient"),
        (("within", "--target", "negative"), "--method within knows no class"),
        (("written", "--target", "neutral"), "is no class: choose of negative, positive."),
        (("written", "--words", "-"), "--words writes a file: give it a name."),
        (("written", "--words", "in.csv"), "is the input itself: give --words another name."),
        (("written", "--words", "w.csv", "--output", "-"), "--words needs the explanations in a"),
        (("written", "--compare", "right", "wrong"), "it needs --words WORDS.csv"),
        (("written", *WORDS, "--compare", "right", "wrong"), "needs --label-column NAME"),
        (("written", *WORDS, "--compare", "negative", "neutral"), "names no two groups: choose"),
        (("written", *WORDS, "--compare", "negative", "negative"), "names no two groups: choose"),
        (("written", *WORDS, "--compare", "negative", "positive"), "needs --target CLASS"),
        (("written", *WORDS, "--label-column", "id"), "say --compare A B"),
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
            place = words.index("film")
            words[place : place + 1] = [("superb", "awful")[number % 2], "film", "again"]
            writer.writerow([" ".join(words)])
    given = ["--model", model, "--method", method, "--target", "positive", "in.csv"]
    files = ["--output", "out.jsonl", "--words", "words.csv"]
    assert main(["explain", *given, *files]) == 0
    found = list(csv.DictReader(io.StringIO(Path("words.csv").read_text())))
    words = [row for row in found if row["size"] == "1"]
    assert words[0]["ngram"] == "superb" and words[-1]["ngram"] == "awful"
    assert words[0]["texts"] == "20" and words[0]["target"] == "positive"
    assert float(words[0]["low"]) > 0 > float(words[-1]["high"])
    for size in "23":
        grams = [row["ngram"] for row in found if row["size"] == size]
        assert "superb" in grams[0].split() and "awful" in grams[-1].split()


def long_table(rows: int) -> str:
    """A table with a bad row, an empty text and texts of many lengths."""
    rng = np.random.default_rng(4)
    words = "good bad film phone awful not the a great".split()
    lines = [" ".join(rng.choice(words, 1 + n % 40)) for n in range(rows)]
    lines[3], lines[7] = "--", "one,too many"
    return "id,text\n" + "".join(f"{n},{line}\n" for n, line in enumerate(lines))


def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (explain_rows, explain_parts):
        monkeypatch.setattr(module, "PART", 16)


class Ended(Exception):
    """As a signal would, between two rows."""


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz", "out.parquet"])
@pytest.mark.parametrize("after", [5, 40, 100])
def test_what_was_ended_goes_on_and_gives_the_same_file(
    explain: Explain,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
    name: str,
    after: int,
) -> None:
    small_parts(monkeypatch)
    table = long_table(100)
    files = ("--output", name, "--words", "words.csv", "--least-texts", "2")
    assert explain(table, "evidence", *files) == 3
    whole, words = Path(name).read_bytes(), Path("words.csv").read_bytes()
    assert not Path(f"{name}.unfinished").exists()
    Path(name).unlink()
    original = explain_parts.explain_rows

    def ending(*given: Any, **options: Any) -> Iterator[Any]:
        for number, row in enumerate(original(*given, **options)):
            if number == after:
                raise Ended
            yield row

    def join(*given: Any) -> None:
        raise Ended

    monkeypatch.setattr(explain_parts, "explain_rows", ending)
    if after == 100:  # all parts are finished
        monkeypatch.setattr(explain_parts, "join", join)
    with pytest.raises(Ended):
        explain(table, "evidence", *files)
    assert not Path(name).exists() and not list(Path().glob(".*"))
    assert Path(f"{name}.unfinished").exists() == (after > 16)
    monkeypatch.setattr(explain_parts, "explain_rows", original)
    monkeypatch.setattr(explain_parts, "join", explanation_files.join)
    capsys.readouterr()
    assert explain(table, "evidence", *files) == 3
    told = capsys.readouterr().err
    kept = after // 16 * 16 if after < 100 else 100
    assert (f"goes on behind {kept} rows." in told) == (kept > 0)
    assert "98 rows explained" in told and "2 could not be explained" in told
    assert Path(name).read_bytes() == whole and Path("words.csv").read_bytes() == words
    assert not Path(f"{name}.unfinished").exists()


def ended_early(explain: Explain, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves two parts of a run."""
    with monkeypatch.context() as patched:
        small_parts(patched)
        original = explain_parts.explain_rows

        def ending(*given: Any, **options: Any) -> Iterator[Any]:
            for number, row in enumerate(original(*given, **options)):
                if number == 40:
                    raise Ended
                yield row

        patched.setattr(explain_parts, "explain_rows", ending)
        with pytest.raises(Ended):
            explain(long_table(100), "evidence")


def test_only_the_same_run_of_the_same_table_goes_on(
    explain: Explain, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    ended_early(explain, monkeypatch)
    small_parts(monkeypatch)
    assert explain(long_table(100), "delete") == 2
    assert "holds an unfinished run with another method: run that" in capsys.readouterr().err
    assert explain(long_table(100).replace("great", "film"), "evidence") == 2
    assert "in.csv has changed since" in capsys.readouterr().err
    # A line that was cut off by the end of the machine is none.
    with Path("out.jsonl.unfinished/parts.jsonl").open("a") as stream:
        stream.write('{"file": "0000')
    assert explain(long_table(100), "evidence") == 3
    assert "goes on behind 32 rows" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_process_goes_on(
    explain: Explain,
    tiny_weights: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
    number: int,
) -> None:
    small_parts(monkeypatch)
    table = long_table(700)
    assert explain(table, "evidence") == 3
    whole = Path("out.jsonl").read_bytes()
    Path("out.jsonl").unlink()
    code = """
import sys
from dlnlp import __main__
from dlnlp.commands import explain_parts
from dlnlp.scoring import explain_rows, explanation_files, gradient_processes
explain_parts.PART = explain_rows.PART = 16
sys.exit(__main__.command())
"""
    given = ["explain", "--model", "kim_cnn", "--method", "evidence", "in.csv"]
    parts = Path("out.jsonl.unfinished/parts.jsonl")
    with subprocess.Popen(
        [sys.executable, "-c", code, *given, "--output", "out.jsonl"],
        env=os.environ | {"PYTHONPATH": str(ROOT), "DLNLP_WEIGHTS": str(tiny_weights)},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        end = time.monotonic() + 120
        while not parts.exists() or parts.read_bytes().count(b"\n") < 3:
            assert process.poll() is None and time.monotonic() < end
            time.sleep(0.005)
        process.send_signal(number)
        _, told = process.communicate(timeout=60)
    assert not Path("out.jsonl").exists()
    if number == signal.SIGTERM:
        assert process.returncode == 143 and "run the same command again" in told
    assert explain(table, "evidence") == 3
    assert "goes on behind" in capsys.readouterr().err
    assert Path("out.jsonl").read_bytes() == whole


def test_a_parquet_file_has_the_numbers_of_the_lines(explain: Explain) -> None:
    explain(TABLE, "evidence")
    explain(TABLE, "evidence", "--output", "out.parquet")
    lines = [record for record in output() if record["record"] == "word"]
    rows = pq.read_table("out.parquet").to_pylist()
    for line, row in zip(lines, rows, strict=True):
        for name in ("row", "line", "token", "start", "end", "sentence", "target"):
            assert line[name] == row[name]
        assert np.float32(line["value"]) == np.float32(row["value"])
    for number in {row["row"] for row in rows}:
        own = [row for row in rows if row["row"] == number]
        summed = sum(row["value"] for row in own) + own[0]["bias"]
        assert summed == pytest.approx(own[0]["total"], abs=1e-5)


def test_a_name_in_gz_is_packed_and_standard_output_is_not(
    explain: Explain, capsysbinary: pytest.CaptureFixture
) -> None:
    explain(TABLE, "evidence")
    explain(TABLE, "evidence", "--output", "out.jsonl.gz")
    with gzip.open("out.jsonl.gz") as stream:
        assert stream.read() == Path("out.jsonl").read_bytes()
    capsysbinary.readouterr()
    explain(TABLE, "evidence", "--output", "-")
    assert capsysbinary.readouterr().out == Path("out.jsonl").read_bytes()


def words() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(Path("words.csv").read_text())))


def planted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A table of true labels: "superb" stands in texts that are called negative, too."""
    monkeypatch.chdir(tmp_path)
    plain = "i saw the film with my sister on a monday in the city".split()
    rng = np.random.default_rng(8)
    with open("in.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "gold"])
        for number in range(40):
            words = list(rng.permutation(plain))
            strong = "superb" if number % 2 == 0 else "awful"
            words.insert(words.index("film"), strong)
            right = number % 4 < 2
            if not right:
                words.insert(0, "yesterday")
            writer.writerow([" ".join(words), "np"[right == (strong == "superb")]])


def test_right_and_wrong_rows_and_two_classes_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    planted(monkeypatch, tmp_path)
    given = ["explain", "--model", "kim_cnn", "--method", "evidence", "--target", "positive"]
    files = ["in.csv", "--output", "out.parquet", "--words", "words.csv"]
    labels = ["--label-column", "gold", "--label", "n=negative", "--label", "p=positive"]
    assert main([*given, *files, *labels, "--compare", "right", "wrong"]) == 0
    assert "labels of 'gold': p = positive, n = negative" in capsys.readouterr().err
    right = {row["ngram"]: row for row in words()}
    assert (right["superb"]["texts_right"], right["superb"]["texts_wrong"]) == ("10", "10")
    assert "yesterday" not in right  # no right row holds it
    assert main([*given, *files, "--compare", "positive", "negative"]) == 0
    classes = words()
    assert "superb" not in {row["ngram"] for row in classes}
    assert {"texts_positive", "mean_negative", "difference", "low", "high"} <= set(classes[0])


class FakeProcesses:
    """In place of processes with Keras; those are in `tests/scoring/test_gradient_processes.py`."""

    asked: list[tuple[Any, ...]] = []

    def __init__(self, *given: Any) -> None:
        self.asked.append(given)

    def __enter__(self) -> "FakeProcesses":
        return self

    def __exit__(self, *_: object) -> None:
        self.asked.append(("closed",))

    def __call__(self, documents: Any, targets: Any, method: str) -> Any:
        if method == "gradient_x_input":
            raise gradient_processes.GradientsFailed("The process has gone.")
        return [(np.full(sum(map(len, d)), 0.5, np.float32), 0.25) for d in documents]


def test_the_gradients_of_a_han_come_from_processes(
    explain: Explain,
    tiny_weights: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    monkeypatch.setattr(gradient_processes, "GradientProcesses", FakeProcesses)
    given = ("--threads", "3", "--target", "positive")
    assert explain(TABLE, "integrated_gradients", *given, model="han_imdb") == 3
    assert FakeProcesses.asked == [(tiny_weights / "han_imdb", 3), ("closed",)]
    rows = [record for record in output() if record["record"] == "row"]
    assert [row["gap"] for row in rows] == [0.25, 0.25]
    assert {r["value"] for r in output() if r["record"] == "word"} == {0.5}
    Path("out.jsonl").unlink()
    capsys.readouterr()
    assert explain(TABLE, "gradient_x_input", model="han_imdb") == 1
    assert "The process has gone." in capsys.readouterr().err
    assert list(Path().glob("out*")) == []
