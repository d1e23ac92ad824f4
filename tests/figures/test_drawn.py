"""Drawings that a browser sends: what a page draws becomes PDF or LaTeX, all else is refused."""

import io
from pathlib import Path
from zipfile import ZipFile

import pytest

from dlnlp.figures import drawn
from dlnlp.figures.drawn import UnusableDrawingError, drawing_latex, drawing_pdf
from tests.figures.figures import compiled, words_of_pdf

START = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="80" viewBox="0 0 200 80">'
DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
    "WjR9awAAAABJRU5ErkJggg=="
)


def drawing(inside: str) -> str:
    return f"{START}{inside}</svg>"


def test_a_drawing_becomes_a_pdf_whose_words_can_be_found(tmp_path: Path) -> None:
    path = tmp_path / "drawn.pdf"
    path.write_bytes(
        drawing_pdf(
            drawing(
                '<rect width="9" height="9" fill="#123456"/><text x="5" y="20" '
                'font-family="No Such Font">attention 中</text>'
                f'<image href="{DOT}" width="5" height="5"/>'
                '<g clip-path="url(#cut3)"><clipPath id="cut3"><rect width="50" height="70"/>'
                '</clipPath><path d="M 0 0 L 190 70" stroke="#123456"/></g>'
            ),
            "A <title>",
        )
    )
    assert "attention" in words_of_pdf(path) and "中" in words_of_pdf(path)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<image href="file:///etc/passwd" width="5" height="5"/>',
        '<image href="https://example.org/a.png" width="5" height="5"/>',
        '<image href="data:image/svg+xml;base64,AAAA" width="5" height="5"/>',
        '<rect width="5" height="5" fill="url(#a)"/>',
        '<rect width="5" height="5" fill="url(#cut1)"/>',
        '<g clip-path="url(https://example.org/#cut1)"/>',
        '<rect width="5" height="5" onclick="x()"/>',
        '<use href="#a"/>',
        '<g style="fill:red"/>',
        "<foreignObject/>",
        '<rect xmlns="http://www.w3.org/1999/xhtml"/>',
    ],
)
def test_what_no_page_draws_is_refused(inside: str) -> None:
    with pytest.raises(UnusableDrawingError, match="what no page draws"):
        drawing_pdf(drawing(inside), "x")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("no drawing", "sent no drawing"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + drawing("&a;"), "what no page draws"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "no size"),
        (drawing("").replace('"200"', '"nan"'), "no usable size"),
        (drawing("").replace('"200"', '"1e9"'), "no usable size"),
        ("<html/>", "what no page draws"),
    ],
)
def test_what_has_no_size_or_is_no_svg_is_refused(text: str, why: str) -> None:
    with pytest.raises(UnusableDrawingError, match=why):
        drawing_pdf(text, "x")


def test_a_drawing_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn, "MOST_CHARACTERS", 20)
    with pytest.raises(UnusableDrawingError, match="save it as SVG"):
        drawing_pdf(drawing(""), "x")


def test_latex_shows_the_pdf_beside_it_with_its_caption(tmp_path: Path) -> None:
    caption = "50 % of #1 & _x_ {中} $2"
    inside = '<text x="5" y="20">attention</text>'
    with ZipFile(io.BytesIO(drawing_latex(drawing(inside), caption, "a_chart"))) as archive:
        assert archive.namelist() == ["a_chart.tex", "a_chart.pdf"]
        archive.extractall(tmp_path)
    source = (tmp_path / "a_chart.tex").read_text(encoding="utf-8")
    found = words_of_pdf(compiled(source, tmp_path))
    assert "attention" in found
    assert "".join(f"Figure 1: {caption}".split()) in "".join(found.split())


@pytest.mark.parametrize("text", ["no drawing", drawing("<script/>")])
def test_latex_of_what_is_no_drawing_is_refused(text: str) -> None:
    with pytest.raises(UnusableDrawingError):
        drawing_latex(text, "x", "x")
