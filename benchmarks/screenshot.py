"""Make the picture in README: `python -m benchmarks.screenshot [--output docs/han.png]`.

Starts the app, opens the HAN page in the system's Chromium and waits until everything is drawn.
"""

from collections.abc import Sequence

from playwright.sync_api import sync_playwright

from benchmarks.running_app import ROOT, chromium_options, running_app
from benchmarks.start import BARS, IDLE
from dlnlp.commands.options import Parser, new_file, whole


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes the picture."""
    parser = Parser(prog="python -m benchmarks.screenshot", description=__doc__)
    parser.add_argument("--output", type=new_file, default=ROOT / "docs" / "han.png")
    parser.add_argument("--page", default="han")
    parser.add_argument("--width", type=whole(), default=1360)
    parser.add_argument("--height", type=whole(), default=1040)
    parser.add_argument("--scheme", choices=("light", "dark"), default="light")
    parser.add_argument("--whole", action="store_true", help="the page from top to bottom")
    options = parser.parse_args(arguments)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    with (
        running_app() as app,
        sync_playwright() as playwright,
        playwright.chromium.launch(**chromium_options()) as browser,
        browser.new_page(
            viewport={"width": options.width, "height": options.height},
            color_scheme=options.scheme,
        ) as page,
    ):
        page.goto(f"{app.url}/{options.page}")
        page.locator("h1").wait_for()
        if options.page == "han":
            page.locator(BARS).first.wait_for()
        page.locator(IDLE).wait_for()
        page.wait_for_timeout(1500)  # fonts and the last animation
        if options.whole:
            height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
            page.set_viewport_size({"width": options.width, "height": int(height)})
            page.wait_for_timeout(1500)
        page.screenshot(path=options.output)
    print(options.output)


if __name__ == "__main__":
    main()
