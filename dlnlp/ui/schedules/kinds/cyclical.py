"""Smith's triangles, with three ways for later cycles."""

from dlnlp.schedules import Cyclical, Schedule
from dlnlp.ui.schedules.kind import (
    SWING,
    Ends,
    Kind,
    Parameter,
    Settings,
    length,
    peak,
    torch_momenta,
)

# PyTorch divides by 2 ** cycles, and 2.0 ** 1024 is too large for Python.
_MOST_HALVINGS = 1_000
_CYCLE = (
    peak("Maximum learning rate (max_lr)", 0.2),
    Parameter(
        "divisor", "max_lr / base_lr", 4.0, 1.0, 1e6, step=1.0, help="base_lr = max_lr / this"
    ),
    length("up", "step_size_up", 2.0),
    length("down", "step_size_down", None, "as long as up"),
)


def _down(rate: Cyclical) -> float:
    return rate.step_size_up if rate.step_size_down is None else rate.step_size_down


def _scheduler(rate: Cyclical, steps: int, ends: Ends | None) -> tuple[float, str]:
    mode = f"    mode={rate.mode!r},\n"
    if rate.mode == "exp_range":
        mode += f"    gamma={rate.gamma!r},\n"
    if rate.mode == "triangular2" and rate.cycles(steps) > _MOST_HALVINGS:
        mode = "    scale_fn=lambda cycle: 0.5 ** (cycle - 1),  # triangular2 would overflow\n"
    return rate.base, (
        "scheduler = torch.optim.lr_scheduler.CyclicLR(\n"
        f"    optimizer,\n    base_lr={rate.base!r},\n    max_lr={rate.max!r},\n"
        f"    step_size_up={rate.step_size_up!r},\n    step_size_down={_down(rate)!r},\n"
        f"{mode}{torch_momenta(ends)})"
    )


def _optax(rate: Cyclical, steps: int, ends: Ends | None) -> str:
    up, down = rate.step_size_up, _down(rate)
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


def _kind(
    mode: str,
    title: str,
    gist: str,
    more: tuple[Parameter, ...] = (),
    when: str = "",
    claim: str = "",
) -> Kind:
    def rate(settings: Settings, steps: int) -> Schedule:
        return Cyclical(
            base=settings["peak"] / settings["divisor"],
            max=settings["peak"],
            step_size_up=settings["up"],
            step_size_down=settings["down"],
            mode=mode,
            gamma=settings.get("gamma", 1.0),
        )

    return Kind(
        name=mode,
        title=title,
        gist=gist,
        when=when,
        claim=claim,
        parameters=(*_CYCLE, *more, *SWING),
        rate=rate,
        scheduler=_scheduler,
        optax=_optax,
    )


KINDS = (
    _kind(
        "triangular",
        "Triangular",
        "up and down again and again",
        when="No rate is known: two bounds from a range test replace the search for the one best "
        "rate. Triangular2 and exp range settle down towards the end.",
        claim="As accurate or more so, often in fewer steps "
        "([Smith 2017](https://arxiv.org/abs/1506.01186))",
    ),
    _kind("triangular2", "Triangular2", "each cycle half as high"),
    _kind(
        "exp_range",
        "Exp range",
        "cycles that shrink a little each step",
        (Parameter("gamma", "Gamma (per step)", 0.995, 0.5, 1.0, step=0.001),),
    ),
)
