"""The schedule of the first Transformer."""

from dlnlp.schedules import InverseSquareRoot
from dlnlp.ui.schedules.kind import MOMENTUM, Ends, Kind, length, peak


def _formula(rate: InverseSquareRoot) -> str:
    warmup = rate.warmup_steps
    return (
        "    n = step + 1\n"
        f"    return {rate.peak!r} * min(n / {warmup!r}, ({warmup!r} / n) ** 0.5)\n"
    )


def _optax(rate: InverseSquareRoot, steps: int, ends: Ends | None) -> str:
    warmup = rate.warmup_steps
    return (
        "def rate(step):\n    n = step + 1\n"
        f"    return {rate.peak!r} * jnp.minimum(\n"
        f"        n / {warmup!r}, jnp.sqrt({warmup!r} / n)\n    )\n"
    )


KINDS = (
    Kind(
        name="noam",
        title="Inverse square root",
        gist="Noam: warm-up, then 1 / √step",
        when="Transformers, when the end of the training is not fixed.",
        claim="The schedule of the first Transformer "
        "([Vaswani et al. 2017](https://arxiv.org/abs/1706.03762))",
        parameters=(peak("Peak learning rate"), length("warmup", "Warm-up", 1.0), MOMENTUM),
        rate=lambda settings, steps: InverseSquareRoot(settings["peak"], settings["warmup"]),
        formula=_formula,
        optax=_optax,
    ),
)
