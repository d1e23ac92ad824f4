"""What tests of all pages that read reviews do in the browser."""

import re

from playwright.sync_api import Locator, Page, expect

_SENTENCE = re.compile(r"(?<=[.!?])\s")


def write(page: Page, text: str) -> None:
    """Writes a review and waits until its beginning is drawn: the text before it is gone then."""
    area = page.get_by_label("Your review")
    area.fill(text)
    area.press("Control+Enter")
    beginning = _SENTENCE.split(text.strip())[0][:60]
    expect(page.locator(".ht .words").first).to_contain_text(beginning)


def word(page: Page, text: str) -> Locator:
    """The first word of the shaded text that reads so."""
    return page.locator(".word", has_text=re.compile(f"^{re.escape(text)}$")).first
