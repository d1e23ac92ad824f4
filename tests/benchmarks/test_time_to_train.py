"""The time from raw data: a command is timed once, and the accuracy is the checkpoint's."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import time_to_train
from benchmarks.time_to_train import last_epochs, row


def write_checkpoint(folder: Path, *epochs: tuple[float, float]) -> None:
    folder.mkdir(parents=True)
    history = [{"seconds": s, "validation_accuracy": a} for s, a in epochs]
    np.savez(folder / "newest.npz", about=json.dumps({"notes": {"history": history}}))


def test_last_epochs_are_read_from_the_checkpoint(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "one", (60.5, 0.5), (70.5, 0.875))
    assert last_epochs(tmp_path / "one") == (131, 0.875)


def test_a_row_runs_the_commands_of_the_readme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[tuple[str, ...]] = []

    def run(*command: str) -> float:
        ran.append(command)
        if command[0] == "train.prepare":
            (tmp_path / "reviews5").mkdir()
            return 61.0
        if not (tmp_path / "han_stars").exists():
            write_checkpoint(tmp_path / "han_stars" / "seed1" / "model", (100.0, 0.66))
        return 125.0

    monkeypatch.setattr(time_to_train, "run", run)
    assert row("han_stars", tmp_path) == "| `han_stars` | 1:01 | 2:05 | 1:40 | 66.0% |"
    assert [command[0] for command in ran] == ["train.prepare", "train.han"]
    assert {"--no-test", "--seeds", "reviews5"} <= set(ran[1])
    again = row("han_stars", tmp_path)
    assert again == "| `han_stars` | as above | trained before | 1:40 | 66.0% |"
    assert [command[0] for command in ran[2:]] == ["train.han"]
