"""How many texts a second each explanation method explains, on one thread and on several.

    DLNLP_DATA=... python -m benchmarks.explaining [--models kim_cnn han_imdb] [--documents 200]

The texts are test reviews of IMDB, drawn evenly over the split. Opening the network, starting the
processes that compute the gradients of a HAN, compiling them, and writing the records are left out.
Beside the rows a second are those in a second of this process's processor, which other work on the
machine changes little; the processes with gradients are not counted there.
"""

import os
import time
from collections.abc import Sequence
from contextlib import ExitStack

from dlnlp.catalogue import directory
from dlnlp.commands.options import Parser, whole
from dlnlp.datasets import iterate
from dlnlp.explain.text_attribution import METHODS_OF
from dlnlp.inference import TextPredictor, load_predictor
from dlnlp.scoring.explain_rows import BATCH, ExplainedRow, explain_rows, needs_gradients
from dlnlp.scoring.gradient_processes import GradientProcesses
from dlnlp.tables.reader import Row


def rows_a_second(
    predictor: TextPredictor, rows: Sequence[Row], method: str, threads: int
) -> tuple[float, float, int]:
    """Explain rows with one column; returns rows a second, the same of the processor, and words."""
    with ExitStack() as stack:
        gradients = None
        if needs_gradients(predictor, method):
            gradients = stack.enter_context(GradientProcesses(directory(predictor.name), threads))
            # Every process opens the network and compiles what it runs.
            first = [rows[0]] * (2 * BATCH * threads)
            for _ in explain_rows(
                predictor, first, 0, method, threads=threads, gradients=gradients
            ):
                pass
        started, busy, words = time.perf_counter(), time.process_time(), 0
        for row in explain_rows(predictor, rows, 0, method, threads=threads, gradients=gradients):
            if isinstance(row, ExplainedRow) and row.explanation is not None:
                words += len(row.explanation.words)
        busy, seconds = time.process_time() - busy, time.perf_counter() - started
        return len(rows) / seconds, len(rows) / busy, words


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = Parser(prog="python -m benchmarks.explaining", description=__doc__)
    parser.add_argument("--models", nargs="+", default=["kim_cnn", "han_imdb"])
    parser.add_argument("--documents", type=whole(1, 25_000), default=200)
    parser.add_argument("--threads", type=whole(1, 1_024), default=os.cpu_count() or 1)
    options = parser.parse_args(arguments)
    every = 25_000 // options.documents
    reviews = (review for review in iterate("imdb", "test") if review.row % every == 0)
    rows = [Row(number, (review.text,)) for number, review in enumerate(reviews, 1)]
    threads = sorted({1, options.threads})
    heads = " | ".join(f"rows/s, {count} thread{'s' * (count > 1)}" for count in threads)
    print(f"| model | method | rows | words | rows/processor s | {heads} |")
    print("|---|---|---|---|---|" + "---|" * len(threads))
    for model in options.models:
        predictor = load_predictor(directory(model))
        rows_a_second(predictor, rows, METHODS_OF[predictor.model][0], 1)  # texts are cut once
        for method in METHODS_OF[predictor.model]:
            found = [rows_a_second(predictor, rows, method, count) for count in threads]
            rates = " | ".join(f"{rate:,.1f}" for rate, _, _ in found)
            _, busy, words = found[0]
            own = "–" if needs_gradients(predictor, method) else f"{busy:,.1f}"
            cells = f"{method} | {len(rows):,} | {words:,} | {own} | {rates}"
            print(f"| `{model}` | {cells} |", flush=True)


if __name__ == "__main__":
    main()
