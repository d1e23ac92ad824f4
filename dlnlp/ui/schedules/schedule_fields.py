"""Number fields of the schedules page that say what they do with a number out of range.

Streamlit's own bounds redden a field and send nothing: the page goes on with the old number, and
nobody can tell. These fields have none; the number comes here, and a sentence answers it.
"""

from typing import Any

import streamlit as st


def number_field(
    label: str,
    bounds: tuple[float, float],
    kept: float | None,
    *,
    key: str,
    told: list[str] | None = None,
    where: str = "the chart",
    empty: str = "",
    **options: Any,
) -> Any:
    """Draw a number field, and below it a sentence when its number is out of range.

    Args:
        label: what the field is called.
        bounds: lowest and highest number allowed.
        kept: the number that stays in use while the one in the field is out of range.
        key: of the widget.
        told: takes the sentence too, to be repeated elsewhere.
        where: what goes on with the kept number.
        empty: what no number means.
        options: for `st.number_input`.

    Returns:
        The number of the field, None when it is empty, or `kept`.
    """
    if key not in st.session_state:
        st.session_state[key] = kept
    # value=None: an emptied field is empty, and not at some number that Streamlit fills in.
    number = st.number_input(label, value=None, key=key, placeholder=empty or None, **options)
    low, high = bounds
    if number is None or low <= number <= high:
        return number
    shown = empty if kept is None else _written(kept)
    sentence = f"{label} must be from {_written(low)} to {_written(high)}: {where} keeps {shown}."
    st.text(sentence)
    if told is not None:
        told.append(sentence)
    return kept


def _written(number: float) -> str:
    return f"{number:,}" if isinstance(number, int) else f"{number:.6g}"
