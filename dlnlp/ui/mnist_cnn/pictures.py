"""Pictures of digits as PNG in the page itself: crisp pixels, signed maps, sheets of many."""

import base64
import html
import io
import math
from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from dlnlp.ui.shell.numbers import short

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

# The hues of the shaded texts: blue speaks for, orange against.
FOR, AGAINST = (43, 127, 217), (217, 96, 26)
_DIGIT_GREY = 128
_DIGIT_OPACITY = 0.5

_STYLE = """<style>
.pixels img{image-rendering:pixelated;width:100%;display:block;border-radius:.3rem}
.pixels figure{margin:0}
.pixels figcaption{font-size:.85rem;line-height:1.4;margin-top:.3rem}
.scale{display:flex;align-items:center;gap:.5rem;font-size:.82rem;flex-wrap:wrap}
.scale .bar{flex:1 1 5rem;max-width:12rem;height:.75rem;border-radius:.2rem;
  border:1px solid rgba(128,128,128,.5)}
</style>"""


def grey(image: Floats) -> Pixels:
    """Brightness, float32 from 0 to 1, as grey pixels, uint8 from 0 to 255; any shape."""
    return np.asarray(np.clip(np.rint(255 * image), 0, 255), np.uint8)


def png_uri(pixels: Pixels) -> str:
    """Pixels as the data URI of a PNG: grey [h, w], RGB [h, w, 3] or RGBA [h, w, 4]."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=6)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")


def fitted(pixels: Pixels, width: int, height: int) -> Pixels:
    """A picture, uint8 ``[H, W]`` or ``[H, W, channels]``, as large as fits, in pixels.

    However thin it is, no side has less than one pixel.
    """
    image = Image.fromarray(pixels)
    scale = min(width / image.width, height / image.height)
    size = [max(1, round(side * scale)) for side in image.size]
    return np.asarray(image.resize(size, Image.Resampling.LANCZOS))


def sheet(pictures: Pixels, columns: int, gap: int = 0) -> Pixels:
    """Pictures, [N, h, w] or [N, h, w, channels], as one, with empty pixels (0) between them."""
    count, height, width = pictures.shape[:3]
    rows = math.ceil(count / columns)
    tall, wide = rows * (height + gap) - gap, columns * (width + gap) - gap
    whole = np.zeros((max(tall, 0), max(wide, 0), *pictures.shape[3:]), np.uint8)
    for place, picture in enumerate(pictures):
        top, left = (place // columns) * (height + gap), (place % columns) * (width + gap)
        whole[top : top + height, left : left + width] = picture
    return whole


def signed(values: Floats, limit: float, digit: Floats | None = None) -> Pixels:
    """A signed map: blue above 0, orange below, clear at 0, so that it suits any page.

    Args:
        values: [h, w].
        limit: the absolute value that gets the full colour; larger ones get it, too.
        digit: brightness [h, w] in [0, 1] to draw underneath in grey.

    Returns:
        RGBA, [h, w, 4].
    """
    strength = np.clip(np.abs(values) / max(limit, 1e-12), 0, 1)[..., None].astype(np.float64)
    hue = np.where(values[..., None] > 0, FOR, AGAINST).astype(np.float64)
    under = np.zeros_like(strength) if digit is None else _DIGIT_OPACITY * digit[..., None]
    opacity = strength + under * (1 - strength)
    colour = (hue * strength + _DIGIT_GREY * under * (1 - strength)) / np.maximum(opacity, 1e-9)
    return np.asarray(np.rint(np.concatenate([colour, 255 * opacity], -1)), np.uint8)


def figure_html(
    pixels: Pixels,
    words: str,
    width: str,
    caption: str = "",
) -> str:
    """An image, grey [h, w], RGB [h, w, 3] or RGBA [h, w, 4], with its caption; all is escaped.

    `words` describe it for readers who do not see it; the largest width is one of CSS.
    """
    alt, below = html.escape(words, quote=True), html.escape(caption)
    caption_html = f"<figcaption>{below}</figcaption>" if caption else ""
    return (
        f'<figure style="max-width:{width}"><img src="{png_uri(pixels)}" alt="{alt}">'
        f"{caption_html}</figure>"
    )


def show(parts: Sequence[str]) -> None:
    """Draw what `figure_html` and `scale_html` made, one below the other."""
    st.html(f'{_STYLE}<div class="pixels">{"".join(parts)}</div>')


def scale_html(limit: float, low: str, high: str) -> str:
    """The scale of a signed map: what full orange, none and full blue mean."""
    orange, blue = (f"rgb{hue}" for hue in (AGAINST, FOR))
    left, right = html.escape(f"{low} {short(-limit)}"), html.escape(f"{short(limit)} {high}")
    return (
        f'<div class="scale"><span>{left}</span><span class="bar" style="background:'
        f'linear-gradient(90deg,{orange},transparent,{blue})"></span><span>{right}</span></div>'
    )
