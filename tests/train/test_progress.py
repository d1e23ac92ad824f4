"""A bar on a terminal, lines in a log."""

import io

import pytest

from train import progress
from train.progress import EVERY, ProgressBar


class Stream(io.StringIO):
    terminal = False

    def isatty(self) -> bool:
        return self.terminal


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Stream:
    made = Stream()
    monkeypatch.setattr(progress.sys, "stderr", made)
    return made


def test_a_log_gets_whole_lines_now_and_then(
    stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(progress.time, "monotonic", lambda: now)
    with ProgressBar(total=300, desc="epoch 1/2", unit=" batches", mininterval=0) as bar:
        for step in range(300):
            now = step * EVERY / 100
            bar.set_postfix(loss=f"{step}")
            bar.update()
    lines = stream.getvalue().splitlines()
    assert [line.split(",")[0] for line in lines] == [
        "epoch 1/2: 100/300 batches", "epoch 1/2: 200/300 batches",
    ]  # fmt: skip
    assert "\r" not in stream.getvalue() and "loss=100" in lines[0]


def test_a_moment_is_not_told_in_a_log(stream: Stream) -> None:
    for _ in ProgressBar(range(1000), "count"):
        pass
    assert stream.getvalue() == ""


def test_a_terminal_gets_a_bar(stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stream, "terminal", True)
    for _ in ProgressBar(range(10), "count"):
        pass
    assert "100%" in stream.getvalue() and "\r" in stream.getvalue()
