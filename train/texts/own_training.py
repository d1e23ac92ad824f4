"""From a table of one's own to networks: the work of ``python -m train.own``."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any, TypeVar

import keras
import numpy as np
from numpy.typing import NDArray

from dlnlp import catalogue
from dlnlp.artifacts import amend_artifact, json_bytes, open_artifact, refuse_other_content
from dlnlp.cards import AT_CHANCE
from dlnlp.corpus import Corpus
from dlnlp.corpus.bucketing import padding_share
from dlnlp.corpus.padding import padding_report
from dlnlp.inference.recording import Point, Recording, recording_files
from dlnlp.models.han import Han
from dlnlp.scoring.evaluation import wilson_interval
from train.checkpoints import claimed
from train.evaluation import temperature_of_classes
from train.fitting import Follower, best_epoch
from train.progress import ProgressBar
from train.rates import RateShape
from train.texts import (
    han_artifact,
    han_fitting,
    han_predictions,
    kim_cnn_artifact,
    kim_cnn_fitting,
)
from train.texts.han_fitting import class_weights
from train.texts.han_recipes import Recipe as HanRecipe
from train.texts.kim_cnn_fitting import Recipe as KimRecipe
from train.texts.linear_baseline import NAME as LINEAR
from train.texts.linear_baseline import linear_baseline
from train.texts.own_corpus import Say, own_corpus
from train.texts.own_recipes import han_plan, kim_plan
from train.texts.recording import Recorder

MAJORITY = "always the most frequent class"
SMALL_CLASS = 20  # test texts of a class: below, its figures mean little
Watch = Callable[[Recording], object]
AnyRecipe = TypeVar("AnyRecipe", HanRecipe, KimRecipe)


def run(
    options: argparse.Namespace,
    say: Say = ProgressBar.write,
    watch: Watch = lambda recording: None,
    follower: Follower | None = None,
) -> None:
    """Survey, prepare, train, calibrate, test once, save.

    Args:
        options: of the command.
        say: is given a sentence.
        watch: is given what was recorded so far, whenever it has grown by a point.
        follower: as of :func:`train.fitting.fit`.
    """
    for output in options.outputs.values():
        refuse_other_content(output)
    with claimed(options.work):
        corpus, notes = own_corpus(options, say)
        train_own(corpus, notes, options, say, watch, follower)


def run_on_corpus(corpus: Corpus, kind: str, options: argparse.Namespace) -> None:
    """Train on a corpus that ``train.prepare --table`` made.

    Args:
        corpus: of a table.
        kind: ``han`` or ``kim_cnn``.
        options: of ``train.han`` or ``train.kim_cnn``; settings of the recipe that they give are
            used.
    """
    name = corpus.info["dataset"]
    output = options.output or catalogue.own_folder() / f"{name}_{kind}"
    work = options.checkpoints or Path("checkpoints") / name
    more = {"outputs": {kind: output}, "work": work, "seed": 1, "watch": None, "schedule": None}
    refuse_other_content(output)
    with claimed(work):
        own = argparse.Namespace(**{**vars(options), **more})
        train_own(corpus, corpus.info["table"], own, ProgressBar.write)


def train_own(
    corpus: Corpus,
    notes: dict[str, Any],
    options: argparse.Namespace,
    say: Say,
    watch: Watch = lambda recording: None,
    follower: Follower | None = None,
) -> None:
    """Train each network by the recipe that follows from the size, and save it.

    Args:
        corpus: prepared.
        notes: what the cards say of the texts.
        options: of the command; settings of the recipe among them replace the recipe's.
        say: is given a sentence.
        watch: is given what was recorded so far, whenever it has grown by a point.
        follower: as of :func:`train.fitting.fit`.
    """
    train, test = corpus.split("train"), corpus.split("test")
    chance = np.bincount(train.labels, minlength=len(corpus.class_names)).argmax()
    linear = linear_baseline(corpus, min_count=2 if len(train) < 5_000 else 3)["test"]
    baselines = {
        MAJORITY: {"accuracy": float(np.mean(test.labels == chance))},
        LINEAR: linear,
    }
    about = {
        "data": f"{notes['rows']:,} rows of {notes['file']}",
        "warnings": notes["warnings"],
        "intended_use": "To study what a network learns from these texts.",
        "limits": limits(corpus),
        "ordered_classes": bool(notes.get("ordered_classes")),
        "baselines": baselines,
    }
    shown = {"examples": notes["examples"]}
    watched = options.watch or [example["text"] for example in shown["examples"]]
    for kind, output in options.outputs.items():
        recorder = _recorder(corpus, watched, kind, watch)
        if without := len(watched) - len(recorder.texts):
            say(f"{without} of the texts to watch hold no word: nothing is recorded of them.")
        learn = _train_han if kind == "han" else _train_kim_cnn
        card = learn(corpus, about, output, options, recorder, follower)
        files = {"examples.json": json_bytes(shown), **recording_files(recorder.recording)}
        amend_artifact(open_artifact(output), {}, files)
        accuracy = card["metrics"]["test"]["accuracy"]
        low, high = accuracy["low"], accuracy["high"]
        say(f"{output.name}: accuracy on test {accuracy['value']:.1%} ({low:.1%} to {high:.1%})")
        for name, found in baselines.items():
            say(f"{name}: {found['accuracy']:.1%}")
        if AT_CHANCE in card["limits"]:
            say(AT_CHANCE)
        say(f"It is in {output}. Open it in the app, or: dlnlp score --model {output.name} ...")
        if follower is not None and follower.stopped():
            break


def _recorder(corpus: Corpus, texts: list[str], kind: str, watch: Watch) -> Recorder:
    limit = kim_plan(corpus.split("train")).recipe.max_tokens if kind == "kim_cnn" else None

    def give(point: Point) -> None:
        watch(recorder.recording)

    recorder = Recorder(corpus, texts, give, max_tokens=limit)
    return recorder


def _train_han(
    corpus: Corpus,
    about: Mapping[str, Any],
    output: Path,
    options: argparse.Namespace,
    recorder: Recorder,
    follower: Follower | None,
) -> dict[str, Any]:
    train, validation, test = (corpus.split(name) for name in ("train", "validation", "test"))
    how = han_plan(output.name, train)
    recipe = _asked(replace(how.recipe, class_weight_power=how.class_weight_power), options)
    shape = how.shape
    batches = han_fitting.labelled_batches(corpus, recipe, shape, options.seed)
    model, history = han_fitting.fit(
        corpus, batches, recipe, options.seed, options.work / "han",
        _settings(recipe, corpus, options), every=options.checkpoint_minutes,
        patience=how.patience, recorder=recorder, follower=follower, shape=_rate(options),
    )  # fmt: skip
    logits = han_predictions.predict_split(model, validation, shape)["logits"]
    temperature = temperature_of_classes(logits, validation.labels)
    cool(model, temperature)
    training = {
        **asdict(recipe), **_schedule(options), "seed": options.seed,
        "batch": asdict(shape), "history": history,
        **_course(history, how.patience), "temperature": temperature,
        "padding": padding_report(validation, shape),
    }  # fmt: skip
    logits = han_predictions.predict_split(model, test, shape)["logits"]
    return han_artifact.save_artifact(
        model, corpus, shape, training, output, about=judged(about, logits, test.labels)
    )


def _train_kim_cnn(
    corpus: Corpus,
    about: Mapping[str, Any],
    output: Path,
    options: argparse.Namespace,
    recorder: Recorder,
    follower: Follower | None,
) -> dict[str, Any]:
    train, validation, test = (corpus.split(name) for name in ("train", "validation", "test"))
    classes = len(corpus.class_names)
    how = kim_plan(train)
    recipe = _asked(how.recipe, options)
    targets = np.eye(classes, dtype=np.float32)[train.labels]
    weights = class_weights(train.labels, classes, how.class_weight_power)[train.labels]
    model, history = kim_cnn_fitting.fit(
        corpus, train, targets, recipe, options.seed, options.work / "kim_cnn",
        _settings(recipe, corpus, options), weights=weights, every=options.checkpoint_minutes,
        patience=how.patience, recorder=recorder, follower=follower, shape=_rate(options),
    )  # fmt: skip
    exported = kim_cnn_artifact.export(model, validation, recipe.buckets)
    logits = kim_cnn_fitting.predict_split(model, test, recipe.buckets)["logits"]
    training = {
        **asdict(recipe), **_schedule(options), "seed": options.seed,
        **_course(history, how.patience),
        "padding": padding_share(train, recipe.buckets),
    }  # fmt: skip
    facts = {**judged(about, logits, test.labels), "training": training}
    return kim_cnn_artifact.save_artifact(
        model, exported, corpus, recipe.buckets, history, facts, output
    )


def _asked(recipe: AnyRecipe, options: argparse.Namespace) -> AnyRecipe:
    """The recipe with what the options say otherwise."""
    names = {field.name for field in fields(recipe)} - {"model"}  # that option chooses the network
    asked = {k: v for k, v in vars(options).items() if k in names and v is not None}
    return replace(recipe, **asked)


def _rate(options: argparse.Namespace) -> RateShape | None:
    return None if options.schedule is None else RateShape.from_json(options.schedule)


def _schedule(options: argparse.Namespace) -> dict[str, Any]:
    """The schedule as the card names it; empty where the recipe's own was used."""
    shape = _rate(options)
    return {} if shape is None else {"schedule": shape.as_record()}


def _settings(recipe: Any, corpus: Corpus, options: argparse.Namespace) -> dict[str, Any]:
    return {
        "recipe": asdict(recipe), **_schedule(options), "seed": options.seed,
        "corpus": corpus.info["hash"],
    }  # fmt: skip


def _course(history: list[dict[str, float]], patience: int) -> dict[str, Any]:
    return {
        "patience": patience,
        "best_epoch": best_epoch(history) + 1,
        "seconds_of_this_run": round(sum(record["seconds"] for record in history), 1),
    }


def judged(
    about: Mapping[str, Any], logits: NDArray[np.float32], labels: NDArray[np.int8]
) -> dict[str, Any]:
    """Put the sentence on chance among the limits where it belongs.

    Args:
        about: what the card says of the texts, with ``limits`` and ``baselines``.
        logits: of the test texts, float32 ``[n, C]``.
        labels: int8 ``[n]``.
    """
    right = int(np.sum(logits.argmax(axis=1) == labels))
    # In a small test another class may be the most frequent one: then naming that is chance.
    most = float(np.bincount(labels).max() / len(labels))
    chance = max(about["baselines"][MAJORITY]["accuracy"], most)
    more = [AT_CHANCE] if wilson_interval(right, len(labels))[0] <= chance else []
    return {**about, "limits": [*more, *about["limits"]]}


def cool(model: Han, temperature: float) -> None:
    """Divide all logits of a network by a temperature, in the weights of its last layer."""
    for variable in model.network.classifier.trainable_variables:
        variable.assign(keras.ops.convert_to_numpy(variable) / temperature)


def limits(corpus: Corpus) -> list[str]:
    """What whoever uses the network should know, from the corpus alone."""
    counts = corpus.info["splits"]["test"]["labels"]
    told = ["It knows the words of these texts only; other texts may be far from them."]
    rare = sum(counts.get(str(n), 0) < SMALL_CLASS for n in range(len(corpus.class_names)))
    if rare:
        told.append(
            f"{rare} of {len(corpus.class_names)} classes have under {SMALL_CLASS} test texts."
        )
    return told
