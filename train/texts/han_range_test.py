"""Range test of a HAN: the work of ``python -m train.lr_range_test``."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import count
from typing import Any

from dlnlp import temporary
from dlnlp.corpus import Corpus
from dlnlp.corpus.batching import PackedBatches
from dlnlp.training import lr_range_test
from dlnlp.training.optimizers import SGD
from dlnlp.training.range_analysis import RangeTestResult
from train.progress import ProgressBar
from train.random_seed import set_random_seed
from train.texts.han_fitting import SHAPE, SMALL_SHAPE, compiled_han, labelled_batches
from train.texts.han_recipes import RECIPES, Recipe
from train.texts.range_test_report import render_html, write_csv


def endless(batches: PackedBatches) -> Iterator[Any]:
    """Epoch after epoch, without end."""
    for epoch in count():
        yield from batches.epoch(epoch)


def _tested(options: argparse.Namespace, recipe: Recipe, corpus: Corpus) -> RangeTestResult:
    set_random_seed(options.seed)
    optimizer = SGD(
        options.min_lr, options.momentum, nesterov=True, global_clipnorm=options.clipnorm
    )
    model = compiled_han(corpus, recipe, optimizer)
    shape = SMALL_SHAPE if corpus.info["dataset"] == "imdb" else SHAPE
    with ProgressBar(total=options.steps, desc="range test", unit=" batches") as bar:

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


def run(options: argparse.Namespace) -> None:
    """Test, write table and page, print the suggestions.

    Args:
        options: of the command.
    """
    corpus = Corpus(options.corpus)
    recipe = next(recipe for recipe in RECIPES.values() if recipe.model == options.model)
    if options.units:
        recipe = replace(recipe, units=options.units)
    result = _tested(options, recipe, corpus)
    options.output.mkdir(parents=True, exist_ok=True)
    stem = options.output / recipe.model
    settings = {k: v for k, v in vars(options).items() if k not in ("corpus", "output")}
    settings |= {"recipe": asdict(recipe), "corpus": corpus.info["hash"]}
    page = render_html(result, f"Learning-rate range test of {recipe.model}", settings)
    table, report = stem.with_suffix(".csv"), stem.with_suffix(".html")
    with temporary.beside(table) as one, temporary.beside(report) as other:
        write_csv(result, one)
        other.write_text(page, encoding="utf-8")
        one.replace(table)
        other.replace(report)
    print(result.note)
    for suggestion in result.suggestions:
        print(f"{suggestion.name:14} {suggestion.rate:9.3g}  {suggestion.explanation}")
    print(f"wrote {table} and {report}")
