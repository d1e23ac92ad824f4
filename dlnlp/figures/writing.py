"""A figure in any of its formats."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf

from dlnlp.figures import USUAL_WIDTH, typesetting
from dlnlp.figures.figure import Figure
from dlnlp.figures.latex import latex
from dlnlp.figures.layout import TALLEST, pages
from dlnlp.figures.svg import page_svg

_MOST_PIXELS = 40_000_000


@dataclass(frozen=True, slots=True)
class Format:
    """A format that figures are written in.

    Attributes:
        title: What people call it.
        mime: Its type.
        write: Makes the file of a figure and of a width in pixels, which only pictures have.
    """

    title: str
    mime: str
    write: Callable[[Figure, int], bytes]


def figure_svg(figure: Figure, width: int = USUAL_WIDTH) -> bytes:
    """The whole figure on one page of SVG, whatever `width` is, in UTF-8."""
    return page_svg(pages(figure, tallest=inf)[0], figure.caption).encode()


def figure_pdf(figure: Figure, width: int = USUAL_WIDTH) -> bytes:
    """The figure as PDF, whatever `width` is: cut to its height, or on pages where it is long."""
    return typesetting.pdf(_sheets(figure, TALLEST), figure.caption)


def figure_png(figure: Figure, width: int = USUAL_WIDTH) -> bytes:
    """The whole figure as one picture.

    Args:
        figure: What is shown.
        width: In pixels.

    Raises:
        ValueError: The picture would have more pixels than a viewer can be asked to open.
    """
    most = widest(figure)
    if width > most:
        raise ValueError(
            f"a picture of this text is at most {most:,} pixels wide, not {width:,}: choose a "
            "smaller width, or PDF"
        )
    return typesetting.png(_sheets(figure, inf)[0], width)


def widest(figure: Figure) -> int:
    """The largest width of a picture of the figure that viewers can be asked to open, in pixels."""
    page = pages(figure, tallest=inf)[0]
    return int((_MOST_PIXELS * page.width / page.height) ** 0.5)


def figure_latex(figure: Figure, width: int = USUAL_WIDTH) -> bytes:
    """The figure as a LaTeX document, whatever `width` is, in UTF-8."""
    return latex(figure).encode()


FORMATS: Mapping[str, Format] = {
    "svg": Format("SVG", "image/svg+xml", figure_svg),
    "pdf": Format("PDF", "application/pdf", figure_pdf),
    "tex": Format("LaTeX", "application/x-tex", figure_latex),
    "png": Format("PNG", "image/png", figure_png),
}
"""By what the names of their files end in."""


def _sheets(figure: Figure, tallest: float) -> list[typesetting.Sheet]:
    return [(page_svg(page), page.width, page.height) for page in pages(figure, tallest=tallest)]
