"""A bar on a terminal, lines in a log."""

import sys

import pytest

from train import progress
from train.progress import EVERY, ProgressBar

Captured = pytest.CaptureFixture[str]


def test_a_log_gets_whole_lines_now_and_then(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(progress.time, "monotonic", lambda: now)
    with ProgressBar(total=300, desc="epoch 1/2", unit=" batches", mininterval=0) as bar:
        for step in range(300):
            now = step * EVERY / 100
            bar.set_postfix(loss=f"{step}")
            bar.update()
    told = capsys.readouterr().err
    assert [line.split(",")[0] for line in told.splitlines()] == [
        "epoch 1/2: 100/300 batches", "epoch 1/2: 200/300 batches",
    ]  # fmt: skip
    assert "\r" not in told and "loss=100" in told


def test_a_moment_is_not_told_in_a_log(capsys: Captured) -> None:
    for _ in ProgressBar(range(1000), "count"):
        pass
    assert capsys.readouterr().err == ""


def test_a_terminal_gets_a_bar(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    for _ in ProgressBar(range(10), "count"):
        pass
    told = capsys.readouterr().err
    assert "100%" in told and "\r" in told
