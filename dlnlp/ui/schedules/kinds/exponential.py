"""The same share lost each epoch."""

from dlnlp.schedules import Exponential
from dlnlp.ui.schedules.kind import MOMENTUM, WARMUP, Ends, Kind, Parameter, length, peak


def _optax(rate: Exponential, steps: int, ends: Ends | None) -> str:
    return (
        "rate = optax.exponential_decay(\n"
        f"    {rate.initial!r}, transition_steps={rate.decay_steps!r}, decay_rate={rate.rate!r}\n"
        ")\n"
    )


KINDS = (
    Kind(
        name="exponential",
        title="Exponential",
        gist="the same share lost each epoch",
        parameters=(
            peak(),
            Parameter("factor", "Factor", 0.8, 1e-6, 1.0, step=0.1),
            length("every", "For each", 1.0),
            WARMUP,
            MOMENTUM,
        ),
        rate=lambda settings, steps: Exponential(
            settings["peak"], settings["factor"], settings["every"]
        ),
        formula=lambda rate: (
            f"    return {rate.initial!r} * {rate.rate!r} ** (step / {rate.decay_steps!r})\n"
        ),
        optax=_optax,
        when="As polynomial decay, where the end of the training is not known: it never "
        "reaches zero.",
    ),
)
