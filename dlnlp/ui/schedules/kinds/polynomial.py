"""A straight line for power 1, a curve for others."""

from dlnlp.schedules import Polynomial, Schedule
from dlnlp.ui.schedules.kind import (
    END,
    FINAL,
    MOMENTUM,
    WARMUP,
    Ends,
    Kind,
    Parameter,
    Settings,
    from_low,
    peak,
)


def _rate(settings: Settings, steps: int) -> Schedule:
    final = settings["peak"] * settings["final"]
    return Polynomial(settings["peak"], final, settings["length"] or steps, settings["power"])


def _formula(rate: Polynomial) -> str:
    return (
        f"    left = 1 - min(step / {rate.decay_steps!r}, 1)\n"
        f"    return {from_low(rate.final, rate.initial)} * left ** {rate.power!r}\n"
    )


def _optax(rate: Polynomial, steps: int, ends: Ends | None) -> str:
    return (
        "rate = optax.polynomial_schedule(\n"
        f"    {rate.initial!r}, {rate.final!r}, power={rate.power!r}, "
        f"transition_steps={rate.decay_steps!r}\n)\n"
    )


KINDS = (
    Kind(
        name="polynomial",
        title="Polynomial",
        gist="a straight line for power 1",
        when="A fixed budget of epochs: one fall to nearly nothing, little to tune. Power 1, a "
        "straight line, is a good first choice.",
        parameters=(
            peak(),
            Parameter("power", "Power", 1.0, 0.01, 20.0, step=0.5),
            FINAL,
            END,
            WARMUP,
            MOMENTUM,
        ),
        rate=_rate,
        formula=_formula,
        optax=_optax,
    ),
)
