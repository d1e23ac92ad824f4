"""Schedules of learning rate and momentum: pure functions from the step to a value.

A schedule is a frozen dataclass of its parameters; calling it with a step, or an array of steps,
gives float64. Nonsense raises ``ValueError`` with the value in the message. Callback, range test,
plots and exported code evaluate these same objects.

Example:
    >>> from dlnlp.schedules import Cosine, Warmup
    >>> schedule = Warmup(Cosine(initial=0.1, decay_steps=900), steps=100)
    >>> float(schedule(50))
    0.05
    >>> schedule([0, 100, 550, 1000]).round(3).tolist()
    [0.0, 0.1, 0.05, 0.0]
"""

from dlnlp.schedules._compositions import Antiphase, Warmup, antiphase
from dlnlp.schedules._cycles import Custom, Cycle, Cyclical
from dlnlp.schedules._decays import (
    Constant,
    Cosine,
    Exponential,
    InverseSquareRoot,
    Polynomial,
    StepDecay,
)
from dlnlp.schedules._json import from_dict, schedule_classes, to_dict
from dlnlp.schedules._one_cycle import OneCycle
from dlnlp.schedules._restarts import CosineWarmRestarts
from dlnlp.schedules._schedule import Schedule
from dlnlp.schedules._stable_decay import WarmupStableDecay

__all__ = [
    "Antiphase",
    "Constant",
    "Cosine",
    "CosineWarmRestarts",
    "Custom",
    "Cycle",
    "Cyclical",
    "Exponential",
    "InverseSquareRoot",
    "OneCycle",
    "Polynomial",
    "Schedule",
    "StepDecay",
    "Warmup",
    "WarmupStableDecay",
    "antiphase",
    "from_dict",
    "schedule_classes",
    "to_dict",
]
