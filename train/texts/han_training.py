"""From a prepared corpus to a trained and saved HAN: the work of ``python -m train.han``."""

import argparse
import time
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass
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
from train.texts.film_teachers import DESCRIPTION, agreed, film_teachers
from train.texts.han_artifact import measures_on_test, save_artifact
from train.texts.han_fitting import SHAPE, SMALL_SHAPE, class_weights, fit
from train.texts.han_predictions import predict_split
from train.texts.han_recipes import RECIPES, SEEDS, Phase, Recipe, changed
from train.texts.recording import Recorder
from train.texts.shipped_recording import add_recording, watching

NETWORKS_WEIGHT = 0.5
# Options that need unlabelled reviews, several networks, or several devices.
ONLY_PUBLISHED = (
    "dataset", "seeds", "teachers", "first_epochs", "teacher_epochs", "no_test", "distributed",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Opinions:
    """What the teachers say.

    Attributes:
        source: who they are and what they read; the same for runs that may go on from each other.
        unlabelled: their probabilities for the unlabelled documents, float32 ``[n, C]``.
        about: what the card says of them.
    """

    source: str
    unlabelled: NDArray[np.float32]
    about: dict[str, Any]


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
) -> tuple[Han, list[dict[str, float]]]:
    """Train what a recipe asks for; without teachers it learns the labels only.

    `recorder` is asked in all phases.

    Returns:
        The network, and its record an epoch.
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
        unlabelled = corpus.split("unsup")
        documents = JoinedSplits([labelled, unlabelled])
        targets = np.concatenate([targets[:], teachers.unlabelled])
        weights = np.concatenate([weights[:], np.ones(len(unlabelled), np.float32)])

    def learn(name: str, phase: Phase, begin: Han | None) -> tuple[Han, list[dict[str, float]]]:
        alone = recipe.phase(phase)
        own_seed = seed if begin is None else 1000 + seed  # another order of the documents
        batches = PackedBatches(
            documents, shape, targets, weights, seed=own_seed, word_dropout=alone.word_dropout
        )
        mine = settings | {"recipe": asdict(alone)}
        return fit(
            corpus, batches, alone, own_seed, checkpoints / name, mine,
            begin=begin, every=every, parallel=parallel, recorder=recorder,
        )  # fmt: skip

    if recipe.first is None:
        return learn("model", recipe, None)
    begun, history = learn("first", recipe.first, None)
    model, last = learn("model", recipe, begun)
    return model, history + last


def teach(
    corpus: Corpus,
    recipe: Recipe,
    checkpoints: Path,
    shape: BatchShape,
    every: float = CHECKPOINT_MINUTES,
    parallel: Parallel | None = None,
) -> Opinions:
    """Train the teachers of a recipe, and ask them of the unlabelled reviews.

    Their log odds are averaged: networks that learned the labels alone, :data:`NETWORKS_WEIGHT`
    all together; NB-SVM and document vectors share the rest. All seeds have the same teachers.

    Args:
        corpus: of film reviews.
        recipe: of the student; its networks among the teachers are of the same shape.
        checkpoints: where the state of each is kept.
        shape: of the batches.
        every: minutes between checkpoints within an epoch.
        parallel: who takes part; None: nobody else.
    """
    asked, seconds, weights = ("unsup", "validation"), {}, {}
    odds: dict[str, Mapping[str, NDArray[Any]]] = {}
    alone = recipe.phase(recipe.teaching)
    for number in range(1, recipe.teachers + 1):
        name = f"network{number}"
        model, history = train(
            corpus, alone, 1000 + number, checkpoints / name, shape, None, every, parallel
        )
        odds[name] = {split: _log_odds(model, corpus.split(split), shape) for split in asked}
        weights[name] = NETWORKS_WEIGHT / recipe.teachers
        seconds[name] = sum(record["seconds"] for record in history)
    others = film_teachers(corpus, checkpoints.parent / "film_teachers.npz")
    seconds |= others.seconds
    for name, of in others.log_odds.items():
        odds[name] = of
        weights[name] = (1 - NETWORKS_WEIGHT) / len(others.log_odds)
    unlabelled, about = agreed(corpus, odds, weights, seconds)
    about = {
        "teachers": f"{recipe.teachers} networks of the same shape, labels of train; "
        f"{DESCRIPTION}; the mean of their log odds, with weights",
        **about,
    }
    return Opinions(sha256(unlabelled.tobytes()).hexdigest(), unlabelled, about)


def _log_odds(model: Han, split: Split, shape: BatchShape) -> NDArray[np.float32]:
    logits = predict_split(model, split, shape)["logits"]
    return np.asarray(logits[:, 1] - logits[:, 0])


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
    if recipe.teachers and dataset != "imdb":
        raise CorpusError(f"{corpus.path} holds no reviews without labels: leave out --teachers")
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
    teachers = None
    if recipe.teachers:
        teachers = teach(corpus, recipe, options.checkpoints, shape, minutes, parallel)
    recorder = watching(corpus, recipe.model, phases=1 if recipe.first is None else 2)
    for seed in range(1, (options.seeds or SEEDS[options.dataset]) + 1):
        started, folder = time.perf_counter(), options.checkpoints / f"seed{seed}"
        looks_on = recorder if seed == 1 else None  # at the one that ships
        trained.append(
            train(corpus, recipe, seed, folder, shape, teachers, minutes, parallel, looks_on)
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
