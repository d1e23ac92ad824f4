"""Train the network for digits: ``python -m train.mnist_cnn``.

With the defaults this makes what ships in ``weights/mnist_cnn``: five networks by one recipe, the
first of which ships, and the origin's four branches as a baseline. Validation is the last 5,000
training digits; the test digits are read once by each network, after all are trained. An
interrupted run goes on where it was.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from train.digits.mnist_cnn_fitting import (  # isort: skip
    ORIGIN_RECIPE,
    RECIPE,
    MnistData,
    Recipe,
    fit,
    predict,
    read_data,
)

import keras

from dlnlp.callbacks import CheckpointError
from dlnlp.datasets import DatasetError
from train.commands import exit_code
from train.digits.mnist_cnn_artifact import Exported, export, save_artifact
from train.evaluation import report
from train.fitting import CHECKPOINT_MINUTES
from train.provenance import ParityError, over_seeds

METRICS = ("accuracy", "log_loss", "calibration_error")


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m train.mnist_cnn", description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("weights/mnist_cnn"))
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints/mnist_cnn"))
    parser.add_argument("--seeds", type=int, default=5, help="networks; the first ships")
    parser.add_argument("--epochs", type=int, help="default: the recipe's")
    parser.add_argument("--no-test", action="store_true", help="stop after validation")
    parser.add_argument(
        "--checkpoint-minutes", type=float, default=CHECKPOINT_MINUTES, help="0: every step"
    )
    options = parser.parse_args(arguments)
    recipe = replace(RECIPE, epochs=options.epochs) if options.epochs else RECIPE
    known = (DatasetError, CheckpointError, FloatingPointError, ParityError)
    return exit_code(lambda: _run(options, recipe), *known)


def _run(options: argparse.Namespace, recipe: Recipe) -> None:
    data, folder, every = read_data(), options.checkpoints, options.checkpoint_minutes
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


if __name__ == "__main__":
    sys.exit(main())
