"""What tests of all pages that read reviews do in the browser."""

import re

from playwright.sync_api import Locator, Page, TimeoutError, expect

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


def choose(page: Page, name: str, option: str) -> None:
    """Chooses from a list; a list that opens while the page is drawn again closes by itself."""
    idle = page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')
    chosen = page.get_by_role("option", name=option)
    for _ in range(3):
        expect(idle).to_have_count(1)
        page.get_by_role("combobox", name=name).click()
        try:
            chosen.click(timeout=5_000)
        except TimeoutError:
            continue
        return
    raise AssertionError(f"{option!r} of {name!r} cannot be chosen")
