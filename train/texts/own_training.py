"""From a table of one's own to a network: the work of ``python -m train.own``."""

import argparse
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np

from dlnlp import artifacts, catalogue
from dlnlp.artifacts import refuse_other_content
from dlnlp.corpus import Corpus
from dlnlp.corpus.batching import PackedBatches, PerClassValues
from dlnlp.corpus.near_duplicates import near_duplicates, signatures
from dlnlp.corpus.padding import padding_report
from dlnlp.datasets import DatasetError
from dlnlp.models.han import Han
from dlnlp.text.vocabulary import Vocabulary
from train.checkpoints import claimed
from train.corpora.own_source import OwnSource, OwnTexts
from train.corpora.own_survey import Survey, refusal, survey, warnings
from train.corpora.own_vectors import ENGLISH, covered, vectors_from, vectors_of
from train.corpora.preparation import Settings, Vectors, learned_vectors, prepare_source
from train.evaluation import temperature_of_classes, wilson_interval
from train.fitting import best_epoch
from train.progress import ProgressBar
from train.texts.han_artifact import save_artifact
from train.texts.han_fitting import class_weights, fit
from train.texts.han_predictions import predict_split
from train.texts.linear_baseline import NAME as LINEAR
from train.texts.linear_baseline import linear_baseline
from train.texts.own_recipes import corpus_settings, plan

VECTORS_OF = "han_imdb"  # whose word vectors English texts begin with
MAJORITY = "always the most frequent class"
AT_CHANCE = "On test it is not clearly better than always naming the most frequent class."
FEW = 10_000  # rows: more are tested on a tenth, fewer on a fifth
# Above this size, comparing all documents with all others takes longer than it tells.
_COMPARED = 1_000_000
Say = Callable[[str], None]


def run(options: argparse.Namespace) -> None:
    """Survey, prepare, train, calibrate, test once, save.

    Args:
        options: of the command.
    """
    refuse_other_content(options.output)
    with claimed(options.work):
        corpus, notes = own_corpus(options, ProgressBar.write)
        train_own(corpus, notes, options, ProgressBar.write)


def own_corpus(options: argparse.Namespace, say: Say) -> tuple[Corpus, dict[str, Any]]:
    """The prepared corpus of a table, and what its card says of the texts.

    Raises:
        DatasetError: nothing can be learned from the texts.
    """
    texts = OwnTexts(
        options.texts, options.text_column, options.label_column, options.group_column,
        options.reading,
    )  # fmt: skip
    test = None
    if options.test:
        test = OwnTexts(
            options.test, options.text_column, options.label_column, None, options.reading
        )
    told = _Limited(say)
    found = survey(texts, told)
    told.end()
    if reason := refusal(found):
        raise DatasetError(f"{options.texts}: {reason}")
    notes: dict[str, Any] = {"rows": found.rows, "warnings": warnings(found)}
    if test is not None:
        notes["warnings"] += _test_warnings(found, survey(test, lambda where, reason: None))
    for sentence in notes["warnings"]:
        say(sentence)
    say("  ".join(f"{name[:40]} {found.labels[name]:,}" for name in found.class_names))
    shares = (0.1, 0.2 if found.rows < FEW else 0.1)
    source = OwnSource(options.name, texts, found.class_names, test, shares, lambda sentence: None)
    known = {
        "texts_sha256": hashlib.sha256(np.sort(found.digests).tobytes()).hexdigest(),
        "columns": [options.text_column, options.label_column, options.group_column],
        "test": str(options.test) if options.test else None,
        "vectors": str(options.vectors),
    }
    output = options.work / "corpus"
    if output.exists():
        corpus = Corpus(output)
        stored = {name: corpus.info["settings"].get(name) for name in known}
        if json.loads(json.dumps(known)) != stored:
            raise DatasetError(
                f"{options.work} holds the work on other texts: delete it, or choose another --work"
            )
    else:
        settings = corpus_settings(found.rows, options.seed)
        corpus = prepare_source(
            source, output, workers=options.workers, settings=settings, known=known,
            vectors=_vectors(options.vectors),
        )  # fmt: skip
    notes["warnings"] += (more := _corpus_warnings(corpus))
    for sentence in more:
        say(sentence)
    return corpus, notes


class _Limited:
    """Says the first few of many."""

    def __init__(self, say: Say, most: int = 10) -> None:
        self._say, self._most, self._count = say, most, 0

    def __call__(self, where: str, reason: str) -> None:
        self._count += 1
        if self._count <= self._most:
            self._say(f"skipped {where}: {reason}")

    def end(self) -> None:
        if self._count > self._most:
            self._say(f"... and {self._count - self._most:,} more")


def _test_warnings(train: Survey, test: Survey) -> list[str]:
    known = set(train.class_names)
    told = []
    other = sum(n for name, n in test.labels.items() if name and name not in known)
    if other:
        told.append(f"{other:,} rows of the test table have labels that the table lacks; left out.")
    if missing := known - set(test.labels):
        told.append(f"The test table holds no row of {len(missing)} classes.")
    shared = int(np.isin(test.digests, train.digests).sum())
    if shared:
        told.append(f"{shared:,} rows of the test table repeat a text of the table.")
    return told


def _vectors(chosen: str | Path | None) -> Vectors:
    """What makes the word vectors: a file's, the texts' own, or by default those that suit."""
    if isinstance(chosen, Path):
        return vectors_from(chosen)
    if chosen == "own":
        return learned_vectors
    if chosen is not None:
        return vectors_of(catalogue.directory(chosen))

    def fitting(corpus: Corpus, settings: Settings) -> Any:
        shipped = artifacts.WEIGHTS / VECTORS_OF
        words = Vocabulary.load(shipped / "vocabulary.txt") if shipped.exists() else Vocabulary(())
        english = covered(corpus, words) >= ENGLISH
        return (vectors_of(shipped) if english else learned_vectors)(corpus, settings)

    return fitting


def _corpus_warnings(corpus: Corpus) -> list[str]:
    """What the prepared corpus tells: cut texts, unknown words, near duplicates across splits."""
    told = []
    splits = corpus.info["splits"]
    if cut := sum(split["longer_than_max_sentences"] for split in splits.values()):
        limit = corpus.preprocessor.max_sentences
        told.append(f"{cut:,} texts have more than {limit} sentences, and are read so far.")
    share = splits["test"]["unknown_share"]
    if share > 0.1:
        told.append(f"{share:.0%} of the words of the test texts are unknown to the network.")
    train = corpus.split("train")
    if len(train) <= _COMPARED:
        known = signatures(train)
        for name in ("validation", "test"):
            alike = near_duplicates(signatures(corpus.split(name)), known)
            if count := int(np.count_nonzero(alike >= 0)):
                told.append(f"{count:,} texts of {name} nearly repeat a text of train.")
    return told


def train_own(
    corpus: Corpus, notes: dict[str, Any], options: argparse.Namespace, say: Say
) -> dict[str, Any]:
    """Train by the recipe that follows from the size, and save; returns the card."""
    train, validation, test = (corpus.split(name) for name in ("train", "validation", "test"))
    classes = len(corpus.class_names)
    how = plan(options.name, train)
    recipe, shape = how.recipe, how.shape
    weights = class_weights(train.labels, classes, recipe.class_weight_power)
    batches = PackedBatches(
        train,
        shape,
        PerClassValues.one_hot(train.labels, classes),
        PerClassValues(train.labels, weights),
        seed=options.seed,
        word_dropout=recipe.word_dropout,
    )
    settings = {"recipe": asdict(recipe), "seed": options.seed, "corpus": corpus.info["hash"]}
    model, history = fit(
        corpus, batches, recipe, options.seed, options.work / "han", settings,
        every=options.checkpoint_minutes, patience=how.patience,
    )  # fmt: skip
    logits = predict_split(model, validation, shape)["logits"]
    temperature = temperature_of_classes(logits, validation.labels)
    cool(model, temperature)
    chance = np.bincount(train.labels, minlength=classes).argmax()
    baselines = {
        MAJORITY: {"accuracy": float(np.mean(test.labels == chance))},
        LINEAR: linear_baseline(corpus, min_count=2 if len(train) < 5_000 else 3)["test"],
    }
    best = best_epoch(history)
    training = {
        **asdict(recipe), "seed": options.seed, "batch": asdict(shape), "history": history,
        "patience": how.patience, "best_epoch": best + 1, "temperature": temperature,
        "seconds_of_this_run": round(sum(record["seconds"] for record in history), 1),
        "padding": padding_report(validation, shape),
    }  # fmt: skip
    about = {
        "data": f"{notes['rows']:,} rows of {options.texts.name}",
        "warnings": notes["warnings"],
        "intended_use": "To study what a network learns from these texts.",
        "limits": limits(corpus),
        "baselines": baselines,
    }
    right = int(np.sum(predict_split(model, test, shape)["logits"].argmax(axis=1) == test.labels))
    if wilson_interval(right, len(test))[0] <= baselines[MAJORITY]["accuracy"]:
        about["limits"].insert(0, AT_CHANCE)
    card = save_artifact(model, corpus, shape, training, options.output, about=about)
    _print_result(card, baselines, options.output, say)
    return card


def cool(model: Han, temperature: float) -> None:
    """Divide all logits of a network by a temperature, in the weights of its last layer."""
    for variable in model.network.classifier.trainable_variables:
        variable.assign(keras.ops.convert_to_numpy(variable) / temperature)


def limits(corpus: Corpus) -> list[str]:
    """What whoever uses the network should know, from the corpus alone."""
    counts = corpus.info["splits"]["test"]["labels"]
    told = ["It knows the words of these texts only; other texts may be far from them."]
    if few := [n for n, name in enumerate(corpus.class_names) if counts.get(str(n), 0) < 20]:
        told.append(f"{len(few)} of {len(corpus.class_names)} classes have under 20 test texts.")
    return told


def _print_result(card: dict[str, Any], baselines: dict[str, Any], output: Path, say: Say) -> None:
    test = card["metrics"]["test"]["accuracy"]
    say(f"accuracy on test: {test['value']:.1%} ({test['low']:.1%} to {test['high']:.1%})")
    for name, found in baselines.items():
        say(f"{name}: {found['accuracy']:.1%}")
    if AT_CHANCE in card["limits"]:
        say(AT_CHANCE)
    say(f"{output}: open it in the app, or: dlnlp score --model {output.name} TABLE")
