"""The scoring page in a real browser: a file goes up, a scored file comes down."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.tables import give, sliced_table
from tests.e2e.waiting import eventually

Visit = Callable[[str], None]
TABLE = (
    'id;text;note\n1;"A wonderful film.\nI loved it; truly.";=1+1\n2;;empty\n3;too;many;fields\n'
    "4;Dull, noisy and painfully bad. Avoid.;x\n"
)


def test_a_table_goes_up_and_comes_back_scored(
    server: str,
    page: Page,
    visit: Visit,
    tmp_path: Path,
    console_errors: list[str],
    strangers: list[str],
) -> None:
    visit(f"{server}/batch")
    give(page, "mine.csv", TABLE.encode())
    expect(page.get_by_text("Read as: semicolon-separated, UTF-8.")).to_be_visible()
    expect(page.get_by_text("mine.csv: 3 rows, 3 columns; 1 more")).to_be_visible()
    page.get_by_role("button", name="Score the table").click()
    expect(page.get_by_role("heading", name="The scored table")).to_be_visible()
    expect(page.get_by_test_id("stMetricValue")).to_have_text(["2", "2"])
    expect(page.locator(".st-key-score_counts .js-plotly-plot")).to_be_visible()
    page.get_by_text("What could not be scored: 2").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Scored table (CSV)").click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    text = path.read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert path.name == "scored.csv"
    assert [(row["id"], row["label"]) for row in rows] == [
        ("1", "positive"),
        ("2", ""),
        ("4", "negative"),
    ]
    assert rows[0]["text"] == "A wonderful film.\nI loved it; truly."
    assert rows[0]["note"] == "'=1+1" and float(rows[0]["p_positive"]) > 0.9
    assert console_errors == [] and strangers == []


def test_result_survives_a_change_of_page(server: str, page: Page, visit: Visit) -> None:
    visit(f"{server}/batch")
    page.get_by_role("button", name="Try ours").click()
    page.get_by_role("button", name="Score the table").click()
    page.get_by_role("tab", name="Predictions").click()
    expect(page.get_by_test_id("stMetricValue")).to_have_text(["8", "0"])
    page.get_by_role("link", name="Schedules").first.click()
    expect(page.get_by_role("heading", name="Learning-rate schedules")).to_be_visible()
    page.get_by_role("link", name="Batch prediction").first.click()
    expect(page.get_by_test_id("stMetricValue")).to_have_text(["8", "0"])


def test_a_hostile_file_is_one_sentence(
    server: str, page: Page, visit: Visit, console_errors: list[str]
) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    visit(f"{server}/batch")
    give(page, "<img src=x onerror=alert(1)>.csv", b"PK\x03\x04" + bytes(99))
    expect(page.get_by_text("it is a ZIP archive or an Excel workbook")).to_be_visible()
    attack = "<img src=x onerror=alert(1)>"
    give(page, "x.csv", f"text,{attack}\n{attack} good,{attack}\n".encode())
    page.get_by_role("button", name="Score the table").click()
    expect(page.get_by_role("heading", name="The scored table")).to_be_visible()
    assert dialogs == [] and console_errors == []


LABELLED = """text,sentiment
"A wonderful film, I loved it.",pos
"Dull, noisy and painfully bad. Avoid.",neg
"A masterpiece, wonderful from beginning to end.",neg
"Boring, a dreadful waste of time.",pos
"""


def test_an_error_is_clicked_explained_and_led_back_from(
    server: str, page: Page, visit: Visit, console_errors: list[str]
) -> None:
    visit(f"{server}/batch?model=kim_cnn")
    give(page, "mine.csv", LABELLED.encode())
    expect(page.get_by_text("Labels: neg = negative, pos = positive")).to_be_visible()
    page.get_by_role("button", name="Score the table").click()
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("50.0 %")
    errors = page.locator('[class*="st-key-batch_rows"]').get_by_test_id("stDataFrame")
    errors.scroll_into_view_if_needed()
    errors.click(position={"x": 120, "y": 52})  # a cell of the first row
    line = page.locator(".st-key-way_back")
    expect(line).to_contain_text("Error 1 of 2: line")
    expect(page).to_have_url(re.compile("/kim_cnn"))
    area = page.get_by_role("textbox", name="Your review")
    first = area.input_value()
    line.get_by_role("button", name="Next error").click()
    expect(line).to_contain_text("Error 2 of 2: line")
    expect(area).not_to_have_value(first)
    line.get_by_role("link", name="Back to the table").click()
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("50.0 %")
    expect(line).to_have_count(0)
    assert console_errors == []


def test_the_former_address_leads_here(server: str, page: Page, visit: Visit) -> None:
    visit(f"{server}/score?table=ours&model=kim_cnn")
    expect(page.get_by_role("heading", name="Batch prediction")).to_be_visible()
    expect(page).to_have_url(re.compile("/batch"))
    expect(page.get_by_text("reviews.csv: 8 rows, 4 columns")).to_be_visible()
    expect(page.get_by_role("link", name="Batch prediction")).to_have_count(1)


def test_a_weak_slice_is_seen_opened_and_the_answers_are_recalibrated(
    server: str, page: Page, visit: Visit, tmp_path: Path, console_errors: list[str]
) -> None:
    visit(f"{server}/batch?model=kim_cnn")
    give(page, "mine.csv", sliced_table())
    page.get_by_role("button", name="Score the table").click()
    page.get_by_role("tab", name="Slices").click()
    lines = page.locator(".st-key-batch_slices").get_by_role("button")
    expect(lines.first).to_have_accessible_name(re.compile("^about book: accuracy 0.0 %.*worse$"))
    lines.first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("about: book: 24 errors in 24 rows")).to_be_visible()
    page.get_by_label("Texts that contain").fill("painfully bad")
    page.get_by_label("Texts that contain").press("Enter")
    expect(lines.filter(has_text="text contains: painfully bad")).to_be_visible()
    page.get_by_text("Common words", exact=True).click()
    expect(page.get_by_text("Click a slice to see its rows.")).to_be_visible()

    page.get_by_role("tab", name="Recalibration").click()
    expect(page.get_by_text("it is over-confident by")).to_be_visible()
    page.get_by_text("temperature", exact=True).click()

    def scored() -> str:
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Scored table (CSV)").click()
        path = tmp_path / "scored.csv"
        waiting.value.save_as(path)
        return path.read_bytes().decode("utf-8-sig")

    # The choice reaches the server after the click has returned.
    text = eventually(page, scored, lambda text: "recalibrated_label" in text)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == 120
    for row in rows:
        assert row["recalibrated_label"] == row["label"]
        said, recalibrated = (
            max(float(row[f"{prefix}p_negative"]), float(row[f"{prefix}p_positive"]))
            for prefix in ("", "recalibrated_")
        )
        assert recalibrated < said

    page.get_by_role("tab", name="Slices").click()
    page.get_by_text("Columns, length, class", exact=True).click()
    expect(lines.first).to_have_accessible_name(re.compile("^about book"))
    lines.first.click()
    rows_of_slice = page.locator('[class*="st-key-batch_slice_rows"]').get_by_test_id("stDataFrame")
    rows_of_slice.scroll_into_view_if_needed()
    rows_of_slice.click(position={"x": 120, "y": 52})
    line = page.locator(".st-key-way_back")
    expect(line).to_contain_text("Row 1 of 24: line")
    line.get_by_role("link", name="Back to the table").click()
    expect(lines.first).to_be_visible()
    assert console_errors == []
