"""A real server and a real browser: the system's Chromium driven by Playwright.

Every test below this folder is marked `e2e`; `make e2e` runs them, the plain run leaves them out.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, BrowserType, ConsoleMessage, Page, expect

from benchmarks.running_app import chromium_options, running_app

HERE = Path(__file__).resolve().parent

# Under a deep link the browser looks for the server below the page's address first; Streamlit
# answers 404 and the browser goes on at the root.
HARMLESS = re.compile(r"/_stcore/(health|host-config)$")
OF_THIS_MACHINE = re.compile(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:|about:")

# As long as a busy machine needs to open every network: what is right is seen at once all the same.
PATIENCE = 60_000  # milliseconds
expect.set_options(timeout=PATIENCE)


@pytest.hookimpl(tryfirst=True)  # before `-m` is applied
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Read by pytest-playwright."""
    return chromium_options()


@pytest.fixture(scope="session")
def profile(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[BrowserContext]:
    """One browser with a profile on disk: Streamlit's scripts are compiled once, not per test."""
    folder = tmp_path_factory.mktemp("profile")
    context = browser_type.launch_persistent_context(folder, **browser_type_launch_args)
    context.set_default_timeout(PATIENCE)  # clicks are as patient as what is expected
    yield context
    context.close()


@pytest.fixture
def context(profile: BrowserContext) -> Iterator[BrowserContext]:
    """In place of that of pytest-playwright: nothing is left of the test before but its cache.

    What a page keeps in its tab (`sessionStorage`) goes with the tab.
    """
    others = len(profile.pages)  # the empty tab that a browser begins with
    yield profile
    for page in profile.pages[others:]:
        forget_stored(page)
        page.close()
    profile.clear_cookies()


def forget_stored(page: Page) -> None:
    """Take away what the page's origin stores for all tabs."""
    devtools = page.context.new_cdp_session(page)
    where = {"origin": page.evaluate("origin"), "storageTypes": "local_storage,indexeddb"}
    devtools.send("Storage.clearDataForOrigin", where)
    devtools.detach()


@pytest.fixture
def fresh_server() -> Iterator[str]:
    """Address of a server that nobody has visited yet."""
    with running_app() as app:
        yield app.url


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Address of one server for all tests that do not care who came before."""
    with running_app() as app:
        yield app.url


@pytest.fixture
def console_errors(page: Page) -> list[str]:
    """Errors of the browser's console and uncaught exceptions, growing as the test goes on."""
    errors: list[str] = []

    def keep(message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        if message.type == "error" and not HARMLESS.search(address):
            errors.append(f"{message.text} ({address})")

    page.on("console", keep)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


@pytest.fixture
def strangers(page: Page) -> list[str]:
    """Addresses outside this machine that were asked for, growing; none are needed."""
    asked: list[str] = []
    page.on(
        "request",
        lambda request: None if OF_THIS_MACHINE.match(request.url) else asked.append(request.url),
    )
    return asked


@pytest.fixture
def phone(page: Page) -> Page:
    """The page on a screen as wide as a phone's."""
    page.set_viewport_size({"width": 390, "height": 844})
    return page


@pytest.fixture
def settled(page: Page) -> Callable[[], None]:
    """`settled()` waits until the server has run the page's script to its end."""
    idle = page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')
    return lambda: expect(idle).to_have_count(1)


@pytest.fixture
def visit(page: Page, settled: Callable[[], None]) -> Callable[[str], None]:
    """`visit(url)` opens a page and waits until it has a title and its script has run."""

    def visit(url: str) -> None:
        page.goto(url)
        expect(page.locator("h1")).to_be_visible()
        settled()

    return visit
