"""The page that trains, in a real browser: from a table to a network that reads."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.waiting import expect_no_sideways_scrolling

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
    expect(page.get_by_text("60 texts, 30 epochs at most")).to_be_visible()
    page.get_by_role("textbox", name="Watch this text").fill("A lovely soup, <i>cold</i>")
    page.get_by_role("button", name="Start training").click()

    expect(page.get_by_role("button", name="Stop and keep")).to_be_visible()
    replay = page.locator(".st-key-train_replay, [class*=train_replay]").first
    expect(replay).to_contain_text("lovely", timeout=PATIENCE)
    expect(page.get_by_role("button", name="Train another")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Accuracy on")).to_be_visible()
    expect(replay).to_contain_text("<i>")
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
