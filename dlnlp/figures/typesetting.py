"""Pages of SVG as PDF or PNG, by Typst: fonts are embedded, and words can be searched and copied.

Typst shapes every script, turns what is read from right to left, and keeps in the file what a
character was even where the font has no glyph for it. It comes as one wheel without dependencies.
"""

import json
from collections.abc import Sequence
from typing import Literal

from dlnlp.figures import typeface

_SOURCE = """
#set document(title: sys.inputs.title)
#for sheet in json(bytes(sys.inputs.pages)) {
  page(width: sheet.width * 1pt, height: sheet.height * 1pt, margin: 0pt, image(
    bytes(sheet.svg), format: "svg", width: 100%, height: 100%, alt: sys.inputs.title,
  ))
}
"""
Sheet = tuple[str, float, float]
"""An SVG document, the width and the height of its page in points."""


def pdf(sheets: Sequence[Sheet], title: str) -> bytes:
    """The pages as one PDF document."""
    return _typeset(sheets, title, "pdf", None)[0]


def png(sheet: Sheet, width: int) -> bytes:
    """A page as a picture.

    Args:
        sheet: The page.
        width: Of the picture, in pixels.
    """
    return _typeset([sheet], "", "png", 72 * width / sheet[1])[0]


# The first of the characters without a glyph, and only it, is not told to who searches the PDF: one
# that nobody sees and nobody looks for takes that place.
_FIRST = (
    f'<text y="1" font-family="{typeface.FAMILY}" font-size="0.1" fill="#fff">\U0010fffd</text>'
)


def _spared(svg: str) -> str:
    if not typeface.missing(svg):
        return svg
    start = svg.index(">", svg.index("<svg")) + 1
    return svg[:start] + _FIRST + svg[start:]


def _typeset(
    sheets: Sequence[Sheet], title: str, kind: Literal["pdf", "png"], ppi: float | None
) -> list[bytes]:
    import typst  # 80 MB that only a figure needs

    # The same figure on every machine: no font but the package's own.
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(typeface.FOLDER)],
    )
    pages = [
        {"svg": _spared(svg), "width": width, "height": height} for svg, width, height in sheets
    ]
    made: bytes | list[bytes] = typst.compile(
        _SOURCE.encode(),
        font_paths=fonts,
        format=kind,
        ppi=ppi,
        sys_inputs={"pages": json.dumps(pages), "title": title},
    )
    return made if isinstance(made, list) else [made]
