"""What `expect` of Playwright lacks: waiting for anything that can be read from a page.

A page is read while it is still changing. So a test never asserts what it has read once; it waits:
with `expect(...)` where that has a word for the state, with these functions where it has none.
`tests/test_browser_tests.py` holds the rule.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import FloatRect, Locator, Page, expect

# Seconds, for `expect` too (conftest.py): as long as a busy machine needs to draw a page. What is
# right is seen at once all the same.
PATIENCE = 180.0
_BETWEEN = 50  # milliseconds

Value = TypeVar("Value")


def eventually(
    page: Page,
    read: Callable[[], Value],
    holds: Callable[[Value], object] = bool,
    patience: float = PATIENCE,
) -> Value:
    """Read until what was read is right.

    Args:
        page: that is read; its events go on while the test waits.
        read: reads the page.
        holds: whether a value is right; without it, whether it is true.
        patience: seconds.

    Returns:
        The first value that is right.

    Raises:
        AssertionError: no value was right in time; names the last one.
    """
    end = time.monotonic() + patience
    while True:
        value = read()
        if holds(value):
            return value
        if time.monotonic() > end:
            raise AssertionError(f"still {value!r} after {patience:g} s")
        page.wait_for_timeout(_BETWEEN)


def until(holds: Callable[[], object], patience: float = PATIENCE) -> None:
    """Wait for something outside of the browser.

    Args:
        holds: whether it has come.
        patience: seconds.

    Raises:
        AssertionError: it has not come in time.
    """
    end = time.monotonic() + patience
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"it has not come within {patience:g} s")
        time.sleep(_BETWEEN / 1000)


def rest(page: Page) -> None:
    """Wait until the server has run the page's script to its end."""
    idle = page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')
    expect(idle).to_have_count(1)


def open_page(page: Page, url: str) -> None:
    """Open a page and wait until it has a title and its script has run."""
    page.goto(url)
    expect(page.locator("h1")).to_be_visible()
    rest(page)


def point_at_nothing(page: Page) -> None:
    """Tell the views of a text that no other view points at a word any more."""
    told = '{detail: {scope: "text", pointed: null}}'
    page.evaluate(f'document.dispatchEvent(new CustomEvent("dlnlp-pointed", {told}))')


def box_at_rest(locator: Locator) -> FloatRect:
    """Where an element is on the screen, once it has stopped moving; scrolls to it if needed."""
    locator.hover(trial=True)  # waits for two equal frames, and moves no mouse
    return eventually(locator.page, locator.bounding_box, lambda box: box is not None)


def expect_only_value(field: Locator, value: str) -> None:
    """A field comes to be the only one of its name, with a value.

    What a tab kept takes the place of what its page began with: for a moment there are both.
    """
    read = "fields => fields.map(field => field.value)"
    eventually(field.page, lambda: field.evaluate_all(read), lambda found: found == [value])


def expect_no_sideways_scrolling(
    page: Page, selector: str = '[data-testid="stMain"]', rounding: int = 0
) -> None:
    """An element and the page itself come to be no wider than what is seen of them.

    Args:
        page: that holds the element.
        selector: of the element.
        rounding: pixels that it may be wider.
    """
    overflow = """node => Math.max(
        node.scrollWidth - node.clientWidth,
        document.documentElement.scrollWidth - innerWidth
    )"""
    part = page.locator(selector)
    eventually(page, lambda: part.evaluate(overflow), lambda pixels: pixels <= rounding)


def expect_within_the_width(locator: Locator) -> None:
    """An element comes to be seen in its whole width."""
    expect(locator).to_be_visible()
    width = (locator.page.viewport_size or {"width": 0})["width"]
    eventually(
        locator.page,
        locator.bounding_box,
        lambda box: box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width,
    )
