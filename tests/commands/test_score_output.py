"""A file that is there whole or not at all; a progress line for terminals only."""

import gzip
import io
import os
import threading
from pathlib import Path

import pytest

from dlnlp.commands import score_output
from dlnlp.commands.score_output import Progress, opened_output


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_file_appears_when_complete(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")
    with opened_output(str(path), False) as out:
        out.write("a,ü\r\n")
        out.flush()
        assert path.read_text() == "old"
    assert path.read_bytes() == b"a,\xc3\xbc\r\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")
    with pytest.raises(RuntimeError), opened_output(str(path), False) as out:
        out.write("new")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "real.csv", tmp_path / "out.csv"
    target.write_text("old")
    link.symlink_to(target)
    with opened_output(str(link), False) as out:
        out.write("new")
    assert link.is_symlink() and target.read_text() == "new"


def test_mark_packing_and_surrogates(tmp_path: Path) -> None:
    with opened_output(str(tmp_path / "out.csv.gz"), True) as out:
        out.write("a\ud800\n")
    content = gzip.decompress((tmp_path / "out.csv.gz").read_bytes())
    assert content == b"\xef\xbb\xbfa?\n"


def test_a_pipe_is_written_to_directly(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(path.read_text()))
    reader.start()
    with opened_output(str(path), False) as out:
        out.write("x\n")
    reader.join(10)
    assert read == ["x\n"] and path.is_fifo()


def test_progress_is_drawn_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(score_output.time, "monotonic", lambda: now)
    stream = Terminal()
    with Progress(stream, 1_000, lambda: 250) as progress:
        now = 110.0
        progress.update(50)
        drawn = stream.getvalue()
        assert " 25 %  50 rows, 5 a second, 30 s left" in drawn
        progress.update(51)
        assert stream.getvalue() == drawn  # not so soon
        progress.say("line 7: empty.")
    assert progress.seconds == 10
    last = stream.getvalue().removeprefix(drawn)
    assert last == "\r" + " " * len(drawn) + "\rline 7: empty.\n"


@pytest.mark.parametrize(
    ("rest", "words"), [(3.2, "3 s"), (63, "1 min 3 s"), (7_260, "2 h 1 min"), (0, "0 s")]
)
def test_durations_are_words(rest: float, words: str) -> None:
    assert score_output._duration(rest) == words


def test_progress_without_a_size_counts_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    with Progress(stream, None, None) as progress:
        progress.update(1_234)
    assert stream.getvalue().startswith("1,234 rows, ")
    assert stream.getvalue().endswith(" \r")


def test_progress_in_a_log_is_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, now = io.StringIO(), 1000.0
    monkeypatch.setattr(score_output.time, "monotonic", lambda: now)
    with Progress(stream, 10, lambda: 5) as progress:
        for row in range(251):
            now = 1000 + row / 10
            progress.update(row)
        progress.say("line 2: empty.")
    assert stream.getvalue().splitlines() == [
        "50 %  100 rows, 10 a second, 10 s left",
        "50 %  200 rows, 10 a second, 20 s left",
        "line 2: empty.",
    ]
