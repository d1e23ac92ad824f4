"""From the bytes of a file to pixels, whatever the bytes are.

Bounded before anything is decoded: bytes, formats, pixels. Only the first picture of an animation
or a file of several pages is read.
"""

import io
import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

Pixels = NDArray[np.uint8]

MAX_BYTES = 20 * 2**20
MAX_PIXELS = 25_000_000  # what a telephone's camera makes; decoding takes 4 bytes each
# Longer pictures are made smaller right away: a digit needs no more, and a session no more memory.
LONGEST_SIDE = 1600

# Pillow reads many more, some through programs of their own; these are what people have.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
_ORIENTATION = 0x0112  # the tag of EXIF
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Below this difference from white nothing can be seen on white.
_VISIBLE = 16


class ImageError(ValueError):
    """Bytes that cannot be read as a picture: one sentence that says why, and the remedy."""


def read_image(data: bytes) -> Pixels:
    """Decodes a picture.

    Turned as EXIF says; transparency laid over white (over black where all that can be seen is
    white); reduced to LONGEST_SIDE.

    Args:
        data: the content of a file in one of FORMATS.

    Returns:
        uint8 [H, W] for a grey picture, [H, W, 3] in red, green and blue for a coloured one.

    Raises:
        ImageError: the bytes are too many, no picture, damaged, or too large a picture.
    """
    if not data:
        raise ImageError("The file is empty; choose one with a picture in it.")
    if len(data) > MAX_BYTES:
        raise ImageError(
            f"The file has {len(data) / 2**20:.0f} MB and at most {MAX_BYTES // 2**20} are read; "
            "make the picture smaller or save it as JPEG."
        )
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_size(*image.size)
            # A JPEG can be decoded at a half, a quarter, an eighth of its size.
            image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
            return _pixels(image)
    except ImageError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels("far too many") from error
    except UnidentifiedImageError as error:
        raise ImageError(
            "This is no picture in a known format; "
            f"save it as PNG or JPEG (read are {', '.join(FORMATS)})."
        ) from error
    # Pillow's decoders answer damaged bytes with errors of a dozen types, SyntaxError among them.
    except Exception as error:
        raise ImageError(
            "The picture is damaged or cut off; save it again as PNG or JPEG."
        ) from error


def flatten(rgba: Image.Image) -> Image.Image:
    """A picture with transparency laid over white, or over black if it would vanish on white."""
    if np.asarray(rgba)[..., 3].min() == 255:
        return rgba.convert("RGB")
    white = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
    if np.asarray(white).min() >= 255 - _VISIBLE:
        black = Image.alpha_composite(Image.new("RGBA", rgba.size, "black"), rgba)
        return black.convert("RGB")
    return white


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise _too_many_pixels(f"{width} x {height}")


def _too_many_pixels(size: str) -> ImageError:
    return ImageError(
        f"The picture has {size} pixels and at most {MAX_PIXELS / 1e6:.0f} million are read; "
        "make it smaller."
    )


def _pixels(image: Image.Image) -> Pixels:
    turn = _turn(image)
    reduced = _opaque(image)
    factor = math.ceil(max(reduced.size) / LONGEST_SIDE)
    if factor > 1:
        reduced = reduced.reduce(factor)
    return np.asarray(reduced if turn is None else reduced.transpose(turn))


def _turn(image: Image.Image) -> Image.Transpose | None:
    try:
        orientation: object = image.getexif().get(_ORIENTATION)
        return _TURNS.get(orientation) if isinstance(orientation, int) else None
    except Exception:  # damaged EXIF is no reason to refuse a picture
        return None


def _opaque(image: Image.Image) -> Image.Image:
    """`image` in mode L or RGB, 8 bits a channel."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode in ("I", "F"):
        return Image.fromarray(_stretched(np.asarray(image, np.float64)))
    if image.has_transparency_data:
        return flatten(image.convert("RGBA"))
    if image.mode in ("1", "L"):
        return image.convert("L")
    return image.convert("RGB")


def _stretched(values: NDArray[np.float64]) -> Pixels:
    """Values of any range from black to white; what is not finite is black."""
    finite = np.isfinite(values)
    if not finite.any():
        return np.zeros(values.shape, np.uint8)
    low, high = values[finite].min(), values[finite].max()
    scaled = np.where(finite, values, low) / 2 - low / 2  # halves: no overflow
    return np.asarray(scaled * (255 / max(high / 2 - low / 2, 1e-300)), np.uint8)
