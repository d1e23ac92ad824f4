"""Networks of one's own against a linear model: ``python -m benchmarks.own_tables``.

Makes tables of public texts (:mod:`benchmarks.own_table_sources`), trains on each by
``python -m train.own``, a process of its own, and prints a row each: rows, classes, language,
seconds of the processor, the seconds that the page would have foreseen, accuracy on test with its
95 % interval, and that of a linear model on the same words. No network that ships has learned the
labels of these rows but those of ``stars_20000``, which only ``han_stars`` has: English texts begin
with the vectors of ``han_imdb``. What is done is kept in ``--folder``.

    DLNLP_DATA=/folder/with/the/archives python -m benchmarks.own_tables --tables stars_2000
"""

import argparse
import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.own_table_sources import TABLES, Table, write
from dlnlp.ui.train.duration import IDLE, MEASURED

LINEAR = "linear, TF-IDF of 1- and 2-grams"


def train(name: str, kind: str, options: argparse.Namespace) -> tuple[Path, float]:
    """Train on a table; returns the card and the seconds of the processor that it took."""
    folder: Path = options.folder
    path = folder / f"{name}.csv"
    if not path.exists():
        write(TABLES[name], path, options.packages)
    own = f"{name}_{kind}" + (f"_{options.vectors}" if options.vectors else "")
    card, took = folder / "models" / own / "card.json", folder / f"{own}.seconds"
    if not (card.exists() and took.exists()):
        command = [
            sys.executable, "-m", "train.own", str(path), "--name", own,
            "--model", kind, "--output", str(folder / "models"), "--work", str(folder / own),
        ]  # fmt: skip
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        more = ["--vectors", options.vectors] if options.vectors else []
        subprocess.run([*command, *more], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        took.write_text(f"{seconds:.1f}\n")
    return card, float(took.read_text())


def foreseen(kind: str, epochs: Sequence[Mapping[str, float]]) -> float:
    """How long the training takes by the estimate of the page ``/train``, in seconds."""
    plan = {"words": epochs[0]["tokens"], "steps": epochs[0]["steps"]}
    return MEASURED[kind].seconds(plan, len(epochs))


def row(
    table: Table, kind: str, card: dict[str, Any], epochs: Sequence[Mapping[str, float]],
    seconds: float,
) -> str:  # fmt: skip
    """A line of the table in Markdown."""
    accuracy = card["metrics"]["test"]["accuracy"]
    value, low, high = (f"{100 * accuracy[part]:.1f}" for part in ("value", "low", "high"))
    cells = [
        table.about, f"{sum(card['documents'].values()):,}", str(len(card["class_names"])),
        table.language, kind, f"{seconds:.0f}", f"{seconds / IDLE:.0f}",
        f"{foreseen(kind, epochs):.0f}", f"{value} % ({low} to {high})",
        f"{100 * card['baselines'][LINEAR]['accuracy']:.1f} %",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


HEAD = (
    "| table | rows | classes | language | network | processor seconds | / 1.6 | foreseen "
    "| accuracy on test | linear |\n|---|---|---|---|---|---|---|---|---|---|"
)


def main() -> None:
    """Train what is missing, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("runs/own_tables"))
    parser.add_argument("--packages", type=Path, default=Path("runs/own_tables/packages"))
    parser.add_argument("--tables", nargs="+", choices=tuple(TABLES), default=[*TABLES])
    parser.add_argument("--models", nargs="+", choices=("han", "kim_cnn"), default=["han"])
    parser.add_argument("--vectors", help="as of train.own; default: its own")
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    lines = [HEAD]
    for name in options.tables:
        for kind in options.models:
            card, seconds = train(name, kind, options)
            content = json.loads(card.read_text("utf-8"))
            epochs = json.loads(card.with_name("history.json").read_text("utf-8"))["epochs"]
            lines.append(row(TABLES[name], kind, content, epochs, seconds))
            print(lines[-1], flush=True)
    print("\n" + "\n".join(lines))


if __name__ == "__main__":
    main()
