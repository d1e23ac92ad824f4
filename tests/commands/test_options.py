"""The types of options: what they take, and that all else is one sentence."""

import argparse
import math
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.commands import options
from dlnlp.commands.options import Parser, folder, new_file, number, output_name, share, whole

TYPES: dict[str, Callable[[str], object]] = {
    "whole": whole(1, 10),
    "number": number(0, 1, above=True),
    "share": share(),
    "seed": options.seed,
    "address": options.address,
    "text": options.text,
}


@given(st.sampled_from(sorted(TYPES)), st.text() | st.floats().map(str) | st.integers().map(str))
def test_any_text_is_a_value_or_one_short_sentence(name: str, value: str) -> None:
    try:
        found = TYPES[name](value)
    except argparse.ArgumentTypeError as error:
        assert len(str(error)) < 200 and str(error).isprintable()
    else:
        assert not isinstance(found, float) or math.isfinite(found)


def test_whole_numbers() -> None:
    assert [whole(0, 5)(text) for text in ("0", " 3 ", "+5")] == [0, 3, 5]
    for text in ("", "6", "-1", "1.0", "1e3", "1_0", "nan", "0x1", "9" * 5000, "٣"):
        with pytest.raises(argparse.ArgumentTypeError, match="is not a whole number from 0 to 5"):
            whole(0, 5)(text)


def test_numbers() -> None:
    assert [number(0, 2)(text) for text in ("0", "1e-3", "2")] == [0, 1e-3, 2]
    assert share()("0.999") == 0.999 and share(whole_too=True)("1") == 1
    for kind, text in (
        (number(), "nan"), (number(), "inf"), (number(), "-1"), (number(), "1e999"),
        (number(0, above=True), "0"), (number(0, 2), "2.1"), (share(), "1"), (share(), "2"),
        (share(), ""), (share(), "0,5"),
    ):  # fmt: skip
        with pytest.raises(argparse.ArgumentTypeError, match="is not a number"):
            kind(text)


@pytest.mark.parametrize("read", [folder, new_file, output_name(""), options.source])
@pytest.mark.parametrize("value", ["", " ", "a\0b", "x" * 256, "d/" * 2500])
def test_no_path(read: Callable[[str], object], value: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError) as error:
        read(value)
    assert str(error.value).isprintable() and len(str(error.value)) < 120


def test_folders_and_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("")
    Path("link").symlink_to("nowhere")
    assert folder("new/deep") == Path("new/deep") and folder(".") == tmp_path
    assert new_file("new/a.json") == Path("new/a.json") and new_file("file") == Path("file")
    for value in ("file", "file/deep", "link", "/", "x" * 230):
        with pytest.raises(argparse.ArgumentTypeError):
            folder(value)
    for value in (".", "file/a"):
        with pytest.raises(argparse.ArgumentTypeError):
            new_file(value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "link"]


def test_the_end_of_an_output_says_what_it_is(tmp_path: Path) -> None:
    named = output_name(".csv", ".csv.gz", ".parquet")
    for value in ("-", "a.csv", "A.CSV.GZ", "x.y/.csv", "x" * 251 + ".csv", os.devnull):
        assert named(value) == value
    assert named(str(tmp_path)) == str(tmp_path)  # a folder is told of where all outputs are
    for value in ("a.txt", "a", "csv", "a.csv ", "a.csv.zip", "a.gz", "a.parquet.gz"):
        with pytest.raises(argparse.ArgumentTypeError) as error:
            named(value)
        assert str(error.value).endswith(" does not end in .csv, .csv.gz or .parquet")


def test_texts_may_be_long_and_blank() -> None:
    assert [options.text(value) for value in ("", "\n", "x" * 5_000)] == ["", "\n", "x" * 5_000]
    with pytest.raises(argparse.ArgumentTypeError, match="is longer than 100,000 characters"):
        options.text("x" * 100_001)


def test_addresses() -> None:
    assert options.address("[::1]:80") == "[::1]:80"
    for value in ("", ":1", "host", "host:", "host:0", "host:70000", "ho st:1"):
        with pytest.raises(argparse.ArgumentTypeError):
            options.address(value)


def test_wrong_usage_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    parser = Parser(prog="x")
    parser.add_argument("--epochs", type=whole())
    for given_ in (["--epochs", "\x1b[31m0\n" * 1000], ["--epoch", "1"], ["--\u202e"], ["a"] * 999):
        with pytest.raises(SystemExit) as stopped:
            parser.parse_args(given_)
        assert stopped.value.code == 2
        (sentence,) = capsys.readouterr().err.splitlines()
        assert sentence.startswith("x: ") and len(sentence) < 600
    assert parser.parse_args(["--epochs", "3"]).epochs == 3
