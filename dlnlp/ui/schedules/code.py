"""A schedule as code for three libraries.

Keras 3 runs this project's own schedules. PyTorch and optax have schedulers of their own for some
kinds and take a formula for the others: each kind knows which. What is the same for all stands
here: the warm-up before a schedule, the momentum, the optimizer.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields

from dlnlp.schedules import Antiphase, Schedule, Warmup
from dlnlp.ui.schedules.choice import Choice, build_momentum, build_rate
from dlnlp.ui.schedules.kind import Ends, Run

_NUMBER = re.compile(r"(?<![\w.])\d+\.\d+(?:e[-+]?\d+)?")
_TORCH = """import torch

optimizer = torch.optim.SGD(model.parameters(), lr={lr}{momentum})
{scheduler}
# in the training loop, after each batch:
#     optimizer.step()
#     scheduler.step()
"""
_LAMBDA = """

def rate(step):
{body}

scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)  # times lr, which is 1"""
_OPTAX_SGD = """
# inject_hyperparams evaluates both at every step
optimizer = optax.inject_hyperparams(optax.sgd)(
    learning_rate=rate, momentum=momentum, nesterov=True
)
"""


def in_short_form(code: str) -> str:
    """Code with its decimal numbers in their shortest form: 0.15 for 0.15000000000000002.

    Twelve digits are kept, as many as a link to the page holds; the others are only what
    arithmetic (0.2 - 0.05) left over.
    """
    return _NUMBER.sub(lambda found: repr(float(f"{float(found[0]):.12g}")), code)


def keras_code(choice: Choice, run: Run) -> str:
    """A snippet with this project's optimizer and callback.

    It expects a `model`, its `loss`, and `x`, `y`.

    Args:
        choice: the schedule as set on the page.
        run: for batch size and epochs.
    """
    rate, momentum = build_rate(choice, run), build_momentum(choice, run)
    names = ", ".join(sorted({*_names(rate), *_names(momentum)}))
    return in_short_form(
        "from dlnlp.training.callbacks import HyperparameterScheduler\n"
        "from dlnlp.training.optimizers import SGD\n"
        f"from dlnlp.schedules import {names}\n\n"
        f"rate = {_written(rate)}\n"
        f"momentum = {_written(momentum)}\n\n"
        "# the momentum is a variable of this SGD: compiled training sees it change\n"
        "model.compile(optimizer=SGD(nesterov=True), loss=loss)\n"
        "scheduler = HyperparameterScheduler(learning_rate=rate, momentum=momentum)\n"
        f"model.fit(x, y, batch_size={run.batch_size}, epochs={run.epochs}, "
        "callbacks=[scheduler])\n"
    )


def _written(schedule: Schedule) -> str:
    """The constructor call that makes a schedule, arguments with their defaults left out."""
    arguments = []
    for field in fields(schedule):  # type: ignore[arg-type]  # every kind is a dataclass
        value = getattr(schedule, field.name)
        if field.default is MISSING or value != field.default:
            shown = _written(value) if isinstance(value, Schedule) else repr(value)
            arguments.append(f"{field.name}={shown}")
    return f"{type(schedule).__name__}({', '.join(arguments)})"


def _names(schedule: Schedule) -> Iterator[str]:
    yield type(schedule).__name__
    for field in fields(schedule):  # type: ignore[arg-type]  # every kind is a dataclass
        value = getattr(schedule, field.name)
        if isinstance(value, Schedule):
            yield from _names(value)


def torch_code(choice: Choice, run: Run) -> str:
    """A scheduler of PyTorch's where one has the formula, else LambdaLR.

    Args:
        choice: the schedule as set on the page.
        run: how long the training is.
    """
    rate, kind = build_rate(choice, run), choice.of
    first, ends = _momentum(choice, run)
    # PyTorch refuses Nesterov momentum of 0; both are its defaults then.
    momentum = f", momentum={first!r}, nesterov=True" if first else ""
    own = None
    if kind.scheduler is not None and not isinstance(rate, Warmup):
        own = kind.scheduler(rate, run.steps, ends)
    if own is not None:
        lr, scheduler = own
        return in_short_form(_TORCH.format(lr=repr(lr), momentum=momentum, scheduler=scheduler))
    if kind.formula is None:
        raise ValueError(f"{kind.title}: no PyTorch code, neither a scheduler nor a formula")
    if isinstance(rate, Warmup):
        body = (
            f"    if step < {rate.steps!r}:  # warm-up\n"
            f"        return {float(rate.after(0))!r} * step / {rate.steps!r}\n"
            f"    step -= {rate.steps!r}\n{kind.formula(rate.after)}"
        )
    else:
        body = kind.formula(rate)
    scheduler = _LAMBDA.format(body=body)
    code = in_short_form(_TORCH.format(lr="1.0", momentum=momentum, scheduler=scheduler))
    return f"import math\n\n{code}" if "math." in body else code


def optax_code(choice: Choice, run: Run) -> str:
    """A schedule of optax's where one has the formula, else the formula.

    Args:
        choice: the schedule as set on the page.
        run: how long the training is; warm restarts are listed as far as it goes.
    """
    rate = build_rate(choice, run)
    first, ends = _momentum(choice, run)
    if isinstance(rate, Warmup):
        after = choice.of.optax(rate.after, run.steps, ends).replace("rate = ", "after = ", 1)
        after = after.replace("def rate(", "def after(", 1)
        line = f"optax.linear_schedule(0.0, {float(rate.after(0))!r}, {rate.steps!r})"
        body = (
            f"{after}\nrate = optax.join_schedules(\n    [{line}, after],\n"
            f"    boundaries=[{rate.steps!r}],\n)\n"
        )
    else:
        body = choice.of.optax(rate, run.steps, ends)
    if ends is None:
        body += f"\n\nmomentum = {first!r}\n"
    imports = "import itertools\n\n" if "itertools." in body else ""
    imports += "import jax.numpy as jnp\n" if "jnp." in body else ""
    return in_short_form(f"{imports}import optax\n\n{body.strip()}\n{_OPTAX_SGD}")


def _momentum(choice: Choice, run: Run) -> tuple[float, Ends | None]:
    """The momentum at the first step, and its ends where it moves."""
    momentum = build_momentum(choice, run)
    if isinstance(momentum, Antiphase):
        return momentum.high, (momentum.high, momentum.low)
    return float(momentum(0)), None


#: What makes the code, by the name of the library.
LIBRARIES: Mapping[str, Callable[[Choice, Run], str]] = {
    "Keras 3": keras_code,
    "PyTorch": torch_code,
    "optax": optax_code,
}
