"""The one font of figures, which ships with the package: how wide a text is, what it lacks.

DejaVu Sans covers Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic, and many symbols.
Its licence (``fonts/DejaVuSans-LICENSE.txt``) lets it be shipped and embedded.
"""

import unicodedata
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

FAMILY = "DejaVu Sans"
FOLDER = Path(__file__).parent / "fonts"
_FILE = FOLDER / "DejaVuSans.ttf"
_MEASURED_AT = 100
# What is drawn by no glyph of its own.
_UNSEEN = {"Cf", "Cc", "Mn", "Zs", "Zl", "Zp"}
_ABSENT = "\U0010ffff"


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FILE, _MEASURED_AT)


@lru_cache(maxsize=20_000)
def _width(text: str) -> float:
    lacking = sum(not has(character) for character in text)
    return lacking + _font().getlength("".join(filter(has, text))) / _MEASURED_AT


def width(text: str, size: float) -> float:
    """How wide a text is at a size, both in points; what the font lacks counts as square."""
    return size * _width(text)


@lru_cache(maxsize=1)
def _empty_box() -> bytes:
    return bytes(_font().getmask(_ABSENT))


@lru_cache(maxsize=20_000)
def has(character: str) -> bool:
    """Whether the font has a glyph for a character; what is never seen needs none."""
    if unicodedata.category(character) in _UNSEEN or "\ufe00" <= character <= "\ufe0f":
        return True
    return bytes(_font().getmask(character)) != _empty_box()


def missing(text: str) -> list[str]:
    """The characters of a text that the font lacks, each once, in order."""
    return [character for character in dict.fromkeys(text) if not has(character)]
