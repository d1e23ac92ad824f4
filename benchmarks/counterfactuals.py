"""How many words must change until a prediction changes, and how long the search takes.

    python -m benchmarks.counterfactuals [--models kim_cnn han_imdb han_stars] [--documents 40]

The texts are remarks of :mod:`train.texts.minimal_pairs`, drawn evenly from the half that teaches
nothing, of both sides in turn. "Proven" counts those found for which every smaller set was tried.
"""

import time
from collections.abc import Sequence

import numpy as np

from dlnlp.catalogue import directory
from dlnlp.commands.options import Parser, whole
from dlnlp.explain.counterfactuals import KINDS, Kind, find
from dlnlp.inference import TextPredictor, load_predictor
from train.texts.minimal_pairs import minimal_pairs


def row(predictor: TextPredictor, texts: Sequence[str], kind: Kind) -> str:
    """A row of the table: one kind of search over some texts."""
    started = time.perf_counter()
    all_found = [find(predictor, result, kind) for result in predictor.predict_batch(texts)]
    seconds = time.perf_counter() - started
    words = [len(each.found.changes) for each in all_found if each.found]
    proven = sum(each.outcome.fewest for each in all_found)
    read = [each.outcome.predictions for each in all_found]
    median = f"{np.median(words):.0f}" if words else ""
    return (
        f"| `{predictor.name}` | {kind} | {len(texts)} | {len(words)} | {median} | {proven} "
        f"| {np.mean(read):,.0f} | {sum(read) / seconds:,.0f} | {seconds / len(texts):.2f} |"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = Parser(prog="python -m benchmarks.counterfactuals", description=__doc__)
    parser.add_argument("--models", nargs="+", default=["kim_cnn", "han_imdb", "han_stars"])
    parser.add_argument("--documents", type=whole(1, 200), default=40)
    options = parser.parse_args(arguments)
    pairs = minimal_pairs("testing")
    chosen = [pairs[n * len(pairs) // options.documents] for n in range(options.documents)]
    texts = [(pair.negative, pair.positive)[n % 2] for n, pair in enumerate(chosen)]
    print(
        "| network | search | texts | found | words (median) | proven | predictions per text ",
        end="",
    )
    print("| predictions/s | s per text |")
    print("|---|---|---|---|---|---|---|---|---|")
    for model in options.models:
        predictor = load_predictor(directory(model))
        for kind in KINDS:
            print(row(predictor, texts, kind))


if __name__ == "__main__":
    main()
