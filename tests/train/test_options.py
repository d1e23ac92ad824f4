"""Every option of every training command refuses nonsense: one sentence, status 2, no file."""

import argparse
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.train.test_commands import COMMANDS

DIALECT = {"encoding", "delimiter", "quoting", "escape", "header"}
REQUIRED = {
    "own": ["table.csv"],
    "han": ["--dataset", "imdb"],
    "faithfulness": ["--model", "kim_cnn"],
    "lr_range_test": ["--model", "han_stars"],
    "prepare": ["--dataset", "imdb"],
}
ALWAYS = ["", " ", "\0"]  # not for choices: they have a test of their own
NUMBERS = ["nan", "inf", "-inf", "-1", "1e999", "9" * 30, "9" * 5000, "one", "0x1", "1,5"]
MAY_BE_ZERO = {
    "seed", "checkpoint_minutes", "dropout", "word_dropout", "class_weight_power",
    "embedding_rate", "teachers", "process_id", "momentum", "first_epochs",
}  # fmt: skip
SHARES = {"dropout", "word_dropout", "class_weight_power", "embedding_rate", "momentum"}


def options_of(command: str) -> Iterator[argparse.Action]:
    parser = importlib.import_module(f"train.{command}").build_parser()
    for action in parser._actions:
        # A flag takes no value; how a table is written is tested with `dlnlp score`.
        if action.nargs != 0 and action.option_strings and action.dest not in DIALECT:
            yield action


def bad_values(action: argparse.Action) -> list[str]:
    """What nobody can mean."""
    kind = getattr(action.type, "__qualname__", "")
    values = list(ALWAYS)
    if action.choices:
        return [*values, "nan", "x" * 5000]
    if kind == "text":  # blank ones are left out
        return ["x" * 100_001]
    if kind.startswith(("whole", "number", "share")):
        values += NUMBERS
        values += [] if action.dest in MAY_BE_ZERO else ["0", "-0"]
        values += ["2", "1.0001"] if action.dest in SHARES else []
        values += ["0.5", "1e2"] if kind.startswith("whole") else []
    else:
        values += ["x" * 256, "x/" * 3000] if kind != "address" else ["x", "a:0", ":1"]
    return values


CASES = [
    pytest.param(name, action, id=f"{name} {action.option_strings[-1]}")
    for name in COMMANDS
    for action in options_of(name)
]


def test_every_option_has_a_type_or_choices() -> None:
    untyped = [case.id for case in CASES if not (case.values[1].type or case.values[1].choices)]
    assert untyped == [] and len(CASES) > 60


@pytest.mark.parametrize(("name", "action"), CASES)
def test_nonsense_is_one_sentence(
    name: str,
    action: argparse.Action,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DLNLP_DATA", str(tmp_path))
    main = importlib.import_module(f"train.{name}").main
    for value in bad_values(action):
        with pytest.raises(SystemExit) as stopped:
            main([*REQUIRED.get(name, []), action.option_strings[-1], value])
        out, err = capsys.readouterr()
        assert (stopped.value.code, out) == (2, ""), value[:40]
        (sentence,) = err.splitlines()
        assert sentence.startswith(f"python -m train.{name}: ") and len(sentence) < 600
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["han", "--dataset", "imdb", "--shards", "2"],
        ["han", "--dataset", "imdb", "--distributed", "--processes", "2", "--process-id", "2"],
        ["han", "--dataset", "amazon_full", "--teachers", "1"],
        ["han", "--dataset", "imdb", "--epoch", "1"],
        ["lr_range_test", "--model", "han_stars", "--min-lr", "1", "--max-lr", "1"],
        ["han"],
        ["lr_range_test"],
        ["linear_baseline", "--model", "x", "--dataset", "imdb"],
        ["prepare"],
        ["prepare", "--dataset", "imdb", "--table", "t.csv"],
        ["prepare", "--dataset", "imdb", "--label-column", "stars"],
        ["prepare", "--table", "kim_cnn.csv"],
        ["prepare", "--dataset", "imdb", "--max-size", "65537"],
    ],
)
def test_options_that_do_not_go_together(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    name, *given = arguments
    with pytest.raises(SystemExit) as stopped:
        importlib.import_module(f"train.{name}").main(given)
    assert stopped.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
