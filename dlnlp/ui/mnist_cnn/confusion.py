"""A confusion matrix whose cells are buttons: a Streamlit component."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dlnlp.ui.shell.component import component

HTML = """
<div class="confusion">
  <table><caption></caption><thead></thead><tbody></tbody></table>
</div>
"""


_mount = component(__file__, HTML)


def confusion(
    labels: NDArray[np.uint8], predicted: NDArray[np.int64], classes: int
) -> NDArray[np.int64]:
    """Confusion matrix, int64 [C, C], rows by true class, columns by predicted class.

    Args:
        labels: true classes, uint8 [N].
        predicted: predicted classes, int64 [N].
        classes: C.
    """
    pairs = labels.astype(np.int64) * classes + predicted
    return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)


def valid_cell(picked: Any, classes: int) -> tuple[int, int] | None:
    """The cell (true, predicted) that the browser sent back, None for anything else."""
    if not isinstance(picked, list) or len(picked) != 2:
        return None
    row, column = picked
    inside = all(type(place) is int and 0 <= place < classes for place in picked)
    return (row, column) if inside else None


def confusion_grid(
    counts: NDArray[np.int64],
    class_names: Sequence[str],
    *,
    key: str,
    selected: tuple[int, int] | None,
    on_pick: Callable[[tuple[int, int]], None],
) -> None:
    """Draw a confusion matrix; a click calls `on_pick` with (true, predicted) before the rerun.

    Shades of one neutral hue, relative to the largest count on the diagonal and beside it.

    Args:
        counts: int64 [C, C], rows by true class, columns by predicted class.
        class_names: C names.
        key: key of the component.
        selected: the selected cell, as (true, predicted).
        on_pick: called with the clicked cell.
    """
    right = np.eye(len(counts), dtype=bool)
    wrong = max(1, int(counts[~right].max(initial=0)))
    most = max(1, int(counts[right].max(initial=0)))
    shades = np.where(right, 0.35 * counts / most, 0.2 + 0.8 * counts / wrong)
    data = {
        "names": list(class_names),
        "counts": counts.tolist(),
        "shades": np.where(counts > 0, shades, 0).round(3).tolist(),
        "selected": list(selected) if selected else None,
    }

    def picked() -> None:
        state = st.session_state.get(key)
        cell = valid_cell(state.get("pick") if state else None, len(counts))
        if cell is not None:
            on_pick(cell)

    _mount(key=key, data=data, on_pick_change=picked)
