"""The schedules page in a real browser: plot, race, link, phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from dlnlp.ui.schedules.choice import Choice
from dlnlp.ui.schedules.kind import Run
from dlnlp.ui.schedules.view import RaceSettings, View, link
from tests.e2e.waiting import (
    eventually,
)

Visit = Callable[[str], None]
# The first race of a server starts the worker's process, on a busy machine for a while.
PATIENCE = 240_000
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
    longest = "lines => Math.max(0, ...lines.map(line => line.getAttribute('d')?.length ?? 0))"
    return int(paths.evaluate_all(longest))


def choose_speed(page: Page, speed: str) -> None:
    page.get_by_role("combobox", name="Speed").click()
    page.get_by_role("option", name=speed).click()


def start(page: Page) -> None:
    page.get_by_role("button", name="Let these race").first.click()


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1366, 657)])
def test_controls_and_curves_are_seen_without_scrolling(
    server: str, page: Page, visit: Visit, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    visit(f"{server}/schedules")
    expect(plot(page)).to_have_count(6)
    numbers = page.get_by_test_id("stNumberInput")
    expect(numbers).to_have_count(5)
    shown = [
        page.locator("h1"),
        page.get_by_role("button", name="Let these race"),
        page.get_by_label("Schedule A", exact=True),
        *(numbers.nth(index) for index in range(5)),
        page.locator(".st-key-schedules_plot"),
        page.get_by_text("Logarithmic learning rate"),
    ]
    for part in shown:
        eventually(page, part.bounding_box, lambda box: _inside(box, width, height))


def _inside(box: FloatRect | None, width: int, height: int) -> bool:
    return (
        box is not None
        and min(box["x"], box["y"]) >= 0
        and box["x"] + box["width"] <= width
        and box["y"] + box["height"] <= height
    )


def test_a_chosen_schedule_is_drawn_and_named(schedules: Page, console_errors: list[str]) -> None:
    before = plot(schedules).first.locator("path.js-line").get_attribute("d")
    schedules.get_by_label("Schedule A").click()
    schedules.get_by_role("option", name="Triangular: up and down again and again").click()
    expect(schedules.get_by_role("cell", name="A · Triangular")).to_be_visible()
    expect(schedules.locator(".st-key-schedules_plot .legendtext").first).to_have_text(
        "A · Triangular"
    )
    expect(plot(schedules).first.locator("path.js-line")).not_to_have_attribute("d", before or "")
    expect(schedules.get_by_test_id("stCode").first).to_contain_text("Cyclical(base=0.075")
    assert console_errors == []


def test_race_grows_and_stops(
    server: str, page: Page, visit: Visit, console_errors: list[str]
) -> None:
    # As long as the page allows, and stopped as soon as it is seen to grow: a busy machine may draw
    # few of its steps.
    view = View(Run(2_000, 100, 5), "steps", LONG_RACE, RaceSettings(200, 16, 5))
    visit(link(f"{server}/schedules", view))
    start(page)
    expect(page.get_by_text(re.compile("^Step [1-9]"))).to_be_visible(timeout=PATIENCE)
    first = points_drawn(page)
    eventually(page, lambda: points_drawn(page), lambda length: length > first)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("Stopped before the end.")).to_be_visible()
    expect(page.get_by_text("Lines are medians over the seeds")).to_be_visible()
    expect(page.get_by_role("button", name="Replay")).to_be_visible()
    assert console_errors == []


def test_the_race_that_home_offers_runs_teaches_and_is_announced(
    server: str, page: Page, visit: Visit, console_errors: list[str]
) -> None:
    visit(server)
    page.get_by_text("Let these three race").click(timeout=PATIENCE)
    expect(page.get_by_text("Why?")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("A and B differ in the warm-up alone")).to_be_visible()
    expect(page.get_by_text("A and C differ in the peak alone")).to_be_visible()
    told = page.get_by_test_id("stMarkdown").get_by_text("diverged at epoch")
    expect(told).to_have_count(2)
    spoken = page.get_by_role("status").filter(has_text="The race is over.")
    expect(spoken).to_have_count(1)
    expect(spoken).to_contain_text("C · Cosine 1, warm-up: diverged at epoch")
    choose_speed(page, "slow")
    page.get_by_role("button", name="Replay").click()
    expect(spoken).to_have_count(0)
    page.get_by_role("button", name="Pause").click()
    standing = page.get_by_text("Paused. Step")
    expect(standing).to_be_visible()
    before = standing.inner_text()

    def stepped() -> str:  # the first report is of step 0, too
        page.get_by_role("button", name="Step").press("Enter")
        return standing.inner_text()

    eventually(page, stepped, lambda text: text != before)
    choose_speed(page, "as fast as it runs")
    page.get_by_role("button", name="Go on").click()
    expect(spoken).to_have_count(1, timeout=PATIENCE)
    assert console_errors == []


def test_an_own_log_outlives_a_reload(
    schedules: Page, settled: Callable[[], None], console_errors: list[str]
) -> None:
    rows = "".join(f"{1e-4 * 1.15**k},{2 - 1.8 / (1 + (100 / 1.15**k) ** 2)}\n" for k in range(60))
    file = {"name": "own.csv", "mimeType": "text/csv", "buffer": f"lr,loss\n{rows}".encode()}
    schedules.get_by_role("tab", name="LR range test").click()
    schedules.get_by_text("my log").click()
    schedules.locator("input[type=file]").set_input_files([file])
    expect(schedules.locator(".st-key-range_plot .main-svg").first).to_be_visible()
    settled()
    kept = "() => (sessionStorage.getItem('dlnlp.work.schedules') || '').includes('own.csv')"
    schedules.wait_for_function(kept)
    schedules.reload()
    expect(schedules.get_by_text("own.csv: 60 rows, kept in this tab.")).to_be_visible()
    expect(schedules.locator(".st-key-range_plot .main-svg").first).to_be_visible()
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
    page.get_by_role("tab", name="Live race").click()
    page.get_by_role("button", name="Settings").click()
    expect(page.get_by_label("Seeds")).to_have_value("2")
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Curves").click()
    page.get_by_role("button", name="Share and export").click()
    expect(page.get_by_text(link(f"{server}/schedules", view))).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_label("Learning rate", exact=True).fill("0.3")
    page.get_by_label("Learning rate", exact=True).press("Enter")
    expect(page.get_by_role("cell", name="0.3", exact=True)).to_be_visible()
    assert console_errors == []
