"""Nothing moves any more once a page has given its first answer."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.e2e.waiting import (
    eventually,
    expect_no_sideways_scrolling,
    expect_within_the_width,
)

# What each page is opened for, and sees first. The pages of a review and of digits, whose visitors
# change what they show, have tests of their own.
FIRST_ANSWER = {
    "": '[data-testid="stPageLink"] a',
    "models": ".st-key-models_errors .trace",
    "schedules": ".st-key-schedules_plot .trace",
    "batch": '[data-testid="stFileUploaderDropzone"]',
    "train": '[data-testid="stFileUploaderDropzone"]',
}

# Sums what moves after the first answer, in the units of web browsers: the share of the window
# that moves, times how far. Whatever holds a place for what is still loading may not move it.
SHIFTS = """window.moved = 0; window.answered = Infinity;
const watch = setInterval(() => {
  if (!document.querySelector(FIRST)) return;
  window.answered = performance.now();
  clearInterval(watch);
}, 10);
new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    if (entry.startTime > window.answered && !entry.hadRecentInput) window.moved += entry.value;
}).observe({type: 'layout-shift', buffered: true});"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("stem", FIRST_ANSWER)
def test_nothing_moves_after_the_first_answer(
    server: str,
    page: Page,
    visit: Callable[[str], None],
    settled: Callable[[], None],
    stem: str,
    width: int,
) -> None:
    page.set_viewport_size({"width": width, "height": 720})
    page.add_init_script(SHIFTS.replace("FIRST", repr(FIRST_ANSWER[stem])))
    visit(f"{server}/{stem}")
    settled()
    eventually(page, lambda: page.evaluate("window.answered < performance.now()"))
    page.wait_for_load_state("networkidle")
    # What has moved never gets less: the wait would end in a failure, not in luck.
    eventually(page, lambda: page.evaluate("window.moved"), lambda it: it <= 0.05, patience=2)
    expect_no_sideways_scrolling(page)
    expect_within_the_width(page.locator(FIRST_ANSWER[stem]).first)
