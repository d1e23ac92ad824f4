"""Range test of a HAN: the work of ``python -m train.lr_range_test``."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import count
from typing import Any

from dlnlp import temporary
from dlnlp.corpus import Corpus
from dlnlp.corpus.packing import BatchShape
from dlnlp.corpus.splits import CorpusError
from dlnlp.training import lr_range_test
from dlnlp.training.optimizers import SGD
from dlnlp.training.range_analysis import RangeTestResult
from train.corpora.trained_on import of_a_table, published, refuse_options
from train.fitting import Batches
from train.progress import ProgressBar
from train.random_seed import set_random_seed
from train.texts.han_fitting import SHAPE, SMALL_SHAPE, compiled_han, labelled_batches
from train.texts.han_recipes import RECIPES, Recipe
from train.texts.own_recipes import han_plan
from train.texts.range_test_report import render_html, write_csv
from train.texts.text_optimizer import text_adamw

# Learning rates that are tested: AdamW learns well at far lower ones than SGD.
SGD_BOUNDS, ADAMW_BOUNDS = (1e-3, 10.0), (1e-5, 1.0)
MOMENTUM = 0.85


def endless(batches: Batches) -> Iterator[Any]:
    """Epoch after epoch, without end."""
    for epoch in count():
        yield from batches.epoch(epoch)


def _how(options: argparse.Namespace, corpus: Corpus) -> tuple[Recipe, BatchShape]:
    """The network and the batches that are tested, as the training command would have them."""
    if of_a_table(corpus):
        refuse_options(corpus, options, ["model", "momentum", "clipnorm"])
        plan = han_plan(corpus.info["dataset"], corpus.split("train"))
        recipe = replace(plan.recipe, class_weight_power=plan.class_weight_power)
        return recipe, plan.shape
    dataset = published(corpus, RECIPES)
    recipe = RECIPES[dataset]
    if options.model not in (recipe.model, None):
        raise CorpusError(
            f"{corpus.path} is the corpus of {recipe.model}, not of {options.model}: leave out "
            "--model, or name another --corpus"
        )
    return recipe.of_labels, SMALL_SHAPE if dataset == "imdb" else SHAPE


def _optimizer(options: argparse.Namespace, recipe: Recipe, corpus: Corpus) -> Any:
    """The recipe's own for the texts of a table; for the others that of cyclical schedules."""
    if of_a_table(corpus):
        return text_adamw(
            options.min_lr, embedding_rate=recipe.embedding_rate, weight_decay=recipe.weight_decay
        )
    return SGD(options.min_lr, options.momentum, nesterov=True, global_clipnorm=options.clipnorm)


def _tested(
    options: argparse.Namespace, recipe: Recipe, shape: BatchShape, corpus: Corpus
) -> RangeTestResult:
    set_random_seed(options.seed)
    model = compiled_han(corpus, recipe, _optimizer(options, recipe, corpus))
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
    recipe, shape = _how(options, corpus)
    low, high = ADAMW_BOUNDS if of_a_table(corpus) else SGD_BOUNDS
    if options.momentum is None and not of_a_table(corpus):
        options.momentum = MOMENTUM
    options.min_lr, options.max_lr = options.min_lr or low, options.max_lr or high
    if not options.min_lr < options.max_lr:
        raise CorpusError(
            f"--min-lr {options.min_lr:g} must be below --max-lr {options.max_lr:g}: give both"
        )
    if options.units:
        recipe = replace(recipe, units=options.units)
    result = _tested(options, recipe, shape, corpus)
    options.output.mkdir(parents=True, exist_ok=True)
    stem = options.output / recipe.model
    settings = {
        k: v for k, v in vars(options).items() if k not in ("corpus", "output") and v is not None
    }
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
