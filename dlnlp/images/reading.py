"""From the bytes of a file to pixels, whatever the bytes are.

Bounded before anything is decoded: bytes, formats, pixels. Only the first picture of an animation
or a file of several pages is read.
"""

import io
import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, JpegImagePlugin, PngImagePlugin, UnidentifiedImageError

Pixels = NDArray[np.uint8]

MAX_BYTES = 20 * 2**20
MAX_PIXELS = 25_000_000  # what a telephone's camera makes
MAX_SIDE = 10_000  # a picture one pixel wide would cost more for its rows than for its pixels
# Bytes that decoding may take: what takes more for each pixel may have fewer of them.
MAX_DECODED = 45 * 10**6
# Longer pictures are made smaller right away: a digit needs no more, and a session no more memory.
LONGEST_SIDE = 800

# Pillow reads many more, some through programs of their own; these are what people have.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
# Times that a decoder holds the picture; measured by tests/images/test_reading_memory.py.
_TIMES = {"WEBP": 4, "TIFF": 3}
PngImagePlugin.MAX_TEXT_MEMORY = 4 * 2**20  # of the texts in a file; 64 MB by default
_STRIP = 250_000  # pixels that are converted and reduced at once
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
            _check_size(image)
            # A JPEG can be decoded at a half, a quarter, an eighth of its size.
            factor, (width, height) = _factor(image.size), image.size
            image.draft(None, (math.ceil(width / factor), math.ceil(height / factor)))
            return _pixels(image)
    except ImageError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large("far too many pixels", f"{MAX_PIXELS / 1e6:.0f} million") from error
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


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise _too_large(f"{width} x {height} pixels", f"{MAX_PIXELS / 1e6:.0f} million")
    if max(width, height) > MAX_SIDE:
        raise _too_large(f"a side of {max(width, height)} pixels", f"{MAX_SIDE}")
    most = int(MAX_DECODED / _bytes_each(image))
    if width * height > most:
        raise _too_large(
            f"{width} x {height} pixels",
            f"{most / 1e6:.1f} million of this kind ({image.format}, {image.mode})",
            "make it smaller, or save it as an ordinary (baseline) JPEG",
        )


def _bytes_each(image: Image.Image) -> float:
    """Bytes of memory that a pixel takes at most while the picture is decoded."""
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        return _bytes_each_of_jpeg(image)
    held = 4 if len(image.getbands()) > 1 or image.mode in ("I", "F") else 1
    held = 2 if image.mode.startswith("I;16") else held
    return held * _TIMES.get(image.format or "", 1)


def _bytes_each_of_jpeg(image: JpegImagePlugin.JpegImageFile) -> float:
    """A JPEG is decoded reduced, but of one in several scans all coefficients are kept."""
    count, stream = len(image.layer), image.fp
    header = b"\xff\xda" + bytes([0, 6 + 2 * count, count])  # of a scan with all components
    if stream is not None and "progressive" not in image.info:
        place = stream.tell()  # behind what stands before the first scan's data
        stream.seek(max(0, place - 2 - header[3]))
        whole = stream.read(len(header)) == header
        stream.seek(place)
        if whole:
            return 1
    areas = [across * down for _, across, down, _ in image.layer]
    return 1 + 2 * sum(areas) / max(areas)


def _too_large(size: str, most: str, remedy: str = "make it smaller") -> ImageError:
    return ImageError(f"The picture has {size} and at most {most} are read; {remedy}.")


def _factor(size: tuple[int, int]) -> int:
    return math.ceil(max(size) / LONGEST_SIDE)


def _pixels(image: Image.Image) -> Pixels:
    """The picture, reduced, in strips of some rows: no second copy of the whole is made."""
    image.load()
    turn = _turn(image)  # a TIFF has been turned by now, and has lost its tag
    factor = _factor(image.size)
    width, rows = image.width, max(1, _STRIP // (image.width * factor)) * factor
    spread = _range(image, rows) if image.mode in ("I", "F") else (0.0, 0.0)
    reduced: list[Pixels] = []
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, width, min(top + rows, image.height)))
        reduced.append(np.asarray(_eight_bits(strip, spread).reduce(factor)))
    whole = Image.fromarray(np.concatenate(reduced))
    if whole.mode == "RGBA":
        whole = flatten(whole)
    return np.asarray(whole if turn is None else whole.transpose(turn))


def _turn(image: Image.Image) -> Image.Transpose | None:
    try:
        orientation: object = image.getexif().get(_ORIENTATION)
        return _TURNS.get(orientation) if isinstance(orientation, int) else None
    except Exception:  # damaged EXIF is no reason to refuse a picture
        return None


def _eight_bits(image: Image.Image, spread: tuple[float, float]) -> Image.Image:
    """`image` in mode L, RGB or RGBA; numbers of any range from black to white of `spread`."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode in ("I", "F"):
        return Image.fromarray(_stretched(np.asarray(image, np.float64), *spread))
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _range(image: Image.Image, rows: int) -> tuple[float, float]:
    """The lowest and the highest finite number of a picture; 0 and 0 where there is none."""
    low, high = math.inf, -math.inf
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        values = np.asarray(strip, np.float64)
        finite = np.isfinite(values)
        low = min(low, values.min(where=finite, initial=math.inf))
        high = max(high, values.max(where=finite, initial=-math.inf))
    return (low, high) if low <= high else (0.0, 0.0)


def _stretched(values: NDArray[np.float64], low: float, high: float) -> Pixels:
    """Values from `low` (black) to `high` (white); what is not finite is black."""
    scaled = np.where(np.isfinite(values), values, low) / 2 - low / 2  # halves: no overflow
    return np.asarray(scaled * (255 / max(high / 2 - low / 2, 1e-300)), np.uint8)
