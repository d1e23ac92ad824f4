"""Commands that are killed at random moments, and run again, end as if nothing had happened.

Each is a process of its own, TensorFlow is out of its reach, and SIGKILL ends it.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from dlnlp.artifacts import open_artifact
from dlnlp.corpus import Corpus
from dlnlp.inference import HanPredictor, KimCnnPredictor
from dlnlp.inference.digits import DigitPredictor
from tests.train import tables

ROOT = Path(__file__).resolve().parents[2]
SEED = int(os.environ.get("DLNLP_KILL_SEED", "0"))  # another one: other moments


def command(*arguments: object, limit: int | None = None) -> list[str]:
    limited = [] if limit is None else ["--file-limit", str(limit)]
    module = "tests.train.small_command"
    return [sys.executable, "-m", module, "--without-tensorflow", *limited, *map(str, arguments)]


def started(arguments: list[str]) -> "subprocess.Popen[str]":
    pipe = subprocess.PIPE
    return subprocess.Popen(arguments, cwd=ROOT, stdout=pipe, stderr=pipe, text=True)


def finished(arguments: list[str], code: int = 0) -> str:
    """What a command that was left alone said on stderr."""
    with started(arguments) as process:
        _, said = process.communicate(timeout=300)
    assert process.returncode == code, said
    return said


def killed(arguments: list[str], when: Callable[[], bool], seconds: float) -> bool:
    """Whether the command was killed, `seconds` after `when`; it may have been faster."""
    with started(arguments) as process:
        while process.poll() is None and not when():
            time.sleep(0.001)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        return process.returncode == -signal.SIGKILL


def saves(checkpoints: Path, count: int) -> Callable[[], bool]:
    """Whether any checkpoint below a folder has been written `count` times from now on."""
    seen = set(stamps(checkpoints))

    def reached() -> bool:
        seen.update(stamps(checkpoints))
        return len(seen) >= aim

    aim = len(seen) + count
    return reached


def stamps(checkpoints: Path) -> Iterator[tuple[Path, int]]:
    for path in checkpoints.glob("**/newest.npz"):
        try:
            yield path, path.stat().st_mtime_ns
        except FileNotFoundError:
            continue  # between two renamings


def state(checkpoint: Path) -> tuple[dict[str, np.ndarray], dict]:
    """The arrays and the notes of a checkpoint, times left out."""
    with np.load(checkpoint) as stored:
        arrays = {name: stored[name] for name in stored.files}
    notes = json.loads(str(arrays.pop("about")))["notes"]
    for record in [*notes.get("history", []), notes.get("unfinished", {})]:
        record.pop("seconds", None)
    return arrays, notes


def assert_same(folder: Path, expected: Path) -> None:
    names = sorted(str(path.relative_to(expected)) for path in expected.glob("**/newest.npz"))
    assert names
    for name in names:
        arrays, notes = state(folder / name)
        others, recorded = state(expected / name)
        assert arrays.keys() == others.keys()
        for key, array in arrays.items():
            np.testing.assert_array_equal(array, others[key])
        assert notes == recorded


def test_a_preparation(archives: Path, imdb_corpus: Corpus, tmp_path: Path) -> None:
    rng = np.random.default_rng(SEED)
    output, partial = tmp_path / "imdb", tmp_path / "imdb.partial"
    run = command(
        "prepare", "--dataset", "imdb", "--output", output, "--workers", 2,
        "--embedding-dim", 8, "--min-count", 2, "--word-vector-epochs", 2,
    )  # fmt: skip
    # A full disk is one sentence.
    said = finished([*run[:4], "--file-limit", "9000", *run[4:]], code=1).strip().splitlines()
    assert len(said) == 1, said
    assert "free some space and run the same command again" in said[0]
    seen = []
    for file in ("preprocessor.json", "train.arrow", "unsup.arrow", "embeddings.npy"):
        deaths = killed(run, lambda file=file: (partial / file).exists(), rng.uniform(0, 0.02))
        seen.append(deaths and sorted(path.name for path in partial.glob("*")))
        # One renaming ends it: all is there under its name, or none is.
        assert output.exists() != partial.exists()
    assert any(seen)
    if not output.exists():
        finished(run)
    corpus = Corpus(output)
    assert corpus.info["hash"] == imdb_corpus.info["hash"]
    assert corpus.info["word_vectors"]["sha256"] == imdb_corpus.info["word_vectors"]["sha256"]
    times = ("seconds", "settings", "word_vectors")
    for name in set(corpus.info) - set(times):
        assert corpus.info[name] == imdb_corpus.info[name]
    assert sorted(path.name for path in output.iterdir()) == sorted(
        path.name for path in imdb_corpus.path.iterdir()
    )


def workers_of(output: Path) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            said = entry.read_bytes()
        except OSError:
            continue
        if os.fsencode(output) in said:
            found.append(entry.parent.name)
    return found


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads the list of processes")
def test_a_killed_preparation_leaves_no_process(archives: Path, tmp_path: Path) -> None:
    output = tmp_path / "reviews5"
    run = command("prepare", "--dataset", "reviews5", "--output", output, "--workers", 2)
    assert killed(run, lambda: len(workers_of(output)) == 3, 0.0)
    limit = time.monotonic() + 30
    while workers_of(output) and time.monotonic() < limit:
        time.sleep(0.01)
    assert workers_of(output) == []


def han(corpus: Corpus, folder: Path, *more: object) -> list[object]:
    return [
        "han", "--dataset", "imdb", "--corpus", corpus.path, "--checkpoints", folder / "han",
        "--output", folder / "han_imdb", "--teachers", 0, "--first-epochs", 0, "--units", 4,
        "--seeds", 1, *more,
    ]  # fmt: skip


@pytest.fixture(scope="module")
def straight(imdb_corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a HAN that was trained without interruption."""
    folder = tmp_path_factory.mktemp("straight")
    finished(command(*han(imdb_corpus, folder)))
    return folder


def test_a_han(straight: Path, imdb_corpus: Corpus, tmp_path: Path) -> None:
    predictor = HanPredictor.load(straight / "han_imdb")
    assert predictor.card["versions"]["backend"] == "jax"
    rng = np.random.default_rng(SEED)
    run = han(imdb_corpus, tmp_path, "--no-test", "--checkpoint-minutes", 0)
    said = finished(command(*run, limit=5_000), code=1).strip().splitlines()
    assert len(said) == 1 and "newest.npz (File too large): free some space" in said[0]
    newest, positions = tmp_path / "han" / "seed1" / "model" / "newest.npz", []
    for _ in range(3):
        when = saves(tmp_path / "han", int(rng.integers(2, 6)))
        if not killed(command(*run), when, rng.uniform(0, 0.03)):
            break  # it was faster
        if newest.exists():
            positions.append(len(state(newest)[1].get("unfinished", {}).get("losses", [])))
    assert any(positions)  # in the middle of an epoch
    whole = newest.read_bytes() if newest.exists() else b"nothing"
    newest.write_bytes(whole[: len(whole) // 2])
    said = finished(command(*run))
    assert f"{newest} is damaged" in said and "going on from" in said
    assert_same(tmp_path / "han", straight / "han")


def test_a_kim_cnn_with_a_teacher(straight: Path, imdb_corpus: Corpus, tmp_path: Path) -> None:
    """Needs no TensorFlow. It is killed as the network of a visitor's own texts, below."""
    run = command(
        "kim_cnn", "--corpus", imdb_corpus.path, "--teacher", straight / "han_imdb",
        "--checkpoints", tmp_path / "checkpoints", "--output", tmp_path / "kim_cnn",
        "--trials", tmp_path / "none", "--seeds", 1,
    )  # fmt: skip
    finished(run)
    card = KimCnnPredictor.load(tmp_path / "kim_cnn").card
    assert card["versions"]["backend"] == "jax"


def test_both_networks_of_own_texts(tmp_path: Path) -> None:
    table = tables.write(tmp_path / "hotels.csv", tables.phrases(tables.HOTEL, 90, seed=1))

    def run(folder: Path, *more: object) -> list[str]:
        return command(
            "own", table, "--model", "both", "--vectors", "own", "--workers", 1,
            "--work", folder / "work", "--output", folder / "models", *more,
        )  # fmt: skip

    whole, cut = tmp_path / "whole", tmp_path / "cut"
    finished(run(whole))
    rng = np.random.default_rng(SEED)
    # The HAN is whole then; how one is killed and goes on is told above.
    when = saves(cut / "work" / "kim_cnn", int(rng.integers(2, 8)))
    assert killed(run(cut, "--checkpoint-minutes", 0), when, rng.uniform(0, 0.03))
    finished(run(cut))
    for network in ("han", "kim_cnn"):
        assert_same(cut / "work" / network, whole / "work" / network)
        made = [open_artifact(folder / "models" / f"hotels_{network}") for folder in (whole, cut)]
        assert made[0].card["versions"]["backend"] == "jax"
        for file in ("network.onnx", "embeddings.npy", "vocabulary.txt", "examples.json"):
            assert made[0].card["files"][file] == made[1].card["files"][file]


def test_a_network_for_digits(tmp_path: Path) -> None:
    def run(folder: Path, *more: object) -> list[str]:
        places = ("--checkpoints", folder / "checkpoints", "--output", folder / "mnist_cnn")
        return command("mnist_cnn", *places, "--seeds", 1, *more)

    finished(run(tmp_path / "whole"))
    card = DigitPredictor.load(tmp_path / "whole" / "mnist_cnn").card
    assert card["versions"]["backend"] == "jax"
    rng, cut = np.random.default_rng(SEED), tmp_path / "cut"
    when = saves(cut, int(rng.integers(2, 16)))
    assert killed(run(cut, "--no-test", "--checkpoint-minutes", 0), when, rng.uniform(0, 0.02))
    finished(run(cut, "--no-test"))
    assert_same(cut / "checkpoints", tmp_path / "whole" / "checkpoints")
