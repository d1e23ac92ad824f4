"""A figure as SVG: text stays text, in the order in which it is read, and nothing is loaded."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from dlnlp.figures import typeface
from dlnlp.figures.colours import hexadecimal
from dlnlp.figures.marks import Box, Mark, Page, Rule, Text

FONTS = f"'{typeface.FAMILY}', Verdana, 'Noto Sans', sans-serif"


def page_svg(page: Page, title: str = "") -> str:
    """One page as an SVG document.

    Args:
        page: What lies where.
        title: What a screen reader says of it.
    """
    size = f"{_short(page.width)} {_short(page.height)}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_short(page.width)}pt" '
        f'height="{_short(page.height)}pt" viewBox="0 0 {size}" role="img" '
        f"font-family={quoteattr(FONTS)}>",
        f"<title>{escape(title)}</title>" if title else "",
        f'<rect width="{_short(page.width)}" height="{_short(page.height)}" fill="#ffffff"/>',
        *_elements(page.marks),
        "</svg>",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def _elements(marks: Iterable[Mark]) -> Iterable[str]:
    for mark in marks:
        if isinstance(mark, Text):
            # A viewer without the font has another of other widths; what it takes from yet another
            # font, such as an emoji, is left as it is.
            held = "" if typeface.missing(mark.content) else _held(mark.width)
            yield (
                f'<text x="{_short(mark.x)}" y="{_short(mark.y)}" font-size="{_short(mark.size)}"'
                f'{held} fill="{hexadecimal(mark.colour)}">{escape(mark.content)}</text>'
            )
        elif isinstance(mark, Box):
            edge = f' stroke="{hexadecimal(mark.edge)}" stroke-width="0.7"' if mark.edge else ""
            yield (
                f'<rect x="{_short(mark.x)}" y="{_short(mark.y)}" width="{_short(mark.width)}" '
                f'height="{_short(mark.height)}" fill="{hexadecimal(mark.fill)}"{edge}/>'
            )
        else:
            yield _rule(mark)


def _held(width: float) -> str:
    return f' textLength="{_short(width)}" lengthAdjust="spacingAndGlyphs"'


def _rule(rule: Rule) -> str:
    dots = ' stroke-dasharray="1 1.2"' if rule.dotted else ""
    return (
        f'<path d="M{_short(rule.x)},{_short(rule.y)}h{_short(rule.width)}" fill="none" '
        f'stroke="{hexadecimal(rule.colour)}" stroke-width="{_short(rule.thickness)}"{dots}/>'
    )


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
