"""What a kind of schedule is: its schedule, its controls, its code for three libraries, its text.

Every kind is one module in `dlnlp/ui/schedules/kinds/`. Parameters are coupled so that no setting
is nonsense: a base rate is the peak divided by a number of at least one, a final rate is a share
of the peak, lengths are in epochs and become steps by the run's batch size.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dlnlp.schedules import Schedule

Value = float | str | None
#: Values by the name of the parameter: lengths in steps, all within their bounds.
Settings = Mapping[str, Any]
#: Momentum at the lowest learning rate, and at the highest.
Ends = tuple[float, float]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A schedule as the page offers it; code is made from the schedule that `rate` returns.

    Attributes:
        name: its key in a link.
        title: what the page calls it.
        gist: what it is, in a phrase.
        when: when to use it; "" where the text of another kind says it.
        claim: what a paper says of it, with a link to the paper (markdown); may be empty.
        parameters: its controls, in their order on the page.
        rate: learning rate of a run, from the settings and the number of steps.
        optax: code that defines `rate` (and `momentum`, if it is given its ends), from the
            schedule, the number of steps, and the ends of a momentum in antiphase or None.
        formula: body of a function of `step` in plain Python, for PyTorch's LambdaLR.
        scheduler: PyTorch's own scheduler, from the schedule, the number of steps, and the ends:
            the optimizer's first learning rate and the code; None where PyTorch has none. A kind
            has a formula, a scheduler, or both.
    """

    name: str
    title: str
    gist: str
    parameters: tuple[Parameter, ...]
    rate: Callable[[Settings, int], Schedule]
    optax: Callable[[Any, int, Ends | None], str]
    formula: Callable[[Any], str] | None = None
    scheduler: Callable[[Any, int, Ends | None], tuple[float, str] | None] | None = None
    when: str = ""
    claim: str = ""


LONGEST = 10_000.0
LARGEST_RATE = 1_000.0


def peak(label: str = "Learning rate", default: float = 0.1) -> Parameter:
    """The highest learning rate."""
    return Parameter("peak", label, default, 1e-9, LARGEST_RATE)


def length(
    name: str, label: str, default: float | None, empty: str = "", low: float = 1e-6, help: str = ""
) -> Parameter:
    """A length of time; with `low` 0 it may be absent."""
    return Parameter(
        name, label, default, low, LONGEST, length=True, step=0.5, empty=empty, help=help
    )


#: A warm-up before any schedule; who has it is built without it.
WARMUP = length("warmup", "Warm-up", 0.0, low=0.0, help="0: none. Linear, from 0.")
MOMENTUM = Parameter("momentum", "Momentum", 0.9, 0.0, 0.999, help="The same at every step.")
#: Momentum in antiphase to a rate that rises and falls.
SWING = (
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
FINAL = Parameter("final", "Minimum / maximum", 0.0, 0.0, 1.0, help="The last rate, as a share.")
END = length("length", "Decay ends after", None, "end of run")


def from_low(low: float, high: float) -> str:
    """Code of a value that moves between two others, up to the factor that moves it."""
    return f"{low!r} + {high - low!r}" if low else f"{high!r}"


def torch_momenta(ends: Ends | None) -> str:
    """The arguments of PyTorch's cyclical schedulers that say what the momentum does."""
    if ends is None:
        return "    cycle_momentum=False,\n"
    return f"    base_momentum={ends[1]!r},\n    max_momentum={ends[0]!r},\n"
