"""SGDR: a cosine, then back to the top."""

from dlnlp.schedules import CosineWarmRestarts, Schedule
from dlnlp.ui.schedules.kind import (
    FINAL,
    MOMENTUM,
    WARMUP,
    Ends,
    Kind,
    Parameter,
    Settings,
    from_low,
    length,
    peak,
)


def _rate(settings: Settings, steps: int) -> Schedule:
    peak = settings["peak"]
    return CosineWarmRestarts(
        initial=peak,
        first_cycle=settings["first"],
        multiplier=settings["multiplier"],
        final=peak * settings["final"],
        decay=settings["decay"],
    )


def _scheduler(rate: CosineWarmRestarts, steps: int, ends: Ends | None) -> tuple[float, str] | None:
    if rate.decay != 1 or not float(rate.multiplier).is_integer():
        return None  # PyTorch knows neither
    return rate.initial, (
        "scheduler = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(\n"
        f"    optimizer, T_0={int(rate.first_cycle)}, T_mult={int(rate.multiplier)}, "
        f"eta_min={rate.final!r}\n)"
    )


def _formula(rate: CosineWarmRestarts) -> str:
    return (
        f"    length, height = {rate.first_cycle!r}, 1.0\n"
        "    while step >= length:  # restarts so far\n"
        f"        step, length, height = step - length, length * {rate.multiplier!r}, "
        f"height * {rate.decay!r}\n"
        f"    return {from_low(rate.final, rate.initial)} * height "
        "* (1 + math.cos(math.pi * step / length)) / 2\n"
    )


def _optax(rate: CosineWarmRestarts, steps: int, ends: Ends | None) -> str:
    low, height, first = rate.final, rate.initial - rate.final, rate.first_cycle
    if rate.multiplier == 1:
        wave = f"(1 + jnp.cos(jnp.pi * (step % {first!r}) / {first!r})) / 2"
        scale = f" * {rate.decay!r} ** (step // {first!r})" if rate.decay != 1 else ""
        return (
            f"def rate(step):\n    wave = {wave}\n    return {low!r} + {height!r} * wave{scale}\n"
        )
    count = int(rate.cycles(steps)) + 1
    return (
        f"lengths = [{first!r} * {rate.multiplier!r} ** i for i in range({count})]\n"
        f"peaks = [{low!r} + {height!r} * {rate.decay!r} ** i for i in range({count})]\n"
        "rate = optax.join_schedules(\n    [\n"
        f"        optax.cosine_decay_schedule(peak, length, alpha={low!r} / peak)\n"
        "        for peak, length in zip(peaks, lengths)\n    ],\n"
        "    boundaries=list(itertools.accumulate(lengths))[:-1],\n)\n"
    )


KINDS = (
    Kind(
        name="restarts",
        title="Cosine, warm restarts",
        gist="SGDR: cosine, then back to the top",
        when="You may want to stop at several points: each cycle ends with a low rate.",
        claim="Fewer epochs to good results on CIFAR "
        "([Loshchilov and Hutter 2017](https://arxiv.org/abs/1608.03983))",
        parameters=(
            peak(),
            length("first", "First cycle (T_0)", 2.0),
            Parameter("multiplier", "Cycle length multiplier (T_mult)", 2.0, 1.0, 10.0, step=1.0),
            Parameter("decay", "Peak multiplier per cycle", 1.0, 1e-6, 1.0, step=0.1),
            FINAL,
            WARMUP,
            MOMENTUM,
        ),
        rate=_rate,
        formula=_formula,
        scheduler=_scheduler,
        optax=_optax,
    ),
)
