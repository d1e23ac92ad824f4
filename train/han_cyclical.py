"""A HAN under a cyclical rate and momentum: ``python -m train.han_cyclical --dataset reviews5``.

As the origin trained it (Smith 2017, 2018): SGD with Nesterov momentum; a range test finds the
upper bound of the learning rate; the rate goes up and down a triangle, the momentum moves in
antiphase from 0.95 to 0.85 and back. What was applied and what came of it, at every step, goes
into ``history.json`` of the shipped model of the same data set, whose own training differs: a page
shows it as a real run. The test split is not read.
"""

from train.huge_pages import restart_with_huge_pages

if __name__ == "__main__":  # before the imports below, which take seconds
    restart_with_huge_pages()

import argparse
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from train.texts.han_fitting import (  # isort: skip
    RECIPES,
    SHAPE,
    SMALL_SHAPE,
    Recipe,
    compiled_han,
    labelled_batches,
)

import keras
import numpy as np
from tqdm import tqdm

from dlnlp import lr_range_test
from dlnlp.artifacts import ArtifactError, json_bytes, open_artifact, write_artifact
from dlnlp.batching import BatchShape, PackedBatches
from dlnlp.callbacks import Checkpoint, CheckpointError, HyperparameterScheduler
from dlnlp.corpus import Corpus
from dlnlp.optimizers import SGD
from dlnlp.range_analysis import RangeTestError
from dlnlp.schedules import Cyclical, antiphase, to_dict
from dlnlp.splits import CorpusError
from train.commands import exit_code
from train.evaluation import measures
from train.fitting import CHECKPOINT_MINUTES, fit
from train.lr_range_test import endless
from train.random_seed import set_random_seed
from train.texts.han_predictions import predict_split

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
    tqdm.write(f"range test: max_lr {found['max_lr']}")
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


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m train.han_cyclical", description=__doc__)
    parser.add_argument("--dataset", default="reviews5", choices=sorted(RECIPES))
    parser.add_argument("--corpus", type=Path, help="default: corpora/<dataset>")
    parser.add_argument("--model", type=Path, help="default: weights/<model of the recipe>")
    parser.add_argument("--cycles", type=int, default=1, help="of two epochs each")
    parser.add_argument("--test-steps", type=int, default=400, help="of the range test")
    parser.add_argument("--units", type=int, default=50, help="the origin's")
    parser.add_argument("--checkpoints", type=Path, help="default: checkpoints/cyclical-<model>")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--checkpoint-minutes", type=float, default=CHECKPOINT_MINUTES, help="0: every step"
    )
    options = parser.parse_args(arguments)
    known = (CorpusError, CheckpointError, RangeTestError, ArtifactError, FloatingPointError)
    return exit_code(lambda: _run(options), *known)


def _run(options: argparse.Namespace) -> None:
    recipe = replace(RECIPES[options.dataset], units=options.units, class_weight_power=0.0)
    recipe = replace(recipe, embedding_rate=1.0)
    shape = SMALL_SHAPE if options.dataset == "imdb" else SHAPE
    corpus = Corpus(options.corpus or Path("corpora") / options.dataset)
    record = run(
        corpus,
        recipe,
        shape,
        options.seed,
        cycles=options.cycles,
        test_steps=options.test_steps,
        checkpoints=options.checkpoints or Path("checkpoints") / f"cyclical-{recipe.model}",
        every=options.checkpoint_minutes,
    )
    add_record(options.model or Path("weights") / recipe.model, record)


if __name__ == "__main__":
    sys.exit(main())
