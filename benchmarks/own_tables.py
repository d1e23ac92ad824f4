"""Networks of one's own against a linear model: ``python -m benchmarks.own_tables``.

Makes tables from the star reviews and from IMDB, takes the two small ones that ship, trains on
each by ``python -m train.own``, a process of its own, and prints a row each: rows, classes, seconds
of the processor, accuracy on test with its 95 % interval, and that of a linear model on the same
words. All rows come from the published test splits: the shipped networks, whose vectors English
texts begin with, have not learned their labels. What is done is kept in ``--folder``.

    DLNLP_DATA=/folder/with/the/archives python -m benchmarks.own_tables --tables stars_2000
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dlnlp import datasets
from dlnlp.datasets import Review
from dlnlp.examples import HOTEL_REMARKS, QUESTIONS
from train.corpora.source import share_of

FEWEST = 40  # rows of a class that a table keeps
LINEAR = "linear, TF-IDF of 1- and 2-grams"


@dataclass(frozen=True)
class Table:
    """A table to learn from; its texts are all English.

    Attributes:
        dataset: where its texts come from.
        rows: how many.
        label: class of a review; "" leaves it out.
        about: what it is, for the reader.
    """

    dataset: str
    rows: int
    label: Callable[[Review], str]
    about: str


def stars(review: Review) -> str:
    """One to five stars."""
    return str(review.label + 1)


def two(review: Review) -> str:
    """Good or bad; three stars are neither."""
    return {0: "bad", 1: "bad", 2: "", 3: "good", 4: "good"}[review.label]


def source(review: Review) -> str:
    """Where a review was published: a question of topic and manner, not of opinion."""
    return review.group


def film(review: Review) -> str:
    """Whether a film review is for the film."""
    return ("neg", "pos")[review.label]


TABLES = {
    "stars_500": Table("reviews5", 500, stars, "reviews, 1 to 5 stars"),
    "stars_2000": Table("reviews5", 2_000, stars, "reviews, 1 to 5 stars"),
    "stars_10000": Table("reviews5", 10_000, stars, "reviews, 1 to 5 stars"),
    "good_bad_2000": Table("reviews5", 2_000, two, "reviews, good or bad"),
    "source_2000": Table("reviews5", 2_000, source, "reviews, by where they were published"),
    "films_500": Table("imdb", 500, film, "film reviews, for or against"),
    "films_2000": Table("imdb", 2_000, film, "film reviews, for or against"),
    "films_20000": Table("imdb", 20_000, film, "film reviews, for or against"),
}


SHIPPED = {"hotel_remarks": HOTEL_REMARKS, "questions": QUESTIONS}


def rows_of(table: Table, reviews: Iterable[Review]) -> list[tuple[str, str]]:
    """Texts and labels of a table: those of the lowest hashes, rare classes left out."""
    drawn = sorted(
        ((share_of("table " + r.text), r.text, table.label(r)) for r in reviews if table.label(r)),
    )[: table.rows]
    counts: dict[str, int] = {}
    for _, _, label in drawn:
        counts[label] = counts.get(label, 0) + 1
    return [(text, label) for _, text, label in drawn if counts[label] >= min(FEWEST, len(drawn))]


def write(table: Table, path: Path) -> None:
    """Write a table as CSV with the columns ``text`` and ``label``."""
    rows = rows_of(table, datasets.iterate(table.dataset, "test"))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"])
        writer.writerows(rows)


def path_of(name: str, folder: Path) -> Path:
    """The file of a table, which is made where it is missing."""
    if name in SHIPPED:
        return SHIPPED[name].path
    if not (path := folder / f"{name}.csv").exists():
        write(TABLES[name], path)
    return path


def train(name: str, kind: str, vectors: str | None, folder: Path) -> tuple[Path, float]:
    """Train on a table; returns the card and the seconds of the processor that it took."""
    own = f"{name}_{kind}" + (f"_{vectors}" if vectors else "")
    card, took = folder / "models" / own / "card.json", folder / f"{own}.seconds"
    if not (card.exists() and took.exists()):
        command = [
            sys.executable, "-m", "train.own", str(path_of(name, folder)), "--name", own,
            "--model", kind, "--output", str(folder / "models"), "--work", str(folder / own),
        ]  # fmt: skip
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([*command, *(["--vectors", vectors] if vectors else [])], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        took.write_text(f"{seconds:.1f}\n")
    return card, float(took.read_text())


def row(about: str, kind: str, card: dict[str, Any], seconds: float) -> str:
    """A line of the table in Markdown."""
    accuracy = card["metrics"]["test"]["accuracy"]
    rows = sum(card["documents"].values())
    value, low, high = (f"{100 * accuracy[part]:.1f}" for part in ("value", "low", "high"))
    cells = [
        about, f"{rows:,}", str(len(card["class_names"])), kind,
        f"{seconds:.0f}", f"{value} % ({low} to {high})",
        f"{100 * card['baselines'][LINEAR]['accuracy']:.1f} %",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


HEAD = (
    "| table | rows | classes | network | processor seconds | accuracy on test | linear |"
    "\n|---|---|---|---|---|---|---|"
)


def main() -> None:
    """Train what is missing, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("runs/own_tables"))
    parser.add_argument(
        "--tables", nargs="+", choices=(*TABLES, *SHIPPED), default=[*TABLES, *SHIPPED]
    )
    parser.add_argument("--models", nargs="+", choices=("han", "kim_cnn"), default=["han"])
    parser.add_argument("--vectors", help="as of train.own; default: its own")
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    lines = [HEAD]
    for name in options.tables:
        about = SHIPPED[name].about if name in SHIPPED else TABLES[name].about
        for kind in options.models:
            card, seconds = train(name, kind, options.vectors, options.folder)
            lines.append(row(about, kind, json.loads(card.read_text("utf-8")), seconds))
            print(lines[-1], flush=True)
    print("\n" + "\n".join(lines))


if __name__ == "__main__":
    main()
