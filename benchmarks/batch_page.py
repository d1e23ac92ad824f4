"""From a labelled table to a clicked error in the browser: `python -m benchmarks.batch_page`.

Uploads a table of invented reviews with stars on the page of batch prediction in the system's
Chromium, scores it, and clicks the first of the most confident errors, until its page explains it.
Then the slices and the recalibration of the same table are opened. Prints one line for each step;
a server that has opened the network before, as for any visitor but the first.
"""

import time
from collections.abc import Sequence

from playwright.sync_api import Page, sync_playwright

from benchmarks.invented_reviews import Inventor
from benchmarks.running_app import chromium_options, running_app
from benchmarks.start import IDLE
from dlnlp.commands.options import Parser, whole
from dlnlp.tables.csv_writing import csv_record

PATIENCE = 600_000  # milliseconds


def invented_table(rows: int, seed: int = 1) -> bytes:
    """A labelled table as CSV: number, kind of product, stars, text."""
    lines = [csv_record(("id", "kind", "stars", "text"))]
    for number, (stars, title, text) in enumerate(Inventor(seed).draw(rows), 1):
        lines.append(csv_record((str(number), title[:1], str(stars), text)))
    return "".join(lines).encode()


class Steps:
    """Seconds from one step to the next."""

    def __init__(self) -> None:
        self.times: dict[str, float] = {}
        self._last = time.perf_counter()

    def done(self, step: str) -> None:
        """A step has ended."""
        now = time.perf_counter()
        self.times[step] = now - self._last
        self._last = now


def upload(page: Page, content: bytes, name: str = "reviews.csv") -> None:
    """Give the page a table."""
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )


def evaluated(page: Page, content: bytes) -> Steps:
    """Upload, score, click the most confident error."""
    steps = Steps()
    upload(page, content)
    page.get_by_text("Labels: ").wait_for()
    steps.done("upload to read and previewed")
    page.get_by_role("button", name="Score the table").click()
    errors = page.locator('[class*="st-key-batch_rows"]').get_by_test_id("stDataFrame")
    errors.wait_for()
    steps.done("scored and evaluated")
    errors.scroll_into_view_if_needed()
    errors.click(position={"x": 120, "y": 52})
    page.locator(".st-key-way_back").wait_for()
    page.locator(".st-key-way_back").get_by_text("Error 1 of").wait_for()
    steps.done("error clicked to its page")
    return steps


def parted(page: Page) -> Steps:
    """Go back to the table and open what else it shows."""
    page.get_by_role("link", name="Back to the table").click()
    page.locator(IDLE).wait_for()
    steps = Steps()
    page.get_by_role("tab", name="Slices").click()
    page.get_by_text("Strongest evidence first").wait_for()
    steps.done("slices opened")
    page.get_by_text("Common words", exact=True).click()
    page.get_by_text("text contains").first.wait_for()
    steps.done("common words tried")
    page.get_by_role("tab", name="Recalibration").click()
    page.get_by_text("Without and with recalibration").wait_for()
    steps.done("recalibration opened")
    return steps


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints a table."""
    parser = Parser(prog="python -m benchmarks.batch_page", description=__doc__)
    parser.add_argument("--rows", type=whole(100, 5_000), default=5_000)
    parser.add_argument("--model", default="kim_cnn")
    options = parser.parse_args(arguments)
    content = invented_table(options.rows)
    print(f"{options.rows:,} rows, {len(content) / 1e6:.1f} MB, {options.model}")
    with (
        running_app() as app,
        sync_playwright() as playwright,
        playwright.chromium.launch(**chromium_options()) as browser,
    ):
        for warm in (True, False):
            with browser.new_page(viewport={"width": 1280, "height": 720}) as page:
                page.set_default_timeout(PATIENCE)
                page.goto(f"{app.url}/batch?model={options.model}")
                page.get_by_text("A table with one text per row").wait_for()
                page.locator(IDLE).wait_for()
                steps = evaluated(page, invented_table(100) if warm else content)
                if not warm:
                    print(f"{'upload to clicked error':<32} {sum(steps.times.values()):6.2f} s")
                    for name, seconds in (steps.times | parted(page).times).items():
                        print(f"{name:<32} {seconds:6.2f} s")


if __name__ == "__main__":
    main()
