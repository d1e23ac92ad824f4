"""All networks for digits: the work of ``python -m train.mnist_cnn``."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import keras

from dlnlp.artifacts import refuse_other_content
from train.checkpoints import claimed
from train.digits.mnist_cnn_artifact import Exported, export, save_artifact
from train.digits.mnist_cnn_fitting import (
    ORIGIN_RECIPE,
    RECIPE,
    MnistData,
    Recipe,
    fit,
    predict,
    read_data,
)
from train.evaluation import report
from train.provenance import over_seeds

METRICS = ("accuracy", "log_loss", "calibration_error")


def run(options: argparse.Namespace) -> None:
    """Train all seeds and the baseline; read the test digits with each, write the first.

    Args:
        options: of the command.
    """
    recipe = replace(RECIPE, epochs=options.epochs) if options.epochs else RECIPE
    if not options.no_test:
        refuse_other_content(options.output)
    data, folder, every = read_data(), options.checkpoints, options.checkpoint_minutes
    with claimed(folder):
        trained = [
            fit(data, recipe, seed, folder / f"seed{seed}", every=every)
            for seed in range(1, options.seeds + 1)
        ]
        origin = fit(data, ORIGIN_RECIPE, 1, folder / "origin", every=every)
        if not options.no_test:
            finish(data, recipe, trained, origin, options.output)


Trained = tuple[keras.Model, list[dict[str, float]]]


def finish(
    data: MnistData, recipe: Recipe, trained: Sequence[Trained], origin: Trained, output: Path
) -> dict[str, Any]:
    """Export and calibrate all networks, read the test digits, write the first; its card."""
    exported: list[Exported] = [
        export(model, data.validation_images, data.validation_labels) for model, _ in trained
    ]
    labels = data.test_labels.astype(int)
    seeds: list[dict[str, float]] = []
    for number, ((model, history), mine) in enumerate(zip(trained, exported, strict=True)):
        logits = predict(model, data.test_images) / mine.temperature
        metrics = report(labels, logits)["metrics"]
        seconds = round(sum(record["seconds"] for record in history))
        values = {name: metrics[name]["value"] for name in METRICS}
        seeds.append({"seed": number + 1} | values | {"training_seconds": seconds})
    network, history = origin
    found = report(labels, predict(network, data.test_images))["metrics"]
    facts = {
        "training": {
            **_flat(recipe),
            "seed": 1,
            "training_digits": len(data.train_images),
            "validation": f"the last {len(data.validation_images):,} training digits",
        },
        "seeds": seeds,
        "over_seeds": {name: over_seeds([seed[name] for seed in seeds]) for name in METRICS},
        "baselines": {
            "the origin's four branches": {
                "accuracy": found["accuracy"]["value"],
                "parameters": network.count_params(),
                "training_seconds": round(sum(record["seconds"] for record in history)),
            }
        },
    }
    model, history = trained[0]
    card = save_artifact(model, exported[0], data, history, facts, output)
    print(json.dumps({"over_seeds": facts["over_seeds"], "baselines": facts["baselines"]}))
    return card


def _flat(recipe: Recipe) -> dict[str, Any]:
    """The recipe for a card: the network's shape and the distortion as one line each."""
    content = asdict(recipe)
    for name in ("config", "distortion"):
        parts = content.pop(name) or {}
        content[name] = ", ".join(f"{key} {value}" for key, value in parts.items())
    return content
