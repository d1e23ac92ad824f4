"""A task for the race's tests: the compiled side-by-side step against Keras' own, one at a time."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from dlnlp.tasks.many_runs import ManyRuns
from dlnlp.tasks.race import batches_of, build_network, read_digits
from dlnlp.training.optimizers import SGD


def compare(
    arguments: dict[str, Any], report: Callable[..., None], cancelled: Callable[..., bool]
) -> dict[str, Any]:
    """Three runs with rates and momenta of their own, both ways; how far apart they end."""
    x, y, held_x, held_y = read_digits()
    steps, runs = 12, 3
    rng = np.random.default_rng(1)
    rates = rng.uniform(0.01, 0.2, (runs, steps)).astype(np.float32)
    momenta = rng.uniform(0.5, 0.95, (runs, steps)).astype(np.float32)
    rows = np.stack([batches_of(len(x), 16, 1, seed)[:steps] for seed in range(runs)])
    starts = [[np.asarray(v.value) for v in build_network(s).trainable_variables] for s in range(3)]
    many = ManyRuns(build_network(), starts, x, y)
    losses = many.advance(rows, rates, momenta)
    quality = many.judge(held_x, held_y)
    apart, moved, same_losses, same_quality = 0.0, 0.0, 0.0, 0.0
    for run in range(runs):
        model = build_network(run)
        model.compile(
            optimizer=SGD(0.1, momentum=0.9, nesterov=True),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=["accuracy"],
        )
        for step in range(steps):
            model.optimizer.learning_rate = float(rates[run, step])
            model.optimizer.momentum = float(momenta[run, step])
            batch = rows[run, step]
            loss = model.train_on_batch(x[batch], y[batch], return_dict=True)["loss"]
            same_losses = max(same_losses, abs(float(loss) - float(losses[run, step])))
        for ours, theirs, start in zip(
            many.weights(), model.get_weights(), starts[run], strict=True
        ):
            apart = max(apart, float(np.abs(ours[run] - theirs).max()))
            moved = max(moved, float(np.abs(ours[run] - start).max()))
        loss, accuracy = model.evaluate(held_x, held_y, batch_size=450, verbose=0)
        same_quality = max(
            same_quality, abs(loss - quality[0][run]), abs(accuracy - quality[1][run])
        )
    return {"apart": apart, "moved": moved, "losses": same_losses, "quality": float(same_quality)}
