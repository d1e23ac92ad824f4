"""From a prepared corpus to a trained and saved HAN: the work of ``python -m train.han``."""

import argparse
import time
from contextlib import nullcontext
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.artifacts import refuse_other_content
from dlnlp.corpus import Corpus
from dlnlp.corpus.batching import PackedBatches, PerClassValues
from dlnlp.corpus.packing import BatchShape
from dlnlp.corpus.padding import padding_report
from dlnlp.corpus.splits import JoinedSplits, Split
from dlnlp.inference.softmax import softmax
from dlnlp.models.han import Han
from train.checkpoints import CHECKPOINT_MINUTES, claimed
from train.progress import ProgressBar
from train.texts.distribution import Parallel, join, leave, writes
from train.texts.han_artifact import measures_on_test, save_artifact
from train.texts.han_fitting import SHAPE, SMALL_SHAPE, class_weights, fit
from train.texts.han_predictions import predict_split
from train.texts.han_recipes import RECIPES, SEEDS, Recipe
from train.texts.nbsvm import nbsvm_log_odds


def train(
    corpus: Corpus,
    recipe: Recipe,
    seed: int,
    checkpoints: Path,
    shape: BatchShape,
    every: float = CHECKPOINT_MINUTES,
    parallel: Parallel | None = None,
) -> tuple[Han, list[dict[str, float]], dict[str, Any]]:
    """Train what a recipe asks for.

    Returns:
        The network, its record an epoch, and what the card says of teachers.
    """
    classes = len(corpus.class_names)
    labelled = corpus.split("train")
    targets: NDArray[np.float32] | PerClassValues = PerClassValues.one_hot(labelled.labels, classes)
    weights: NDArray[np.float32] | PerClassValues = PerClassValues(
        labelled.labels, class_weights(labelled.labels, classes, recipe.class_weight_power)
    )
    settings = {"recipe": asdict(recipe), "seed": seed, "corpus": corpus.info["hash"]}
    if parallel and parallel.shards > 1:
        settings["shards"] = parallel.shards
    about: dict[str, Any] = {}
    documents: Split | JoinedSplits = labelled
    if recipe.teachers:
        unlabelled = corpus.split("unsup")
        opinions, about = _teach(
            corpus, recipe, seed, checkpoints, settings, shape, targets, every, parallel
        )
        documents = JoinedSplits([labelled, unlabelled])
        targets = np.concatenate([targets[:], opinions])
        weights = np.concatenate([weights[:], np.ones(len(unlabelled), np.float32)])
    batches = PackedBatches(
        documents, shape, targets, weights, seed=seed, word_dropout=recipe.word_dropout
    )
    place = checkpoints / "model"
    model, history = fit(
        corpus, batches, recipe, seed, place, settings, every=every, parallel=parallel
    )
    return model, history, about


def _teach(
    corpus: Corpus,
    recipe: Recipe,
    seed: int,
    checkpoints: Path,
    settings: dict[str, Any],
    shape: BatchShape,
    targets: NDArray[np.float32] | PerClassValues,
    every: float,
    parallel: Parallel | None,
) -> tuple[NDArray[np.float32], dict[str, Any]]:
    """Mean class probabilities of the teachers on the unlabelled split ``[n, C]``."""
    labelled, unlabelled = corpus.split("train"), corpus.split("unsup")
    validation = corpus.split("validation")
    truth = validation.labels.astype(int)
    opinions, validated, accuracies = [], [], {}
    teacher = replace(recipe, epochs=recipe.teacher_epochs, teachers=0)
    for number in range(recipe.teachers):
        own_seed = seed * 1000 + number
        batches = PackedBatches(
            labelled, shape, targets, seed=own_seed, word_dropout=recipe.word_dropout
        )
        name = f"teacher{number + 1}"
        mine = settings | {"teacher": number}
        place = checkpoints / name
        model, _ = fit(
            corpus, batches, teacher, own_seed, place, mine, every=every, parallel=parallel
        )
        opinions.append(softmax(predict_split(model, unlabelled, shape)["logits"]))
        validated.append(softmax(predict_split(model, validation, shape)["logits"]))
        accuracies[name] = float(np.mean(validated[-1].argmax(1) == truth))
    log_odds = nbsvm_log_odds(labelled, [unlabelled, validation])
    for split_odds, collected in zip(log_odds, (opinions, validated), strict=True):
        collected.append(softmax(np.stack([np.zeros_like(split_odds), split_odds], axis=1)))
    accuracies["nbsvm"] = float(np.mean(validated[-1].argmax(1) == truth))
    mean = np.mean(validated, axis=0)
    accuracies["together"] = float(np.mean(mean.argmax(1) == truth))
    for name, accuracy in accuracies.items():
        ProgressBar.write(f"{name}: validation accuracy {accuracy:.4f}")
    about = {
        "teachers": f"{recipe.teachers} networks of the same shape and NB-SVM, labels of train",
        "unlabelled_documents": len(unlabelled),
        "teacher_validation_accuracy": accuracies,
    }
    return np.mean(opinions, axis=0).astype(np.float32), about


def run(options: argparse.Namespace) -> None:
    """Train all seeds, read the test split with each, write the first.

    Args:
        options: of the command; None where the recipe decides.
    """
    given = {
        k: v for k, v in vars(options).items() if k in asdict(RECIPES["imdb"]) and v is not None
    }
    recipe = replace(RECIPES[options.dataset], **given)
    shape = SMALL_SHAPE if options.dataset == "imdb" else SHAPE
    if not options.no_test:
        refuse_other_content(options.output)
    parallel = None
    if options.distributed:
        place = options.coordinator, options.processes, options.process_id, options.shards
        parallel = join(*place)
    corpus = Corpus(options.corpus)
    with claimed(options.checkpoints) if writes(parallel) else nullcontext():
        _train_all(corpus, recipe, shape, options, parallel)


def _train_all(
    corpus: Corpus,
    recipe: Recipe,
    shape: BatchShape,
    options: argparse.Namespace,
    parallel: Parallel | None,
) -> None:
    trained, seconds = [], []
    for seed in range(1, (options.seeds or SEEDS[options.dataset]) + 1):
        started, folder = time.perf_counter(), options.checkpoints / f"seed{seed}"
        minutes = options.checkpoint_minutes
        trained.append(train(corpus, recipe, seed, folder, shape, minutes, parallel))
        seconds.append(round(time.perf_counter() - started, 1))
    if parallel:
        leave(parallel)
    if options.no_test or not writes(parallel):
        return
    model, history, about = trained[0]
    training = {
        **asdict(recipe), **about, "seed": 1, "batch": asdict(shape),
        "history": history, "seconds_of_this_run": seconds[0],
        "padding": padding_report(corpus.split("validation"), shape),
    }  # fmt: skip
    others = [
        {"seed": number, "seconds_of_this_run": took} | measures_on_test(other, corpus, shape)
        for number, ((other, *_), took) in enumerate(zip(trained, seconds, strict=True), 1)
        if number > 1
    ]
    save_artifact(model, corpus, shape, training, options.output, others)
