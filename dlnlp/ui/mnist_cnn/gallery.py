"""Small pictures to click: a Streamlit component of real buttons, drawn from one sheet."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dlnlp.ui.mnist_cnn.pictures import png_uri, sheet
from dlnlp.ui.shell.component import component
from dlnlp.ui.shell.picked import picked_place

MOST = 200
_COLUMNS = 16

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Tile:
    """A picture's words: what a screen reader says, and what stands below it."""

    label: str
    caption: str = ""


@dataclass(frozen=True, eq=False)
class Group:
    """Pictures that belong together.

    Attributes:
        title: title of the group, for screen readers.
        pictures: [N, h, w] with light ink on black; for `ink`, dark ink on white.
        tiles: words, [N].
        size: width of a picture on the page, in pixels.
        heading: stands above the pictures, bold; without one there is none.
        note: stands behind the heading.
        ink: draw only the ink, in the colour of the page's text.
        across: pictures in a row at most, so that no row is left with one or two.
    """

    title: str
    pictures: Pixels
    tiles: Sequence[Tile]
    size: int = 56
    heading: str = ""
    note: str = ""
    ink: bool = False
    across: int = MOST


_mount = component(__file__, '<div class="galleries"></div>')


@lru_cache(maxsize=64)
def _sheet_uri(raw: bytes, shape: tuple[int, ...], columns: int, ink: bool) -> str:
    """The pictures on one sheet; kept, since a page is drawn again whenever a pen is lifted."""
    pictures = np.frombuffer(raw, np.uint8).reshape(shape)
    if ink:  # black everywhere, and as opaque as there is ink: what a mask is made of
        opacity = 255 - pictures[..., None]
        pictures = np.concatenate([np.zeros((*shape, 3), np.uint8), opacity], -1)
    return png_uri(sheet(pictures, columns))


def _data(group: Group) -> dict[str, Any]:
    count = min(len(group.tiles), MOST)
    columns = max(1, min(count, _COLUMNS))
    shown = np.ascontiguousarray(group.pictures[:count])
    uri = _sheet_uri(shown.tobytes(), shown.shape, columns, group.ink) if count else ""
    return {
        "title": group.title,
        "heading": group.heading,
        "note": group.note,
        "size": group.size,
        "ink": group.ink,
        "across": group.across,
        "columns": columns,
        "rows": -(-count // columns),
        "sheet": uri,
        "tiles": [{"label": tile.label, "caption": tile.caption} for tile in group.tiles[:count]],
    }


def galleries(groups: Sequence[Group], *, key: str) -> None:
    """Draw groups of pictures, one below the other, none of them to click.

    Args:
        groups: what to draw.
        key: Streamlit key.
    """
    data = {"groups": [_data(group) for group in groups], "selected": None, "buttons": False}
    _mount(key=key, data=data)


def gallery(
    group: Group, *, key: str, on_pick: Callable[[int], None], selected: int | None = None
) -> None:
    """Draw a group of buttons; a click calls `on_pick` with the index before the rerun it causes.

    Args:
        group: what to draw.
        key: Streamlit key.
        on_pick: gets the index of a picture.
        selected: index of the picture to mark.
    """
    count = min(len(group.tiles), MOST)
    words = "\n".join([group.title, *(tile.label for tile in group.tiles[:count])])
    subject = hashlib.sha256(words.encode(errors="replace")).hexdigest()[:12]

    def picked() -> None:
        state = st.session_state.get(key)
        index = picked_place(state and state.get("pick"), subject, count)
        if index is not None:
            on_pick(index)

    data = {
        "groups": [_data(group)],
        "selected": selected,
        "buttons": True,
        "subject": subject,
    }
    _mount(key=key, data=data, on_pick_change=picked)
