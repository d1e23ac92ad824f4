"""What the values in a column of true labels mean: guessed, told, and corrected by the visitor."""

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from dlnlp.scoring.label_values import MOST_VALUES, guess_classes
from dlnlp.ui.tables.upload import UploadedTable

LEFT_OUT = "left out"
_LONGEST = 60

Meanings = Mapping[str, int | None]


def label_of(fields: Sequence[str], column: int) -> str:
    """The label in a row."""
    return fields[column].strip()


def _key(column: str, value: str, class_names: Sequence[str]) -> str:
    return f"score_meaning {column} {class_names[0]} {value}"


def meanings(table: UploadedTable, column: int, class_names: Sequence[str]) -> Meanings | None:
    """Draw what the labels mean, with a menu to correct it.

    Args:
        table: with the labels.
        column: index of their column.
        class_names: of the network.

    Returns:
        The class of each value; None where the column holds no labels, and the page has said so.
    """
    counts = Counter(label_of(row.fields, column) for row in table.good)
    name = table.labels[column]
    if len(counts) > MOST_VALUES:
        st.caption(
            f"The column of true labels has {len(counts):,} distinct values; labels have at most "
            f"{MOST_VALUES}: choose another column."
        )
        return None
    found: dict[str, int | None] = {}
    options = (LEFT_OUT, *class_names)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        told = st.container(width="content")
        with st.popover("Correct the labels", type="tertiary"):
            st.caption(
                "What each value of the column means. A row whose label is left out does not count."
            )
            guesses = guess_classes(sorted(counts), class_names)
            for number, (value, guess) in enumerate(guesses.items(), 1):
                with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                    st.text(f"{_short(value)} ({counts[value]:,})", width=180)
                    meaning = st.selectbox(
                        f"What value {number} means",  # its own text might be markdown
                        options,
                        index=0 if guess is None else guess + 1,
                        key=_key(name, value, class_names),
                        persist_state="session",
                        label_visibility="collapsed",
                        width=160,
                    )
                found[value] = None if meaning == LEFT_OUT else options.index(meaning) - 1
    with told:
        # Values are the visitor's: as markdown they might be anything.
        st.text(f"Labels: {in_words(found, class_names)}", width="content")
    return found


def in_words(found: Meanings, class_names: Sequence[str]) -> str:
    """What the labels mean, in a line; a value that is its class itself stands alone."""
    parts = []
    for value, place in list(found.items())[:8]:
        meaning = LEFT_OUT if place is None else class_names[place]
        alone = place is not None and value == meaning
        parts.append(_short(value) if alone else f"{_short(value)} = {_short(meaning)}")
    return ", ".join(parts) + (" …" if len(found) > len(parts) else "")


def _short(value: str) -> str:
    shown = value if len(value) <= _LONGEST else value[:_LONGEST] + "…"
    return shown or "empty"
