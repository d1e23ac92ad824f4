"""The replay of a training in a real browser, on the recording that ships."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from dlnlp.ui.shell.parts import DURING
from tests.e2e.reviews import open_tab, settle
from tests.e2e.waiting import eventually, expect_no_sideways_scrolling

Visit = Callable[[str], None]
START, END = re.compile(r"^Step 0 of [\d,]+: random start$"), re.compile(r"^Step ([\d,]+) of \1:")


@pytest.fixture
def sent(page: Page) -> list[object]:
    """What the browser tells the server, from the first page on."""
    frames: list[object] = []
    page.on(
        "websocket", lambda socket: socket.on("framesent", lambda payload: frames.append(payload))
    )
    return frames


def opened(page: Page, server: str, visit: Visit) -> Locator:
    visit(f"{server}/han?model=han_imdb")
    settle(page)
    open_tab(page, DURING)
    expect(page.locator(".replay .word").first).to_be_visible()
    settle(page)
    return page.locator(".replay")


def test_keys_move_through_the_training_and_ask_nothing_of_the_server(
    page: Page, server: str, visit: Visit, sent: list[object], console_errors: list[str]
) -> None:
    replay = opened(page, server, visit)
    where, seek = replay.locator(".where"), replay.get_by_role("slider")
    expect(where).to_have_text(START)
    shades = "nodes => nodes.map(node => Number(node.style.getPropertyValue('--v')))"
    words = replay.locator(".rows .word")
    start = words.evaluate_all(shades)
    seek.focus()
    before = len(sent)
    page.keyboard.press("End")
    expect(where).to_have_text(END)
    assert len(sent) == before
    end = eventually(page, lambda: words.evaluate_all(shades), lambda now: now != start)
    assert max(end) <= 1
    expect(seek).to_have_attribute("aria-valuetext", re.compile(r"(positive|negative) [\d.> ]+ %$"))
    page.keyboard.press("Home")
    expect(where).to_have_text(START)
    assert eventually(page, lambda: words.evaluate_all(shades), lambda now: now == start)
    expect(replay.locator(".chart")).to_have_count(3)
    assert console_errors == []


def test_it_fits_a_phone_plays_to_the_end_and_pauses_when_asked(
    phone: Page, server: str, visit: Visit
) -> None:
    replay = opened(phone, server, visit)
    expect_no_sideways_scrolling(phone)
    replay.get_by_role("button", name="Play").click()
    expect(replay.locator(".where")).not_to_have_text(START)
    replay.get_by_role("button", name="Pause").click()
    expect(replay.get_by_role("button", name="Play")).to_be_visible()
    replay.get_by_role("button", name="Play").click()
    expect(replay.locator(".where")).to_have_text(END)
    expect(replay.get_by_role("button", name="Play")).to_be_visible()


def test_a_word_and_another_text_are_chosen(page: Page, server: str, visit: Visit) -> None:
    replay = opened(page, server, visit)
    replay.get_by_role("button", name=re.compile("^villain:")).click()
    caption = replay.locator(".chart figcaption").last
    expect(caption).to_contain_text("“villain”")
    page.keyboard.press("ArrowRight")
    expect(caption).to_contain_text("“finally”")
    expect(replay.locator(".word[tabindex='0']")).to_have_count(1)
    replay.get_by_role("button", name="Torn", exact=True).click()
    expect(replay.locator(".rows")).to_contain_text("lighthouse")
    expect(replay.get_by_role("button", name="Torn", exact=True)).to_be_focused()
