"""A schedule as set on the page, and what it makes of the steps of a run."""

from collections.abc import Mapping
from dataclasses import dataclass

from dlnlp import schedules
from dlnlp.schedules import Schedule
from dlnlp.ui.schedules.kind import WARMUP, Kind, Parameter, Run, Settings, Value
from dlnlp.ui.schedules.kinds import KINDS


@dataclass(frozen=True)
class Choice:
    """A kind with its parameters as set on the page; values that are absent have defaults."""

    kind: str
    values: Mapping[str, Value]

    @property
    def of(self) -> Kind:
        """Its kind."""
        return KINDS[self.kind]

    def get(self, name: str) -> Value:
        """The value of a parameter, cleaned."""
        for parameter in self.of.parameters:
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
        return self.of.title

    def has(self, name: str) -> bool:
        """Whether its kind has that parameter."""
        return any(parameter.name == name for parameter in self.of.parameters)

    def with_kind(self, kind: str) -> "Choice":
        """The same peak under another kind, with that kind's defaults."""
        return Choice(kind, {"peak": self.number("peak")})

    def apart(self, other: "Choice") -> list[str]:
        """Names of the parameters that differ from those of another choice of the same kind."""
        return [p.name for p in self.of.parameters if self.get(p.name) != other.get(p.name)]

    def settings(self, run: Run) -> Settings:
        """All values by name, lengths in steps of a run."""
        return {p.name: _in_steps(p, self.get(p.name), run) for p in self.of.parameters}


def _in_steps(parameter: Parameter, value: Value, run: Run) -> Value:
    if not parameter.length or value is None:
        return value
    steps = round(float(value) * run.steps_per_epoch)
    return steps if parameter.low == 0 else max(1, steps)


def warmup_of(choice: Choice, run: Run) -> int:
    """Steps of a warm-up before the schedule; 0 for a kind that has none, or its own."""
    return int(choice.settings(run)["warmup"]) if WARMUP in choice.of.parameters else 0


def build_rate(choice: Choice, run: Run) -> Schedule:
    """The learning rate over the steps of a run.

    Raises:
        ValueError: the schedule refuses the parameters; the message names the value.
    """
    warmup = warmup_of(choice, run)
    after = choice.of.rate(choice.settings(run), max(run.steps - warmup, 1))
    return schedules.Warmup(after=after, steps=warmup) if warmup else after


def build_momentum(choice: Choice, run: Run) -> Schedule:
    """The momentum over the steps of a run: fixed, or in antiphase to a rate that cycles."""
    if not choice.has("momentum_high"):
        return schedules.Constant(choice.number("momentum"))
    high, low = choice.number("momentum_high"), choice.number("momentum_low")
    if low >= high:
        return schedules.Constant(high)
    return schedules.antiphase(build_rate(choice, run), low, high)
