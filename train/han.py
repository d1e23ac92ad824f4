"""Train a Hierarchical Attention Network: ``python -m train.han --dataset {reviews5,imdb}``.

With the defaults this makes what ships in ``weights/han_stars`` and ``weights/han_imdb``. Every
epoch ends with a look at the validation split; an interrupted run goes on where it was, in the
middle of an epoch too. The number of epochs and all settings are fixed beforehand
(:data:`train.texts.han_fitting.RECIPES`); nothing is chosen by the test split, which every network
reads once, at the end. Of several seeds the first ships, and the card says what all reached.

For IMDB the recipe has teachers: networks trained on the labelled reviews, and NB-SVM (Wang &
Manning 2012), whose mean opinion on the 50,000 reviews without labels a student then learns
together with the labels (Hinton et al. 2015). The card says so.
"""

from train.huge_pages import restart_with_huge_pages

if __name__ == "__main__":  # before the imports below, which take seconds
    restart_with_huge_pages()

import argparse
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from train.texts.han_fitting import (  # isort: skip
    RECIPES,
    SEEDS,
    SHAPE,
    SMALL_SHAPE,
    Recipe,
    class_weights,
    fit,
)

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from dlnlp.batching import BatchShape, OfClass, PackedBatches
from dlnlp.callbacks import CheckpointError
from dlnlp.corpus import Corpus
from dlnlp.models.han import Han
from dlnlp.padding import padding_report
from dlnlp.splits import CorpusError, JoinedSplits, Split
from train.commands import exit_code
from train.evaluation import softmax
from train.fitting import CHECKPOINT_MINUTES
from train.provenance import ParityError
from train.texts.distribution import DistributionError, Parallel, join, leave
from train.texts.han_artifact import measures_on_test, save_artifact
from train.texts.han_predictions import predict_split
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
    targets: NDArray[np.float32] | OfClass = OfClass.one_hot(labelled.labels, classes)
    weights: NDArray[np.float32] | OfClass = OfClass(
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
    targets: NDArray[np.float32] | OfClass,
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
        positive = 1 / (1 + np.exp(-split_odds))
        collected.append(np.stack([1 - positive, positive], axis=1))
    accuracies["nbsvm"] = float(np.mean(validated[-1].argmax(1) == truth))
    mean = np.mean(validated, axis=0)
    accuracies["together"] = float(np.mean(mean.argmax(1) == truth))
    for name, accuracy in accuracies.items():
        tqdm.write(f"{name}: validation accuracy {accuracy:.4f}")
    about = {
        "teachers": f"{recipe.teachers} networks of the same shape and NB-SVM, labels of train",
        "unlabelled_documents": len(unlabelled),
        "teacher_validation_accuracy": accuracies,
    }
    return np.mean(opinions, axis=0).astype(np.float32), about


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m train.han", description=__doc__)
    parser.add_argument("--dataset", required=True, choices=sorted(RECIPES))
    parser.add_argument("--corpus", type=Path, help="default: corpora/<dataset>")
    parser.add_argument("--output", type=Path, help="default: weights/<model of the recipe>")
    parser.add_argument("--checkpoints", type=Path, help="default: checkpoints/<model>")
    parser.add_argument(
        "--seeds", type=int, help="networks; the first ships; default: the recipe's"
    )
    for name in ("epochs", "teachers", "units", "teacher_epochs"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, help="default: the recipe's")
    for name in ("max_lr", "dropout", "word_dropout", "class_weight_power", "embedding_rate"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, help="default: the recipe's")
    parser.add_argument(
        "--no-test", action="store_true", help="stop after validation: for choosing a recipe"
    )
    parser.add_argument(
        "--checkpoint-minutes", type=float, default=CHECKPOINT_MINUTES, help="0: every step"
    )
    others = parser.add_argument_group("several devices or hosts (JAX)")
    others.add_argument("--distributed", action="store_true", help="use all devices")
    others.add_argument("--coordinator", help="host:port of process 0; default: no other process")
    others.add_argument("--processes", type=int, help="how many take part")
    others.add_argument("--process-id", type=int, help="number of this one, from 0")
    others.add_argument("--shards", type=int, help="batches a step; default: one a device")
    options = parser.parse_args(arguments)
    given = [options.coordinator, options.processes, options.process_id, options.shards]
    if not options.distributed and given != [None] * 4:
        parser.error("--coordinator, --processes, --process-id and --shards need --distributed")
    known = (CorpusError, CheckpointError, DistributionError, FloatingPointError, ParityError)
    return exit_code(lambda: _run(options), *known)


def _run(options: argparse.Namespace) -> None:
    given = {
        k: v for k, v in vars(options).items() if k in asdict(RECIPES["imdb"]) and v is not None
    }
    recipe = replace(RECIPES[options.dataset], **given)
    checkpoints = options.checkpoints or Path("checkpoints") / recipe.model
    shape = SMALL_SHAPE if options.dataset == "imdb" else SHAPE
    parallel = None
    if options.distributed:
        place = options.coordinator, options.processes, options.process_id, options.shards
        parallel = join(*place)
    corpus = Corpus(options.corpus or Path("corpora") / options.dataset)
    trained, seconds = [], []
    for seed in range(1, (options.seeds or SEEDS[options.dataset]) + 1):
        started, folder = time.perf_counter(), checkpoints / f"seed{seed}"
        minutes = options.checkpoint_minutes
        trained.append(train(corpus, recipe, seed, folder, shape, minutes, parallel))
        seconds.append(round(time.perf_counter() - started, 1))
    if parallel:
        leave(parallel)
    if options.no_test or (parallel and parallel.process > 0):
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
    output = options.output or Path("weights") / recipe.model
    save_artifact(model, corpus, shape, training, output, others)


if __name__ == "__main__":
    sys.exit(main())
