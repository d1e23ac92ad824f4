"""Number fields of the schedules page that say what they do with a number out of range.

Streamlit's own bounds redden a field and send nothing: the page goes on with the old number, and
nobody can tell. These fields have none: the number comes here, and a sentence answers it.
"""

from typing import Any

import streamlit as st


def number_field(
    label: str,
    bounds: tuple[float, float],
    kept: float | None,
    told: list[str],
    *,
    key: str,
    where: str = "the chart",
    empty: str = "",
    **options: Any,
) -> Any:
    """Draw a number field.

    Args:
        label: what the field is called.
        bounds: lowest and highest number allowed.
        kept: the number that stays in use while the one in the field is out of range.
        told: takes a sentence when the number is out of range; the caller draws it where there is
            room, and where its effect is seen.
        key: of the widget.
        where: what goes on with the kept number.
        empty: what no number means; without it the field cannot be empty.
        options: for `st.number_input`.

    Returns:
        The number of the field, None when it is empty, or `kept`.
    """
    if key not in st.session_state:
        st.session_state[key] = kept
    if empty:
        options |= {"value": None, "placeholder": empty}
    number = st.number_input(label, key=key, **options)
    low, high = bounds
    if number is None or low <= number <= high:
        return number
    shown = empty if kept is None else _written(kept)
    told.append(f"{label} must be from {_written(low)} to {_written(high)}: {where} keeps {shown}.")
    return kept


def _written(number: float) -> str:
    return f"{number:,}" if isinstance(number, int) else f"{number:.6g}"
