"""How long from starting the server to a page, to the first answer, and what it then weighs.

    python -m benchmarks.start [--runs 5] [--python path/to/python]

Every run starts a fresh server; its first visitor is a browser that is already open. Times count
from the start of the server's process. Name the interpreter of an environment that holds
`requirements.txt` only, to see what a user gets. A page of one heading, served and opened in the
same way with the same settings, shows how much of it is Streamlit's and the browser's own.
"""

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.running_app import ROOT, chromium_options, running_app
from dlnlp.commands.options import Parser, whole

IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
VERDICT = 'h2:has-text("star")'
BARS = ".bars .fill"
DIGIT = "This is a 7"
LIVE = "Which words misled it?"


def one_heading(browser: Browser, python: str) -> dict[str, float]:
    """Start to a page of one heading, with its script run: nothing of ours is in it."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / ".streamlit", Path(folder, ".streamlit"))
        script = Path(folder, "streamlit_app.py")
        script.write_text('import streamlit as st\n\nst.title("One heading")\n')
        with running_app(python, folder=script.parent) as app, browser.new_page() as page:
            page.goto(app.url)
            page.locator("h1").wait_for()
            page.locator(IDLE).wait_for()
            return {"a page of one heading, s": time.perf_counter() - app.started}


def first_page(browser: Browser, python: str) -> dict[str, float]:
    """Start to health check, to the home page with its script run, and memory then."""
    with running_app(python) as app, browser.new_page() as page:
        page.goto(app.url)
        page.locator("h1").wait_for()
        page.locator(IDLE).wait_for()
        return {
            "server answers its health check, s": app.healthy - app.started,
            "home page is interactive, s": time.perf_counter() - app.started,
            "resident memory then, MB": app.resident_megabytes(),
        }


def first_answer(browser: Browser, python: str) -> dict[str, float]:
    """Start to the first review's prediction and to its chart, and memory with the model loaded."""
    with running_app(python) as app, browser.new_page() as page:
        page.goto(f"{app.url}/han")
        page.locator(VERDICT).first.wait_for()
        answered = time.perf_counter() - app.started
        page.locator(BARS).first.wait_for()
        bars = time.perf_counter() - app.started
        page.locator(IDLE).wait_for()
        drawn = time.perf_counter() - app.started
        return {
            "first HAN prediction is shown, s": answered,
            "its bars are drawn, s": bars,
            "the whole page is drawn, s": drawn,
            "resident memory with the model, MB": app.resident_megabytes(),
        }


def first_digit(browser: Browser, python: str) -> dict[str, float]:
    """Start to the answer to the digit that stands on the sheet when the page is opened."""
    with running_app(python) as app, browser.new_page() as page:
        page.goto(f"{app.url}/mnist_cnn")
        page.get_by_text(DIGIT).wait_for()
        answered = time.perf_counter() - app.started
        page.locator(IDLE).wait_for()
        return {
            "first digit is answered, s": answered,
            "its whole page is drawn, s": time.perf_counter() - app.started,
        }


def live_examples(browser: Browser, python: str) -> dict[str, float]:
    """Start to the home page's live examples, which follow once it is interactive."""
    with running_app(python) as app, browser.new_page() as page:
        page.goto(app.url)
        page.get_by_text(LIVE).wait_for()
        return {"home page's examples are there, s": time.perf_counter() - app.started}


def measure(runs: int, python: str) -> dict[str, list[float]]:
    """All figures by name, one for each run."""
    parts = [one_heading, first_page]
    if (ROOT / "weights" / "han_stars" / "card.json").exists():
        parts += [live_examples, first_answer]
    if (ROOT / "weights" / "mnist_cnn" / "card.json").exists():
        parts.append(first_digit)
    figures: dict[str, list[float]] = {}
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(**chromium_options()) as browser,
    ):
        for _ in range(runs):
            for part in parts:
                for name, value in part(browser, python).items():
                    figures.setdefault(name, []).append(value)
    return figures


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = Parser(prog="python -m benchmarks.start", description=__doc__)
    parser.add_argument("--runs", type=whole(), default=5, help="fresh servers a figure")
    parser.add_argument("--python", default=sys.executable, help="interpreter that serves the app")
    options = parser.parse_args(arguments)
    print(f"{'from the start of the server':<38}{'median':>9}{'least':>9}{'most':>9}")
    for name, values in measure(options.runs, options.python).items():
        row = (statistics.median(values), min(values), max(values))
        print(f"{name:<38}" + "".join(f"{value:>9.2f}" for value in row))


if __name__ == "__main__":
    main()
