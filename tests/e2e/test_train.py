"""The page that trains, in a real browser: from a table to a network that reads."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.running_app import running_app
from dlnlp import catalogue
from tests.e2e.reviews import settle
from tests.e2e.waiting import eventually, expect_no_sideways_scrolling
from tests.tiny_kim_cnn import write_tiny_kim_cnn

Visit = Callable[[str], None]
PATIENCE = 600_000  # milliseconds: a busy machine compiles for minutes
TABLE = "text,label\n" + "".join(
    f"{'What a lovely quiet room' if n % 2 else 'The soup was cold and stale'} {n}.,"
    f"{'froh' if n % 2 else '<b>trüb</b>'}\n"
    for n in range(60)
)


def test_a_table_becomes_a_network_that_reads_and_can_be_kept(
    server: str,
    page: Page,
    visit: Visit,
    tmp_path: Path,
    console_errors: list[str],
    strangers: list[str],
) -> None:
    visit(f"{server}/train")
    expect(page.get_by_role("button", name="Use questions")).to_be_visible()
    page.locator("input[type=file]").set_input_files(
        {"name": "moods.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    )
    expect(page.get_by_text("moods.csv: 60 rows, 2 columns")).to_be_visible()
    expect(page.get_by_text("Nothing unusual")).to_be_visible(timeout=PATIENCE)
    page.get_by_test_id("stButtonGroup").get_by_text("Kim CNN").click()
    expect(page.get_by_text(re.compile(r"60 texts, \d+ epochs at most"))).to_be_visible()
    page.get_by_role("textbox", name="Watch this text").fill("A lovely soup, <i>cold</i>")
    page.get_by_role("button", name="Start training").click()

    expect(page.get_by_role("button", name="Stop and keep")).to_be_visible()
    replay = page.locator(".st-key-train_replay, [class*=train_replay]").first
    expect(replay).to_contain_text("lovely", timeout=PATIENCE)
    expect(page.get_by_role("button", name="Train another")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Accuracy on")).to_be_visible()
    expect(replay).to_contain_text("<i>")
    # In half a page the charts stand below the text: beside it their numbers would be too small.
    widths = "charts => Math.min(...charts.map(chart => chart.clientWidth))"
    eventually(page, lambda: replay.locator("svg").evaluate_all(widths), lambda least: least > 240)
    expect_no_sideways_scrolling(page)

    with page.expect_download() as waiting:
        page.get_by_test_id("stDownloadButton").get_by_role("button").click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.name == "moods.zip"
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        assert {"moods/card.json", "moods/network.onnx"} <= set(archive.namelist())

    page.get_by_role("link", name="Open it: read a text with it").click()
    expect(page.get_by_role("heading", name="Kim’s convolutional network")).to_be_visible()
    expect(page.get_by_test_id("stButtonGroup").get_by_text("moods")).to_be_visible()
    expect(page.get_by_role("heading", name="Most likely")).to_be_visible()

    page.reload()  # the tab knows its folder
    page.get_by_role("link", name="Train your own").click()
    expect(page.get_by_role("button", name="Train another")).to_be_visible()
    expect(page.get_by_test_id("stDownloadButton")).to_be_visible()
    assert not console_errors and not strangers


def test_another_visitor_sees_nothing_of_it(server: str, page: Page, visit: Visit) -> None:
    visit(f"{server}/train")
    expect(page.get_by_role("button", name="Use questions")).to_be_visible()
    expect(page.get_by_text("Your networks")).to_have_count(0)


def test_class_names_of_any_length_fit_a_phone(
    phone: Page, visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("short", "a name that does not seem to end " * 6, "<b>bold</b>")
    write_tiny_kim_cnn(tmp_path / "long_names", class_names=names)
    monkeypatch.setenv(catalogue.VARIABLE, str(tmp_path))
    with running_app() as app:
        visit(f"{app.url}/kim_cnn?model=long_names")
        settle(phone)
        expect(phone.get_by_role("radio", name="short:")).to_be_visible()
        expect(phone.locator(".flow").first).to_be_visible()
        expect_no_sideways_scrolling(phone)
        tallest = "names => Math.max(...names.map(name => name.clientHeight))"
        names_of_bars = phone.locator(".bars .name")
        eventually(phone, lambda: names_of_bars.evaluate_all(tallest), lambda height: height < 100)
