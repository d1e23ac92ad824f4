"""Deep links on a fresh server, titles and links."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dlnlp.ui.shell.navigation import HOME, PAGES, PageEntry

Visit = Callable[[str], None]


def address(server: str, entry: PageEntry) -> str:
    return f"{server}/" if entry is HOME else f"{server}/{entry.stem}"


def expect_frame(page: Page, entry: PageEntry) -> None:
    """The page's own title in the tab, every page in the navigation, and no exception."""
    expect(page).to_have_title(f"{entry.title} · dlnlp")
    links = page.get_by_test_id("stTopNavLink")
    expect(links).to_have_text([re.compile(f"{e.title}$") for e in (HOME, *PAGES)])
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("entry", (HOME, PAGES[0]), ids=lambda entry: entry.stem)
def test_first_visitor_of_a_link_gets_page_and_frame(
    fresh_server: str,
    page: Page,
    visit: Visit,
    console_errors: list[str],
    strangers: list[str],
    entry: PageEntry,
) -> None:
    visit(f"{address(fresh_server, entry)}?unheard_of=1")
    expect_frame(page, entry)
    expect(page).to_have_url(f"{address(fresh_server, entry)}?unheard_of=1")
    assert console_errors == []
    assert strangers == []


def test_first_visitor_of_an_unknown_address_is_told(fresh_server: str, page: Page) -> None:
    page.goto(f"{fresh_server}/nowhere")
    expect(page.get_by_role("dialog")).to_contain_text("Page not found")
    expect(page).to_have_title(f"{HOME.title} · dlnlp")


def test_home_leads_to_each_page_and_back(
    server: str, page: Page, visit: Visit, console_errors: list[str], strangers: list[str]
) -> None:
    visit(server)
    for entry in PAGES:
        page.get_by_role("link", name=f"Open {entry.title}").click()
        expect_frame(page, entry)
        expect(page).to_have_url(address(server, entry))
        page.get_by_test_id("stTopNavLink").first.click()
        expect_frame(page, HOME)
        expect(page).to_have_url(address(server, HOME))
    assert console_errors == [] and strangers == []


def test_phone_opens_the_navigation(server: str, phone: Page, visit: Visit) -> None:
    visit(server)
    expect(phone.get_by_test_id("stSidebarNavLink").first).not_to_be_in_viewport()
    phone.get_by_test_id("stExpandSidebarButton").click()
    phone.get_by_test_id("stSidebarNavLink").filter(has_text=PAGES[0].title).click()
    expect(phone).to_have_title(f"{PAGES[0].title} · dlnlp")
