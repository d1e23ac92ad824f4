"""Slow, fast, slow to the end."""

from dlnlp.schedules import Cosine, Schedule
from dlnlp.ui.schedules.kind import (
    END,
    FINAL,
    MOMENTUM,
    WARMUP,
    Ends,
    Kind,
    Settings,
    from_low,
    peak,
)


def _rate(settings: Settings, steps: int) -> Schedule:
    peak = settings["peak"]
    return Cosine(peak, settings["length"] or steps, peak * settings["final"])


def _formula(rate: Cosine) -> str:
    return (
        f"    share = min(step / {rate.decay_steps!r}, 1)\n"
        f"    return {from_low(rate.final, rate.initial)} * (1 + math.cos(math.pi * share)) / 2\n"
    )


def _optax(rate: Cosine, steps: int, ends: Ends | None) -> str:
    return (
        "rate = optax.cosine_decay_schedule(\n"
        f"    {rate.initial!r}, decay_steps={rate.decay_steps!r}, "
        f"alpha={rate.final / rate.initial!r}\n)\n"
    )


KINDS = (
    Kind(
        name="cosine",
        title="Cosine",
        gist="slow, fast, slow to the end",
        when="A fixed budget of epochs: one fall to nearly nothing, little to tune.",
        claim="One cosine over the whole budget kept up with step decay "
        "([Loshchilov and Hutter 2017](https://arxiv.org/abs/1608.03983))",
        parameters=(peak(), FINAL, END, WARMUP, MOMENTUM),
        rate=_rate,
        formula=_formula,
        optax=_optax,
    ),
)
