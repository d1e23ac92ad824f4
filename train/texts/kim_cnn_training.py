"""A Kim CNN and its teachers: the work of ``python -m train.kim_cnn``."""

import argparse
import json
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from dlnlp.artifacts import WEIGHTS, ArtifactError, refuse_other_content
from dlnlp.corpus import Corpus
from dlnlp.corpus.bucketing import padding_share
from dlnlp.corpus.splits import JoinedSplits, Split
from dlnlp.inference import HanPredictor
from dlnlp.models.kim_cnn import KimCnn
from train.checkpoints import CHECKPOINT_MINUTES, claimed
from train.corpora.trained_on import of_a_table, published, refuse_options
from train.evaluation import report
from train.progress import ProgressBar
from train.provenance import over_seeds
from train.texts import own_training
from train.texts.artifact import Exported
from train.texts.film_teachers import DESCRIPTION, film_teachers
from train.texts.kim_cnn_artifact import export, save_artifact
from train.texts.kim_cnn_fitting import ORIGIN, RECIPE, Recipe, fit, predict_split
from train.texts.opinions import Heard, Opinions, agreed, heard_once
from train.texts.recording import Recorder
from train.texts.shipped_recording import add_recording, watching

DOCUMENTS_PER_RUN = 512
SEEDS = 5  # networks that are trained


def teachers_log_odds(teacher: HanPredictor, split: Split) -> NDArray[np.float32]:
    """Log odds of class 1 that a HAN gives to the documents of a split, float32 ``[n]``."""
    found = np.zeros(len(split), np.float32)
    limit = teacher.preprocessor.max_sentences
    with ProgressBar(total=len(split), desc=teacher.name, unit=" reviews") as bar:
        for start in range(0, len(split), DOCUMENTS_PER_RUN):
            stop = min(start + DOCUMENTS_PER_RUN, len(split))
            logits = teacher.run([split.sentences(i, limit) for i in range(start, stop)]).logits
            found[start:stop] = logits[:, 1] - logits[:, 0]
            bar.update(stop - start)
    return found


Teachers = Literal["nobody", "nbsvm", "all"]
SHARES: dict[str, float] = {"han": 0.5, "nbsvm": 0.25, "document_vectors": 0.25}


def opinions(
    corpus: Corpus, teacher: Path, checkpoints: Path, who: Teachers = "all"
) -> tuple[Opinions, NDArray[Any]]:
    """Ask the teachers; what they say is kept in `checkpoints`, and beside it, for the next run.

    Returns:
        What they say together, and the logits of NB-SVM alone for the test documents, float
        ``[n, 2]``.

    Raises:
        ArtifactError: the teacher is missing or damaged, or reads other words than the corpus.
        DatasetError: the archive is missing or damaged.
    """
    predictor = HanPredictor.load(teacher)
    if predictor.vocabulary.words != corpus.vocabulary.words:
        raise ArtifactError(
            f"{teacher} and {corpus.path} have different vocabularies: train it on this corpus "
            "(python -m train.han --dataset imdb)"
        )
    others = film_teachers(corpus, checkpoints.parent / "film_teachers.npz")
    # What was trained; the card may gain records later, and the graph be exported anew.
    trained = ("embeddings.npy", "network.weights.h5")
    files = {name: predictor.card["files"][name] for name in trained}
    key = " ".join([corpus.info["hash"], *files.values()])
    asked, cache = ("unsup", "validation"), checkpoints / "opinions.npz"

    def ask() -> dict[str, NDArray[Any]]:
        return {f"han/{name}": teachers_log_odds(predictor, corpus.split(name)) for name in asked}

    of_han = heard_once(cache, key, ask)
    weights: dict[str, float] = SHARES if who == "all" else {who: 1.0}
    heard = Heard(of_han.logits | others.logits, others.seconds)
    han = f"{predictor.name}; " if "han" in weights else ""
    together = agreed(
        corpus, heard, weights, f"{han}{DESCRIPTION}; the mean of their log odds, with weights"
    )
    about = {"teacher_files_sha256": files, **together.about}
    return replace(together, about=about), others.logits["nbsvm"]["test"]


def train(
    corpus: Corpus,
    recipe: Recipe,
    seed: int,
    checkpoints: Path,
    teachers: Opinions | None = None,
    every: float = CHECKPOINT_MINUTES,
    recorder: Recorder | None = None,
) -> tuple[KimCnn, list[dict[str, float]]]:
    """One network; without teachers it learns the labels only."""
    labelled = corpus.split("train")
    documents: Split | JoinedSplits = labelled
    targets = np.eye(len(corpus.class_names), dtype=np.float32)[labelled.labels]
    if teachers:
        documents = JoinedSplits([labelled, corpus.split("unsup")])
        targets = np.concatenate([targets, teachers.probabilities])
    settings = {
        "recipe": asdict(recipe),
        "seed": seed,
        "corpus": corpus.info["hash"],
        "teachers": teachers.source if teachers else "nobody",
    }
    return fit(
        corpus, documents, targets, recipe, seed, checkpoints, settings,
        every=every, recorder=recorder,
    )  # fmt: skip


def run(options: argparse.Namespace) -> None:
    """Ask the teachers, train all seeds, read the test split with each, write the first.

    Args:
        options: of the command.
    """
    corpus = Corpus(options.corpus)
    if of_a_table(corpus):
        refuse_options(corpus, options, ("teacher", "seeds", "no_test"))
        return own_training.run_on_corpus(corpus, "kim_cnn", options)
    published(corpus, ("imdb",))
    recipe = replace(RECIPE, epochs=options.epochs) if options.epochs else RECIPE
    options.output = options.output or Path("weights/kim_cnn")
    options.checkpoints = options.checkpoints or Path("checkpoints/kim_cnn")
    options.teacher = options.teacher or WEIGHTS / "han_imdb"
    options.seeds = options.seeds or SEEDS
    if not options.no_test:
        refuse_other_content(options.output)
    with claimed(options.checkpoints):
        _train_all(corpus, recipe, options)


def _train_all(corpus: Corpus, recipe: Recipe, options: argparse.Namespace) -> None:
    folder = options.checkpoints
    teachers, nbsvm_test = opinions(corpus, options.teacher, folder)
    every = options.checkpoint_minutes
    origin, _ = train(corpus, ORIGIN, 1, folder / "origin", every=every)
    trained: list[tuple[KimCnn, Exported, list[dict[str, float]]]] = []
    seconds = []
    recorder = watching(corpus, "kim_cnn", max_tokens=recipe.max_tokens)
    for seed in range(1, options.seeds + 1):
        started = time.perf_counter()
        place = folder / f"seed{seed}"
        looks_on = recorder if seed == 1 else None  # at the one that ships
        model, history = train(corpus, recipe, seed, place, teachers, every, looks_on)
        exported = export(model, corpus.split("validation"), recipe.buckets)
        trained.append((model, exported, history))
        seconds.append(sum(record["seconds"] for record in history))
        print(f"seed {seed}: {time.perf_counter() - started:.0f} s, T {exported.temperature:.3f}")
    if options.no_test:
        return
    test = corpus.split("test")
    baselines: dict[str, NDArray[Any]] = {
        "NB-SVM on 1- to 3-grams of all words and marks (Wang & Manning 2012)": nbsvm_test,
        "the origin's widths and filters (3, 4; 150), labels only": predict_split(
            origin, test, ORIGIN.buckets
        )["logits"],
    }
    seeds: list[dict[str, float]] = []
    for number, (model, _, _) in enumerate(trained):
        logits = predict_split(model, test, recipe.buckets)["logits"]
        metrics = report(test.labels, logits)["metrics"]
        of_seed = {name: metric["value"] for name, metric in metrics.items()}
        seeds.append({"seed": number + 1} | of_seed | {"training_seconds": round(seconds[number])})
    facts: dict[str, Any] = {
        "training": {
            **asdict(recipe), **teachers.about, "seed": 1,
            "padding": padding_share(corpus.split("train"), recipe.buckets),
        },
        "seeds": seeds,
        "over_seeds": {
            name: over_seeds([seed[name] for seed in seeds])
            for name in ("accuracy", "log_loss", "calibration_error")
        },
        "baselines": {
            name: {"accuracy": float(np.mean(logits.argmax(axis=1) == test.labels))}
            for name, logits in baselines.items()
        },
    }  # fmt: skip
    if options.trials.exists():
        facts["tried"] = json.loads(options.trials.read_text(encoding="utf-8"))["tried"]
    model, exported, history = trained[0]
    save_artifact(model, exported, corpus, recipe.buckets, history, facts, options.output)
    add_recording(recorder, options.output)
    print(json.dumps({"over_seeds": facts["over_seeds"], "baselines": facts["baselines"]}))
