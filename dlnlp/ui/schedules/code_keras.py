"""A schedule as Keras 3 code with this project's optimizer and callback."""

from collections.abc import Iterator
from dataclasses import MISSING, fields

from dlnlp.schedules import Schedule
from dlnlp.ui.schedules.code_numbers import in_short_form
from dlnlp.ui.schedules.kinds import Run


def written(schedule: Schedule) -> str:
    """The constructor call that makes a schedule, arguments with their defaults left out."""
    arguments = []
    for field in fields(schedule):  # type: ignore[arg-type]  # every kind is a dataclass
        value = getattr(schedule, field.name)
        if field.default is MISSING or value != field.default:
            shown = written(value) if isinstance(value, Schedule) else repr(value)
            arguments.append(f"{field.name}={shown}")
    return f"{type(schedule).__name__}({', '.join(arguments)})"


def _names(schedule: Schedule) -> Iterator[str]:
    yield type(schedule).__name__
    for field in fields(schedule):  # type: ignore[arg-type]  # every kind is a dataclass
        value = getattr(schedule, field.name)
        if isinstance(value, Schedule):
            yield from _names(value)


def keras_code(rate: Schedule, momentum: Schedule, run: Run) -> str:
    """The snippet; it expects a `model`, its `loss`, and `x`, `y`.

    Args:
        rate: the learning rate.
        momentum: the momentum.
        run: for batch size and epochs.
    """
    names = ", ".join(sorted({*_names(rate), *_names(momentum)}))
    return in_short_form(
        "from dlnlp.training.callbacks import HyperparameterScheduler\n"
        "from dlnlp.training.optimizers import SGD\n"
        f"from dlnlp.schedules import {names}\n\n"
        f"rate = {written(rate)}\n"
        f"momentum = {written(momentum)}\n\n"
        "# the momentum is a variable of this SGD: compiled training sees it change\n"
        "model.compile(optimizer=SGD(nesterov=True), loss=loss)\n"
        "scheduler = HyperparameterScheduler(learning_rate=rate, momentum=momentum)\n"
        f"model.fit(x, y, batch_size={run.batch_size}, epochs={run.epochs}, "
        "callbacks=[scheduler])\n"
    )
