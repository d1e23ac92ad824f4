"""What a finger does on a phone: words, diagrams and classes answer to a tap."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PATIENCE
from tests.e2e.reviews import editor, settle, word


@pytest.fixture
def finger(browser: Browser) -> Iterator[Page]:
    """A page on a phone without a mouse."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    context.set_default_timeout(PATIENCE * 1000)
    yield context.new_page()
    context.close()


def test_a_tap_shows_a_word_and_opens_and_closes_the_diagram(finger: Page, server: str) -> None:
    finger.goto(f"{server}/han")
    settle(finger)
    editor(finger).scroll_into_view_if_needed()
    place = word(finger, "silly")
    finger.touchscreen.tap(place["x"], place["y"])
    expect(editor(finger).locator(".about")).to_have_text("“silly”")
    expect(editor(finger).locator(".facts")).to_contain_text("Word attention")
    mark = finger.locator(".flow .mark.sentence").first
    mark.tap()
    expect(mark).to_have_attribute("aria-pressed", "true")
    panel = finger.locator(".flow .panel")
    expect(panel).to_be_in_viewport()
    expect(panel).to_contain_text("Sentence 1 in every logit")
    mark.tap()
    expect(mark).to_have_attribute("aria-pressed", "false")
    expect(panel).to_contain_text("Why 4 stars?")
    finger.locator(".flow .mark.class").last.tap()  # the upper against the lower stars
    expect(panel).to_contain_text("Why 4–5 over 1–2 stars?")
    expect(finger.locator(".flow .mark.class").last).to_have_attribute("aria-pressed", "true")
