"""A schedule as optax code: a schedule of optax's where one has the formula, else the formula."""

from dlnlp.schedules import (
    Antiphase,
    Constant,
    Cosine,
    CosineWarmRestarts,
    Cyclical,
    Exponential,
    InverseSquareRoot,
    OneCycle,
    Polynomial,
    Schedule,
    StepDecay,
    Warmup,
)
from dlnlp.ui.schedules.code_numbers import in_short_form
from dlnlp.ui.schedules.curves import cycles
from dlnlp.ui.schedules.kinds import Run

_SGD = """
# inject_hyperparams evaluates both at every step
optimizer = optax.inject_hyperparams(optax.sgd)(
    learning_rate=rate, momentum=momentum, nesterov=True
)
"""


def optax_code(rate: Schedule, momentum: Schedule, run: Run) -> str:
    """The snippet.

    Args:
        rate: the learning rate.
        momentum: constant, or the rate's antiphase.
        run: how long the training is; warm restarts are listed as far as it goes.
    """
    ends = (momentum.high, momentum.low) if isinstance(momentum, Antiphase) else None
    if isinstance(rate, Cyclical):
        body = _cyclical(rate, ends)
    elif isinstance(rate, OneCycle):
        body = _one_cycle(rate, ends)
    else:
        body = _named(rate, run)
    if ends is None:
        body += f"\n\nmomentum = {float(momentum(0))!r}\n"
    imports = "import itertools\n\n" if "itertools." in body else ""
    imports += "import jax.numpy as jnp\n" if "jnp." in body else ""
    return in_short_form(f"{imports}import optax\n\n{body.strip()}\n{_SGD}")


def _named(rate: Schedule, run: Run) -> str:
    if isinstance(rate, Warmup):
        first = float(rate.after(0))
        after = _named(rate.after, run).replace("rate = ", "after = ", 1)
        after = after.replace("def rate(", "def after(", 1)
        return (
            f"{after}\nrate = optax.join_schedules(\n"
            f"    [optax.linear_schedule({rate.start!r}, {first!r}, {rate.steps!r}), after],\n"
            f"    boundaries=[{rate.steps!r}],\n)\n"
        )
    match rate:
        case Constant(value):
            return f"rate = optax.constant_schedule({value!r})\n"
        case StepDecay(initial, factor, every):
            return (
                "rate = optax.exponential_decay(\n"
                f"    {initial!r}, transition_steps={every!r}, decay_rate={factor!r}, "
                "staircase=True\n)\n"
            )
        case Exponential(initial, factor, decay_steps):
            return (
                "rate = optax.exponential_decay(\n"
                f"    {initial!r}, transition_steps={decay_steps!r}, decay_rate={factor!r}\n)\n"
            )
        case Polynomial(initial, final, decay_steps, power):
            return (
                "rate = optax.polynomial_schedule(\n"
                f"    {initial!r}, {final!r}, power={power!r}, transition_steps={decay_steps!r}\n"
                ")\n"
            )
        case Cosine(initial, decay_steps, final):
            return (
                "rate = optax.cosine_decay_schedule(\n"
                f"    {initial!r}, decay_steps={decay_steps!r}, alpha={final / initial!r}\n)\n"
            )
        case InverseSquareRoot(peak, warmup_steps):
            return (
                "def rate(step):\n    n = step + 1\n"
                f"    return {peak!r} * jnp.minimum(\n"
                f"        n / {warmup_steps!r}, jnp.sqrt({warmup_steps!r} / n)\n    )\n"
            )
        case CosineWarmRestarts():
            return _restarts(rate, run)
    raise ValueError(f"no optax code for {type(rate).__name__}")


def _restarts(rate: CosineWarmRestarts, run: Run) -> str:
    low, height = rate.final, rate.initial - rate.final
    if rate.multiplier == 1:
        wave = f"(1 + jnp.cos(jnp.pi * (step % {rate.first_cycle!r}) / {rate.first_cycle!r})) / 2"
        scale = f" * {rate.decay!r} ** (step // {rate.first_cycle!r})" if rate.decay != 1 else ""
        return (
            f"def rate(step):\n    wave = {wave}\n    return {low!r} + {height!r} * wave{scale}\n"
        )
    count = int(cycles(rate, run) or 0) + 1
    return (
        f"lengths = [{rate.first_cycle!r} * {rate.multiplier!r} ** i for i in range({count})]\n"
        f"peaks = [{low!r} + {height!r} * {rate.decay!r} ** i for i in range({count})]\n"
        "rate = optax.join_schedules(\n    [\n"
        f"        optax.cosine_decay_schedule(peak, length, alpha={low!r} / peak)\n"
        "        for peak, length in zip(peaks, lengths)\n    ],\n"
        "    boundaries=list(itertools.accumulate(lengths))[:-1],\n)\n"
    )


def _cyclical(rate: Cyclical, ends: tuple[float, float] | None) -> str:
    up = rate.step_size_up
    down = up if rate.step_size_down is None else rate.step_size_down
    scale = {
        "triangular": "",
        "triangular2": f" * 0.5 ** (step // {up + down!r})",
        "exp_range": f" * {rate.gamma!r} ** step",
    }[rate.mode]
    code = (
        f"def height(step):  # 0 at the base, 1 at the peak\n    within = step % {up + down!r}\n"
        f"    return jnp.minimum(within / {up!r}, ({up + down!r} - within) / {down!r}){scale}\n\n\n"
        f"def rate(step):\n    return {rate.base!r} + {rate.max - rate.base!r} * height(step)\n"
    )
    if ends:
        high, low = ends
        code += (
            f"\n\ndef momentum(step):  # in antiphase\n"
            f"    return {high!r} - {high - low!r} * height(step)\n"
        )
    return code


def _one_cycle(rate: OneCycle, ends: tuple[float, float] | None) -> str:
    warm = rate.warmup_share * rate.total_steps
    places = [0.0, warm - 1, *([2 * warm - 2] if rate.phases == 3 else []), rate.total_steps - 1.0]
    shape = "    share = (1 - jnp.cos(jnp.pi * share)) / 2\n" if rate.anneal == "cosine" else ""
    code = (
        f"places = jnp.array({places!r})  # steps of the turning points\n\n\n"
        "def between(step, values):\n"
        "    at = jnp.interp(step, places, jnp.arange(len(places)))\n"
        "    phase = jnp.minimum(at.astype(int), len(places) - 2)\n"
        f"    share = at - phase\n{shape}"
        "    return values[phase] + (values[phase + 1] - values[phase]) * share\n\n\n"
        f"def rate(step):\n    return between(step, jnp.array({list(rate.ends)!r}))\n"
    )
    if ends:
        high, low = ends
        values = [high, low, *[high] * (len(places) - 2)]
        code += (
            f"\n\ndef momentum(step):  # in antiphase\n"
            f"    return between(step, jnp.array({values!r}))\n"
        )
    return code
