"""Peak memory of preparing and of training, as the corpus grows.

    python -m benchmarks.memory [--base 12500] [--times 1 4 16]

For each size: invented reviews (`benchmarks.invented_reviews`), `train.prepare` on them with one
epoch of word vectors, then steps of training drawn from the whole corpus. Each runs in a process
of its own; what is shown is the largest resident memory of it or of a process that it started,
mapped files included.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from benchmarks.invented_reviews import write_archive
from dlnlp.commands.options import Parser, whole
from dlnlp.commands.options import folder as folder_option

STAGES = ("preparing", "training")


# In a process of its own, which holds next to nothing: Linux counts what the parent of a command
# holds as the command's.
_MEASURE = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=sys.stderr).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak(command: Sequence[str], environment: dict[str, str]) -> tuple[float, float]:
    """Run a command; returns its peak resident memory in MB and the seconds it took.

    Raises:
        RuntimeError: it failed.
    """
    started = time.perf_counter()
    measured = subprocess.run(
        [sys.executable, "-c", _MEASURE, *command],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    code, kilobytes = map(int, measured.stdout.split())
    if code:
        raise RuntimeError(f"{' '.join(command)} failed")
    return kilobytes / 1000, time.perf_counter() - started


def train(corpus_path: Path, steps: int) -> None:
    """Some steps of training with the recipe of the data set."""
    from train.texts.han_recipes import RECIPES
    from train.texts.han_fitting import SHAPE, compiled_han, labelled_batches  # isort: skip
    from dlnlp.corpus import Corpus
    from train.texts.text_optimizer import warmed_adamw

    corpus, recipe = Corpus(corpus_path), RECIPES["amazon_full"]
    batches = labelled_batches(corpus, recipe, SHAPE, seed=1)
    model = compiled_han(
        corpus,
        recipe,
        warmed_adamw(
            len(batches.plan(0)) * recipe.epochs,
            max_lr=recipe.max_lr,
            embedding_rate=recipe.embedding_rate,
            weight_decay=recipe.weight_decay,
        ),
    )
    done, epoch = 0, 0
    while done < steps:
        for batch, targets, weights in islice(batches.epoch(epoch), steps - done):
            model.reset_metrics()
            loss = float(model.train_on_batch(batch, targets, sample_weight=weights))
            done += 1
            print(f"step {done}: loss {loss:.4f}", file=sys.stderr)
        epoch += 1


def plot(rows: Sequence[tuple[int, dict[str, float]]]) -> str:
    """A Mermaid chart, which Markdown viewers draw: a line a stage, in the order of `STAGES`."""
    sizes = ", ".join(f'"{count:,}"' for count, _ in rows)
    highest = max(value for _, found in rows for value in found.values())
    lines = [
        "line [" + ", ".join(f"{found[stage]:.0f}" for _, found in rows) + "]" for stage in STAGES
    ]
    return (
        "\n    ".join(
            [
                "```mermaid\nxychart-beta",
                f'title "Peak resident memory, MB: {" (below), ".join(STAGES)} (above)"',
                f'x-axis "documents" [{sizes}]',
                f"y-axis 0 --> {highest * 1.2:.0f}",
                *lines,
            ]
        )
        + "\n```"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table and the plot."""
    parser = Parser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--base", type=whole(), default=12_500, help="documents at 1x")
    parser.add_argument("--times", type=whole(), nargs="+", default=[1, 4, 16])
    parser.add_argument("--documents", type=whole(), nargs="+", help="sizes, instead of the above")
    parser.add_argument("--steps", type=whole(), default=20)
    parser.add_argument("--workers", type=whole(), default=1)
    parser.add_argument("--folder", type=folder_option, help="keep archives and corpora here")
    parser.add_argument("--train", type=Path, help=argparse.SUPPRESS)  # what a child does
    options = parser.parse_args(arguments)
    if options.train:
        train(options.train, options.steps)
        return
    rows: list[tuple[int, dict[str, float]]] = []
    print("| documents | archive, MB | preparing, MB | s | training, MB | s |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir=options.folder) as temporary:
        for count in options.documents or [options.base * times for times in options.times]:
            folder = (options.folder or Path(temporary)) / str(count)
            archive = write_archive(folder, count)
            corpus = folder / "corpus"
            python = [sys.executable, "-m"]
            prepare = [
                *python, "train.prepare", "--dataset", "amazon_full", "--output", str(corpus),
                "--workers", str(options.workers), "--word-vector-epochs", "1",
            ]  # fmt: skip
            learn = [
                *python, "benchmarks.memory", "--train", str(corpus), "--steps", str(options.steps)
            ]  # fmt: skip
            prepared, seconds = peak(prepare, {"DLNLP_DATA": str(folder)})
            trained, later = peak(learn, {"KERAS_BACKEND": "jax"})
            rows.append((count, {"preparing": prepared, "training": trained}))
            print(
                f"| {count:,} | {archive.stat().st_size / 1e6:,.1f} | {prepared:,.0f} "
                f"| {seconds:,.0f} | {trained:,.0f} | {later:,.0f} |",
                flush=True,
            )
    for stage in STAGES:
        first, last = rows[0][1][stage], rows[-1][1][stage]
        print(
            f"\n{stage}: {last / first - 1:+.1%} from {rows[0][0]:,} to {rows[-1][0]:,} documents"
        )
    print(f"\n{plot(rows)}")


if __name__ == "__main__":
    main()
