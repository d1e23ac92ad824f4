"""Time from lifting the pen to the answer and to the diagram: `python -m benchmarks.pen_up`.

Opens the page of digits in the system's Chromium and draws with the mouse, one stroke at a time.
The browser measures from the `pointerup` event to the frame in which the answer has changed, and to
the frame in which the diagram of the network has changed.
"""

import math
import statistics
from collections.abc import Sequence

from playwright.sync_api import Page, sync_playwright

from benchmarks.running_app import chromium_options, running_app
from benchmarks.start import IDLE
from dlnlp.commands.options import Parser, whole

# Keeps the milliseconds of each lift in window.lifts, by what changed; none after 5 s without one.
WATCH = """() => {
  window.lifts = { answer: [], flow: [] };
  document.addEventListener("pointerup", (event) => {
    if (event.composedPath()[0].tagName !== "CANVAS") return;
    const start = performance.now();
    for (const [name, times] of Object.entries(window.lifts)) {
      const text = () => [...document.querySelectorAll("*")]
        .find((node) => node.shadowRoot?.querySelector("." + name))?.shadowRoot.textContent;
      const before = text();
      const look = () => {
        if (text() !== before) times.push(performance.now() - start);
        else if (performance.now() - start < 5000) requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    }
  }, true);
}"""


def stroke(page: Page, box: dict[str, float], number: int) -> None:
    """Draw one of several curves, in some 40 steps; every sixth one on a clean sheet."""
    if number % 6 == 0:
        page.get_by_role("button", name="Clear").click()
        page.wait_for_timeout(900)
    x, y, side = box["x"], box["y"], box["width"]
    across, down = 0.2 + 0.09 * (number % 6), 0.15 + 0.05 * (number % 3)
    page.mouse.move(x + side * across, y + side * down)
    page.mouse.down()
    for step in range(40):
        turn = step / 39 * math.pi
        page.mouse.move(
            x + side * (across + 0.3 * math.sin(turn * (1 + number % 2))),
            y + side * (down + 0.6 * step / 39),
        )
    page.mouse.up()


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints one line."""
    parser = Parser(prog="python -m benchmarks.pen_up", description=__doc__)
    parser.add_argument("--repeats", type=whole(), default=30)
    parser.add_argument(
        "--tab", default="Nearest neighbours", help="the tab that is open below the answer"
    )
    options = parser.parse_args(arguments)
    with (
        running_app() as app,
        sync_playwright() as playwright,
        playwright.chromium.launch(**chromium_options()) as browser,
        browser.new_page(viewport={"width": 1280, "height": 900}) as page,
    ):
        page.goto(f"{app.url}/mnist_cnn")
        canvas = page.locator("canvas[role=img]")
        canvas.wait_for()
        page.get_by_role("tab", name=options.tab).click()
        page.locator(IDLE).wait_for()
        page.wait_for_timeout(1500)
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        if box is None:
            raise RuntimeError("the page shows no sheet to draw on")
        stroke(page, dict(box), 0)
        page.wait_for_timeout(1500)
        page.evaluate(WATCH)
        for number in range(1, options.repeats + 1):
            stroke(page, dict(box), number)
            page.wait_for_timeout(900)
        lifts = page.evaluate("window.lifts")
    print(f"pen up, ms over {options.repeats} lifts (tab {options.tab!r} open):")
    for name, what in (("answer", "answer"), ("flow", "diagram of the network")):
        times = lifts[name]
        print(
            f"to the {what}: median {statistics.median(times):.0f}, "
            f"p95 {statistics.quantiles(times, n=20)[-1]:.0f}, most {max(times):.0f}"
        )


if __name__ == "__main__":
    main()
