"""The connected network of Kim's CNN in a real browser: mouse, keyboard, phone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from dlnlp.ui.kim_cnn.methods import KIM
from dlnlp.ui.shell.parts import NETWORK
from tests.e2e.waiting import (
    eventually,
    expect_no_sideways_scrolling,
    open_page,
    point_at_nothing,
)

REVIEW = "The zither was great, a wonderful surprise. But the plot is bad, dull, a waste of time."


def opened(page: Page, server: str, text: str) -> Locator:
    """The drawing for a text, at rest."""
    link = KIM.url({"part": NETWORK}, text)
    assert link is not None
    open_page(page, f"{server}{link}")
    expect(page.locator(".flow .drawing .target").first).to_be_visible()
    return page.locator(".flow")


@pytest.fixture(scope="module")
def drawing(lasting: Page, server: str) -> Locator:
    return opened(lasting, server, REVIEW)


@pytest.fixture
def flow(drawing: Locator) -> Locator:
    """The drawing, with nothing pointed at or opened."""
    drawing.page.set_viewport_size({"width": 1280, "height": 720})
    drawing.page.mouse.move(2, 2)
    point_at_nothing(drawing.page)
    drawing.locator(".target").first.press("Escape")
    drawing.locator(".target").first.blur()
    expect(drawing.locator(".panel")).to_contain_text("For and against")
    expect(drawing.locator(".drawing")).not_to_have_class(re.compile(r"\blit\b"))
    return drawing


def word(flow: Locator, text: str) -> Locator:
    return flow.locator(f'.flow-word[aria-label^="“{text}”"]').first


def numbers(texts: list[str]) -> list[float]:
    return [float(text.replace("−", "-").replace("±", "")) for text in texts]


def test_pointing_lights_a_path_and_says_both_numbers(flow: Locator) -> None:
    page = flow.page
    said, drawing = flow.locator(".said"), flow.locator(".drawing")
    expect(said).to_contain_text("add up to a logit of")
    word(flow, "wonderful").hover()
    expect(said).to_contain_text(re.compile(r"“wonderful” adds [−+][\d.]+; without it, [−+][\d.]+"))
    expect(drawing).to_have_class(re.compile(r"\blit\b"))
    expect(flow.locator(".flow-rows .on")).not_to_have_count(0)
    expect(flow.locator(".river.on")).not_to_have_count(0)
    expect(flow.locator(".marks .ghost-tag")).to_contain_text("without “wonderful”")
    page.mouse.move(2, 2)
    expect(drawing).not_to_have_class(re.compile(r"\blit\b"))
    expect(flow.locator(".on")).to_have_count(0)


def test_nothing_is_covered_until_something_is_pointed_at(flow: Locator) -> None:
    """The sentence stands below the drawing; it follows the window's end only with a word."""
    page = flow.page
    page.set_viewport_size({"width": 1366, "height": 657})
    bottom = """root => {
      const end = (name) => root.querySelector(name).getBoundingClientRect();
      return end(".said").top - end(".drawing").bottom;
    }"""
    flow.locator(".controls").scroll_into_view_if_needed()
    eventually(page, lambda: flow.evaluate(bottom), lambda pixels: pixels >= 0)
    word(flow, "zither").hover()
    expect(flow.locator(".said")).to_be_in_viewport(ratio=0.9)
    page.mouse.move(2, 2)
    eventually(page, lambda: flow.evaluate(bottom), lambda pixels: pixels >= 0)


def test_what_is_drawn_adds_up_to_the_logit(flow: Locator) -> None:
    amounts = flow.locator(".flow-rows .amount")
    expect(amounts.first).to_be_visible()
    logit = flow.locator(".flow-sum text.logit")

    def difference() -> float:
        parts = numbers(amounts.all_text_contents())
        (whole,) = numbers(logit.all_text_contents())
        return abs(sum(parts) - whole) / len(parts)

    eventually(flow.page, difference, lambda each: each <= 0.005)


def test_a_click_opens_the_computation_and_escape_returns(flow: Locator) -> None:
    page = flow.page
    panel = flow.locator(".panel")
    expect(panel).to_contain_text("Each word’s share, and what is lost without it")
    word(flow, "wonderful").click()
    expect(panel).to_contain_text("deleted and read again")
    page.mouse.move(2, 2)
    expect(flow.locator(".said")).to_contain_text("“wonderful” adds")  # it stays

    def sums_hold(cells: list[str]) -> bool:
        *parts, whole = numbers(cells)
        return abs(sum(parts) - whole) < 0.001 * len(parts)

    way = panel.locator("section").nth(1).locator("td:last-child")
    eventually(page, way.all_inner_texts, sums_hold)
    page.keyboard.press("Escape")
    expect(panel).to_contain_text("For and against")
    expect(flow.locator(".drawing")).not_to_have_class(re.compile(r"\blit\b"))


def test_a_named_filter_and_one_of_the_others_show_what_they_listen_to(flow: Locator) -> None:
    panel = flow.locator(".panel")
    flow.locator(".row.filter").first.click()
    expect(panel).to_contain_text("= adds to the logit")
    expect(panel).to_contain_text("Max over time")
    expect(panel).to_contain_text("What it listens to")
    strip = panel.locator(".strip").first  # what the server was asked for has come
    strip.focus()
    strip.press("ArrowRight")
    expect(panel).to_contain_text(re.compile(r"Number 2: [−\d.]+ × [−\d.]+ = [−\d.]+"))
    flow.locator(".row.others").first.click()
    button = panel.locator("button.link").first
    expect(button).to_have_text(re.compile(r"no\. \d+"))
    button.click()
    expect(panel).to_contain_text("= adds to the logit")
    expect(panel).to_contain_text("It fires in")  # what the server was asked for has come


def test_filters_are_found_by_what_they_listen_to(flow: Locator) -> None:
    page = flow.page
    panel = flow.locator(".panel")
    find = flow.get_by_label("Find a filter by what it listens to")
    find.fill("boring")
    find.press("Enter")
    expect(panel).to_contain_text("for “boring”")
    panel.locator("button.link").first.click()
    expect(panel).to_contain_text("What it listens to")
    find.press("Enter")
    expect(panel).to_contain_text("for “boring”")
    page.keyboard.press("Escape")
    expect(panel).to_contain_text("For and against")


def test_the_keyboard_has_one_stop_per_column_and_arrows(flow: Locator) -> None:
    page = flow.page
    stops = flow.locator('.drawing [tabindex="0"]')
    expect(stops).to_have_count(3)
    stops.first.focus()
    page.keyboard.press("ArrowRight")
    focused = flow.locator(".drawing .target:focus")
    expect(focused).to_have_attribute("data-id", "w1")
    expect(stops).to_have_count(3)
    expect(flow.locator(".said")).to_contain_text("“zither” adds")
    page.keyboard.press("Tab")
    expect(focused).to_have_class(re.compile(r"\brow\b"))
    first = focused.get_attribute("data-id") or ""
    page.keyboard.press("ArrowDown")
    expect(focused).not_to_have_attribute("data-id", first)
    expect(focused).to_have_class(re.compile(r"\brow\b"))
    page.keyboard.press("ArrowLeft")
    expect(focused).to_have_attribute("data-id", "w1")
    page.keyboard.press("Enter")
    expect(flow.locator(".panel")).to_contain_text("“zither” adds")
    expect(flow.get_by_role("status")).to_contain_text("below the drawing")
    page.keyboard.press("Escape")
    expect(flow.locator(".panel")).to_contain_text("For and against")


def test_another_class_turns_every_sign(flow: Locator) -> None:
    select = flow.get_by_label("Class whose logit is taken apart")
    logit = flow.locator(".flow-sum text.logit")
    expect(logit).to_have_text(re.compile(r"[−+]\d"))
    before = logit.text_content() or ""
    other = select.locator("option:not(:checked)").get_attribute("value") or ""
    select.select_option(other)
    turned = before.translate(str.maketrans("+−", "−+"))
    expect(logit).to_have_text(turned)
    expect(flow.locator(".panel .heading").first).to_have_text(
        re.compile("For and against (positive|negative)")
    )
    select.select_option(str(1 - int(other)))
    expect(logit).to_have_text(before)


def test_words_are_linked_with_the_other_views(flow: Locator) -> None:
    page = flow.page
    page.evaluate(
        """() => {
            window.told = [];
            document.addEventListener("dlnlp-pointed", (e) => window.told.push(e.detail.pointed));
        }"""
    )
    word(flow, "zither").hover()
    eventually(page, lambda: page.evaluate("window.told"), lambda told: {"token": 1} in told)
    page.mouse.move(2, 2)
    eventually(page, lambda: page.evaluate("window.told.at(-1)"), lambda told: told is None)
    page.evaluate(
        """() => document.dispatchEvent(new CustomEvent("dlnlp-pointed", {
            detail: {scope: "text", pointed: {token: 5}} }))"""
    )
    expect(flow.locator(".said")).to_contain_text("“wonderful” adds")
    page.evaluate(
        """() => document.dispatchEvent(new CustomEvent("dlnlp-pointed", {
            detail: {scope: "text", pointed: {sentence: 1}} }))"""
    )
    expect(flow.locator(".said")).to_contain_text("The words of sentence 2 add")
    expect(word(flow, "dull")).to_have_class(re.compile(r"\bon\b"))
    expect(word(flow, "wonderful")).not_to_have_class(re.compile(r"\bon\b"))


def test_shades_show_the_share_or_the_loss(flow: Locator) -> None:
    shade = word(flow, "wonderful").locator(".shade")
    expect(shade).to_have_attribute("fill-opacity", re.compile(r"0\.\d+"))
    before = shade.get_attribute("fill-opacity") or ""
    button = flow.get_by_role("button", name="lost without")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(shade).not_to_have_attribute("fill-opacity", before)
    flow.get_by_role("button", name="share", exact=True).click()
    expect(shade).to_have_attribute("fill-opacity", before)


def test_no_width_scrolls_sideways(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    long = "W" * 400 + " <b>really</b> great. " + "I was bored and it was not bad at all. " * 45
    flow = opened(page, server, long)
    for width in (1240, 790, 390):
        page.set_viewport_size({"width": width, "height": 844})
        expect_no_sideways_scrolling(page)
        expect_no_sideways_scrolling(page, ".flow", rounding=1)
        expect(flow.locator(".drawing text", has_text="words …")).not_to_have_count(0)
    word(flow, "great").click()
    expect(flow.locator(".panel")).to_contain_text("deleted and read again")
    expect_no_sideways_scrolling(page, ".flow", rounding=1)


@pytest.mark.parametrize("text", ["wonderful", "xqzv frobnicator", "🙂 good\0bad <img src=x> ספר"])
def test_short_and_strange_texts_are_drawn(
    page: Page, server: str, console_errors: list[str], text: str
) -> None:
    flow = opened(page, server, text)
    flow.locator(".flow-word").last.click()
    expect(flow.locator(".panel")).to_contain_text("adds")
    expect(flow.locator("img")).to_have_count(0)
    assert console_errors == []
