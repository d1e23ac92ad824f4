"""The colours of exports: the light theme's, one hue with one meaning each, and legible in grey."""

from collections.abc import Mapping

from dlnlp.figures.figure import Hue

Colour = tuple[int, int, int]

# Of the words' attention, of the sentences', and of the two sides of a number with a sign.
HUES: Mapping[Hue, Colour] = {
    "word": (168, 122, 16),
    "sentence": (122, 75, 124),
    "for": (43, 95, 143),
    "against": (180, 83, 42),
}
DARKEST = 0.6
INK: Colour = (26, 26, 26)
FAINT: Colour = (90, 90, 90)


def tint(hue: Hue, shade: float) -> Colour:
    """The colour behind a word: white where the shade is 0, the hue at 60 % where it is 1 or -1."""
    part = DARKEST * min(abs(shade), 1.0)
    red, green, blue = (round(255 + part * (value - 255)) for value in HUES[hue])
    return red, green, blue


def hexadecimal(colour: Colour) -> str:
    """A colour as ``#rrggbb``."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def luminance(colour: Colour) -> float:
    """Relative luminance of WCAG 2, in [0, 1]."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio of WCAG 2, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
