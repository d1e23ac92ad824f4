"""Range test of a HAN: ``python -m train.lr_range_test --model {han_stars,han_imdb,han_amazon}``.

Trains a fresh network for a few hundred batches with SGD and Nesterov momentum while the learning
rate rises, and writes what :mod:`dlnlp.lr_range_test` finds as CSV and HTML into
``runs/lr_range_test/``. The prepared corpus, the batches and the network are those of
``python -m train.han``; momentum is fixed at the lower bound that it has where the rate is high.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import count
from pathlib import Path
from typing import Any

from train.texts.han_fitting import (  # isort: skip
    RECIPES,
    SHAPE,
    SMALL_SHAPE,
    Recipe,
    compiled_han,
    labelled_batches,
)

from tqdm import tqdm

from dlnlp import lr_range_test
from dlnlp.batching import PackedBatches
from dlnlp.corpus import Corpus
from dlnlp.optimizers import SGD
from dlnlp.range_analysis import RangeTestError, RangeTestResult
from dlnlp.splits import CorpusError
from train.random_seed import set_random_seed
from train.range_test_report import render_html, write_csv


def endless(batches: PackedBatches) -> Iterator[Any]:
    """Epoch after epoch, without end."""
    for epoch in count():
        yield from batches.epoch(epoch)


def _run(options: argparse.Namespace, recipe: Recipe, corpus: Corpus) -> RangeTestResult:
    set_random_seed(options.seed)
    optimizer = SGD(
        options.min_lr, options.momentum, nesterov=True, global_clipnorm=options.clipnorm
    )
    model = compiled_han(corpus, recipe, optimizer)
    shape = SMALL_SHAPE if corpus.info["dataset"] == "imdb" else SHAPE
    with tqdm(total=options.steps, desc="range test", unit=" batches", disable=None) as bar:

        def show(step: int, rate: float, loss: float) -> None:
            bar.set_postfix(rate=f"{rate:.3g}", loss=f"{loss:.4f}")
            bar.update()

        return lr_range_test.run(
            model,
            endless(labelled_batches(corpus, recipe, shape, options.seed)),
            min_lr=options.min_lr,
            max_lr=options.max_lr,
            steps=options.steps,
            ramp=options.ramp,
            on_step=show,
        )


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m train.lr_range_test", description=__doc__)
    datasets = {recipe.model: dataset for dataset, recipe in RECIPES.items()}
    parser.add_argument("--model", required=True, choices=sorted(datasets))
    parser.add_argument("--corpus", type=Path, help="default: corpora/<data set of the model>")
    parser.add_argument("--output", type=Path, default=Path("runs/lr_range_test"))
    parser.add_argument("--min-lr", type=float, default=1e-3)
    parser.add_argument("--max-lr", type=float, default=10.0)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--ramp", choices=("exponential", "linear"), default="exponential")
    parser.add_argument("--momentum", type=float, default=0.85)
    parser.add_argument(
        "--clipnorm", type=float, help="bound on the gradient's norm; default: none"
    )
    parser.add_argument("--units", type=int, help="default: the recipe's")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    recipe = RECIPES[datasets[options.model]]
    if options.units:
        recipe = replace(recipe, units=options.units)
    try:
        corpus = Corpus(options.corpus or Path("corpora") / datasets[options.model])
        result = _run(options, recipe, corpus)
        options.output.mkdir(parents=True, exist_ok=True)
        stem = options.output / recipe.model
        write_csv(result, stem.with_suffix(".csv"))
        settings = {k: v for k, v in vars(options).items() if k not in ("corpus", "output")}
        settings |= {"recipe": asdict(recipe), "corpus": corpus.info["hash"]}
        page = render_html(result, f"Learning-rate range test of {recipe.model}", settings)
        stem.with_suffix(".html").write_text(page, encoding="utf-8")
    except (CorpusError, RangeTestError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"cannot write {error.filename} ({error.strerror})", file=sys.stderr)
        return 1
    print(result.note)
    for suggestion in result.suggestions:
        print(f"{suggestion.name:14} {suggestion.rate:9.3g}  {suggestion.explanation}")
    print(f"wrote {stem}.csv and {stem}.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
