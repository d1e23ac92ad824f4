"""A real server and a real browser: the system's Chromium driven by Playwright.

Every test below this folder is marked `e2e`; `make e2e` runs them, the plain run leaves them out.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, BrowserType, ConsoleMessage, Page, expect

from benchmarks.running_app import WINDOWLESS, chromium_options, running_app
from tests.e2e.waiting import PATIENCE, open_page, rest

HERE = Path(__file__).resolve().parent

# Under a deep link the browser looks for the server below the page's address first; Streamlit
# answers 404 and the browser goes on at the root.
HARMLESS = re.compile(r"/_stcore/(health|host-config)$")
OF_THIS_MACHINE = re.compile(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:|about:")

expect.set_options(timeout=PATIENCE * 1000)


@pytest.hookimpl(tryfirst=True)  # before `-m` is applied
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Read by pytest-playwright."""
    return chromium_options(WINDOWLESS)


@pytest.fixture(scope="session")
def profile(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[BrowserContext]:
    """One browser with a profile on disk: Streamlit's scripts are compiled once, not per test.

    What moves on a page while the server works costs a slow machine more than the work does.
    """
    folder = tmp_path_factory.mktemp("profile")
    context = browser_type.launch_persistent_context(
        folder, reduced_motion="reduce", **browser_type_launch_args
    )
    context.set_default_timeout(PATIENCE * 1000)  # clicks are as patient as what is expected
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


@pytest.fixture(scope="module")
def lasting(profile: BrowserContext) -> Iterator[Page]:
    """A tab for the tests of a module that only look at one page: it is loaded once for them."""
    page = profile.new_page()
    yield page
    forget_stored(page)
    page.close()


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
    return errors_of(page)


@pytest.fixture(scope="module")
def lasting_errors(lasting: Page) -> list[str]:
    """As `console_errors`, of the tab for all tests of the module."""
    return errors_of(lasting)


def errors_of(page: Page) -> list[str]:
    """Errors of a page's console and uncaught exceptions, growing."""
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
    return partial(rest, page)


@pytest.fixture
def visit(page: Page) -> Callable[[str], None]:
    """`visit(url)` opens a page and waits until it has a title and its script has run."""
    return partial(open_page, page)
