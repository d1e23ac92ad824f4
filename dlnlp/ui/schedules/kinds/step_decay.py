"""Divided at fixed times."""

from dlnlp.schedules import StepDecay
from dlnlp.ui.schedules.kind import MOMENTUM, WARMUP, Ends, Kind, Parameter, length, peak


def _optax(rate: StepDecay, steps: int, ends: Ends | None) -> str:
    return (
        "rate = optax.exponential_decay(\n"
        f"    {rate.initial!r}, transition_steps={rate.every!r}, decay_rate={rate.factor!r}, "
        "staircase=True\n)\n"
    )


KINDS = (
    Kind(
        name="step",
        title="Step decay",
        gist="divided at fixed times",
        when="A known recipe to repeat; when to drop must be found by trial.",
        claim="Drops to a tenth, three in 90 epochs, for ImageNet "
        "([Goyal et al. 2017](https://arxiv.org/abs/1706.02677))",
        parameters=(
            peak(),
            Parameter("factor", "Factor", 0.5, 1e-6, 1.0, step=0.1),
            length("every", "Every", 3.0),
            WARMUP,
            MOMENTUM,
        ),
        rate=lambda settings, steps: StepDecay(
            settings["peak"], settings["factor"], settings["every"]
        ),
        formula=lambda rate: (
            f"    return {rate.initial!r} * {rate.factor!r} ** (step // {rate.every!r})\n"
        ),
        optax=_optax,
    ),
)
