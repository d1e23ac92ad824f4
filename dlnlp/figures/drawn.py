"""A drawing that a browser sends, as PDF or LaTeX: only shapes, texts and small pictures pass."""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from zipfile import ZIP_DEFLATED, ZipFile

from dlnlp.figures import typeface, typesetting
from dlnlp.figures.latex import picture_latex

MOST_CHARACTERS = 8_000_000
_LARGEST = 20_000.0  # points of a side
ET.register_namespace("", "http://www.w3.org/2000/svg")
_SPACE = "{http://www.w3.org/2000/svg}"
_ELEMENTS = {
    _SPACE + name
    for name in (
        "svg", "g", "title", "rect", "path", "circle", "ellipse", "line", "polyline", "polygon",
        "text", "tspan", "image", "clipPath",
    )
}  # fmt: skip
_PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=\s]*")
_CUT = re.compile(r"url\(#cut[0-9]{1,6}\)")
_LINKS = {"href", "{http://www.w3.org/1999/xlink}href"}


class UnusableDrawingError(ValueError):
    """Something that is no drawing of a page; the message is a sentence."""


def drawing_pdf(text: str, title: str) -> bytes:
    """A drawing of a page as PDF.

    Args:
        text: An SVG document of shapes, texts and pictures that it holds itself.
        title: Of the document.

    Raises:
        UnusableDrawingError: It is too large, no SVG, or asks for something outside itself.
    """
    root = _checked(text)
    for node in root.iter(f"{_SPACE}text"):
        node.set("font-family", typeface.FAMILY)  # there is no other
    width, height = _size(root)
    return typesetting.pdf([(ET.tostring(root, "unicode"), width, height)], title)


def drawing_latex(text: str, title: str, name: str) -> bytes:
    """A drawing of a page as a ZIP of two files: ``NAME.pdf``, and ``NAME.tex`` that shows it.

    Args:
        text: An SVG document as for `drawing_pdf`.
        title: The caption of the figure, and the title of the PDF.
        name: Letters, digits, ``_`` and ``-``.

    Raises:
        UnusableDrawingError: As for `drawing_pdf`.
    """
    folder = io.BytesIO()
    with ZipFile(folder, "w", ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.tex", picture_latex(name, title))
        archive.writestr(f"{name}.pdf", drawing_pdf(text, title))
    return folder.getvalue()


def _checked(text: str) -> ET.Element:
    """A drawing that holds nothing but what a page draws."""
    if len(text) > MOST_CHARACTERS:
        raise UnusableDrawingError("This drawing is too large for a PDF: save it as SVG.")
    if "<!" in text:  # declares entities, or hides something
        raise UnusableDrawingError("This drawing holds what no page draws: reload the page.")
    try:
        root = ET.fromstring(text)
    except ET.ParseError as error:
        raise UnusableDrawingError("The browser sent no drawing: reload the page.") from error
    if root.tag != f"{_SPACE}svg" or any(_faults(root)):
        raise UnusableDrawingError("This drawing holds what no page draws: reload the page.")
    return root


def _size(root: ET.Element) -> tuple[float, float]:
    """Width and height in points."""
    try:
        width, height = (float(root.get(side, "")) for side in ("width", "height"))
    except ValueError as error:
        raise UnusableDrawingError("This drawing has no size: reload the page.") from error
    if not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        raise UnusableDrawingError("This drawing has no usable size: reload the page.")
    return width * 0.75, height * 0.75  # from pixels to points


def _faults(root: ET.Element) -> Iterator[str]:
    for node in root.iter():
        if node.tag not in _ELEMENTS:
            yield f"element {node.tag}"
        for name, value in node.attrib.items():
            linked = name in _LINKS and not _PICTURE.fullmatch(value)
            outside = "url(" in value and not (name == "clip-path" and _CUT.fullmatch(value))
            if linked or outside or name.startswith("on") or name == "style":
                yield f"attribute {name}"
