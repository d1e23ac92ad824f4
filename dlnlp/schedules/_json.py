"""Schedules as JSON: for permalinks, workers and records of a training."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

import numpy as np

from dlnlp.schedules._cycles import Custom
from dlnlp.schedules._schedule import Schedule


def schedule_classes() -> dict[str, type[Schedule]]:
    """Every schedule that has a JSON form, by its name there: `StepDecay` is "step_decay".

    A function as a parameter (:class:`Custom`) has none. Momentum in antiphase is among them.
    """
    found: dict[str, type[Schedule]] = {}
    rest = Schedule.__subclasses__()
    while rest:
        kind = rest.pop()
        rest += kind.__subclasses__()
        if is_dataclass(kind) and kind is not Custom:
            found[re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()] = kind
    return found


def to_dict(schedule: Schedule) -> dict[str, Any]:
    """JSON-ready: ``{"kind": ..., parameter: value, ...}``, schedules inside schedules likewise.

    Raises:
        ValueError: the schedule has no JSON form (:class:`Custom`).

    Example:
        >>> from dlnlp.schedules import Constant, Warmup
        >>> to_dict(Warmup(Constant(0.1), steps=10))
        {'kind': 'warmup', 'after': {'kind': 'constant', 'value': 0.1}, 'steps': 10, 'start': 0.0}
    """
    names = {kind: name for name, kind in schedule_classes().items()}
    if type(schedule) not in names:
        raise ValueError(f"{type(schedule).__name__} cannot be written as JSON")
    found: dict[str, Any] = {"kind": names[type(schedule)]}
    for field in fields(schedule):  # type: ignore[arg-type]  # every kind is a dataclass
        value = getattr(schedule, field.name)
        if isinstance(value, Schedule):
            value = to_dict(value)
        found[field.name] = value.item() if isinstance(value, np.generic) else value
    return found


def from_dict(content: Mapping[str, Any]) -> Schedule:
    """The schedule that :func:`to_dict` wrote; parameters with a default may be left out.

    Raises:
        ValueError: unknown kind, unknown or missing parameter, or a value that is nonsense.

    Example:
        >>> from_dict({"kind": "cosine", "initial": 0.1, "decay_steps": 100})
        Cosine(initial=0.1, decay_steps=100, final=0.0)
    """
    if not isinstance(content, Mapping):
        raise ValueError(f"a schedule is written as a JSON object, not as {content!r}")
    name, kinds = content.get("kind"), schedule_classes()
    kind: Any = kinds.get(name) if isinstance(name, str) else None
    if kind is None:
        raise ValueError(f"unknown kind of schedule {name!r}: one of {', '.join(sorted(kinds))}")
    known = {field.name: field for field in fields(kind)}
    given = {key: value for key, value in content.items() if key != "kind"}
    for key in given:
        if key not in known:
            raise ValueError(f"{name} has no parameter {key!r}, only {', '.join(known)}")
    for key, field in known.items():
        if key not in given and field.default is MISSING:
            raise ValueError(f"{name} needs the parameter {key!r}")
    made: Schedule = kind(
        **{k: from_dict(v) if k in ("after", "schedule") else v for k, v in given.items()}
    )
    return made
