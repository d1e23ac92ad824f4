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

import numpy as np
import pytest

from dlnlp.corpus import Corpus
from dlnlp.inference.digits import DigitPredictor
from tests.train.test_killed import (
    ROOT,
    SEED,
    assert_same,
    command,
    finished,
    killed,
    saves,
    workers_of,
)

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


def test_ended_in_an_epoch_then_killed_then_a_full_disk_while_exporting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network for digits ends as one that was left alone."""

    def run(folder: Path, *more: object, limit: int | None = None) -> list[str]:
        places = ("--checkpoints", folder / "checkpoints", "--output", folder / "mnist_cnn")
        return command("mnist_cnn", *places, "--seeds", 1, *more, limit=limit)

    whole, cut, often = tmp_path / "whole", tmp_path / "cut", ("--checkpoint-minutes", 0)
    finished(run(whole))
    assert DigitPredictor.load(whole / "mnist_cnn").card["versions"]["backend"] == "jax"
    assert interrupted(run(cut, *often), signal.SIGTERM, saves(cut, 3)) == (
        143,
        "Ended by SIGTERM: run the same command again; it goes on from the last checkpoint in "
        f"{cut / 'checkpoints'}.\n",
    )
    assert hidden(cut) == [] and not (cut / "mnist_cnn").exists()
    rng = np.random.default_rng(SEED)
    when = saves(cut, int(rng.integers(2, 12)))
    assert killed(run(cut, "--no-test", *often), when, rng.uniform(0, 0.02))
    finished(run(cut, "--no-test"))
    assert_same(cut / "checkpoints", whole / "checkpoints")
    # What JAX compiles would not fit into the limit either: it may read its cache, and not write.
    monkeypatch.setenv("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "1000")
    sentence = finished(run(cut, limit=3_000), code=1).splitlines()[-1]
    assert "(File too large): free some space and run the same command again; it goes" in sentence
    assert hidden(cut) == [] and not (cut / "mnist_cnn").exists()


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
