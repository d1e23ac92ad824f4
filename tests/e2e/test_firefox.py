"""The same pages in Firefox, which Playwright cannot drive as the system installs it.

Marionette, Firefox' own protocol, does; left out where there is no Firefox.
"""

import base64
import io
import shutil
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from benchmarks.running_app import free_port
from dlnlp.ui.han.methods import HAN
from dlnlp.ui.shell.navigation import HOME, PAGES
from tests.e2e.test_editor import ONE_LAYER, TEXTS, random_text
from tests.e2e.waiting import until

FIREFOX = next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None)
if FIREFOX is None:
    pytest.skip("no Firefox is installed", allow_module_level=True)

# The editor lives in a shadow root.
FIND = """const [selector] = arguments;
const inside = (node) => node.querySelector(selector) ?? [...node.querySelectorAll("*")]
    .map((child) => child.shadowRoot && inside(child.shadowRoot)).find(Boolean);
return inside(document);"""
IDLE = """return document.querySelector("h1") !== null && document.querySelector(
    '[data-testid="stApp"][data-test-script-state="notRunning"]') !== null;"""
CUT_OFF = """return [...document.querySelectorAll("button, button *")].filter((node) => {
    const style = getComputedStyle(node), child = node.firstElementChild;
    return style.textOverflow === "ellipsis" && child !== null && node.clientWidth > 0
        && child.getBoundingClientRect().width > node.getBoundingClientRect().width;
  }).map((node) => node.textContent);"""
SIDEWAYS = """const main = document.querySelector('[data-testid="stMain"]');
return Math.max(main.scrollWidth - main.clientWidth,
    document.documentElement.scrollWidth - innerWidth);"""
PUT = """const [area, text] = arguments;
area.focus();
area.select();
document.execCommand("insertText", false, text);"""
COPIED = """const [root] = arguments;
return root.querySelector("textarea").value === root.querySelector(".copy").textContent.slice(0, -1)
"""
LAYER = """const [root, style] = arguments;
const node = root.querySelector("#one-layer") ?? document.createElement("style");
node.id = "one-layer";
node.textContent = style;
root.append(node);"""
SHADED = """const [root, word] = arguments;
return !root.classList.contains("stale") && root.querySelectorAll(".chip").length > 0
    && root.querySelector("textarea").value.includes(word);"""

Find = Callable[[str], Any]


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A Firefox without a window; its log goes into a temporary folder."""
    log = tmp_path_factory.mktemp("firefox")
    with warnings.catch_warnings(action="ignore"):  # of a library that Marionette uses
        from marionette_driver.marionette import Marionette

        # Its lines under words that it does not know are no part of the text.
        # A port of its own: other processes of the tests may run a Firefox too.
        marionette = partial(Marionette, port=free_port(), prefs={"layout.spellcheckDefault": 0})
        browser = marionette(bin=FIREFOX, headless=True, startup_timeout=120, gecko_log=str(log))
        browser.start_session()
    browser.timeout.script = 60
    try:
        yield browser
    finally:
        browser.quit()
        browser.cleanup()


@pytest.fixture
def visit(firefox: Any) -> Callable[[str], None]:
    """Opens an address and waits until its script has ended."""

    def go(address: str) -> None:
        firefox.set_window_rect(width=1280, height=720)
        firefox.navigate(address)
        until(lambda: firefox.execute_script(IDLE))

    return go


@pytest.fixture
def find(firefox: Any) -> Find:
    """Waits for the first element that a selector names, in shadow roots too."""

    def first(selector: str) -> Any:
        until(lambda: firefox.execute_script(FIND, [selector]) is not None)
        return firefox.execute_script(FIND, [selector])

    return first


@pytest.mark.parametrize("entry", [HOME, *PAGES], ids=lambda entry: entry.stem)
def test_a_page_fits_and_no_button_is_cut_off(
    server: str, firefox: Any, visit: Callable[[str], None], entry: Any
) -> None:
    visit(f"{server}/{'' if entry is HOME else entry.stem}")
    until(lambda: firefox.execute_script(SIDEWAYS) <= 0)
    until(lambda: firefox.execute_script(CUT_OFF) == [])


def one_layer(firefox: Any, editor: Any, area: Any, shown: str, hidden: str) -> NDArray[np.int64]:
    style = (
        f"{ONE_LAYER} {shown} {{visibility: visible !important}} "
        f"{hidden} {{visibility: hidden !important}}"
    )
    firefox.execute_script(LAYER, [editor, style])
    png = base64.b64decode(firefox.screenshot(element=area, full=False))
    firefox.execute_script(LAYER, [editor, ""])
    return np.asarray(Image.open(io.BytesIO(png)).convert("L")).astype(int)


def test_both_layers_of_the_editor_break_lines_in_the_same_places(
    server: str, firefox: Any, visit: Callable[[str], None], find: Find
) -> None:
    visit(f"{server}/kim_cnn")
    editor, area, scroller = find(".ed"), find(".ed textarea"), find(".ed .scroller")
    for text in [*TEXTS.values(), *map(random_text, range(4))]:
        firefox.execute_script(PUT, [area, text])
        until(lambda: firefox.execute_script(COPIED, [editor]))

        def same() -> bool:
            seen = one_layer(firefox, editor, scroller, "textarea", ".copy")
            copied = one_layer(firefox, editor, scroller, ".copy", "textarea")
            # An answer that comes between the two may make the room for the text another one.
            if seen.shape != copied.shape:
                return False
            return (seen < 128).sum() > 5 and int((abs(seen - copied) > 24).sum()) == 0

        until(same)


def test_what_is_typed_is_shaded_and_can_be_taken_back(
    server: str, firefox: Any, visit: Callable[[str], None], find: Find
) -> None:
    link = HAN.url({"model": "han_stars"}, "A good tent. It leaks 😀.")
    assert link is not None
    visit(f"{server}{link}")
    editor, area = find(".ed"), find(".ed textarea")
    until(lambda: firefox.execute_script(SHADED, [editor, "good tent"]))
    firefox.execute_script("arguments[0].focus(); arguments[0].setSelectionRange(2, 6)", [area])
    area.send_keys("terrible")
    until(lambda: firefox.execute_script(SHADED, [editor, "A terrible tent"]))

    def taken_back() -> bool:
        area.send_keys("\ue009z\ue000")  # Control and z
        return firefox.execute_script(SHADED, [editor, "A good tent"])

    until(taken_back)
