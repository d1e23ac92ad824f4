"""How many texts a second each explanation method explains, by one process and by several.

    DLNLP_DATA=... python -m benchmarks.explaining [--models kim_cnn han_imdb] [--documents 200]

The texts are test reviews of IMDB, drawn evenly over the split. Starting the processes, opening the
network there, compiling the gradients of a HAN, and writing the records are left out. Beside the
rows a second are those in a second of the processor of one process, which other work on the machine
changes little; gradients of a HAN, which have a process of their own, have none there.
"""

import os
import time
from collections import deque
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial

from dlnlp.catalogue import directory
from dlnlp.commands.options import Parser, whole
from dlnlp.datasets import iterate
from dlnlp.explain.text_attribution import METHODS_OF
from dlnlp.inference import TextPredictor, load_predictor
from dlnlp.pool import spawned
from dlnlp.scoring.explain_rows import BATCH, ExplainedRow, explain_rows, needs_gradients
from dlnlp.scoring.gradient_processes import GradientProcesses
from dlnlp.tables.reader import Row


def rows_a_second(
    predictor: TextPredictor, rows: Sequence[Row], method: str, workers: int
) -> tuple[float, float, int]:
    """Explain rows with one column; returns rows a second, the same of the processor, and words."""
    with ExitStack() as stack:
        gradients = processes = None
        if needs_gradients(predictor, method):
            gradients = stack.enter_context(GradientProcesses(predictor.directory, workers))
        elif workers > 1:
            processes = stack.enter_context(spawned(workers))
        explain = partial(
            explain_rows,
            predictor,
            column=0,
            method=method,
            workers=workers,
            gradients=gradients,
            processes=processes,
        )
        if gradients or processes:
            # Every process opens the network, or compiles what it runs.
            deque(explain([rows[0]] * (2 * BATCH * workers)), 0)
        started, busy, words = time.perf_counter(), time.process_time(), 0
        for row in explain(rows):
            if isinstance(row, ExplainedRow) and row.explanation is not None:
                words += len(row.explanation.words)
        busy, seconds = time.process_time() - busy, time.perf_counter() - started
        return len(rows) / seconds, len(rows) / busy, words


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = Parser(prog="python -m benchmarks.explaining", description=__doc__)
    parser.add_argument("--models", nargs="+", default=["kim_cnn", "han_imdb"])
    parser.add_argument("--documents", type=whole(1, 25_000), default=200)
    parser.add_argument("--processes", type=whole(1, 1_024), default=os.cpu_count() or 1)
    options = parser.parse_args(arguments)
    every = 25_000 // options.documents
    reviews = (review for review in iterate("imdb", "test") if review.row % every == 0)
    rows = [Row(number, (review.text,)) for number, review in enumerate(reviews, 1)]
    processes = sorted({1, options.processes})
    heads = " | ".join(f"rows/s, {n} process{'es' * (n > 1)}" for n in processes)
    print(f"| model | method | rows | words | rows/processor s | {heads} |")
    print("|---|---|---|---|---|" + "---|" * len(processes))
    for model in options.models:
        predictor = load_predictor(directory(model))
        rows_a_second(predictor, rows, METHODS_OF[predictor.model][0], 1)  # texts are cut once
        for method in METHODS_OF[predictor.model]:
            found = [rows_a_second(predictor, rows, method, count) for count in processes]
            rates = " | ".join(f"{rate:,.1f}" for rate, _, _ in found)
            _, busy, words = found[0]
            own = "–" if needs_gradients(predictor, method) else f"{busy:,.1f}"
            cells = f"{method} | {len(rows):,} | {words:,} | {own} | {rates}"
            print(f"| `{model}` | {cells} |", flush=True)


if __name__ == "__main__":
    main()
