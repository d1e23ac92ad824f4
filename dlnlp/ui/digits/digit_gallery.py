"""Small pictures to click: a Streamlit component of real buttons, drawn from one sheet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dlnlp.ui.component import component
from dlnlp.ui.digits.digit_pictures import png_uri, sheet

MOST = 200
_COLUMNS = 16

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Tile:
    """A picture's words: what a screen reader says, and what stands below it."""

    label: str
    caption: str = ""


_mount = component(__file__, '<div class="gallery" role="group"></div>')


def valid_pick(picked: Any, count: int) -> int | None:
    """The index that the browser sent back, None when there is no such tile."""
    return picked if type(picked) is int and 0 <= picked < count else None


@lru_cache(maxsize=64)
def _sheet_uri(raw: bytes, shape: tuple[int, ...], columns: int, ink: bool) -> str:
    """The pictures on one sheet; kept, since a page is drawn again whenever a pen is lifted."""
    pictures = np.frombuffer(raw, np.uint8).reshape(shape)
    if ink:  # black everywhere, and as opaque as there is ink: what a mask is made of
        opacity = 255 - pictures[..., None]
        pictures = np.concatenate([np.zeros((*shape, 3), np.uint8), opacity], -1)
    return png_uri(sheet(pictures, columns))


def gallery(
    pictures: Pixels,
    tiles: Sequence[Tile],
    *,
    key: str,
    title: str,
    size: int = 56,
    ink: bool = False,
    selected: int | None = None,
    on_pick: Callable[[int], None] | None = None,
) -> None:
    """Draw the pictures; a click calls `on_pick` with the index before the rerun it causes.

    Args:
        pictures: [N, h, w] with light ink on black; for `ink`, dark ink on white.
        tiles: words, [N].
        key: Streamlit key.
        title: of the group, for screen readers.
        size: of a picture on the page, in pixels.
        ink: draw only the ink, in the colour of the page's text.
        selected: index of the picture to mark.
        on_pick: without it, the pictures are no buttons.
    """
    count = min(len(tiles), MOST)
    columns = max(1, min(count, _COLUMNS))
    shown = np.ascontiguousarray(pictures[:count])
    data = {
        "title": title,
        "size": size,
        "ink": ink,
        "columns": columns,
        "rows": -(-count // columns),
        "sheet": _sheet_uri(shown.tobytes(), shown.shape, columns, ink) if count else "",
        "tiles": [{"label": tile.label, "caption": tile.caption} for tile in tiles[:count]],
        "selected": selected,
        "buttons": on_pick is not None,
    }

    def picked() -> None:
        state = st.session_state.get(key)
        index = valid_pick(state.get("pick") if state else None, count)
        if index is not None and on_pick is not None:
            on_pick(index)

    _mount(key=key, data=data, on_pick_change=picked)
