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

from dlnlp.ui.shell.hues import hue
from dlnlp.ui.shell.numbers import short

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

_DIGIT_GREY, _DIGIT_OPACITY = 128, 0.5
_ENLARGED = 12  # browsers smooth what they scale: a pixel of a map has as many on each side

_STYLE = """<style>
.pixels img{image-rendering:pixelated;width:100%;display:block;border-radius:.3rem}
.pixels figure{margin:0}
.pixels .layers{position:relative;aspect-ratio:1}
.pixels .layers>*{position:absolute;inset:0;mask-size:100% 100%}
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
    """A picture made as large as fits, however thin it is: no side has less than one pixel.

    Args:
        pixels: uint8 ``[H, W]`` or ``[H, W, channels]``.
        width: the most, in pixels.
        height: the most, in pixels.
    """
    image = Image.fromarray(pixels)
    scale = min(width / image.width, height / image.height)
    size = [max(1, round(side * scale)) for side in image.size]
    return np.asarray(image.resize(size, Image.Resampling.LANCZOS))


def sheet(pictures: Pixels, columns: int, gap: int = 0) -> Pixels:
    """Many pictures of one size as one.

    Args:
        pictures: [N, h, w] or [N, h, w, channels].
        columns: pictures in a row.
        gap: empty (0) pixels between them.
    """
    count, height, width = pictures.shape[:3]
    rows = math.ceil(count / columns)
    tall, wide = rows * (height + gap) - gap, columns * (width + gap) - gap
    whole = np.zeros((max(tall, 0), max(wide, 0), *pictures.shape[3:]), np.uint8)
    for place, picture in enumerate(pictures):
        top, left = (place // columns) * (height + gap), (place % columns) * (width + gap)
        whole[top : top + height, left : left + width] = picture
    return whole


def masks(values: Floats, limit: float) -> tuple[Pixels, Pixels]:
    """How strongly a signed map ``[h, w]`` speaks for and against, uint8 from 0 to 255.

    `limit` is the absolute value that gets the full colour; larger ones get it, too.
    """
    strength = np.clip(values / max(limit, 1e-12), -1, 1)
    return grey(np.maximum(strength, 0)), grey(np.maximum(-strength, 0))


def evidence_html(values: Floats, limit: float, digit: Floats, words: str, width: str) -> str:
    """A signed map ``[h, w]`` over its digit in grey: in the theme's hues, clear at 0.

    `digit` is its brightness in [0, 1]; `words` are for readers who do not see it; the largest
    width is in CSS.
    """
    under = grey(_DIGIT_OPACITY * digit)
    layers = [f'<img src="{png_uri(_veil(under, _DIGIT_GREY))}" alt="">']
    hues = (hue("for"), hue("against"))
    for colour, mask in zip(hues, masks(values, limit), strict=True):
        enlarged = mask.repeat(_ENLARGED, 0).repeat(_ENLARGED, 1)
        layers.append(
            f'<div style="background:{colour};mask-image:url({png_uri(_veil(enlarged, 0))})"></div>'
        )
    alt = html.escape(words, quote=True)
    return (
        f'<figure style="max-width:{width}"><div class="layers" role="img" aria-label="{alt}">'
        f"{''.join(layers)}</div></figure>"
    )


def _veil(opacity: Pixels, brightness: int) -> Pixels:
    """RGBA of one grey, of an opacity ``[h, w]``."""
    shade = np.full_like(opacity, brightness)
    return np.stack([shade, shade, shade, opacity], -1)


def figure_html(
    pixels: Pixels,
    words: str,
    width: str,
    caption: str = "",
) -> str:
    """An image with its caption; everything is escaped here.

    Args:
        pixels: grey [h, w], RGB [h, w, 3] or RGBA [h, w, 4].
        words: a description for readers who do not see the image.
        width: largest width, in CSS.
        caption: text below the image.
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
    orange, blue = hue("against"), hue("for")
    left, right = html.escape(f"{low} {short(-limit)}"), html.escape(f"{short(limit)} {high}")
    return (
        f'<div class="scale"><span>{left}</span><span class="bar" style="background:'
        f'linear-gradient(90deg,{orange},transparent,{blue})"></span><span>{right}</span></div>'
    )
