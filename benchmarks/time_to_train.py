"""How long each shipped network takes from raw data: ``python -m benchmarks.time_to_train``.

    DLNLP_DATA=... python -m benchmarks.time_to_train --folder FOLDER [--models han_stars ...]

Runs the commands of the main README, one network of each kind, without a look at test, one after
the other; what an earlier run prepared or trained in FOLDER is used, and not timed. The commands of
`kim_cnn` and `mnist_cnn` also train the origin's network to compare with, `kim_cnn` asks its
teachers first, and a HAN for films trains two teachers of its own: "train" is the time of all that,
"its epochs" that of the network alone.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlnlp.commands.options import Parser, folder


@dataclass(frozen=True, slots=True)
class Network:
    """How a network is trained.

    Attributes:
        command: module in ``train/`` and its arguments.
        dataset: to prepare first; MNIST needs no preparation.
        last: its checkpoint, below that of the seed.
    """

    command: tuple[str, ...]
    dataset: str | None
    last: str = "."


NETWORKS = {
    "han_stars": Network(("han", "--dataset", "reviews5"), "reviews5", "model"),
    "han_imdb": Network(("han", "--dataset", "imdb"), "imdb", "model"),
    "kim_cnn": Network(("kim_cnn",), "imdb"),
    "mnist_cnn": Network(("mnist_cnn",), None),
}


def run(*command: str) -> float:
    """Run a command of ``train/``; returns its seconds.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", *command], check=True, stdout=sys.stderr)
    return time.perf_counter() - started


def prepare(dataset: str, folder: Path) -> float | None:
    """Prepare a corpus; None when an earlier run did."""
    corpus = folder / dataset
    if corpus.exists():
        return None
    return run("train.prepare", "--dataset", dataset, "--output", str(corpus))


def last_epochs(checkpoint: Path) -> tuple[float, float]:
    """Seconds of a network's epochs, and its accuracy on validation after the last."""
    with np.load(checkpoint / "newest.npz", allow_pickle=False) as stored:
        history = json.loads(str(stored["about"]))["notes"]["history"]
    return sum(epoch["seconds"] for epoch in history), history[-1]["validation_accuracy"]


def row(name: str, folder: Path) -> str:
    """Train a network; its row of the table."""
    network, checkpoints = NETWORKS[name], folder / name
    module, *more = network.command
    prepared = "none"
    if network.dataset:
        seconds = prepare(network.dataset, folder)
        prepared = "as above" if seconds is None else _minutes(seconds)
        more += ["--corpus", str(folder / network.dataset)]
    before = checkpoints.exists()
    took = run(
        f"train.{module}", *more, "--checkpoints", str(checkpoints), "--seeds", "1", "--no-test"
    )
    epochs, accuracy = last_epochs(checkpoints / "seed1" / network.last)
    trained = "trained before" if before else _minutes(took)
    return f"| `{name}` | {prepared} | {trained} | {_minutes(epochs)} | {accuracy:.1%} |"


def _minutes(seconds: float) -> str:
    return f"{seconds // 60:.0f}:{seconds % 60:02.0f}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = Parser(prog="python -m benchmarks.time_to_train", description=__doc__)
    parser.add_argument("--folder", type=folder, required=True)
    parser.add_argument("--models", nargs="+", choices=list(NETWORKS), default=list(NETWORKS))
    options = parser.parse_args(arguments)
    print("| one network | prepare, min:s | train, min:s | its epochs, min:s | validation |")
    print("|---|---|---|---|---|")
    for name in options.models:
        print(row(name, options.folder), flush=True)


if __name__ == "__main__":
    main()
