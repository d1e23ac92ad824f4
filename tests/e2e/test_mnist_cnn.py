"""The page of digits in a real browser: mouse, pen, finger and keys."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from dlnlp.ui.mnist_cnn.examples import EXAMPLES
from dlnlp.ui.mnist_cnn.strokes import encode
from tests.e2e.waiting import (
    PATIENCE,
    box_at_rest,
    eventually,
    expect_no_sideways_scrolling,
    open_page,
)

Visit = Callable[[str], None]
Place = tuple[float, float]
ZIGZAG = ((0.3, 0.2), (0.7, 0.25), (0.4, 0.8), (0.75, 0.8))


def sheet(page: Page) -> Locator:
    return page.locator("canvas[role=img]")


def strokes(page: Page, count: int) -> None:
    """Wait until the sheet says that it holds so many strokes."""
    word = "stroke" if count == 1 else "strokes"
    expect(sheet(page)).to_have_attribute("aria-label", f"Draw a digit here: {count} {word}")


def headline(page: Page) -> Locator:
    return page.locator(".answer h2")


def bars(page: Page) -> str:
    return page.locator(".answer .bars").get_attribute("aria-label") or ""


def on_sheet(page: Page, places: tuple[Place, ...]) -> list[Place]:
    """Places in shares of the sheet as places on the screen."""
    box = box_at_rest(sheet(page))
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]


def draw(page: Page, places: tuple[Place, ...] = ZIGZAG) -> None:
    first, *rest = on_sheet(page, places)
    page.mouse.move(*first)
    page.mouse.down()
    for place in rest:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


@pytest.fixture
def digits(server: str, page: Page, visit: Visit) -> Page:
    visit(f"{server}/mnist_cnn")
    expect(page.locator(".answer .bar").first).to_be_visible()
    return page


@pytest.fixture(scope="module")
def example(lasting: Page, server: str) -> Page:
    """The page as it opens, for tests that leave it so."""
    open_page(lasting, f"{server}/mnist_cnn")
    expect(lasting.locator(".answer .bar").first).to_be_visible()
    return lasting


def test_sheet_answer_and_preparation_are_in_sight(example: Page) -> None:
    expect(example.locator(".steps img")).to_have_count(6)
    for width, height in ((1366, 657), (1280, 720)):
        example.set_viewport_size({"width": width, "height": height})
        expect_in_sight(example, width, height)


def expect_in_sight(page: Page, width: int, height: int) -> None:
    """What one draws on, what it is taken for and how it was prepared, side by side."""
    for part in (sheet(page), page.locator(".tools"), page.locator(".answer .bars"),
                 page.locator(".steps")):  # fmt: skip
        eventually(
            page,
            part.bounding_box,
            lambda box: (
                box is not None
                and box["y"] >= 0
                and box["y"] + box["height"] <= height
                and box["x"] + box["width"] <= width
            ),
        )
    drawn = box_at_rest(sheet(page))
    eventually(
        page,
        page.locator(".steps").bounding_box,
        lambda box: box is not None and box["x"] > drawn["x"] + drawn["width"],  # beside the sheet
    )


SHIFTS = """
    window.shift = 0;
    window.counting = false;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (window.counting) window.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
"""


def test_nothing_moves_after_the_first_answer(page: Page, server: str) -> None:
    page.add_init_script(SHIFTS)
    page.goto(f"{server}/mnist_cnn")
    expect(page.locator(".answer .bar").first).to_be_visible()
    page.evaluate("window.counting = true")
    expect(page.locator(".confusion td").first).to_be_attached()
    expect(page.locator(".steps img")).to_have_count(6)
    draw(page)
    strokes(page, 1)
    expect(page.get_by_text("Examples to try:")).to_be_visible()
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(headline(page)).to_have_text("Which digit is it?")
    expect(page.locator(".steps img")).to_have_count(0)
    expect(page.locator(".flow .none")).to_be_attached()
    eventually(page, lambda: page.evaluate("window.shift"), lambda shift: shift <= 0.05)


def test_lifting_the_pen_brings_an_answer(digits: Page, console_errors: list[str]) -> None:
    strokes(digits, len(EXAMPLES[0].drawing))
    before = bars(digits)
    draw(digits)  # the example makes way
    strokes(digits, 1)
    expect(digits.locator(".answer .bars")).not_to_have_attribute("aria-label", before)
    draw(digits, ((0.2, 0.5), (0.8, 0.5)))
    strokes(digits, 2)
    expect(digits.locator(".bar.first")).to_have_count(1)
    expect(digits.locator(".bar.second")).to_have_count(1)
    expect(digits.locator(".steps img")).to_have_count(6)
    assert console_errors == []


def test_undo_redo_and_clear(digits: Page) -> None:
    example = bars(digits)
    draw(digits)
    strokes(digits, 1)
    expect(digits.locator(".answer .bars")).not_to_have_attribute("aria-label", example)
    drawn = bars(digits)
    undo, redo, clear = (
        digits.get_by_role("button", name=name, exact=True) for name in ("Undo", "Redo", "Clear")
    )
    expect(redo).to_be_disabled()
    undo.click()
    strokes(digits, 0)
    expect(headline(digits)).to_have_text("Which digit is it?")
    expect(clear).to_be_disabled()
    undo.click()
    strokes(digits, len(EXAMPLES[0].drawing))
    expect(digits.locator(".answer .bars")).to_have_attribute("aria-label", example)
    expect(undo).to_be_disabled()
    redo.click()
    redo.click()
    strokes(digits, 1)
    expect(digits.locator(".answer .bars")).to_have_attribute("aria-label", drawn)
    clear.click()
    strokes(digits, 0)
    undo.click()
    strokes(digits, 1)


def test_keys_work_on_the_sheet(digits: Page) -> None:
    draw(digits)
    draw(digits, ((0.2, 0.5), (0.8, 0.5)))
    strokes(digits, 2)
    digits.keyboard.press("Control+z")
    strokes(digits, 1)
    digits.keyboard.press("Control+Shift+z")
    strokes(digits, 2)
    digits.keyboard.press("Delete")
    strokes(digits, 0)
    expect(headline(digits)).to_have_text("Which digit is it?")


def test_drawing_survives_a_change_of_page(digits: Page, console_errors: list[str]) -> None:
    before = bars(digits)
    draw(digits)
    expect(digits.locator(".answer .bars")).not_to_have_attribute("aria-label", before)
    drawn = bars(digits)
    digits.get_by_test_id("stTopNavLink").first.click()
    expect(sheet(digits)).to_have_count(0)
    digits.get_by_test_id("stTopNavLink").filter(has_text="Digits").click()
    strokes(digits, 1)
    expect(digits.locator(".answer .bars")).to_have_attribute("aria-label", drawn)
    draw(digits, ((0.2, 0.5), (0.8, 0.5)))  # no example any more: nothing makes way
    strokes(digits, 2)
    assert console_errors == []


def test_nothing_is_lost_when_one_draws_faster_than_it_answers(
    digits: Page,
) -> None:
    labels: list[str] = []
    digits.expose_function("keepLabel", lambda label: labels.append(label))
    sheet(digits).evaluate(
        """node => new MutationObserver(() => keepLabel(node.ariaLabel)).observe(
               node, { attributeFilter: ['aria-label'] })"""
    )
    for number in range(9):
        draw(digits, ((0.1 + 0.08 * number, 0.2), (0.2 + 0.08 * number, 0.8)))
    strokes(digits, 9)
    digits.get_by_test_id("stTopNavLink").first.click()
    expect(sheet(digits)).to_have_count(0)
    digits.get_by_test_id("stTopNavLink").filter(has_text="Digits").click()
    strokes(digits, 9)
    # All answers have come by now, and none put an older drawing back.
    counts = [int(number) for number in re.findall(r"\d+", " ".join(labels))]
    counts = counts[counts.index(1) :]  # the example made way
    assert counts == sorted(counts) and counts[-1] == 9


@pytest.fixture(scope="module")
def finger(browser: Browser, server: str) -> Iterator[Page]:
    """The page on a telephone, for all tests."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    page.goto(f"{server}/mnist_cnn")
    expect(page.locator(".answer .bar").first).to_be_visible()
    box_at_rest(sheet(page))
    yield page
    context.close()


def test_a_finger_draws_and_does_not_scroll(finger: Page) -> None:
    scrolled = "document.querySelector('[data-testid=stMain]').scrollTop"
    before = finger.evaluate(scrolled)
    devtools = finger.context.new_cdp_session(finger)

    def touch(kind: str, *places: Place) -> None:
        points = [{"x": x, "y": y, "id": k} for k, (x, y) in enumerate(places)]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    first, *rest = on_sheet(finger, ((0.5, 0.8), (0.5, 0.6), (0.5, 0.4), (0.5, 0.2)))
    (beside,) = on_sheet(finger, ((0.2, 0.2),))
    touch("touchStart", first)
    for place in rest[:2]:
        touch("touchMove", place)
    touch("touchStart", rest[1], beside)  # a second finger, a hand laid down
    touch("touchMove", rest[2], beside)
    touch("touchEnd")
    strokes(finger, 1)
    expect(finger.get_by_text("Examples to try:")).to_be_visible()
    eventually(finger, lambda: finger.evaluate(scrolled), lambda now: now == before)
    expect_no_sideways_scrolling(finger)


def test_the_answer_is_in_sight_of_the_sheet_on_a_phone(finger: Page) -> None:
    top = box_at_rest(sheet(finger))["y"]
    eventually(
        finger,
        headline(finger).bounding_box,
        lambda box: box is not None and box["y"] + box["height"] - top < 844 - 100,
    )


def test_a_pen_may_press(digits: Page) -> None:
    pressure = digits.get_by_label("Pressure")
    expect(pressure).to_be_hidden()
    devtools = digits.context.new_cdp_session(digits)

    def pen(kind: str, place: Place, force: float) -> None:
        event = {"type": kind, "x": place[0], "y": place[1], "button": "left", "buttons": 1}
        event |= {"clickCount": 1, "pointerType": "pen", "force": force}
        devtools.send("Input.dispatchMouseEvent", event)

    first, *rest = on_sheet(digits, ZIGZAG)
    pen("mousePressed", first, 0.2)
    for share, place in zip((0.4, 0.9, 0.5), rest, strict=True):
        pen("mouseMoved", place, share)
    pen("mouseReleased", rest[-1], 0)
    strokes(digits, 1)
    expect(pressure).to_be_visible()
    expect(digits.locator(".status")).to_be_empty()


def test_an_example_is_a_click_and_can_be_undone(digits: Page) -> None:
    draw(digits)
    strokes(digits, 1)
    digits.get_by_role("button", name="Letter A").click()
    strokes(digits, len(next(e for e in EXAMPLES if e.label == "Letter A").drawing))
    expect(digits.get_by_role("button", name="Letter A")).to_have_attribute("aria-pressed", "true")
    digits.get_by_role("button", name="Undo", exact=True).click()
    strokes(digits, 1)
    expect(digits.get_by_role("button", name="Letter A")).to_have_attribute("aria-pressed", "false")


def test_steps_can_be_turned_off(example: Page, lasting_errors: list[str]) -> None:
    example.get_by_role("switch", name="Crop").uncheck()
    expect(example.locator(".preparation .words")).to_contain_text("Crop: Off:")
    expect(example.locator(".answer .note")).to_contain_text("With every step")
    example.get_by_role("switch", name="Crop").check()
    expect(example.locator(".answer .note")).to_be_hidden()
    assert lasting_errors == []


def test_link_restores_the_drawing_and_the_steps(
    server: str, page: Page, visit: Visit, console_errors: list[str]
) -> None:
    visit(f"{server}/mnist_cnn?drawing={encode(EXAMPLES[9].drawing)}&off=crop")
    strokes(page, len(EXAMPLES[9].drawing))
    expect(page.get_by_role("switch", name="Crop")).not_to_be_checked()
    page.get_by_role("button", name="Share and export").click()
    link = page.get_by_text(re.compile(r"/mnist_cnn\?drawing=\w"))
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    draw(page)
    strokes(page, 2)
    expect(page).to_have_url(f"{server}/mnist_cnn")
    assert console_errors == []


def test_tabs_open_the_networks_inside(digits: Page, console_errors: list[str]) -> None:
    expect(digits.get_by_role("img", name=re.compile("^Training digit"))).to_have_count(16)
    digits.get_by_role("tab", name="Where it looked").click()
    expect(digits.get_by_role("img", name=re.compile("^Occlusion"))).to_be_visible()
    expect(digits.get_by_role("img", name=re.compile("^Input gradient"))).to_be_visible()
    draw(digits)
    strokes(digits, 1)
    digits.get_by_role("tab", name="Invariance").click()
    expect(digits.locator(".main-svg").first).to_be_visible()
    assert console_errors == []


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("+", ""))


def test_the_diagram_adds_up_and_follows_the_pointer(
    example: Page, lasting_errors: list[str]
) -> None:
    digits = example
    panel, stage = digits.locator(".flow .panel"), digits.locator(".flow .stage")
    expect(panel.locator("h3").first).to_contain_text("Why 7 and not")
    expect(stage.locator("button.tile")).to_have_count(5 * 6)
    # One stop of the Tab key a column.
    expect(stage.locator("button.node[tabindex='0']")).to_have_count(7)
    expect(panel.locator("tr.sum")).to_have_count(1)
    cells = panel.locator("td:last-child")
    eventually(
        digits,
        lambda: [*map(number, cells.all_inner_texts())],
        lambda found: abs(sum(found[:-1]) - found[-1]) < 0.0005 * len(found),
    )
    tile = stage.locator("button.tile[data-column='3']").first
    name = tile.get_attribute("aria-label") or ""
    tile.hover()
    expect(panel.locator("h3").first).to_have_text(name.split(":")[0])
    expect(stage.locator(".edge.on").first).to_be_visible()
    expect(panel.locator(".matrix")).to_have_count(6)  # three windows, three kernels
    digits.locator(".flow h2").hover()
    expect(panel.locator("h3").first).to_contain_text("Why 7 and not")
    tile.click()
    digits.locator(".flow h2").hover()
    expect(panel.locator("h3").first).to_have_text(name.split(":")[0])
    expect(tile).to_have_attribute("aria-pressed", "true")
    digits.keyboard.press("Escape")
    expect(panel.locator("h3").first).to_contain_text("Why 7 and not")
    unit = panel.locator("td .link").first
    unit.hover()  # a name in the panel lights its place in the diagram
    expect(stage.locator("button.unit.on")).to_have_count(1)
    unit.click()
    expect(panel.locator("h3").first).to_contain_text("Dense unit")
    digits.keyboard.press("Escape")
    digits.get_by_label("Against", exact=True).select_option("1")
    expect(panel.locator("h3").first).to_contain_text("Why 7 and not 1?")
    assert lasting_errors == []


def test_the_diagram_is_reached_with_keys(example: Page) -> None:
    digits = example
    stage, panel = digits.locator(".flow .stage"), digits.locator(".flow .panel")
    stage.locator("button.tile[data-column='0'][tabindex='0']").focus()
    digits.keyboard.press("ArrowDown")
    second = stage.locator("button.tile[data-column='0']").nth(1)
    expect(second).to_be_focused()
    digits.keyboard.press("ArrowRight")
    expect(stage.locator("button.tile[data-column='1'][tabindex='0']")).to_be_focused()
    digits.keyboard.press("Enter")
    expect(panel.locator("h3").first).to_contain_text("conv2, map")
    digits.keyboard.press("Escape")
    expect(panel.locator("h3").first).to_contain_text("Why 7")


def test_the_diagram_fits_a_phone(finger: Page) -> None:
    expect(finger.locator(".flow .stage.tall button.tile")).to_have_count(5 * 6)
    finger.locator(".flow button.unit").first.tap()
    expect(finger.locator(".flow .panel h3").first).to_contain_text("Dense unit")
    expect_no_sideways_scrolling(finger)


def test_a_cell_of_the_matrix_shows_what_is_behind_it(digits: Page) -> None:
    cell = digits.locator(".confusion button.wrong:enabled").first
    words = cell.get_attribute("aria-label") or ""
    digit, guess, count = re.findall(r"\d+", words)
    cell.click()
    expect(
        digits.get_by_text(f"{int(count):,} digits: true label {digit}, predicted label {guess}")
    ).to_be_visible()
    expect(cell).to_have_attribute("aria-pressed", "true")
    first = digits.get_by_role("group", name="Digits behind the matrix").get_by_role("button").first
    expect(first).to_be_visible()  # the pictures ship
    cell.click()
    expect(digits.get_by_text(re.compile(r"All [\d,]+ mistakes"))).to_be_visible()
    first.click()
    expect(digits.locator(".answer .note")).to_contain_text("Test digit")
    expect(headline(digits)).to_be_in_viewport()


def test_nothing_is_asked_of_strangers(digits: Page, strangers: list[str]) -> None:
    draw(digits)
    strokes(digits, 1)
    assert strangers == []
