"""Choices of the schedules page that its tests share: every kind, in several settings."""

from dlnlp.ui.schedules.choice import Choice
from dlnlp.ui.schedules.kind import Run
from dlnlp.ui.schedules.kinds import KINDS

RUN = Run(examples=1_000, batch_size=50, epochs=12)  # 20 steps an epoch, 240 in all
CHOICES = (
    *(Choice(kind, {}) for kind in KINDS),
    Choice("constant", {"peak": 0.3, "warmup": 2.0}),
    Choice("step", {"factor": 0.1, "every": 2.5, "warmup": 1.5}),
    Choice("exponential", {"factor": 0.9, "every": 0.5}),
    Choice("polynomial", {"power": 2.0, "final": 0.1, "length": 7.0}),
    Choice("cosine", {"final": 0.05, "warmup": 1.0}),
    Choice("cosine", {"length": 3.0}),
    Choice("restarts", {"multiplier": 1.0, "decay": 0.7}),
    Choice("restarts", {"multiplier": 1.5, "decay": 0.9, "final": 0.1, "warmup": 1.0}),
    Choice("triangular", {"up": 1.0, "down": 3.0}),
    Choice("triangular", {"momentum_high": 0.9, "momentum_low": 0.9}),
    Choice("triangular2", {"up": 1.5}),
    Choice("exp_range", {"gamma": 0.99, "divisor": 10.0}),
    Choice("wsd", {"shape": "cosine", "final": 0.1, "warmup": 2.0}),
    Choice("wsd", {"shape": "sqrt", "final": 0.05, "decay": 0.35}),
    Choice("wsd", {"shape": "sqrt", "warmup": 0.0, "decay": 1.0}),
    Choice("onecycle", {"anneal": "linear", "share": 0.4}),
    Choice("onecycle", {"phases": "3", "last": 100.0}),
    Choice("onecycle", {"phases": "3", "anneal": "linear", "momentum_low": 0.99}),
)
# Every number at either end of what the page allows.
EXTREMES = tuple(
    Choice(kind, {parameter.name: bound})
    for kind, shown in KINDS.items()
    for parameter in shown.parameters
    if not parameter.options
    for bound in (parameter.low, parameter.high)
)


def name(choice: Choice) -> str:
    """Of a test case."""
    return "-".join([choice.kind, *(f"{k}={v}" for k, v in choice.values.items())])
