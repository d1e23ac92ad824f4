"""Which words decide over a table, in a real browser: from the upload to an explained row."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.test_accessibility import OPEN_TAB, expect_nothing_in_both_schemes
from tests.e2e.test_batch import give
from tests.e2e.waiting import expect_no_sideways_scrolling

Visit = Callable[[str], None]
PLAIN = "I saw the film with my sister on a {day} in the city <b>again</b>."
DAYS = ("monday", "tuesday", "friday")


def planted() -> bytes:
    """Plain texts, each with one of two strong words; every fourth has the wrong label."""
    lines = ["text,label"]
    for number in range(12):
        strong = ("superb", "awful")[number % 2]
        text = PLAIN.format(day=DAYS[number % 3]).replace("the film", f"the {strong} film")
        right = ("pos", "neg")[number % 2]
        lines.append(f"{text},{right if number % 4 else 'neg'}")
    return "\n".join(lines).encode()


def explain(page: Page, server: str, visit: Visit) -> None:
    visit(f"{server}/batch?model=kim_cnn")
    give(page, "mine.csv", planted())
    page.get_by_role("button", name="Score the table").click()
    page.get_by_role("tab", name="Which words decide").click()
    page.get_by_role("button", name="Explain the rows").click()
    expect(page.get_by_text("superb: 6 places")).to_be_visible(timeout=60_000)


def test_planted_words_come_first_and_lead_to_their_rows(
    server: str, page: Page, visit: Visit, tmp_path: Path, console_errors: list[str]
) -> None:
    explain(page, server, visit)
    ticks = page.locator(".st-key-batch_words_chart .ytick text")
    expect(ticks.first).to_have_text("superb")
    expect(ticks.last).to_have_text("awful")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download", exact=True).click()
        page.get_by_role("button", name="Words (CSV)").click()
    waiting.value.save_as(tmp_path / "words.csv")
    text = (tmp_path / "words.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["n-gram"] == "superb" and rows[0]["rows: all rows"] == "6"
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Explanations (JSON lines)").click()
    waiting.value.save_as(tmp_path / "explained.jsonl")
    lines_read = (tmp_path / "explained.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(each) for each in lines_read]
    assert sum(record["record"] == "row" for record in records) == 12
    page.keyboard.press("Escape")
    # A click on the last bar: the word that speaks most against the class.
    bars = page.locator(".st-key-batch_words_chart .point path")
    bars.last.click(force=True)
    expect(page.get_by_text("awful: 6 places")).to_be_visible()
    lines = page.locator(".st-key-batch_contexts button.line")
    expect(lines).to_have_count(6)
    expect(lines.first).to_contain_text("awful")
    expect(lines.first.locator(".behind")).to_contain_text("<b>again</b>")
    lines.nth(1).press("Enter")
    line = page.locator(".st-key-way_back")
    expect(line).to_contain_text("Row 2 of 6: line")
    expect(page).to_have_url(re.compile("/kim_cnn"))
    expect(page.get_by_role("textbox", name="Your review")).to_have_value(re.compile("awful"))
    line.get_by_role("link", name="Back to the table").click()
    expect(page.get_by_text("awful: 6 places")).to_be_visible(timeout=30_000)
    assert console_errors == []


def test_it_fits_a_phone_and_keeps_nobody_out(
    server: str, page: Page, visit: Visit, settled: Callable[[], None]
) -> None:
    page.emulate_media(color_scheme="dark")
    explain(page, server, visit)
    settled()
    expect_nothing_in_both_schemes(page, OPEN_TAB)
    page.set_viewport_size({"width": 390, "height": 844})
    expect_no_sideways_scrolling(page)
