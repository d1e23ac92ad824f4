"""Records PyTorch's learning-rate schedulers: ``python tests/references/record_schedules.py``.

Needs torch (any recent one; recorded with 2.13), which the tests do not: they read
``schedules.npz``. Each array holds 10,000 steps, float64 whose last 12 bits are cleared (2e-12
relative, to save space), as eight planes of bytes, which compress better than numbers do.
"""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.optim import SGD, Optimizer, lr_scheduler

STEPS = 10_000


def record(
    make: Callable[[Optimizer], Any], base: float = 1.0, momentum: bool = False
) -> list[list[float]]:
    optimizer = SGD([torch.zeros(1, requires_grad=True)], lr=base, momentum=0.9)
    scheduler = make(optimizer)
    rates, momenta = [], []
    for step in range(STEPS):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        momenta.append(float(optimizer.param_groups[0]["momentum"]))
        if step + 1 < STEPS:
            optimizer.step()
            scheduler.step()
    return [rates, momenta] if momentum else [rates]


def cyclic(mode: str = "triangular", gamma: float = 1.0, **more: Any) -> list[list[float]]:
    return record(
        lambda o: lr_scheduler.CyclicLR(
            o, 0.05, 1.1, mode=mode, gamma=gamma, base_momentum=0.85, max_momentum=0.95, **more
        ),
        momentum=True,
    )


def one_cycle(anneal: str, three: bool) -> list[list[float]]:
    return record(
        lambda o: lr_scheduler.OneCycleLR(
            o, 0.7, total_steps=STEPS, pct_start=0.23, anneal_strategy=anneal, three_phase=three
        ),
        momentum=True,
    )


def by_lambda(function: Callable[[int], float]) -> list[list[float]]:
    return record(lambda o: lr_scheduler.LambdaLR(o, function))


def packed(values: list[float]) -> np.ndarray:
    bits = np.array(values, np.float64).view(np.uint64) & ~np.uint64(0xFFF)
    return np.ascontiguousarray(bits.view(np.uint8).reshape(-1, 8).T)


def main() -> None:
    warnings.simplefilter("ignore")  # schedulers warn of their own last step
    found = {
        "triangular": cyclic(step_size_up=1000),
        "triangular2": cyclic("triangular2", step_size_up=1000),
        "exp_range": cyclic("exp_range", 0.9997, step_size_up=1000),
        "asymmetric": cyclic(step_size_up=300, step_size_down=950),
        "own_scale": cyclic(
            step_size_up=777, scale_fn=lambda cycle: 1 / cycle**1.5, scale_mode="cycle"
        ),
        "one_cycle_cosine": one_cycle("cos", False),
        "one_cycle_linear": one_cycle("linear", False),
        "one_cycle_cosine_3": one_cycle("cos", True),
        "one_cycle_linear_3": one_cycle("linear", True),
        "restarts": record(lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 730)),
        "restarts_2": record(
            lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 300, 2, eta_min=0.01)
        ),
        "restarts_3": record(
            lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 100, 3, eta_min=0.01)
        ),
        "lambda_inverse_square_root": by_lambda(
            lambda step: (step + 1) ** -0.5 if step + 1 > 4000 else (step + 1) * 4000**-1.5
        ),
        "lambda_warmup": by_lambda(
            lambda step: 0.1 + 0.9 * step / 500 if step < 500 else 0.999 ** (step - 500)
        ),
        "exponential": record(lambda o: lr_scheduler.ExponentialLR(o, 0.9995), base=0.3),
        "step": record(lambda o: lr_scheduler.StepLR(o, 1500, 0.3), base=0.3),
        "polynomial": record(lambda o: lr_scheduler.PolynomialLR(o, 8000, 0.9), base=0.3),
        "constant": record(lambda o: lr_scheduler.ConstantLR(o, 1.0), base=0.3),
    }
    arrays = {
        f"{name}.{which}": packed(values)
        for name, recorded in found.items()
        for which, values in zip(("rate", "momentum"), recorded, strict=False)
    }
    np.savez_compressed(Path(__file__).with_name("schedules.npz"), **arrays)


if __name__ == "__main__":
    main()
