"""A race of schedules on real data: one small network, handwritten digits, equal chances.

Runs in the worker's process. scikit-learn ships the data: 1,797 digits of 8 x 8 pixels (Alpaydin
& Kaynak 1998). Of each seed, all schedules get the same initial weights and the same batches in
the same order; rate and momentum of each step are what the schedules say.
"""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from dlnlp.schedules import Schedule, from_dict
from dlnlp.tasks.many_runs import ManyRuns
from dlnlp.tasks.range_reports import Stopped, reported_range_test
from dlnlp.training.optimizers import SGD
from dlnlp.worker.process import TaskError

TRAINED_ON = 1_347
HIDDEN = (128, 64)
REPORTS = 150
MOST_RUNS, MOST_SEEDS, MOST_EPOCHS, SMALLEST_BATCH = 20, 5, 200, 16
_LARGEST_LOSS = 1e3

Floats = NDArray[np.float32]
Report = Callable[[dict[str, Any]], None]


def read_digits() -> tuple[Floats, NDArray[np.int32], Floats, NDArray[np.int32]]:
    """The digits, always divided in the same way: 1,347 to train on and 450 held out.

    Returns:
        Pixels from 0 to 1, [1347, 64], and labels, [1347], to train on; pixels, [450, 64], and
        labels, [450], held out.
    """
    digits = load_digits()
    order = np.random.default_rng(0).permutation(len(digits.target))
    x, y = (digits.data / 16).astype(np.float32)[order], digits.target.astype(np.int32)[order]
    return x[:TRAINED_ON], y[:TRAINED_ON], x[TRAINED_ON:], y[TRAINED_ON:]


def build_network(seed: int = 0) -> keras.Model:
    """64 pixels, two hidden layers of tanh (128 and 64), 10 logits; its weights follow the seed.

    The weights begin large, with twice the variance of He's for ReLU. The first steps are then the
    ones that a high rate can break, as in deep networks: a warm-up makes a difference that can be
    seen in three epochs.
    """
    layers: list[Any] = [keras.Input((64,))]
    for number, size in enumerate((*HIDDEN, 10)):
        first = keras.initializers.VarianceScaling(
            4.0, mode="fan_in", distribution="uniform", seed=1000 * seed + number
        )
        activation = None if size == 10 else "tanh"
        layers.append(keras.layers.Dense(size, activation, kernel_initializer=first))
    return keras.Sequential(layers)


def batches_of(examples: int, batch_size: int, epochs: int, seed: int) -> NDArray[np.int32]:
    """Rows of each batch, [steps, batch_size]; an epoch's last batch is filled from its first."""
    rng = np.random.default_rng(seed)
    steps = -(-examples // batch_size)
    shuffled = [np.resize(rng.permutation(examples), steps * batch_size) for _ in range(epochs)]
    return np.concatenate(shuffled).reshape(-1, batch_size).astype(np.int32)


def race(
    arguments: dict[str, Any], report: Report, cancelled: Callable[[], bool]
) -> dict[str, Any]:
    """Let schedules race.

    Args:
        arguments: `schedules`: list of {"rate", "momentum"} as `schedules.to_dict` writes them;
            `steps`: of the run they were made for, stretched onto the race; `epochs`,
            `batch_size`, `seeds`.
        report: gets {"steps"} once, then {"step", "train_loss", "loss", "accuracy"} as it goes;
            the last three are [schedule][seed], None where a run has diverged; `train_loss` is
            the mean over the batches since the report before (None at step 0).
        cancelled: whether to stop; what was reported stays.

    Returns:
        {"step": the last step done}.

    Raises:
        TaskError: the schedules or sizes are nonsense.
    """
    pairs, epochs, batch_size, seeds = _checked(arguments)
    x, y, held_x, held_y = read_digits()
    order = [batches_of(len(x), batch_size, epochs, seed) for seed in range(seeds)]
    total = len(order[0])
    at = np.arange(total) * (int(arguments["steps"]) / total)
    values = np.array([[rate(at), momentum(at)] for rate, momentum in pairs], np.float32)
    starts = [
        [np.asarray(variable.value) for variable in build_network(seed).trainable_variables]
        for seed in range(seeds)
    ]
    runs = ManyRuns(build_network(), starts * len(pairs), x, y)
    report({"steps": total})
    shape = (len(pairs), seeds)
    chunk = -(-total // REPORTS)
    loss, accuracy = runs.judge(held_x, held_y)
    report(_message(0, None, loss.reshape(shape), accuracy.reshape(shape)))
    step = 0
    while step < total and not cancelled():
        now = slice(step, min(step + chunk, total))
        # A step of rate 0 and momentum 0 moves nothing: the last chunk is filled up with such
        # steps, so that one compiled program serves all.
        fill = ((0, 0), (0, chunk - (now.stop - now.start)))
        rates, momenta = (np.pad(np.repeat(values[:, k, now], seeds, axis=0), fill) for k in (0, 1))
        rows = np.stack([np.pad(o[now], (fill[1], (0, 0))) for o in order] * len(pairs))
        losses = runs.advance(rows, rates, momenta)[:, : now.stop - now.start]
        step = now.stop
        loss, accuracy = runs.judge(held_x, held_y)
        mean = losses.mean(axis=1).reshape(shape)
        report(_message(step, mean, loss.reshape(shape), accuracy.reshape(shape)))
    return {"step": step}


def range_test(
    arguments: dict[str, Any], report: Report, cancelled: Callable[[], bool]
) -> dict[str, Any]:
    """LR range tests of the race's network on the same digits, one for each seed.

    Args:
        arguments: `min_lr`, `max_lr`, `steps`, `momentum`, `batch_size`, `seeds` (1 to 5). A seed
            has its initial weights and its order of the examples.
        report: gets {"steps", "seeds"} once, then {"seed", "rates", "losses"} of the next few
            steps; a loss that is no number is None.
        cancelled: whether to stop; what was reported stays.

    Returns:
        {"notes": how each test ended}.

    Raises:
        TaskError: the numbers are nonsense.
    """
    notes: list[str] = []
    try:
        steps, seeds = int(arguments["steps"]), int(arguments.get("seeds", 1))
        if not 1 <= seeds <= MOST_SEEDS:
            raise ValueError(f"seeds {seeds} must be 1 to {MOST_SEEDS}")
        model = build_network()
        optimizer = SGD(0.1, momentum=float(arguments["momentum"]), nesterov=True)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(optimizer=optimizer, loss=loss)
        report({"steps": steps, "seeds": seeds})
        for seed in range(seeds):
            model.set_weights(build_network(seed).get_weights())
            notes.append(_range_test_of(model, seed, arguments, report, cancelled))
    except Stopped:
        return {"notes": [*notes, "Stopped before the end."]}
    except (KeyError, TypeError, ValueError) as error:
        raise TaskError(f"This range test cannot be run: {error}.") from error
    return {"notes": notes}


def _range_test_of(
    model: keras.Model,
    seed: int,
    arguments: dict[str, Any],
    report: Report,
    cancelled: Callable[[], bool],
) -> str:
    x, y, _, _ = read_digits()
    steps, batch_size = int(arguments["steps"]), int(arguments["batch_size"])
    epochs = steps // (-(-len(x) // batch_size)) + 1
    rows = batches_of(len(x), batch_size, min(epochs, MOST_EPOCHS), seed)
    return reported_range_test(
        model, [(x[batch], y[batch]) for batch in rows], seed, report, cancelled,
        min_lr=float(arguments["min_lr"]), max_lr=float(arguments["max_lr"]), steps=steps,
    )  # fmt: skip


def _checked(arguments: dict[str, Any]) -> tuple[list[tuple[Schedule, Schedule]], int, int, int]:
    try:
        pairs = [(from_dict(s["rate"]), from_dict(s["momentum"])) for s in arguments["schedules"]]
        epochs, batch_size, seeds, steps = (
            int(arguments[name]) for name in ("epochs", "batch_size", "seeds", "steps")
        )
    except (KeyError, TypeError, ValueError) as error:
        raise TaskError(f"These schedules cannot race: {error}.") from error
    sane = (
        pairs
        and 1 <= epochs <= MOST_EPOCHS
        and SMALLEST_BATCH <= batch_size <= TRAINED_ON
        and 1 <= seeds * len(pairs) <= MOST_RUNS
        and steps >= 1
    )
    if not sane:
        raise TaskError(
            f"A race takes 1 to {MOST_RUNS} runs (schedules x seeds), 1 to {MOST_EPOCHS} epochs "
            f"and batches of {SMALLEST_BATCH} to {TRAINED_ON:,}."
        )
    return pairs, epochs, batch_size, seeds


def _message(
    step: int, train_loss: Floats | None, loss: Floats, accuracy: Floats
) -> dict[str, Any]:
    return {
        "step": step,
        "train_loss": None if train_loss is None else _plain(train_loss),
        "loss": _plain(loss),
        "accuracy": [
            [float(a) if np.isfinite(lo) else None for a, lo in zip(row, losses, strict=True)]
            for row, losses in zip(accuracy, loss, strict=True)
        ],
    }


def _plain(values: Floats) -> list[list[float | None]]:
    rows: Sequence[Sequence[float]] = values.tolist()
    return [
        [min(round(v, 6), _LARGEST_LOSS) if np.isfinite(v) else None for v in row] for row in rows
    ]
