"""Slices of labelled rows: in which of them is the accuracy lower than in the rest.

Each slice is compared with all other rows by Fisher's exact test, one-sided: were the errors spread
over the rows by chance, how often would the slice hold as many or more? The p-values of all slices
that were tried are corrected together by Holm's method (1979), which holds for slices that
overlap: if no slice is worse, the chance that any is called so is at most `RATE`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlnlp.cards import Measure
from dlnlp.scoring.evaluation import wilson_interval
from dlnlp.scoring.evaluation_report import measure_as_json

RATE: float = 0.05
"""Chance that any slice is called worse where none is."""
LEAST = 10
"""Rows that a slice has, and rows outside it, to be tried."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A slice and how many of its rows are right.

    Attributes:
        kind: what the rows were parted by, such as the name of a column.
        value: what the rows of the slice share.
        rows: how many there are.
        right: how many of these are right.
    """

    kind: str
    value: str
    rows: int
    right: int


@dataclass(frozen=True, slots=True)
class Slice:
    """A slice, compared with all other rows.

    Attributes:
        kind: what the rows were parted by.
        value: what the rows of the slice share.
        rows: how many there are.
        right: how many of these are right.
        accuracy: share of its rows that are right, with its interval.
        rest: the same of all other rows.
        p_value: of Fisher's exact test that its accuracy is not lower.
        corrected: the same by Holm's method, for all slices that were tried.
    """

    kind: str
    value: str
    rows: int
    right: int
    accuracy: Measure
    rest: Measure
    p_value: float
    corrected: float

    @property
    def worse(self) -> bool:
        """Whether its accuracy is lower than that of the rest, beyond chance."""
        return self.corrected <= RATE


def compare(counted: Sequence[Counted], rows: int, right: int) -> tuple[Slice, ...]:
    """Compare each slice with the rest; those that are too small are not tried.

    Args:
        counted: the slices; they may overlap.
        rows: of the whole table.
        right: how many of these are right.

    Returns:
        The slices that were tried, the strongest evidence of a lower accuracy first.
    """
    tried = [each for each in counted if LEAST <= each.rows <= rows - LEAST]
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, rows + 1)))])
    p_values = np.array([fisher_less(each, rows, right, logs) for each in tried])
    found = [
        Slice(
            kind=each.kind,
            value=each.value,
            rows=each.rows,
            right=each.right,
            accuracy=_share(each.right, each.rows),
            rest=_share(right - each.right, rows - each.rows),
            p_value=p_value,
            corrected=corrected,
        )
        for each, p_value, corrected in zip(
            tried, p_values.tolist(), holm(p_values).tolist(), strict=True
        )
    ]
    return tuple(sorted(found, key=lambda each: (each.p_value, each.accuracy.value)))


def _share(successes: int, trials: int) -> Measure:
    return Measure(successes / trials, *wilson_interval(successes, trials))


def fisher_less(each: Counted, rows: int, right: int, logs: NDArray[np.float64]) -> float:
    """Chance of so few right rows in a slice, were the right ones spread by chance.

    The lower tail of the hypergeometric distribution.

    Args:
        each: the slice.
        rows: of the whole table.
        right: how many of these are right.
        logs: logarithms of the factorials of 0 to `rows`, float64 ``[rows + 1]``.
    """

    def log_choose(n: Any, k: Any) -> Any:
        return logs[n] - logs[k] - logs[n - k]

    least = max(0, each.rows - (rows - right))
    hits = np.arange(least, each.right + 1)
    terms = log_choose(right, hits) + log_choose(rows - right, each.rows - hits)
    return min(1.0, float(np.exp(terms - log_choose(rows, each.rows)).sum()))


def holm(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """P-values corrected for their number by Holm's method (1979).

    Args:
        p_values: float64 ``[m]``.

    Returns:
        float64 ``[m]``: those at most r are significant where the chance of any error is r.
    """
    tests = len(p_values)
    order = np.argsort(p_values, kind="stable")
    stepped = np.maximum.accumulate((tests - np.arange(tests)) * p_values[order])
    corrected = np.empty(tests)
    corrected[order] = np.minimum(stepped, 1.0)
    return corrected


def as_json(slices: Sequence[Slice]) -> list[dict[str, Any]]:
    """The slices, ready for JSON."""
    return [
        {
            "by": each.kind,
            "value": each.value,
            "rows": each.rows,
            "accuracy": measure_as_json(each.accuracy),
            "accuracy_of_the_rest": measure_as_json(each.rest),
            "p_value": each.p_value,
            "p_value_corrected": each.corrected,
            "worse": each.worse,
        }
        for each in slices
    ]


def in_words(slices: Sequence[Slice], most: int = 12) -> list[str]:
    """The slices as lines of text, for a terminal: all that are worse, and `most` at least."""
    shown = [each for place, each in enumerate(slices) if each.worse or place < most]
    names = [f"{each.kind}: {each.value}" for each in shown]
    names = [name if len(name) <= 44 else f"{name[:43]}…" for name in names]
    width = max([len("slice"), *map(len, names)])
    lines = [f"{'slice':<{width}}  {'accuracy':<22}  the rest     rows  p (Holm)"]
    for name, each in zip(names, shown, strict=True):
        lines.append(
            f"{name:<{width}}  {each.accuracy.in_percent(1):<22}  {100 * each.rest.value:>6.1f} %"
            f"  {each.rows:>7,}  {each.corrected:>8.2g}{'  worse' if each.worse else ''}"
        )
    return lines
