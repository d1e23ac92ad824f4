"""Which columns of a log hold the learning rate, the loss and the step."""

import re
from collections.abc import Sequence

import numpy as np

from dlnlp.ui.schedules.log_numbers import NotNumber, numbers

# "train/learning_rate", "lr-Adam/pg1", "trainLoss", "LR"
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_NO_RATE = {"momentum", "decay", "loss", "losses", "error"}
_OTHER_DATA = {"val", "valid", "validation", "test", "eval", "evaluation", "dev"}
_NO_LOSS = {"min", "max", "std", *_OTHER_DATA}
_AVERAGED = {"epoch", "avg", "average", "mean", "smooth", "smoothed", "ema"}
_PLAIN = {"loss", "losses", "train", "training", "step", "batch"}
_STEPS = ("step", "global step", "iteration", "iter")
_LONGEST_LABEL = 60


def labels(header: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns for a choice: none empty, none twice, none long."""
    names = [name[:_LONGEST_LABEL] or f"column {index}" for index, name in enumerate(header, 1)]
    return tuple(
        f"{name} (column {index})" if name in names[: index - 1] else name
        for index, name in enumerate(names, 1)
    )


def are_indices(header: Sequence[str]) -> bool:
    """Whether a header counts the columns from 0, as pandas does when they have no names."""
    given = header[1:] if header[0] == "" else header
    return list(given) == [str(index) for index in range(len(given))]


def told(header: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[int | None, int | None]:
    """Indices of learning rate and loss, each None when it cannot be told.

    Args:
        header: names of the columns; empty when they have none.
        rows: cells, row by row; they decide when there are no names.
    """
    if header and not are_indices(header):
        return _by_names(header)
    return _by_values(rows)


def step_of(columns: Sequence[str]) -> int | None:
    """Index of the column that counts the steps; None without one."""
    names = [" ".join(_WORDS.findall(name)).lower() for name in columns]
    return next((names.index(name) for name in _STEPS if name in names), None)


def _by_names(header: Sequence[str]) -> tuple[int | None, int | None]:
    rates: list[tuple[int, int]] = []
    losses: list[tuple[bool, int, int]] = []
    for index, name in enumerate(header):
        listed = [word.lower() for word in _WORDS.findall(name)]
        words = set(listed)
        if _is_rate(listed) and not words & _NO_RATE:
            rates.append((len(words & _OTHER_DATA), index))
        if words & {"loss", "losses"} and not words & _NO_LOSS:
            losses.append((bool(words & _AVERAGED), len(words - _PLAIN), index))
    return min(rates)[-1] if rates else None, min(losses)[-1] if losses else None


def _is_rate(words: Sequence[str]) -> bool:
    text = f" {' '.join(words)} "
    return (
        any(f" {name} " in text for name in ("lr", "lrs", "learning rate", "learning rates"))
        or "learningrate" in words
        or words in (["rate"], ["rates"])
    )


def _by_values(rows: Sequence[Sequence[str]]) -> tuple[int | None, int | None]:
    """The one column that rises as rates do, and the one beside it that is no counter."""
    rising, others = [], []
    for index in range(len(rows[0])):
        try:
            values = numbers([row[index] for row in rows])
        except NotNumber:
            continue
        steps = np.diff(values)
        if len(steps) and (steps == steps[0]).all() and steps[0] in (0, 1):
            continue  # constant, or a counter
        if len(steps) and (values > 0).all() and (steps >= 0).all():
            rising.append(index)
        else:
            others.append(index)
    if len(rising) == 2 and not others:  # a loss that only rises
        return rising[0], rising[1]
    return (
        rising[0] if len(rising) == 1 else None,
        others[0] if len(others) == 1 and len(rising) == 1 else None,
    )
