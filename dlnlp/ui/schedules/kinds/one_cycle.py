"""One rise, one long fall."""

from dlnlp.schedules import OneCycle, Schedule
from dlnlp.ui.schedules.kind import SWING, Ends, Kind, Parameter, Settings, peak, torch_momenta


def _rate(settings: Settings, steps: int) -> Schedule:
    total = max(steps, 4)
    return OneCycle(
        max=settings["peak"],
        total_steps=total,
        warmup_share=max(settings["share"], min(0.49, 1.5 / total)),
        initial_divisor=settings["initial"],
        final_divisor=settings["last"],
        phases=int(settings["phases"]),
        anneal=settings["anneal"],
    )


def _scheduler(rate: OneCycle, steps: int, ends: Ends | None) -> tuple[float, str]:
    strategy = "cos" if rate.anneal == "cosine" else "linear"
    return rate.max, (
        "scheduler = torch.optim.lr_scheduler.OneCycleLR(\n"
        f"    optimizer,\n    max_lr={rate.max!r},\n    total_steps={int(rate.total_steps)},\n"
        f"    pct_start={rate.warmup_share!r},\n    anneal_strategy={strategy!r},\n"
        f"    div_factor={rate.initial_divisor!r},\n    final_div_factor={rate.final_divisor!r},\n"
        f"    three_phase={rate.phases == 3},\n{torch_momenta(ends)})"
    )


def _optax(rate: OneCycle, steps: int, ends: Ends | None) -> str:
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


KINDS = (
    Kind(
        name="onecycle",
        title="One-cycle",
        gist="one rise, one long fall",
        when="A short budget: one rise to a large rate, which also regularises; momentum the "
        "other way round.",
        claim="“Super-convergence” in some settings, other regularisation reduced "
        "([Smith 2018](https://arxiv.org/abs/1803.09820))",
        parameters=(
            peak("Maximum learning rate (max_lr)", 0.25),
            Parameter("share", "Share of the rise (pct_start)", 0.3, 0.01, 0.49, step=0.05),
            Parameter("initial", "Maximum / initial (div_factor)", 25.0, 1.0, 1e9, step=5.0),
            Parameter("last", "Initial / final (final_div_factor)", 1e4, 1.0, 1e9, step=1000.0),
            Parameter(
                "phases",
                "Phases",
                "2",
                options=("2", "3"),
                help="3: up, down as fast, then a last drop.",
            ),
            Parameter("anneal", "Shape", "cosine", options=("cosine", "linear")),
            *SWING,
        ),
        rate=_rate,
        scheduler=_scheduler,
        optax=_optax,
    ),
)
