"""Train a Hierarchical Attention Network: ``python -m train.han --dataset {reviews5,imdb}``.

With the defaults this makes what ships in ``weights/han_stars`` and ``weights/han_imdb``. Every
epoch ends with a checkpoint and a look at the validation split; an interrupted run goes on where
it was. The number of epochs and all settings are fixed beforehand
(:data:`train.han_fitting.RECIPES`); nothing is chosen by the test split, which is read once, at
the end.

For IMDB the recipe has teachers: networks trained on the labelled reviews, and NB-SVM (Wang &
Manning 2012), whose mean opinion on the 50,000 reviews without labels a student then learns
together with the labels (Hinton et al. 2015). The card says so.
"""

import argparse
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from train.han_fitting import (  # isort: skip
    RECIPES,
    SHAPE,
    SMALL_SHAPE,
    Recipe,
    class_weights,
    fit,
    one_hot,
)

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from dlnlp.batching import BatchShape, PackedBatches, padding_report
from dlnlp.callbacks import CheckpointError
from dlnlp.corpus import Corpus, CorpusError, JoinedSplits, Split
from dlnlp.models.han import Han
from train.evaluation import softmax
from train.han_artifact import save_artifact
from train.han_predictions import predict_split
from train.nbsvm import nbsvm_log_odds
from train.provenance import ParityError


def train(
    corpus: Corpus, recipe: Recipe, seed: int, checkpoints: Path, shape: BatchShape
) -> tuple[Han, list[dict[str, float]], dict[str, Any]]:
    """Train what a recipe asks for.

    Returns:
        The network, its record an epoch, and what the card says of teachers.
    """
    classes = len(corpus.class_names)
    labelled = corpus.split("train")
    labels = labelled.labels.astype(int)
    targets = one_hot(labels, classes)
    weights = class_weights(labels, classes, recipe.class_weight_power)
    settings = {"recipe": asdict(recipe), "seed": seed, "corpus": corpus.info["hash"]}
    about: dict[str, Any] = {}
    documents: Split | JoinedSplits = labelled
    if recipe.teachers:
        unlabelled = corpus.split("unsup")
        opinions, about = _teach(corpus, recipe, seed, checkpoints, settings, shape, targets)
        documents = JoinedSplits([labelled, unlabelled])
        targets = np.concatenate([targets, opinions])
        weights = np.concatenate([weights, np.ones(len(unlabelled), np.float32)])
    batches = PackedBatches(
        documents, shape, targets, weights, seed=seed, word_dropout=recipe.word_dropout
    )
    model, history = fit(corpus, batches, recipe, seed, checkpoints / "model", settings)
    return model, history, about


def _teach(
    corpus: Corpus,
    recipe: Recipe,
    seed: int,
    checkpoints: Path,
    settings: dict[str, Any],
    shape: BatchShape,
    targets: NDArray[np.float32],
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
        model, _ = fit(corpus, batches, teacher, own_seed, checkpoints / name, mine)
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
    parser.add_argument("--checkpoints", type=Path, help="default: checkpoints/<model>-<seed>")
    parser.add_argument("--seed", type=int, default=1)
    for name in ("epochs", "teachers", "units", "teacher_epochs"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, help="default: the recipe's")
    for name in ("max_lr", "dropout", "word_dropout", "class_weight_power", "embedding_rate"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, help="default: the recipe's")
    parser.add_argument(
        "--no-test", action="store_true", help="stop after validation: for choosing a recipe"
    )
    options = parser.parse_args(arguments)
    given = {
        k: v for k, v in vars(options).items() if k in asdict(RECIPES["imdb"]) and v is not None
    }
    recipe = replace(RECIPES[options.dataset], **given)
    name = f"{recipe.model}-{options.seed}"
    checkpoints = options.checkpoints or Path("checkpoints") / name
    shape = SMALL_SHAPE if options.dataset == "imdb" else SHAPE
    started = time.perf_counter()
    try:
        corpus = Corpus(options.corpus or Path("corpora") / options.dataset)
        model, history, about = train(corpus, recipe, options.seed, checkpoints, shape)
        if options.no_test:
            return 0
        training = {
            **asdict(recipe), **about, "seed": options.seed, "batch": asdict(shape),
            "history": history, "seconds_of_this_run": round(time.perf_counter() - started, 1),
            "padding": padding_report(corpus.split("validation"), shape),
        }  # fmt: skip
        save_artifact(
            model, corpus, shape, training, options.output or Path("weights") / recipe.model
        )
    except (CorpusError, CheckpointError, FloatingPointError, ParityError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(
            f"cannot write {error.filename} ({error.strerror}): free some space and run the same "
            "command again; it goes on from its checkpoint",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
