"""What a visitor wrote or drew is not lost: undo, reload, a link, another server."""

import io
import re
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect

from benchmarks.running_app import running_app
from dlnlp.ui.han.methods import HAN
from dlnlp.ui.mnist_cnn import strokes as digit_strokes
from dlnlp.ui.mnist_cnn.drawing_canvas import Stroke
from dlnlp.ui.shell.parts import COMPARE, MAP, TWO
from tests.e2e.reviews import (
    act,
    area,
    click_word,
    example,
    open_tab,
    shade_by,
    word,
    write,
)
from tests.e2e.waiting import box_at_rest, eventually, expect_only_value

Visit = Callable[[str], None]

MINE = "My own words are marvellous."
TEXT_PAGES = ("han", "kim_cnn")
STAR = tuple(
    Stroke(60, ends) for ends in ((200, 200, 800, 800), (800, 200, 200, 800), (500, 200, 500, 800))
)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def sheet(page: Page) -> Locator:
    return page.locator(".sheet canvas")


def strokes(page: Page, count: int) -> None:
    what = f"{count} stroke{'' if count == 1 else 's'}"
    expect(sheet(page)).to_have_attribute("aria-label", f"Draw a digit here: {what}")


def session_of(page: Page) -> str:
    """The server's session that the tab last kept work for; "" while there is none."""
    name = f"dlnlp.work{urlsplit(page.url).path.replace('/', '.')}"
    read = f"JSON.parse(sessionStorage.getItem('{name}') ?? '{{}}').session ?? ''"
    return str(page.evaluate(read))


def kept_strokes(page: Page, count: int) -> None:
    """Waits until the tab keeps a drawing of so many strokes; it does once Python has answered."""

    read = "JSON.parse(sessionStorage.getItem('dlnlp.work.mnist_cnn') ?? '{}').work?.drawing ?? ''"
    eventually(
        page,
        lambda: page.evaluate(read),
        lambda code: code and len(digit_strokes.decode(code)) == count,
    )


def draw(page: Page) -> None:
    """Draws one stroke."""
    box = box_at_rest(sheet(page))
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.8 * box["height"], steps=8)
    page.mouse.up()


def kept(page: Page, what: str) -> None:
    """Waits until the tab keeps work of this page that holds `what`."""
    name = f"dlnlp.work{urlsplit(page.url).path.replace('/', '.')}"
    page.wait_for_function(
        "([name, what]) => (sessionStorage.getItem(name) || '').includes(what)",
        arg=[name, what],
    )


@pytest.mark.parametrize("stem", TEXT_PAGES)
def test_an_example_and_clear_can_be_undone(
    server: str, page: Page, visit: Visit, stem: str, console_errors: list[str]
) -> None:
    visit(f"{server}/{stem}")
    undo = page.get_by_role("button", name="Undo", exact=True).first
    expect(undo).to_be_disabled()
    write(page, MINE)
    example(page, "5 ★" if stem == "han" else "Irony")
    expect(area(page)).not_to_have_value(MINE)
    undo.click()
    expect(area(page)).to_have_value(MINE)
    word(page, "marvellous")
    press(page, "Clear")
    expect(area(page)).to_have_value("")
    undo.click()
    expect(area(page)).to_have_value(MINE)
    press(page, "Redo")
    expect(area(page)).to_have_value("")
    assert console_errors == []


@pytest.mark.parametrize("stem", TEXT_PAGES)
def test_text_and_comparison_survive_a_reload(
    server: str, page: Page, visit: Visit, stem: str
) -> None:
    visit(f"{server}/{stem}")
    write(page, MINE)
    click_word(page, "marvellous")
    act(page, "Delete")
    expect(area(page)).to_have_value("My own words are.")
    kept(page, "My own words are.")
    page.reload()
    expect(area(page)).to_have_value("My own words are.")
    open_tab(page, COMPARE)
    expect(page.locator(".ht .gone")).to_have_text("marvellous")
    expect(page).to_have_url(f"{server}/{stem}")


def test_the_model_and_the_method_survive_a_reload(server: str, page: Page, visit: Visit) -> None:
    visit(f"{server}/han")
    open_tab(page, MAP)
    page.get_by_text("HAN · film reviews").click()
    expect(page.get_by_text("Probability of a positive review").first).to_be_visible()
    # The other network has a tab more: what was open stays open, and is there.
    expect(page.get_by_role("tab", name=TWO)).to_be_visible()
    expect(page.get_by_role("tab", name=MAP)).to_have_attribute("aria-selected", "true")
    expect(page.locator(".main-svg").first).to_be_visible()
    shade_by(page, "Attention logit")
    legend = page.locator(".ed .legend")
    expect(legend).to_contain_text("Word: attention logit")
    kept(page, '"shading":"raw"')
    page.reload()
    expect(legend).to_contain_text("Word: attention logit")
    expect(page.get_by_text("Probability of a positive review").first).to_be_visible()


def test_what_is_typed_just_before_a_reload_is_there(server: str, page: Page, visit: Visit) -> None:
    visit(f"{server}/han")
    write(page, MINE)
    kept(page, MINE)
    area(page).press("End")
    area(page).press_sequentially(" Twice")
    page.reload()
    expect(area(page)).to_have_value(f"{MINE} Twice")


def test_a_link_wins_and_undo_gives_the_old_text_back(
    server: str, page: Page, visit: Visit
) -> None:
    visit(f"{server}/han")
    write(page, MINE)
    kept(page, MINE)
    link = HAN.url({"model": "han_stars"}, "What a friend wrote.")
    assert link is not None
    visit(f"{server}{link}")
    expect(area(page)).to_have_value("What a friend wrote.")
    expect(page).to_have_url(f"{server}{link}")
    press(page, "Undo")
    expect(area(page)).to_have_value(MINE)
    expect(page).to_have_url(f"{server}/han")
    kept(page, MINE)
    page.reload()
    expect(area(page)).to_have_value(MINE)


def test_a_drawing_survives_a_reload_and_a_link_can_be_undone(
    server: str, page: Page, visit: Visit, console_errors: list[str]
) -> None:
    visit(f"{server}/mnist_cnn")
    draw(page)
    strokes(page, 1)
    kept(page, '"example":null')
    answer = page.locator(".answer .bars")
    before = answer.get_attribute("aria-label")
    page.reload()
    strokes(page, 1)
    expect(answer).to_have_attribute("aria-label", str(before))
    link = f"{server}/mnist_cnn?drawing={digit_strokes.encode(STAR)}"
    visit(link)
    strokes(page, 3)
    expect(page).to_have_url(link)
    press(page, "Undo")
    strokes(page, 1)
    expect(answer).to_have_attribute("aria-label", str(before))
    assert console_errors == []


def test_a_stroke_just_before_a_reload_is_kept(server: str, page: Page, visit: Visit) -> None:
    visit(f"{server}/mnist_cnn")
    kept(page, '"example":0')
    page.evaluate(
        """document.addEventListener("pointerup", () => setTimeout(() => location.reload()))"""
    )
    with page.expect_event("load"):
        draw(page)  # Python never hears of it
    strokes(page, 1)
    kept(page, '"example":null')


def test_another_picture_of_a_digit_can_be_undone(server: str, page: Page, visit: Visit) -> None:
    visit(f"{server}/mnist_cnn")
    page.get_by_text("Upload", exact=True).first.click()
    file = io.BytesIO()
    Image.new("L", (60, 60), 200).save(file, "PNG")
    field = page.locator("input[type=file]").first
    shown = page.locator("[data-testid=stText]")
    for name in ("one.png", "two.png"):
        picture = file.getvalue() + name.encode()
        field.set_input_files({"name": name, "mimeType": "image/png", "buffer": picture})
        expect(shown.get_by_text(name)).to_be_visible()
    press(page, "Undo")
    expect(shown.get_by_text("one.png")).to_be_visible()
    expect(shown.get_by_text("two.png")).to_have_count(0)


def test_another_server_finds_everything_in_the_tab(context: BrowserContext) -> None:
    han, digits, score, schedules = (context.new_page() for _ in range(4))
    with running_app() as app:
        for page, stem in (
            (han, "han"), (digits, "mnist_cnn"), (score, "batch"), (schedules, "schedules")
        ):  # fmt: skip
            page.goto(f"{app.url}/{stem}")
        write(han, MINE)
        kept(han, MINE)
        strokes(digits, 2)
        draw(digits)
        strokes(digits, 1)
        kept_strokes(digits, 1)
        score.locator("input[type=file]").set_input_files(
            {"name": "mine.csv", "mimeType": "text/csv", "buffer": b"text\nA good film.\n"}
        )
        expect(score.get_by_role("button", name="Score the table")).to_be_visible()
        kept(score, '"own":true')
        rate = schedules.get_by_label("Learning rate", exact=True)
        rate.fill("0.7")
        rate.press("Enter")
        kept(schedules, "peak_0.7")
        port = urlsplit(app.url).port
        old = {page: eventually(page, partial(session_of, page)) for page in (han, digits)}
    connected = {page: page.get_by_test_id("stApp") for page in (han, digits, score, schedules)}
    for root in connected.values():
        expect(root).not_to_have_attribute("data-test-connection-state", "CONNECTED")
    assert port is not None
    with running_app(port=port):
        for root in connected.values():
            expect(root).to_have_attribute(
                "data-test-connection-state", "CONNECTED", timeout=60_000
            )
        # The new server has drawn the page: until then it takes no text and no stroke.
        for page, session in old.items():
            eventually(page, partial(session_of, page), lambda now, before=session: now != before)
        expect(score.get_by_text("only in the memory of the server")).to_be_visible()
        expect(score.get_by_role("button", name="Score the table")).to_have_count(0)
        expect(area(han)).to_have_value(MINE)
        strokes(digits, 1)
        expect_only_value(rate, "0.7")
        write(han, f"{MINE} And more.")
        word(han, "more")
        expect(digits.locator(".bar.first")).to_have_count(1)
        draw(digits)
        strokes(digits, 2)
        kept_strokes(digits, 2)
        for page in (han, digits):
            page.reload()
        expect(area(han)).to_have_value(f"{MINE} And more.")
        strokes(digits, 2)


def test_what_is_typed_while_another_server_takes_over_stays(page: Page, visit: Visit) -> None:
    """The tab has handed an older text to the new server, which draws it after the typing."""
    root, name = page.get_by_test_id("stApp"), "dlnlp.work.han"
    with running_app() as app:
        visit(f"{app.url}/han")
        write(page, MINE)
        kept(page, MINE)
        port = urlsplit(app.url).port
        before = session_of(page)
    expect(root).not_to_have_attribute("data-test-connection-state", "CONNECTED")
    handed = page.evaluate("name => sessionStorage.getItem(name)", name)
    area(page).fill(f"{MINE} And more.")
    page.evaluate("([name, handed]) => sessionStorage.setItem(name, handed)", [name, handed])
    assert port is not None
    with running_app(port=port):
        eventually(page, partial(session_of, page), lambda now: now != before)
        kept(page, f"{MINE} And more.")
        word(page, "more")
        expect(area(page)).to_have_value(f"{MINE} And more.")


def test_nothing_of_it_leaves_the_tab(server: str, page: Page, visit: Visit) -> None:
    visit(f"{server}/han")
    write(page, MINE)
    kept(page, MINE)
    other = page.context.new_page()
    other.goto(f"{server}/han")
    word(other, "tent")
    expect(area(other)).not_to_have_value(re.compile("marvellous"))
    # One store for all tabs of the browser; what is drawn now has been written by now.
    eventually(other, lambda: "marvellous" not in other.evaluate("JSON.stringify(localStorage)"))
