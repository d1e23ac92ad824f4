"""Warm-up, a long plateau, a short fall."""

from dlnlp.schedules import Schedule, WarmupStableDecay
from dlnlp.ui.schedules.kind import (
    FINAL,
    MOMENTUM,
    Ends,
    Kind,
    Parameter,
    Settings,
    from_low,
    length,
    peak,
)

_LEFT = {
    "linear": "1 - share",
    "cosine": "(1 + math.cos(math.pi * share)) / 2",
    "sqrt": "1 - share**0.5",
}


def _rate(settings: Settings, steps: int) -> Schedule:
    decay = max(1, round(settings["decay"] * steps))
    return WarmupStableDecay(
        peak=settings["peak"],
        total_steps=steps,
        warmup_steps=min(settings["warmup"], steps - decay),
        decay_steps=decay,
        final=settings["peak"] * settings["final"],
        shape=settings["shape"],
    )


def _formula(rate: WarmupStableDecay) -> str:
    warmup = (
        f"    if step < {rate.warmup_steps!r}:  # warm-up\n"
        f"        return {rate.peak!r} * step / {rate.warmup_steps!r}\n"
    )
    begins = rate.total_steps - rate.decay_steps
    return (
        f"{warmup if rate.warmup_steps else ''}"
        f"    share = min(max(step - {begins!r}, 0) / {rate.decay_steps!r}, 1)  # of the decay\n"
        f"    return {from_low(rate.final, rate.peak)} * ({_LEFT[rate.shape]})\n"
    )


def _optax(rate: WarmupStableDecay, steps: int, ends: Ends | None) -> str:
    low, peak, decay = rate.final, rate.peak, rate.decay_steps
    formula, fall = "", "decay"
    if rate.shape == "linear":
        fall = f"optax.linear_schedule({peak!r}, {low!r}, {decay!r})"
    elif rate.shape == "cosine":
        fall = f"optax.cosine_decay_schedule({peak!r}, {decay!r}, alpha={low / peak!r})"
    else:
        formula = (
            "def decay(step):  # counted from its first step\n"
            f"    share = jnp.clip(step / {decay!r}, 0, 1)\n"
            f"    return {from_low(low, peak)} * (1 - jnp.sqrt(share))\n\n\n"
        )
    return (
        f"{formula}rate = optax.join_schedules(\n    [\n"
        f"        optax.linear_schedule(0.0, {peak!r}, {rate.warmup_steps!r}),\n"
        f"        optax.constant_schedule({peak!r}),\n        {fall},\n    ],\n"
        f"    boundaries=[{rate.warmup_steps!r}, {rate.total_steps - decay!r}],\n)\n"
    )


KINDS = (
    Kind(
        name="wsd",
        title="Warm-up–stable–decay",
        gist="WSD: a plateau, then a short fall",
        when="Long trainings whose end is not fixed: the plateau can go on from any step, and a "
        "short decay makes a network of it whenever one is wanted.",
        claim="As good as a cosine made for each length, with decays of 10 to 20 % of the steps "
        "([Hu et al. 2024](https://arxiv.org/abs/2404.06395), "
        "[Hägele et al. 2024](https://arxiv.org/abs/2405.18392))",
        parameters=(
            peak(),
            length("warmup", "Warm-up", 1.0, low=0.0, help="0: none. Linear, from 0."),
            Parameter("decay", "Share of the decay", 0.2, 0.01, 1.0, step=0.05),
            FINAL,
            Parameter(
                "shape",
                "Shape of the decay",
                "linear",
                options=("linear", "cosine", "sqrt"),
                help="sqrt: 1 − √share; it falls fast at first.",
            ),
            MOMENTUM,
        ),
        rate=_rate,
        formula=_formula,
        optax=_optax,
    ),
)
