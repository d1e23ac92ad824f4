"""Everything of a figure lies on its page, long texts go on pages, and what is absent is told."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dlnlp.figures import typeface
from dlnlp.figures.layout import TALLEST, WIDTH, boxes_note, pages
from dlnlp.figures.marks import Box, Page, Rule, Text
from dlnlp.figures.shaded import shaded_figure
from tests.figures.figures import CARD, hostile_figure
from tests.ui.text.attributions import make_attribution

LETTERS = st.text("ab W.!,שם12中😀", min_size=1, max_size=400)


def assert_inside(page: Page) -> None:
    for mark in page.marks:
        assert -0.7 <= mark.x and mark.x + mark.width <= page.width + 0.7
        assert 0 <= mark.y <= page.height
        if isinstance(mark, Box):
            assert mark.y + mark.height <= page.height


@settings(max_examples=40, deadline=None)
@given(LETTERS.filter(lambda text: any(map(str.isalnum, text.split(".")[0]))), st.booleans())
def test_nothing_lies_beside_the_page(text: str, numbers: bool) -> None:
    attribution = make_attribution(text)
    for figure in (
        shaded_figure([attribution], "m", CARD, numbers=numbers),
        shaded_figure([attribution, make_attribution(text, "within")], "m", CARD, numbers=numbers),
    ):
        for page in pages(figure):
            assert page.width == WIDTH and page.height <= TALLEST
            assert_inside(page)


def test_long_texts_go_on_more_pages_and_lose_no_word() -> None:
    count = 900
    figure = shaded_figure([make_attribution("word " * count + ".")], "m", CARD)
    made = pages(figure)
    assert len(made) > 1
    drawn = [mark for page in made for mark in page.marks if isinstance(mark, Text)]
    assert sum(mark.content == "word" for mark in drawn) == count


def test_a_word_longer_than_a_line_is_cut() -> None:
    figure = shaded_figure([make_attribution("W" * 250 + " end.")], "m", CARD)
    (page,) = pages(figure)
    assert_inside(page)
    parts = [mark.content for mark in page.marks if isinstance(mark, Text) and "WW" in mark.content]
    assert len(parts) > 1 and "".join(parts) == "W" * 250


def test_signs_are_told_by_lines_above_and_below() -> None:
    figure = shaded_figure(
        [make_attribution("Good bad none.", words=[1.0, -1.0, 0.0], sentences=[0.0])], "m", CARD
    )
    (page,) = pages(figure)
    at = {mark.content: mark for mark in page.marks if isinstance(mark, Text)}
    rules = [mark for mark in page.marks if isinstance(mark, Rule) and mark.y < at["none"].y + 8]

    def beside(word: str) -> list[bool]:
        x, y = at[word].x, at[word].y
        return [rule.y > y for rule in rules if abs(rule.x - x) < 2]

    assert beside("Good") == [True] and beside("bad") == [False] and beside("none") == []


def test_what_the_font_lacks_is_told_and_what_it_has_is_not() -> None:
    assert typeface.missing("aé Ωж שم 😀 \n\u200d") == []
    assert typeface.missing("中a👍中") == ["中", "👍"]
    (note,) = boxes_note(hostile_figure())
    assert "U+1F44D, U+4E2D, U+6587" in note
    assert boxes_note(shaded_figure([make_attribution("Plain.")], "m", CARD)) == []
