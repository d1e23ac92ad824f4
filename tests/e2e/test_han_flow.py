"""The connected network of the HAN in a real browser: pointer, keyboard, links to the words."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from dlnlp.ui.han.methods import HAN
from dlnlp.ui.shell.parts import NETWORK
from tests.e2e.waiting import (
    eventually,
    expect_no_sideways_scrolling,
    open_page,
    point_at_nothing,
)

Visit = Callable[[str], None]
# Four words a sentence: how many are drawn does not depend on which one is open.
TEXT = "The sound is great. The case broke soon. I would not return."


def open_flow(page: Page, server: str, text: str = TEXT) -> Locator:
    link = HAN.url({"part": NETWORK}, text)
    assert link is not None
    open_page(page, f"{server}{link}")
    flow = page.locator(".flow")
    expect(flow.locator(".mark").first).to_be_visible()
    flow.scroll_into_view_if_needed()
    return flow


@pytest.fixture(scope="module")
def diagram(lasting: Page, server: str) -> Locator:
    lasting.set_viewport_size({"width": 1366, "height": 900})
    return open_flow(lasting, server)


@pytest.fixture
def flow(diagram: Locator) -> Locator:
    """The diagram, with nothing pointed at or chosen."""
    diagram.page.mouse.move(0, 0)
    point_at_nothing(diagram.page)
    diagram.locator(".mark.class[tabindex='0']").press("Escape")
    diagram.locator(".mark.class[tabindex='0']").blur()
    expect(diagram.locator("svg.pointed")).to_have_count(0)
    expect(diagram.locator(".panel")).to_contain_text("each sentence adds to each logit")
    return diagram


def of(flow: Locator, kind: str) -> Locator:
    return flow.locator(f".mark.{kind}")


def closed_sentence(flow: Locator) -> tuple[Locator, int]:
    """A sentence that is not open, and its number."""
    closed = flow.locator(".mark.sentence:not(.open)").first
    number = eventually(flow.page, lambda: closed.get_attribute("data-sentence"))
    return flow.locator(f".mark.sentence[data-sentence='{number}']"), int(number or 0)


def test_every_part_is_drawn_and_the_sums_are_shown(
    flow: Locator, lasting_errors: list[str]
) -> None:
    expect(of(flow, "sentence")).to_have_count(3)
    expect(of(flow, "class")).to_have_count(6)  # and the upper against the lower
    expect(of(flow, "word")).to_have_count(4)
    expect(flow.locator(".layer.word")).to_have_count(2 * 4)  # both directions
    panel = flow.get_by_role("region", name="The computation in numbers")
    expect(panel).to_contain_text("each sentence adds to each logit")
    expect(panel).to_contain_text("= logit")
    flow.get_by_role("button", name="by where the attention was").click()
    pressed = flow.get_by_role("button", name="by where the attention was")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    expect(pressed).to_be_focused()
    assert lasting_errors == []


def test_hover_lights_the_path_and_the_word_in_the_text(flow: Locator) -> None:
    page = flow.page
    word = of(flow, "word").nth(1)
    word.hover()
    expect(flow.locator("svg.pointed")).to_have_count(1)
    expect(of(flow, "word").nth(0)).not_to_have_class(re.compile(r"\bon\b"))
    expect(word).to_have_class(re.compile(r"\bon\b"))
    expect(flow.locator(".layer.word.on")).to_have_count(2)
    expect(flow.locator(".panel")).to_contain_text("in its sentence vector")
    page.mouse.move(0, 0)
    expect(flow.locator("svg.pointed")).to_have_count(0)
    expect(flow.locator(".panel")).to_contain_text("each sentence adds to each logit")


def test_what_is_pointed_at_elsewhere_lights_here(flow: Locator) -> None:
    page = flow.page
    sentence, number = closed_sentence(flow)
    page.evaluate(
        """sentence => document.dispatchEvent(new CustomEvent("dlnlp-pointed",
            {detail: {scope: "text", pointed: {sentence}}}))""",
        number,
    )
    expect(sentence).to_have_class(re.compile(r"\balone\b"))
    expect(flow.locator("svg.pointed")).to_have_count(1)


def test_a_click_opens_a_sentence_and_escape_returns(
    flow: Locator, lasting_errors: list[str]
) -> None:
    opened, _ = closed_sentence(flow)
    opened.click()
    expect(opened).to_have_attribute("aria-expanded", "true")
    expect(opened).to_be_focused()
    panel = flow.locator(".panel")
    expect(panel).to_contain_text("GRU at sentence")
    panel.locator(".strips svg").first.hover()
    expect(panel.locator(".gates .formula")).to_contain_text(re.compile(r"unit \d+ .*=", re.S))
    opened.press("Escape")
    expect(panel).to_contain_text("each sentence adds to each logit")
    expect(opened).to_have_attribute("aria-expanded", "true")
    assert lasting_errors == []


def test_a_class_that_is_clicked_is_explained_on_the_page(
    page: Page, server: str, visit: Visit, console_errors: list[str]
) -> None:
    link = HAN.url({"part": NETWORK, "shading": "delete"}, TEXT)
    assert link is not None
    visit(f"{server}{link}")
    flow = page.locator(".flow")
    one = flow.locator(".mark.class[data-class='0']")
    one.click()
    expect(page.get_by_role("radio", name="1 star:")).to_be_checked()
    expect(page.locator(".ed .legend")).to_contain_text("for 1 star")
    expect(one).to_have_attribute("aria-pressed", "true")

    upper = page.get_by_role("radio", name="4–5 over 1–2 stars:")
    upper.click()
    expect(upper).to_be_checked()
    expect(page.locator(".ed .legend")).to_contain_text("for 4–5 over 1–2 stars")
    assert console_errors == []


def test_the_keyboard_reaches_everything_by_one_stop_a_column(flow: Locator) -> None:
    page = flow.page
    for kind in ("word", "sentence", "class"):
        expect(flow.locator(f".mark.{kind}[tabindex='0']")).to_have_count(1)
    flow.locator(".mark.class[tabindex='0']").focus()
    page.keyboard.press("ArrowLeft")
    expect(flow.locator(".mark.sentence.open")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(flow.locator(".mark.word[tabindex='0']")).to_be_focused()
    page.keyboard.press("Home")
    first = of(flow, "word").first
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(first).to_have_attribute("aria-pressed", "true")
    expect(first).to_be_focused()
    page.keyboard.press("Escape")
    expect(flow.locator(".mark.class[aria-pressed='true']")).to_have_count(1)


def test_a_second_click_lets_go(flow: Locator) -> None:
    word = of(flow, "word").first
    word.click()
    expect(word).to_have_attribute("aria-pressed", "true")
    word.click()
    expect(word).to_have_attribute("aria-pressed", "false")
    expect(flow.locator(".mark.class[aria-pressed='true']")).to_have_count(1)


@pytest.mark.parametrize("text", ["good", "Qwxyzzy <b>blorb</b>.", "It is good. " * 80])
def test_it_fits_a_phone_also_with_odd_texts(
    phone: Page, server: str, text: str, console_errors: list[str]
) -> None:
    flow = open_flow(phone, server, text)
    expect(flow).to_have_attribute("data-mode", "narrow")
    expect_no_sideways_scrolling(phone)
    expect_no_sideways_scrolling(phone, ".flow")
    of(flow, "word").first.click()
    expect(flow.locator(".panel")).to_contain_text("in its sentence vector")
    expect(flow.locator(".panel")).to_be_in_viewport()
    expect_no_sideways_scrolling(phone, ".flow")
    assert console_errors == []
