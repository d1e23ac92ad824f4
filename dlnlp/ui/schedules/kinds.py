"""The schedules that the page offers, with their parameters in a practitioner's units.

Parameters are coupled so that no setting is nonsense: a base rate is the peak divided by a number
of at least one, a final rate is a share of the peak, lengths are in epochs and become steps by the
run's batch size.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

Value = float | str | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One setting of a schedule.

    Attributes:
        name: its key in a link.
        label: what the page calls it.
        default: a number, one of `options`, or None for what `empty` says.
        low, high: bounds of a number.
        length: whether it is a length of time, in epochs.
        options: a choice of words instead of a number.
        step: how far the arrows of its field go.
        empty: what an empty field means where `default` is None.
        help: a sentence more.
    """

    name: str
    label: str
    default: Value
    low: float = 0.0
    high: float = 1.0
    length: bool = False
    options: tuple[str, ...] = ()
    step: float = 0.01
    empty: str = ""
    help: str = ""

    def clean(self, value: object) -> Value:
        """`value` as this parameter can take it: clipped, or the default when it is nonsense."""
        if self.options:
            return value if isinstance(value, str) and value in self.options else self.default
        if value is None or value == "":
            return None if self.default is None else self.default
        try:
            number = float(str(value))
        except ValueError:
            return self.default
        return min(max(number, self.low), self.high) if math.isfinite(number) else self.default


@dataclass(frozen=True, slots=True)
class Run:
    """How long the training is that a schedule is made for.

    Attributes:
        examples: documents, images, ... in the training data.
        batch_size: examples a step.
        epochs: passes over the data.
    """

    examples: int = 1_347
    batch_size: int = 32
    epochs: int = 15

    @property
    def steps_per_epoch(self) -> int:
        """Batches in one pass, the last one perhaps smaller."""
        return -(-self.examples // self.batch_size)

    @property
    def steps(self) -> int:
        """All steps of the run."""
        return self.steps_per_epoch * self.epochs

    def to_steps(self, epochs: float) -> int:
        """A length in epochs as whole steps, at least one."""
        return max(1, round(epochs * self.steps_per_epoch))


LONGEST = 10_000.0
LARGEST_RATE = 1_000.0


def _peak(label: str = "Learning rate", default: float = 0.1) -> Parameter:
    return Parameter("peak", label, default, 1e-9, LARGEST_RATE)


def _length(name: str, label: str, default: float | None, empty: str = "") -> Parameter:
    return Parameter(name, label, default, 1e-6, LONGEST, length=True, step=0.5, empty=empty)


_WARMUP = Parameter(
    "warmup", "Warm-up", 0.0, 0.0, LONGEST, length=True, step=0.5, help="0: none. Linear, from 0."
)
_MOMENTUM = Parameter("momentum", "Momentum", 0.9, 0.0, 0.999, help="The same at every step.")
_SWING = (
    Parameter(
        "momentum_high", "Maximum momentum", 0.95, 0.0, 0.999, help="At the lowest learning rate."
    ),
    Parameter(
        "momentum_low",
        "Minimum momentum",
        0.85,
        0.0,
        0.999,
        help="At the highest rate. Equal to the maximum: fixed.",
    ),
)
_FINAL = Parameter("final", "Minimum / maximum", 0.0, 0.0, 1.0, help="The last rate, as a share.")
_END = _length("length", "Decay ends after", None, "the end of the run")
_CYCLE = (
    _peak("Maximum learning rate (max_lr)", 0.2),
    Parameter(
        "divisor", "max_lr / base_lr", 4.0, 1.0, 1e6, step=1.0, help="base_lr = max_lr / this"
    ),
    _length("up", "step_size_up", 2.0),
    _length("down", "step_size_down", None, "as long as up"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A schedule as the page offers it: its name, what it is in a phrase, its parameters."""

    title: str
    gist: str
    parameters: tuple[Parameter, ...]


KINDS: Mapping[str, Kind] = {
    "constant": Kind("Constant", "one rate all the way", (_peak(), _WARMUP, _MOMENTUM)),
    "step": Kind(
        "Step decay",
        "divided at fixed times",
        (
            _peak(),
            Parameter("factor", "Factor", 0.5, 1e-6, 1.0, step=0.1),
            _length("every", "Every", 3.0),
            _WARMUP,
            _MOMENTUM,
        ),
    ),
    "exponential": Kind(
        "Exponential",
        "the same share lost each epoch",
        (
            _peak(),
            Parameter("factor", "Factor", 0.8, 1e-6, 1.0, step=0.1),
            _length("every", "For each", 1.0),
            _WARMUP,
            _MOMENTUM,
        ),
    ),
    "polynomial": Kind(
        "Polynomial",
        "a straight line for power 1",
        (
            _peak(),
            Parameter("power", "Power", 1.0, 0.01, 20.0, step=0.5),
            _FINAL,
            _END,
            _WARMUP,
            _MOMENTUM,
        ),
    ),
    "cosine": Kind(
        "Cosine", "slow, fast, slow to the end", (_peak(), _FINAL, _END, _WARMUP, _MOMENTUM)
    ),
    "restarts": Kind(
        "Cosine, warm restarts",
        "SGDR: cosine, then back to the top",
        (
            _peak(),
            _length("first", "First cycle (T_0)", 2.0),
            Parameter("multiplier", "Cycle length multiplier (T_mult)", 2.0, 1.0, 10.0, step=1.0),
            Parameter("decay", "Peak multiplier per cycle", 1.0, 1e-6, 1.0, step=0.1),
            _FINAL,
            _WARMUP,
            _MOMENTUM,
        ),
    ),
    "noam": Kind(
        "Inverse square root",
        "Noam: warm-up, then 1 / √step",
        (
            _peak("Peak learning rate"),
            _length("warmup", "Warm-up", 1.0),
            _MOMENTUM,
        ),
    ),
    "triangular": Kind("Triangular", "up and down again and again", (*_CYCLE, *_SWING)),
    "triangular2": Kind("Triangular2", "each cycle half as high", (*_CYCLE, *_SWING)),
    "exp_range": Kind(
        "Exp range",
        "cycles that shrink a little each step",
        (
            *_CYCLE,
            Parameter("gamma", "Gamma (per step)", 0.995, 0.5, 1.0, step=0.001),
            *_SWING,
        ),
    ),
    "onecycle": Kind(
        "One-cycle",
        "one rise, one long fall",
        (
            _peak("Maximum learning rate (max_lr)", 0.25),
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
            *_SWING,
        ),
    ),
}


@dataclass(frozen=True)
class Choice:
    """A schedule with its parameters as set on the page; values that are absent have defaults."""

    kind: str
    values: Mapping[str, Value]

    def get(self, name: str) -> Value:
        """The value of a parameter, cleaned."""
        for parameter in KINDS[self.kind].parameters:
            if parameter.name == name:
                return parameter.clean(self.values.get(name, parameter.default))
        raise KeyError(name)

    def number(self, name: str) -> float:
        """The value of a parameter that is a number."""
        value = self.get(name)
        if value is None or isinstance(value, str):
            raise TypeError(f"{self.kind}.{name} is {value!r}, no number")
        return value

    @property
    def title(self) -> str:
        """What the page calls it."""
        return KINDS[self.kind].title

    def has(self, name: str) -> bool:
        """Whether its kind has that parameter."""
        return any(parameter.name == name for parameter in KINDS[self.kind].parameters)

    def with_kind(self, kind: str) -> "Choice":
        """The same settings, as far as the other kind knows them; its own defaults otherwise."""
        return Choice(kind, {"peak": self.number("peak")})
