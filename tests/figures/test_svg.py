"""SVG: well-formed whatever the text is, words in their order, nothing loaded."""

import xml.etree.ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from dlnlp.figures.layout import clean
from dlnlp.figures.shaded import shaded_figure
from dlnlp.figures.writing import figure_svg
from tests.figures.figures import CARD, HOSTILE, hostile_figure
from tests.ui.text.attributions import make_attribution

TEXT = "{http://www.w3.org/2000/svg}text"


def texts(svg: bytes) -> list[str]:
    return [node.text or "" for node in ET.fromstring(svg).iter(TEXT)]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_gives_a_document_with_its_words_in_order(text: str) -> None:
    attribution = make_attribution(f"begin {text} end")
    figure = shaded_figure([attribution], "m", CARD)
    drawn = "".join("".join(texts(figure_svg(figure))).split())
    words = [clean(word) for piece in figure.panels[0].rows for word in _words(piece)]
    at = 0
    for word in words:
        at = drawn.index("".join(word.split()), at) + len("".join(word.split()))


def _words(row: object) -> list[str]:
    return [piece.text for piece in row.pieces if piece.shade is not None]  # type: ignore[attr-defined]


def test_hostile_text_is_text() -> None:
    svg = figure_svg(hostile_figure(numbers=False))
    drawn = "".join(texts(svg))
    assert "<b>" in drawn and "\x00" not in drawn and "\ud800" not in drawn
    assert {node.tag.partition("}")[2] for node in ET.fromstring(svg).iter()} == {
        "svg", "title", "rect", "path", "text",
    }  # fmt: skip
    assert b"href" not in svg and b"url(" not in svg and b"style" not in svg
    assert len(HOSTILE) < len(drawn)
