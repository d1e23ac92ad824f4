"""Ctrl-C, SIGTERM, a full disk and a second run: one sentence, its status, nothing half-written.

Each command is a process of its own, as in test_killed.py.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dlnlp.corpus import Corpus
from tests.train.test_killed import ROOT, command, finished, saves, workers_of

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="reads the signals that a process waits for"
)
# Two seconds are promised; a machine that is busy with other tests may take its time.
SECONDS = 5.0


def waits_for_signals(process: "subprocess.Popen[str]") -> bool:
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("SigBlk:"):
            return bool(int(line.split()[1], 16) & 1 << signal.SIGINT - 1)
    return False


def interrupted(
    arguments: list[str], number: int, when: Callable[[], bool], seconds: float = 0.0
) -> tuple[int, str]:
    """Status of a command and what it said, when it and its workers got a signal."""
    with subprocess.Popen(
        arguments,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        while process.poll() is None and not (waits_for_signals(process) and when()):
            time.sleep(0.005)
        time.sleep(seconds)
        os.killpg(process.pid, number)  # as a terminal does
        sent = time.monotonic()
        _, said = process.communicate(timeout=60)
        assert time.monotonic() - sent < SECONDS
    progress = re.compile(r".*, \d\d:\d\d, .*\n")  # on a slow machine
    return process.returncode, progress.sub("", said)


def hidden(folder: Path) -> list[Path]:
    """What is half-written; empty locks are not."""
    found = [*folder.glob("**/*.part*"), *folder.glob("**/.*")]
    return [path for path in found if not (path.name.endswith(".lock") or path.is_dir())]


@pytest.mark.parametrize("seconds", [0.0, 0.7, 3.0])  # the beginning, imports, compilation
def test_before_there_is_a_checkpoint(imdb_corpus: Corpus, tmp_path: Path, seconds: float) -> None:
    run = [sys.executable, "-m", "train.han", "--dataset", "imdb", "--corpus", imdb_corpus.path]
    run += ["--checkpoints", tmp_path / "c", "--output", tmp_path / "han", "--teachers", "0"]
    status, said = interrupted([*map(str, run)], signal.SIGINT, lambda: True, seconds)
    assert status == 130
    assert said.startswith(
        ("Interrupted: nothing was changed", "Interrupted: run the same command")
    )
    assert len(said.splitlines()) == 1
    assert hidden(tmp_path) == []


def digits(folder: Path, *more: object) -> list[str]:
    places = ("--checkpoints", folder / "checkpoints", "--output", folder / "mnist_cnn")
    return command("mnist_cnn", *places, "--seeds", 1, "--checkpoint-minutes", 0, *more)


def test_in_the_middle_of_an_epoch_then_a_full_disk_while_exporting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = interrupted(digits(tmp_path), signal.SIGTERM, saves(tmp_path, 3))
    checkpoints = tmp_path / "checkpoints"
    assert found == (
        143,
        "Ended by SIGTERM: run the same command again; it goes on from the last checkpoint in "
        f"{checkpoints}.\n",
    )
    assert hidden(tmp_path) == [] and not (tmp_path / "mnist_cnn").exists()
    finished(digits(tmp_path, "--no-test"))
    # What JAX compiles would not fit into the limit either: it may read its cache, and not write.
    monkeypatch.setenv("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "1000")
    run = digits(tmp_path)
    limited = [*run[:4], "--file-limit", "3000", *run[4:]]
    sentence = finished(limited, code=1).splitlines()[-1]
    assert "(File too large): free some space and run the same command again; it goes" in sentence
    assert hidden(tmp_path) == [] and not (tmp_path / "mnist_cnn").exists()


def test_a_preparation_and_its_workers(archives: Path, tmp_path: Path) -> None:
    output = tmp_path / "imdb"
    run = command("prepare", "--dataset", "imdb", "--output", output, "--workers", 2)
    # Itself and one more: the pool starts a second worker only when the first is busy.
    status, said = interrupted(run, signal.SIGINT, lambda: len(workers_of(output)) > 1)
    assert (status, said) == (
        130,
        "Interrupted: run the same command again; it goes on with what was finished.\n",
    )
    limit = time.monotonic() + 30
    while workers_of(output) and time.monotonic() < limit:
        time.sleep(0.01)
    assert workers_of(output) == [] and not output.exists()
