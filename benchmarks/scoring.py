"""How many documents `python -m dlnlp score` labels a second, process start included.

    DLNLP_DATA=... python -m benchmarks.scoring [--models kim_cnn han_imdb] [--documents 4000]

The table holds test reviews of IMDB, drawn evenly over the split.
"""

import csv
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from dlnlp.commands.options import Parser, whole
from dlnlp.datasets import iterate


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = Parser(prog="python -m benchmarks.scoring", description=__doc__)
    parser.add_argument("--models", nargs="+", default=["kim_cnn", "han_imdb"])
    parser.add_argument("--documents", type=whole(), default=4000)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        table, words = Path(folder) / "reviews.csv", 0
        every = 25_000 // options.documents
        with table.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["row", "text"])
            for review in iterate("imdb", "test"):
                if review.row % every == 0:
                    words += len(review.text.split())
                    writer.writerow([review.row, review.text])
        print("| model | documents | words | seconds | documents a second |")
        print("|---|---|---|---|---|")
        for model in options.models:
            started = time.perf_counter()
            command = [sys.executable, "-m", "dlnlp", "score", "--model", model, str(table)]
            output = Path(folder) / "scored.csv"
            subprocess.run([*command, "--output", str(output)], check=True, capture_output=True)
            seconds = time.perf_counter() - started
            with output.open(encoding="utf-8", newline="") as file:
                rows = sum(1 for _ in csv.reader(file)) - 1
            print(f"| `{model}` | {rows:,} | {words:,} | {seconds:.1f} | {rows / seconds:,.0f} |")


if __name__ == "__main__":
    main()
