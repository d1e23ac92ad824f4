"""A HAN under a cyclical rate: the work of ``python -m train.han_cyclical``."""

import argparse
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from dlnlp.artifacts import json_bytes, open_artifact, write_artifact
from dlnlp.corpus import Corpus
from dlnlp.corpus.batching import PackedBatches
from dlnlp.corpus.packing import BatchShape
from dlnlp.schedules import Cyclical, antiphase, to_dict
from dlnlp.training import lr_range_test
from dlnlp.training.callbacks import Checkpoint, HyperparameterScheduler
from dlnlp.training.optimizers import SGD
from dlnlp.training.range_analysis import RangeTestError
from train.checkpoints import CHECKPOINT_MINUTES, claimed
from train.evaluation import measures
from train.fitting import fit
from train.progress import ProgressBar
from train.random_seed import set_random_seed
from train.texts.han_fitting import SHAPE, SMALL_SHAPE, compiled_han, labelled_batches
from train.texts.han_predictions import predict_split
from train.texts.han_range_test import endless
from train.texts.han_recipes import RECIPES, Recipe

BASE_SHARE = 1 / 6  # of the upper bound, as in the origin
MOMENTA = (0.85, 0.95)


def bounds(
    model: keras.Model, batches: PackedBatches, steps: int, kept: Path, settings: dict[str, Any]
) -> dict[str, Any]:
    """The range test's record and the upper bound that it suggests; once for all reruns.

    Args:
        model: compiled; it is put back as it was.
        batches: of the training split.
        steps: at most.
        kept: a file for what was found.
        settings: JSON-ready; what was found with others is not used.

    Returns:
        ``settings``, ``range_test`` (``rates``, ``losses``) and ``max_lr``.

    Raises:
        RangeTestError: it suggests none.
    """
    try:
        earlier: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        if earlier["settings"] == settings:
            return earlier
    except (OSError, ValueError, KeyError, TypeError):
        pass  # none yet, or damaged: it takes a minute
    found = lr_range_test.run(
        model, endless(batches), min_lr=1e-2, max_lr=5.0, steps=steps, ramp="exponential"
    )
    suggestion = found.suggestion("smith_max")
    if suggestion is None:
        raise RangeTestError("the range test suggests no upper bound: use more steps")
    record = {
        "settings": settings,
        "range_test": {
            "rates": [float(f"{r:.6g}") for r in found.rates],
            "losses": [float(f"{x:.6g}") if np.isfinite(x) else None for x in found.losses],
        },
        "max_lr": float(f"{suggestion.rate:.2g}"),
    }
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(json_bytes(record))
    return record


def run(
    corpus: Corpus,
    recipe: Recipe,
    shape: BatchShape,
    seed: int,
    *,
    cycles: int,
    test_steps: int,
    checkpoints: Path,
    every: float = CHECKPOINT_MINUTES,
) -> dict[str, Any]:
    """Range test, then ``cycles`` cycles of two epochs each; or what is left of an earlier run.

    Returns:
        ``cyclical`` (a list a quantity, an entry a step), ``range_test`` and ``cyclical_run``
        (schedules and validation after each epoch), JSON-ready.

    Raises:
        RangeTestError: the range test suggests no upper bound.
        CheckpointError: the checkpoint belongs to another run, or cannot be written.
        FloatingPointError: a loss is not finite.
    """
    set_random_seed(seed)
    model = compiled_han(corpus, recipe, SGD(0.01, MOMENTA[0], nesterov=True, global_clipnorm=1.0))
    batches = labelled_batches(corpus, recipe, shape, seed)
    settings = {"recipe": asdict(recipe), "seed": seed, "corpus": corpus.info["hash"]}
    settings |= {"cycles": cycles, "test_steps": test_steps}
    found = bounds(model, batches, test_steps, checkpoints / "range_test.json", settings)
    ProgressBar.write(f"range test: max_lr {found['max_lr']}")
    sizes = [len(batches.plan(epoch)) for epoch in range(2 * cycles)]
    rate = Cyclical(base=found["max_lr"] * BASE_SHARE, max=found["max_lr"], step_size_up=sizes[0])
    momentum = antiphase(rate, *MOMENTA)
    scheduler = HyperparameterScheduler(rate, momentum)
    scheduler.set_model(model)
    validation = corpus.split("validation")

    def before(epoch: int, step: int) -> None:
        scheduler.apply(sum(sizes[:epoch]) + step)

    def validate() -> dict[str, float]:
        logits = predict_split(model, validation, shape)["logits"]
        return measures(validation.labels.astype(int), logits)

    losses: list[float] = []
    checkpoint = Checkpoint(checkpoints, settings)
    history = fit(
        model, batches, len(sizes), checkpoint, validate, before=before, every=every, losses=losses
    )
    steps = np.arange(len(losses))
    applied = {"learning_rate": rate(steps), "momentum": momentum(steps)}
    return {
        "cyclical": {
            "step": steps.tolist(),
            **{name: [float(f"{v:.6g}") for v in values] for name, values in applied.items()},
            "loss": [round(loss, 5) for loss in losses],
        },
        "range_test": found["range_test"],
        "cyclical_run": {
            "command": "python -m train.han_cyclical",
            "seed": seed,
            "units": recipe.units,
            "learning_rate": to_dict(rate),
            "momentum": to_dict(momentum),
            "global_clipnorm": 1.0,
            "validation_after_each_epoch": [
                {
                    name.removeprefix("validation_"): value
                    for name, value in epoch.items()
                    if name.startswith("validation_")
                }
                for epoch in history
            ],
        },
    }


def add_record(directory: Path, record: dict[str, Any]) -> None:
    """Put a record into ``history.json`` of a model directory, all else unchanged."""
    artifact = open_artifact(directory)
    history = json.loads(artifact.file("history.json").read_text(encoding="utf-8"))
    files = {name: artifact.file(name).read_bytes() for name in artifact.card["files"]}
    files["history.json"] = json_bytes({**history, **record})
    card = {k: v for k, v in artifact.card.items() if k not in ("files", "format", "card_sha256")}
    write_artifact(directory, files, card)


def main_run(options: argparse.Namespace) -> None:
    """Train, and put the record into the history of the shipped model.

    Args:
        options: of the command.
    """
    recipe = replace(RECIPES[options.dataset], units=options.units, class_weight_power=0.0)
    recipe = replace(recipe, embedding_rate=1.0)
    shape = SMALL_SHAPE if options.dataset == "imdb" else SHAPE
    corpus = Corpus(options.corpus)
    open_artifact(options.model)  # what is wrong with it is told before the training
    with claimed(options.checkpoints):
        record = run(
            corpus,
            recipe,
            shape,
            options.seed,
            cycles=options.cycles,
            test_steps=options.test_steps,
            checkpoints=options.checkpoints,
            every=options.checkpoint_minutes,
        )
    add_record(options.model, record)
