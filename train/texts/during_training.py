"""A short training that is recorded: the work of ``python -m train.during_training``."""

import argparse
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from dlnlp.artifacts import amend_artifact, open_artifact
from dlnlp.corpus import Corpus
from dlnlp.corpus.batching import PackedBatches, PerClassValues
from dlnlp.corpus.splits import PartOfSplit
from dlnlp.inference.recording import recording_files
from train.checkpoints import claimed
from train.progress import ProgressBar
from train.texts import han_fitting, kim_cnn_fitting
from train.texts.han_recipes import RECIPES
from train.texts.recording import Recorder
from train.texts.shipped_recording import watching


def run(options: argparse.Namespace) -> None:
    """Train on a part of the corpus, and put the recording among the weights.

    Args:
        options: of the command.

    Raises:
        ArtifactError: there is no network to put it to.
        CorpusError: the corpus is missing or damaged.
    """
    opened = open_artifact(options.output)
    corpus = Corpus(options.corpus)
    train = corpus.split("train")
    count = min(options.documents, len(train))
    # As many of each class as the whole has, and the same ones each time.
    chosen = np.sort(np.random.default_rng(0).permutation(len(train))[:count])
    learn = _kim_cnn if opened.config["model"] == "kim_cnn" else _han
    with claimed(options.checkpoints):
        recorder, history = learn(corpus, PartOfSplit(train, chosen), options)
    recording = recorder.recording
    recording["about"] = about(opened.path.name, count, len(train), options, history)
    files = recording_files(recording)
    amend_artifact(opened, {}, files)
    for name, content in files.items():
        ProgressBar.write(f"{opened.path / name}: {len(content):,} bytes")


def about(
    name: str,
    documents: int,
    all_documents: int,
    options: argparse.Namespace,
    history: list[dict[str, float]],
) -> str:
    """What was trained, for whoever sees the recording.

    Args:
        name: of the shipped network.
        documents: that were learned from.
        all_documents: that its training split holds.
        options: of the command.
        history: the record of each epoch.
    """
    return (
        "Recorded in a training of its own, not in that of the shipped network: "
        f"{documents:,} of the {all_documents:,} labelled training reviews, no teachers, "
        f"{options.epochs} epochs, else the recipe of {name}, seed {options.seed}. It ended with "
        f"an accuracy of {history[-1]['validation_accuracy']:.1%} on the validation reviews."
    )


def _han(
    corpus: Corpus, part: PartOfSplit, options: argparse.Namespace
) -> tuple[Recorder, list[dict[str, float]]]:
    recipe = replace(RECIPES[corpus.info["dataset"]].of_labels, epochs=options.epochs)
    classes = len(corpus.class_names)
    weights = han_fitting.class_weights(part.labels, classes, recipe.class_weight_power)
    batches = PackedBatches(
        part,
        han_fitting.SMALL_SHAPE,
        PerClassValues.one_hot(part.labels, classes),
        PerClassValues(part.labels, weights),
        seed=options.seed,
        word_dropout=recipe.word_dropout,
    )
    recorder = watching(corpus, options.model)
    _, history = han_fitting.fit(
        corpus, batches, recipe, options.seed, options.checkpoints,
        _settings(asdict(recipe), corpus, part, options), recorder=recorder,
    )  # fmt: skip
    return recorder, history


def _kim_cnn(
    corpus: Corpus, part: PartOfSplit, options: argparse.Namespace
) -> tuple[Recorder, list[dict[str, float]]]:
    recipe = replace(kim_cnn_fitting.RECIPE, epochs=options.epochs)
    recorder = watching(corpus, options.model, max_tokens=recipe.max_tokens)
    _, history = kim_cnn_fitting.fit(
        corpus, part, np.eye(len(corpus.class_names), dtype=np.float32)[part.labels], recipe,
        options.seed, options.checkpoints, _settings(asdict(recipe), corpus, part, options),
        recorder=recorder,
    )  # fmt: skip
    return recorder, history


def _settings(
    recipe: dict[str, Any], corpus: Corpus, part: PartOfSplit, options: argparse.Namespace
) -> dict[str, Any]:
    return {
        "recipe": recipe, "seed": options.seed, "corpus": corpus.info["hash"],
        "documents": len(part),
    }  # fmt: skip
