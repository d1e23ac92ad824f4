"""A schedule as PyTorch code: a scheduler of PyTorch's where one has the formula, else LambdaLR."""

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

# PyTorch divides by 2 ** cycles, and 2.0 ** 1024 is too large for Python.
_MOST_HALVINGS = 1_000

_FRAME = """import torch

optimizer = torch.optim.SGD(model.parameters(), lr={lr}{momentum})
{scheduler}
# in the training loop, after each batch:
#     optimizer.step()
#     scheduler.step()
"""
_LAMBDA = """

def rate(step):
{body}

scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)  # times lr, which is 1"""


def torch_code(rate: Schedule, momentum: Schedule, run: Run) -> str:
    """The snippet.

    Args:
        rate: the learning rate.
        momentum: constant, or the rate's antiphase.
        run: how long the training is.
    """
    if isinstance(rate, OneCycle):
        return _frame(repr(rate.max), momentum, _one_cycle(rate, momentum))
    if isinstance(rate, Cyclical):
        return _frame(repr(rate.base), momentum, _cyclic(rate, momentum, run))
    if isinstance(rate, CosineWarmRestarts) and rate.decay == 1 and _whole(rate.multiplier):
        scheduler = (
            "scheduler = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(\n"
            f"    optimizer, T_0={int(rate.first_cycle)}, T_mult={int(rate.multiplier)}, "
            f"eta_min={rate.final!r}\n)"
        )
        return _frame(repr(rate.initial), momentum, scheduler)
    body = _formula(rate)
    code = _frame("1.0", momentum, _LAMBDA.format(body=body))
    return f"import math\n\n{code}" if "math." in body else code


def _frame(lr: str, momentum: Schedule, scheduler: str) -> str:
    value = momentum.high if isinstance(momentum, Antiphase) else float(momentum(0))
    # PyTorch refuses Nesterov momentum of 0; both are its defaults then.
    options = f", momentum={value!r}, nesterov=True" if value else ""
    return in_short_form(_FRAME.format(lr=lr, momentum=options, scheduler=scheduler))


def _whole(value: float) -> bool:
    return float(value).is_integer()


def _momenta(momentum: Schedule) -> str:
    if isinstance(momentum, Antiphase):
        return f"    base_momentum={momentum.low!r},\n    max_momentum={momentum.high!r},\n"
    return "    cycle_momentum=False,\n"


def _cyclic(rate: Cyclical, momentum: Schedule, run: Run) -> str:
    down = rate.step_size_up if rate.step_size_down is None else rate.step_size_down
    mode = f"    mode={rate.mode!r},\n"
    if rate.mode == "exp_range":
        mode += f"    gamma={rate.gamma!r},\n"
    if rate.mode == "triangular2" and (cycles(rate, run) or 0) > _MOST_HALVINGS:
        mode = "    scale_fn=lambda cycle: 0.5 ** (cycle - 1),  # triangular2 would overflow\n"
    return (
        "scheduler = torch.optim.lr_scheduler.CyclicLR(\n"
        f"    optimizer,\n    base_lr={rate.base!r},\n    max_lr={rate.max!r},\n"
        f"    step_size_up={rate.step_size_up!r},\n    step_size_down={down!r},\n"
        f"{mode}{_momenta(momentum)})"
    )


def _one_cycle(rate: OneCycle, momentum: Schedule) -> str:
    strategy = "cos" if rate.anneal == "cosine" else "linear"
    return (
        "scheduler = torch.optim.lr_scheduler.OneCycleLR(\n"
        f"    optimizer,\n    max_lr={rate.max!r},\n    total_steps={int(rate.total_steps)},\n"
        f"    pct_start={rate.warmup_share!r},\n    anneal_strategy={strategy!r},\n"
        f"    div_factor={rate.initial_divisor!r},\n    final_div_factor={rate.final_divisor!r},\n"
        f"    three_phase={rate.phases == 3},\n{_momenta(momentum)})"
    )


def _formula(rate: Schedule) -> str:
    """The body of a function of `step`, in plain Python."""
    match rate:
        case Warmup(after, steps, start):
            first = float(after(0))
            line = f"{start!r} + {first - start!r} * step" if start else f"{first!r} * step"
            return (
                f"    if step < {steps!r}:  # warm-up\n        return {line} / {steps!r}\n"
                f"    step -= {steps!r}\n{_formula(after)}"
            )
        case Constant(value):
            return f"    return {value!r}\n"
        case StepDecay(initial, factor, every):
            return f"    return {initial!r} * {factor!r} ** (step // {every!r})\n"
        case Exponential(initial, factor, decay_steps):
            return f"    return {initial!r} * {factor!r} ** (step / {decay_steps!r})\n"
        case Polynomial(initial, final, decay_steps, power):
            low = f"{final!r} + {initial - final!r}" if final else f"{initial!r}"
            return (
                f"    left = 1 - min(step / {decay_steps!r}, 1)\n"
                f"    return {low} * left ** {power!r}\n"
            )
        case Cosine(initial, decay_steps, final):
            low = f"{final!r} + {initial - final!r}" if final else f"{initial!r}"
            return (
                f"    share = min(step / {decay_steps!r}, 1)\n"
                f"    return {low} * (1 + math.cos(math.pi * share)) / 2\n"
            )
        case InverseSquareRoot(peak, warmup_steps):
            return (
                "    n = step + 1\n"
                f"    return {peak!r} * min(n / {warmup_steps!r}, ({warmup_steps!r} / n) ** 0.5)\n"
            )
        case CosineWarmRestarts(initial, first_cycle, multiplier, final, decay):
            low = f"{final!r} + {initial - final!r}" if final else f"{initial!r}"
            return (
                f"    length, height = {first_cycle!r}, 1.0\n"
                "    while step >= length:  # restarts so far\n"
                f"        step, length, height = step - length, length * {multiplier!r}, "
                f"height * {decay!r}\n"
                f"    return {low} * height * (1 + math.cos(math.pi * step / length)) / 2\n"
            )
    raise ValueError(f"no PyTorch code for {type(rate).__name__}")
