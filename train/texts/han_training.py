"""From a prepared corpus to a trained and saved HAN: the work of ``python -m train.han``."""

import argparse
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.artifacts import refuse_other_content
from dlnlp.corpus import Corpus
from dlnlp.corpus.batching import PackedBatches, PerClassValues
from dlnlp.corpus.packing import BatchShape
from dlnlp.corpus.padding import padding_report
from dlnlp.corpus.splits import CorpusError, JoinedSplits, Split
from dlnlp.models.han import Han
from train.checkpoints import CHECKPOINT_MINUTES, claimed
from train.corpora.trained_on import of_a_table, published, refuse_options
from train.texts import own_training
from train.texts.distribution import Parallel, join, leave, writes
from train.texts.film_teachers import DESCRIPTION as OF_FILMS
from train.texts.film_teachers import film_teachers
from train.texts.han_artifact import measures_on_test, save_artifact
from train.texts.han_fitting import SHAPE, SMALL_SHAPE, class_weights, fit
from train.texts.han_predictions import predict_split
from train.texts.han_recipes import RECIPES, SEEDS, TAUGHT, Phase, Recipe, changed
from train.texts.ngram_teacher import DESCRIPTION as OF_NGRAMS
from train.texts.ngram_teacher import ngram_teacher
from train.texts.opinions import Heard, Logits, Opinions, agreed, heard_once, taught_split
from train.texts.recording import Recorder
from train.texts.shipped_recording import add_recording, watching

# Of the networks among the teachers, all together, by the split that is taught.
NETWORKS_WEIGHT = {"unsup": 0.5, "train": 0.7}
# Options that need teachers, several networks, or several devices.
ONLY_PUBLISHED = (
    "dataset", "seeds", "teachers", "first_epochs", "teacher_epochs", "no_test", "distributed",
)  # fmt: skip


Trained = tuple[Han, list[dict[str, float]]]
"""A network, and its record an epoch."""


def train(
    corpus: Corpus,
    recipe: Recipe,
    seed: int,
    checkpoints: Path,
    shape: BatchShape,
    teachers: Opinions | None = None,
    every: float = CHECKPOINT_MINUTES,
    parallel: Parallel | None = None,
    recorder: Recorder | None = None,
    begun: Trained | None = None,
) -> Trained:
    """Train what a recipe asks for; without teachers it learns the labels only.

    `recorder` is asked in all phases. `begun` is the network whose weights it begins with, where
    these are not fresh ones; its record stays.
    """
    classes = len(corpus.class_names)
    labelled = corpus.split("train")
    targets: NDArray[np.float32] | PerClassValues = PerClassValues.one_hot(labelled.labels, classes)
    weights: NDArray[np.float32] | PerClassValues = PerClassValues(
        labelled.labels, class_weights(labelled.labels, classes, recipe.class_weight_power)
    )
    settings: dict[str, Any] = {"seed": seed, "corpus": corpus.info["hash"]}
    if parallel and parallel.shards > 1:
        settings["shards"] = parallel.shards
    documents: Split | JoinedSplits = labelled
    if teachers:
        settings["teachers"] = teachers.source
    if teachers and teachers.split == "train":
        share = np.float32(recipe.label_share)
        targets = share * targets[:] + (1 - share) * teachers.probabilities
    elif teachers:
        unlabelled = corpus.split(teachers.split)
        documents = JoinedSplits([labelled, unlabelled])
        targets = np.concatenate([targets[:], teachers.probabilities])
        weights = np.concatenate([weights[:], np.ones(len(unlabelled), np.float32)])

    def learn(name: str, phase: Phase, own_seed: int, begin: Han | None) -> Trained:
        alone = recipe.phase(phase)
        batches = PackedBatches(
            documents, shape, targets, weights, seed=own_seed, word_dropout=alone.word_dropout
        )
        mine = settings | {"recipe": asdict(alone)}
        if teachers and teachers.split == "train":
            mine["label_share"] = recipe.label_share
        return fit(
            corpus, batches, alone, own_seed, checkpoints / name, mine,
            begin=begin, every=every, parallel=parallel, recorder=recorder,
        )  # fmt: skip

    if recipe.first is not None:
        begun = learn("first", recipe.first, seed, None)
        seed += 1000  # another order of the documents
    if begun is None:
        return learn("model", recipe, seed, None)
    model, last = learn("model", recipe, seed, begun[0])
    return model, begun[1] + last


def teach(
    corpus: Corpus,
    recipe: Recipe,
    checkpoints: Path,
    shape: BatchShape,
    networks: Sequence[Trained],
) -> Opinions:
    """Ask the teachers of a recipe of the texts that they teach.

    Their logits are averaged: networks that learned the labels alone weigh
    :data:`NETWORKS_WEIGHT` all together; teachers that are none share the rest. All seeds have the
    same teachers.

    Args:
        corpus: of a data set in :data:`TAUGHT`.
        recipe: of the student.
        checkpoints: where what each says is kept.
        shape: of the batches.
        networks: those among the teachers, as :func:`of_labels` trains them.
    """
    share = NETWORKS_WEIGHT[taught_split(corpus)]
    logits: dict[str, Logits] = {}
    seconds, weights = {}, {}
    for number, (model, history) in enumerate(networks, 1):
        name = f"network{number}"
        logits |= _said(name, model, corpus, shape, checkpoints).logits
        weights[name] = share / len(networks)
        seconds[name] = sum(record["seconds"] for record in history)
    others, description = _other_teachers(corpus, recipe, checkpoints.parent)
    weights |= {name: (1 - share) / len(others.logits) for name in others.logits}
    return agreed(
        corpus,
        Heard(logits | others.logits, seconds | others.seconds),
        weights,
        f"{len(networks)} networks of the same shape, labels of train; {description}; the mean of "
        "their logits, with weights",
    )


def _said(name: str, model: Han, corpus: Corpus, shape: BatchShape, checkpoints: Path) -> Heard:
    """What a network says of what it teaches, and of validation; asked once."""

    def ask() -> dict[str, NDArray[Any]]:
        return {
            f"{name}/{split}": predict_split(model, corpus.split(split), shape)["logits"]
            for split in (taught_split(corpus), "validation")
        }

    weights = sha256(b"".join(np.asarray(array).tobytes() for array in model.get_weights()))
    key = f"{corpus.info['hash']} {weights.hexdigest()}"
    return heard_once(checkpoints / name / "said.npz", key, ask)


def _other_teachers(corpus: Corpus, recipe: Recipe, folder: Path) -> tuple[Heard, str]:
    """What teachers that are no networks say, and who they are."""
    if taught_split(corpus) == "unsup":
        return film_teachers(corpus, folder / "film_teachers.npz"), OF_FILMS
    labels = corpus.split("train").labels
    of_classes = class_weights(labels, len(corpus.class_names), recipe.class_weight_power)
    name = f"ngram_teacher_{corpus.info['dataset']}.npz"
    return ngram_teacher(corpus, of_classes, folder / name), OF_NGRAMS


def run(options: argparse.Namespace) -> None:
    """Train all seeds, read the test split with each, write the first.

    Args:
        options: of the command; None where the recipe decides.
    """
    corpus = Corpus(options.corpus)
    if of_a_table(corpus):
        refuse_options(corpus, options, ONLY_PUBLISHED)
        return own_training.run_on_corpus(corpus, "han", options)
    dataset = published(corpus, RECIPES)
    if options.dataset not in (dataset, None):
        raise CorpusError(
            f"{corpus.path} holds the data set {dataset}, not {options.dataset}: leave out "
            "--dataset, or name another --corpus"
        )
    recipe = changed(RECIPES[dataset], options)
    if recipe.teachers and dataset not in TAUGHT:
        raise CorpusError(f"{dataset} is too large for its teachers: leave out --teachers")
    options.dataset = dataset
    options.output = options.output or Path("weights") / recipe.model
    options.checkpoints = options.checkpoints or Path("checkpoints") / recipe.model
    shape = SMALL_SHAPE if dataset == "imdb" else SHAPE
    if not options.no_test:
        refuse_other_content(options.output)
    parallel = None
    if options.distributed:
        place = options.coordinator, options.processes, options.process_id, options.shards
        parallel = join(*place)
    with claimed(options.checkpoints) if writes(parallel) else nullcontext():
        _train_all(corpus, recipe, shape, options, parallel)


def _train_all(
    corpus: Corpus,
    recipe: Recipe,
    shape: BatchShape,
    options: argparse.Namespace,
    parallel: Parallel | None,
) -> None:
    trained, seconds, minutes = [], [], options.checkpoint_minutes
    phases = 1 if recipe.first is None and not recipe.goes_on else 2
    recorder = watching(corpus, recipe.model, phases=phases)

    def of_labels(number: int) -> Trained:
        """A network like those among the teachers."""
        place = options.checkpoints / f"network{number}"
        looks_on = recorder if recipe.goes_on and number == 1 else None
        return train(
            corpus, recipe.of_labels, 1000 + number, place, shape, None, minutes, parallel, looks_on
        )

    networks = [of_labels(number) for number in range(1, recipe.teachers + 1)]
    teachers = teach(corpus, recipe, options.checkpoints, shape, networks) if networks else None
    for seed in range(1, (options.seeds or SEEDS[options.dataset]) + 1):
        started, folder = time.perf_counter(), options.checkpoints / f"seed{seed}"
        begun = None
        if recipe.goes_on:
            begun = networks[seed - 1] if seed <= len(networks) else of_labels(seed)
        looks_on = recorder if seed == 1 else None  # at the one that ships
        trained.append(
            train(corpus, recipe, seed, folder, shape, teachers, minutes, parallel, looks_on, begun)
        )
        seconds.append(round(time.perf_counter() - started, 1))
    if parallel:
        leave(parallel)
    if options.no_test or not writes(parallel):
        return
    model, history = trained[0]
    training = {
        **asdict(recipe), **(teachers.about if teachers else {}), "seed": 1, "batch": asdict(shape),
        "history": history, "seconds_of_this_run": seconds[0],
        "padding": padding_report(corpus.split("validation"), shape),
    }  # fmt: skip
    others = [
        {"seed": number, "seconds_of_this_run": took} | measures_on_test(other, corpus, shape)
        for number, ((other, *_), took) in enumerate(zip(trained, seconds, strict=True), 1)
        if number > 1
    ]
    save_artifact(model, corpus, shape, training, options.output, others)
    add_recording(recorder, options.output)
