"""The command that makes all that ships: its steps, what it skips, what it notes."""

import json
import sys
from pathlib import Path

import pytest

import train.weights
from train.weights import SEEDS, Step, main, steps


@pytest.fixture
def scripted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three steps that note that they ran; the second fails as long as a file is missing."""
    done = tmp_path / "done.txt"
    script = tmp_path / "step.py"
    script.write_text(
        "import sys, pathlib\n"
        f"done = pathlib.Path({str(done)!r})\n"
        "name = sys.argv[-1]\n"
        "with done.open('a') as file: file.write(name + '\\n')\n"
        "sys.exit(name == 'b' and not done.with_name('mended').exists())\n"
    )
    command = tmp_path / "python"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} {script} "$@"\n')
    command.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(command))
    monkeypatch.setattr(
        train.weights, "steps", lambda folder: [Step(name, ("x", name)) for name in "abc"]
    )
    return done


def times(folder: Path) -> dict:
    return json.loads((folder / "times.json").read_text())


def test_it_goes_on_behind_what_is_done_and_keeps_the_time_of_all_tries(
    scripted: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "campaign"
    assert main(["--folder", str(folder)]) == 1
    assert "the step 'b' failed" in capfd.readouterr().err
    assert scripted.read_text().split() == ["a", "b"]
    first = times(folder)
    assert first["a"]["done"] and not first["b"]["done"] and "c" not in first
    assert len(first["a"]["commit"]) >= 7
    (tmp_path / "mended").touch()
    assert main(["--folder", str(folder)]) == 0
    assert scripted.read_text().split() == ["a", "b", "b", "c"]
    second = times(folder)
    assert all(found["done"] for found in second.values())
    assert second["b"]["seconds"] >= first["b"]["seconds"]
    assert second["a"] == first["a"]
    printed = capfd.readouterr().out
    assert "| a | 0:0" in printed and "| c | 0:0" in printed
    assert main(["--folder", str(folder), "--table"]) == 0
    assert scripted.read_text().split() == ["a", "b", "b", "c"]


def test_steps_may_be_chosen(scripted: Path, tmp_path: Path) -> None:
    assert main(["--folder", str(tmp_path / "campaign"), "--steps", "c", "a"]) == 0
    assert scripted.read_text().split() == ["a", "c"]


def test_one_network_of_each_kind_comes_before_further_seeds_and_after_what_it_needs() -> None:
    found = steps(Path("F"))
    names = [step.name for step in found]
    assert len(set(names)) == len(names)
    for name in ("han_imdb", "kim_cnn"):
        assert names.index("corpus_imdb") < names.index(name)
    assert names.index("han_imdb") < names.index("kim_cnn")
    assert names.index("corpus_reviews5") < names.index("han_stars")
    first_of_several = min(names.index(f"{name}_{count}_seeds") for name, count in SEEDS.items())
    assert all(names.index(name) < first_of_several for name in (*SEEDS, "mnist_cnn"))


def test_every_step_is_a_command_that_takes_its_options() -> None:
    for step in steps(Path("F")):
        module = __import__(f"train.{step.command[0]}", fromlist=["build_parser"])
        given = vars(module.build_parser().parse_args(step.command[1:]))
        assert not any(str(value).startswith("weights") for value in given.values())
