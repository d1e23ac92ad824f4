"""The schedules page in a real browser: plot, race, link, phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from dlnlp.ui.schedules.choice import Choice
from dlnlp.ui.schedules.kind import Run
from dlnlp.ui.schedules.view import RaceSettings, View, link
from tests.e2e.waiting import expect_no_sideways_scrolling, expect_within_the_width

Visit = Callable[[str], None]
# The first race of a server starts the worker's process, on a busy machine for a while.
PATIENCE = 120_000
LONG_RACE = {
    0: Choice("onecycle", {}),
    1: Choice("triangular", {}),
    2: Choice("noam", {}),
    3: Choice("constant", {}),
}


@pytest.fixture
def schedules(server: str, page: Page, visit: Visit) -> Page:
    visit(f"{server}/schedules")
    expect(plot(page)).to_have_count(6)
    return page


def plot(page: Page) -> Locator:
    """The lines of the plot at the top."""
    return page.locator(".st-key-schedules_plot .scatterlayer .trace")


def points_drawn(page: Page) -> int:
    """Length of the longest line of the race's accuracy panel, in characters of its path."""
    paths = page.locator(".st-key-schedules_race_plot .xy .scatterlayer path.js-line")
    return max([len(path.get_attribute("d") or "") for path in paths.all()] or [0])


def start(page: Page) -> None:
    page.get_by_role("button", name="Start the race").click()


def test_a_chosen_schedule_is_drawn_and_named(schedules: Page, console_errors: list[str]) -> None:
    before = plot(schedules).first.locator("path.js-line").get_attribute("d")
    schedules.get_by_label("Schedule A").click()
    schedules.get_by_role("option", name="Triangular", exact=True).click()
    expect(schedules.get_by_role("cell", name="A · Triangular")).to_be_visible()
    expect(schedules.locator(".st-key-schedules_plot .legendtext").first).to_have_text(
        "A · Triangular"
    )
    expect(plot(schedules).first.locator("path.js-line")).not_to_have_attribute("d", before or "")
    expect(schedules.get_by_test_id("stCode").first).to_contain_text("Cyclical(base=0.0125")
    assert console_errors == []


def test_race_grows_and_stops(
    server: str, page: Page, visit: Visit, console_errors: list[str]
) -> None:
    # As long as the page allows: it must not be over before Stop is pressed.
    view = View(Run(2_000, 100, 5), "steps", LONG_RACE, RaceSettings(200, 16, 5))
    visit(link(f"{server}/schedules", view))
    start(page)
    expect(page.get_by_text("left").last).to_be_visible(timeout=PATIENCE)
    first = points_drawn(page)
    page.wait_for_function(
        """before => [...document.querySelectorAll(
             '.st-key-schedules_race_plot .xy .scatterlayer path.js-line'
           )].some(path => path.getAttribute('d').length > before)""",
        arg=first,
        timeout=PATIENCE,
    )
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("Stopped before the end.")).to_be_visible()
    expect(page.get_by_text("Lines are medians over the seeds")).to_be_visible()
    expect(page.get_by_role("button", name="Start the race")).to_be_visible()
    assert console_errors == []


def test_range_test_sends_its_bounds_up(schedules: Page, console_errors: list[str]) -> None:
    schedules.get_by_role("tab", name="LR range test").click()
    schedules.get_by_role("button", name="Start the range test").click()
    send = schedules.get_by_role("button", name="Send both bounds to D as Triangular")
    expect(send).to_be_visible(timeout=PATIENCE)
    send.click()
    expect(schedules.get_by_role("cell", name="D · Triangular")).to_be_visible()
    assert console_errors == []


def test_link_restores_the_view(
    server: str, page: Page, visit: Visit, console_errors: list[str]
) -> None:
    choices = {0: Choice("restarts", {"peak": 0.4}), 1: Choice("noam", {"warmup": 2.0})}
    view = View(Run(2_000, 100, 5), "steps", choices, RaceSettings(3, 64, 2))
    visit(link(f"{server}/schedules", view))
    expect(page.get_by_role("cell", name="A · Cosine, warm restarts")).to_be_visible()
    expect(page.get_by_role("cell", name="B · Inverse square root")).to_be_visible()
    expect(page.get_by_label("Seeds")).to_have_value("2")
    page.get_by_role("button", name="Share and export").click()
    expect(page.get_by_text(link(f"{server}/schedules", view))).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_label("Learning rate", exact=True).fill("0.3")
    page.get_by_label("Learning rate", exact=True).press("Enter")
    expect(page.get_by_role("cell", name="0.3", exact=True)).to_be_visible()
    assert console_errors == []


def test_no_sideways_scrolling_on_a_phone(
    phone: Page, server: str, visit: Visit, console_errors: list[str]
) -> None:
    visit(f"{server}/schedules")
    expect(plot(phone)).to_have_count(6)
    expect_no_sideways_scrolling(phone)
    expect_within_the_width(phone.locator(".st-key-schedules_plot"))
    assert console_errors == []
