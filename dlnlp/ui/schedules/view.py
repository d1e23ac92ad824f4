"""What the schedules page shows, as one value: the run, up to four schedules, the race; and links.

A link holds it in query parameters, for instance
``?data=1347&batch=32&epochs=15&unit=epochs&s=constant~peak_0.1&s=cosine~warmup_1&race=15-32-5``.
Whatever a link holds, `from_query` makes a sensible view of it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from dlnlp.ui.schedules.choice import Choice
from dlnlp.ui.schedules.kind import Run, Value
from dlnlp.ui.schedules.kinds import KINDS

MOST = 4
LETTERS = "ABCD"
UNITS = ("epochs", "steps")
PARTS = ("Curves", "Live race", "LR range test", "Training log of a HAN")
RACE = PARTS[1]
MOST_STEPS = 100_000_000
_LONGEST_PART = 400

RUN_BOUNDS = {"examples": (1, 1_000_000_000), "batch_size": (1, 1_000_000), "epochs": (1, 10_000)}
RACE_BOUNDS = {"epochs": (1, 200), "batch_size": (16, 256), "seeds": (1, 5)}


@dataclass(frozen=True, slots=True)
class RaceSettings:
    """The race over scikit-learn's digits: passes over the data, batch size, starts a schedule."""

    epochs: int = 3
    batch_size: int = 32
    seeds: int = 5


def default_choices() -> dict[int, Choice]:
    """Three schedules whose race teaches: with a warm-up, without it, and at too high a rate."""
    return {
        0: Choice("cosine", {"peak": 0.3, "warmup": 2.5}),
        1: Choice("cosine", {"peak": 0.3}),
        2: Choice("cosine", {"peak": 1.0, "warmup": 2.5}),
    }


@dataclass(frozen=True)
class View:
    """Everything that the visitor has set.

    Attributes:
        run: the training run that the schedules are for.
        unit: the unit of lengths and of the plot's axis.
        choices: schedules by slot, 0 to 3; a slot keeps its letter and its colour.
        race: how the race is run.
        log_rate: whether the rate's axis is logarithmic.
        part: the open tab.
    """

    run: Run = Run()
    unit: str = "epochs"
    choices: Mapping[int, Choice] = field(default_factory=default_choices)
    race: RaceSettings = RaceSettings()
    log_rate: bool = False
    part: str = PARTS[0]

    def with_choice(self, slot: int, choice: Choice) -> "View":
        """The view with a schedule put into a slot."""
        return replace(self, choices=dict(sorted({**self.choices, slot: choice}.items())))

    def without(self, slot: int) -> "View":
        """The view without a slot; the last one stays."""
        rest = {key: choice for key, choice in self.choices.items() if key != slot}
        return replace(self, choices=rest) if rest else self

    @property
    def free_slot(self) -> int | None:
        """The first empty slot."""
        return next((slot for slot in range(MOST) if slot not in self.choices), None)

    @property
    def is_as_found(self) -> bool:
        """Whether the schedules are those that a new visitor finds."""
        found = default_choices()
        return self.choices.keys() == found.keys() and all(
            choice.kind == found[slot].kind and not choice.apart(found[slot])
            for slot, choice in self.choices.items()
        )

    def label(self, slot: int) -> str:
        """A schedule's name in legends and tables; it tells two of the same kind apart."""
        choice = self.choices[slot]
        name = f"{LETTERS[slot]} · {choice.title}"
        if sum(other.kind == choice.kind for other in self.choices.values()) == 1:
            return name
        warmup = ""
        if choice.has("warmup"):
            warmup = ", warm-up" if choice.number("warmup") else ", no warm-up"
        return f"{name} {choice.number('peak'):g}{warmup}"


def bounded(value: object, bounds: tuple[int, int], default: int) -> int:
    """A whole number within bounds; `default` for what is no number."""
    try:
        number = float(str(value))
    except ValueError:
        return default
    return int(min(max(number, bounds[0]), bounds[1])) if math.isfinite(number) else default


def bounded_run(examples: object, batch_size: object, epochs: object) -> Run:
    """A run within bounds, and of at most MOST_STEPS steps."""
    start = Run()
    run = Run(
        bounded(examples, RUN_BOUNDS["examples"], start.examples),
        bounded(batch_size, RUN_BOUNDS["batch_size"], start.batch_size),
        bounded(epochs, RUN_BOUNDS["epochs"], start.epochs),
    )
    if run.steps > MOST_STEPS:
        run = replace(run, epochs=max(1, MOST_STEPS // run.steps_per_epoch))
    return run if run.steps <= MOST_STEPS else replace(run, batch_size=RUN_BOUNDS["batch_size"][1])


def to_query(view: View) -> list[tuple[str, str]]:
    """The view as query parameters; what has its default is left out of a schedule."""
    query = [
        ("data", str(view.run.examples)),
        ("batch", str(view.run.batch_size)),
        ("epochs", str(view.run.epochs)),
        ("unit", view.unit),
    ]
    for choice in view.choices.values():
        parts = [choice.kind]
        for parameter in KINDS[choice.kind].parameters:
            value = choice.get(parameter.name)
            if value != parameter.default:
                parts.append(f"{parameter.name}_{_written(value)}")
        query.append(("s", "~".join(parts)))
    race = view.race
    query.append(("race", f"{race.epochs}-{race.batch_size}-{race.seeds}"))
    if view.log_rate:
        query.append(("log", "1"))
    if view.part != PARTS[0]:
        query.append(("part", view.part))
    return query


def _written(value: Value) -> str:
    return f"{value:.12g}" if isinstance(value, float) else "" if value is None else str(value)


def link(base_url: str, view: View) -> str:
    """A link that restores the view."""
    return f"{base_url}?{urlencode(to_query(view))}"


def from_query(query: Mapping[str, Sequence[str]]) -> View:
    """Read a link; every bad value gives way to a default, every large one to its bound.

    Args:
        query: all values of each parameter.
    """
    first = {name: values[0] for name, values in query.items() if values}
    start = View()
    run = bounded_run(
        first.get("data", start.run.examples),
        first.get("batch", start.run.batch_size),
        first.get("epochs", start.run.epochs),
    )
    unit, part = first.get("unit", ""), first.get("part", "")
    read = [_choice(part) for part in list(query.get("s", ()))[:MOST]]
    choices = dict(enumerate(choice for choice in read if choice is not None))
    return View(
        run=run,
        unit=unit if unit in UNITS else start.unit,
        choices=choices or start.choices,
        race=_race(first.get("race", "")),
        log_rate=first.get("log") == "1",
        part=part if part in PARTS else start.part,
    )


def _choice(text: str) -> Choice | None:
    kind, *parts = text[:_LONGEST_PART].split("~")
    if kind not in KINDS:
        return None
    given = dict(part.rpartition("_")[::2] for part in parts)
    values: dict[str, Value] = {
        parameter.name: parameter.clean(given[parameter.name])
        for parameter in KINDS[kind].parameters
        if parameter.name in given
    }
    return Choice(kind, values)


def _race(text: str) -> RaceSettings:
    start = RaceSettings()
    epochs, batch_size, seeds, *_ = [*text[:40].split("-"), "", "", ""]
    return RaceSettings(
        bounded(epochs, RACE_BOUNDS["epochs"], start.epochs),
        bounded(batch_size, RACE_BOUNDS["batch_size"], start.batch_size),
        bounded(seeds, RACE_BOUNDS["seeds"], start.seeds),
    )
