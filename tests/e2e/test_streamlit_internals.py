"""Selectors and attributes of Streamlit's elements that `streamlit_internals` counts on."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from dlnlp.ui.shell.streamlit_internals import CONNECTION_ATTRIBUTE, STYLE
from tests.e2e.waiting import eventually

Visit = Callable[[str], None]


def test_the_connection_is_told_and_each_rule_of_the_style_finds_its_element(
    server: str, page: Page, visit: Visit
) -> None:
    rules = dict(re.findall(r"^(\S.*?) \{(.*?)\}", STYLE, re.MULTILINE))
    assert len(rules) == 17
    button, work = 'button[kind="primary"]:not(:disabled)', '[class*="st-key-kept_work_"]'
    elsewhere = {
        selector for selector in rules if selector.startswith(".stCode") or "table" in selector
    }
    loading = '[data-testid="stSkeleton"]'  # is there for a moment
    page.add_init_script(
        f"new MutationObserver(() => {{ window.held ||= document.querySelector('{loading}') }})"
        ".observe(document, {childList: true, subtree: true})"
    )
    visit(f"{server}/han")
    eventually(page, lambda: page.evaluate("Boolean(window.held)"))
    expect(page.locator(f'[{CONNECTION_ATTRIBUTE}="CONNECTED"]')).to_have_count(1)
    expect(page.locator(work).first).to_be_attached()
    expect(page.locator(work).first).to_be_hidden()
    for selector in rules.keys() - elsewhere - {button, loading}:
        expect(page.locator(selector).first).to_be_attached()
    visit(f"{server}/schedules")
    expect(page.locator(button).first).to_have_css("background-color", "rgb(43, 95, 143)")
    expect(page.locator(".stCode .token").first).to_be_visible()
    for selector in elsewhere:
        expect(page.locator(selector).first).to_be_attached()
