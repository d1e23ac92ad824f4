"""An LR range test on a visitor's table, with network, batches and optimizer of the recipe.

The recipe's optimizer is AdamW: what learns well with it is far below what SGD needs, so that the
test has to be made with it.
"""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from dlnlp.corpus import Corpus
from dlnlp.corpus.batching import PackedBatches
from dlnlp.corpus.bucketing import BucketedBatches
from dlnlp.errors import UserError
from dlnlp.tasks.range_reports import Report, Stopped, reported_range_test
from dlnlp.worker.process import TaskError
from train.random_seed import set_random_seed
from train.texts.han_fitting import class_weights, compiled_han, labelled_batches
from train.texts.han_range_test import ADAMW_BOUNDS, endless
from train.texts.kim_cnn_fitting import compiled_kim_cnn
from train.texts.own_corpus import own_corpus
from train.texts.own_page import own_options, sentence
from train.texts.own_recipes import han_plan, kim_plan
from train.texts.text_optimizer import text_adamw

STEPS = 150
MIN_LR, MAX_LR = ADAMW_BOUNDS


def own_range_test(
    arguments: dict[str, Any], report: Report, cancelled: Callable[[], bool]
) -> dict[str, Any]:
    """LR range tests on a table, one for each seed.

    Args:
        arguments: as of :func:`train.texts.own_page.learn`, with the one kind that is tested, and
            `seeds`: how many tests.
        report: gets {"steps", "seeds"} once, then what
            :func:`dlnlp.tasks.range_reports.reported_range_test` reports.
        cancelled: whether to stop; what was reported stays.

    Returns:
        {"notes": how each test ended}.

    Raises:
        TaskError: nothing can be learned from the table; the message says why.
    """
    (kind,) = arguments["outputs"]
    notes: list[str] = []
    try:
        corpus, _ = own_corpus(own_options(arguments), lambda said: None)
        model: keras.Model | None = None
        report({"steps": STEPS, "seeds": arguments["seeds"]})
        for seed in range(1, int(arguments["seeds"]) + 1):
            fresh, batches = begin(corpus, kind, seed)
            if model is None:
                model = fresh
            else:  # what is compiled serves all seeds
                model.set_weights(fresh.get_weights())
            notes.append(
                reported_range_test(
                    model, endless(batches), seed, report, cancelled,
                    min_lr=MIN_LR, max_lr=MAX_LR, steps=STEPS,
                )
            )  # fmt: skip
    except Stopped:
        notes.append("Stopped before the end.")
    except (UserError, MemoryError) as error:
        raise TaskError(sentence(error, arguments)) from error
    finally:
        shutil.rmtree(Path(arguments["work"]), ignore_errors=True)
    return {"notes": notes}


def begin(
    corpus: Corpus, kind: str, seed: int
) -> tuple[keras.Model, PackedBatches | BucketedBatches]:
    """A fresh network of a kind, compiled with the recipe's optimizer, and its batches."""
    set_random_seed(seed)
    train = corpus.split("train")
    if kind == "han":
        plan = han_plan(corpus.info["dataset"], train)
        recipe = replace(plan.recipe, class_weight_power=plan.class_weight_power)
        optimizer = text_adamw(
            MIN_LR, embedding_rate=recipe.embedding_rate, weight_decay=recipe.weight_decay
        )
        model = compiled_han(corpus, recipe, optimizer)
        return model, labelled_batches(corpus, recipe, plan.shape, seed)
    kim = kim_plan(train)
    optimizer = text_adamw(
        MIN_LR, embedding_rate=kim.recipe.embedding_rate, weight_decay=kim.recipe.weight_decay
    )
    classes = len(corpus.class_names)
    weights = class_weights(train.labels, classes, kim.class_weight_power)[train.labels]
    batches = BucketedBatches(
        train, kim.recipe.buckets, np.eye(classes, dtype=np.float32)[train.labels], weights,
        seed=seed, word_dropout=kim.recipe.word_dropout,
    )  # fmt: skip
    return compiled_kim_cnn(corpus, kim.recipe, optimizer), batches
