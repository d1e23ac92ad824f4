"""How soon a changed text is shaded in the browser: `python -m benchmarks.answer`.

Opens the HAN page in the system's Chromium and commits a new text of 250 words again and again.
The time runs in the browser, from the key press that commits it to the frame in which the editor
shades it. With `--race`, another session trains a race on the schedules page all
the while.
"""

import statistics
from collections.abc import Sequence

from playwright.sync_api import sync_playwright

from benchmarks.running_app import chromium_options, running_app
from benchmarks.start import BARS, IDLE
from dlnlp.commands.options import Parser, whole
from dlnlp.ui.text.examples import examples_for

# Commits the text with Ctrl+Enter and resolves to milliseconds.
COMMIT = """() => new Promise((resolve) => {
  const root = [...document.querySelectorAll(".st-key-han_editor *")]
    .map((node) => node.shadowRoot?.querySelector(".ed")).find(Boolean);
  const area = root.querySelector("textarea");
  const start = performance.now();
  const look = () => {
    if (!root.classList.contains("stale")) resolve(performance.now() - start);
    else if (performance.now() - start > 15000) resolve(NaN);
    else requestAnimationFrame(look);
  };
  const keys = { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true, bubbles: true };
  area.dispatchEvent(new KeyboardEvent("keydown", keys));
  look();
})"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints one line."""
    parser = Parser(prog="python -m benchmarks.answer", description=__doc__)
    parser.add_argument("--words", type=whole(), default=250)
    parser.add_argument("--repeats", type=whole(), default=15)
    parser.add_argument("--race", action="store_true", help="while another session trains")
    options = parser.parse_args(arguments)
    words = " ".join(example.text for example in examples_for("han_stars")).split()
    text = " ".join((words * (options.words // len(words) + 1))[: options.words - 1])
    times = []
    with (
        running_app() as app,
        sync_playwright() as playwright,
        playwright.chromium.launch(**chromium_options()) as browser,
        browser.new_page(viewport={"width": 1280, "height": 900}) as page,
    ):
        page.goto(f"{app.url}/han")
        page.locator(BARS).first.wait_for()
        page.locator(IDLE).wait_for()
        page.wait_for_timeout(2000)
        area = page.get_by_label("Your review")
        if options.race:
            racer = browser.new_page(viewport={"width": 1280, "height": 900})
            racer.goto(f"{app.url}/schedules")
            start = racer.get_by_role("button", name="Let these race").first
            stop = racer.get_by_role("button", name="Stop")
            start.wait_for()
            racer.locator(IDLE).wait_for()
        for repeat in range(options.repeats + 2):
            marker = f"Marker{repeat}x"
            if options.race and not stop.is_visible():
                start.click()
                racer.wait_for_timeout(1000)
            area.fill(f"{marker} {text}")
            page.wait_for_timeout(40)  # less than the pause after which typing commits by itself
            taken = float(page.evaluate(COMMIT))
            if repeat >= 2:
                times.append(taken)
            page.wait_for_timeout(1200)
    print(
        f"text of {options.words} words committed to shaded, ms over {options.repeats} changes: "
        f"median {statistics.median(times):.0f}, least {min(times):.0f}, most {max(times):.0f}"
    )


if __name__ == "__main__":
    main()
