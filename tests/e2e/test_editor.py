"""The editor in a real browser: two layers that agree, and a text that nothing loses."""

import io
import itertools
import random
import re
from collections.abc import Callable
from functools import partial
from operator import eq

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dlnlp.examples.texts import STARS
from dlnlp.ui.kim_cnn.methods import KIM
from tests.e2e.reviews import (
    act,
    area,
    click_word,
    editor,
    example,
    settle,
    shade_by,
    word,
    write,
)
from tests.e2e.waiting import eventually

Visit = Callable[[str], None]

BASE = STARS[3].text
TEXTS = {
    "default": BASE,
    "long words": f"A good {'x' * 300} and https://example.com/{'very-long/path?q=1/' * 12} bad.",
    "tabs": "Good\tand\tbad.\tNot\t\tfine.\n\tAn indented line that goes on so that it wraps.\n",
    "emoji": "Great 😀👍🏽 tent 👨‍👩‍👧‍👦 and 🇩🇪 flags. Bad 😡😡 pegs! " * 5,
    "right to left": "هذا كتاب رائع جدا ولكن good النهاية سيئة. " * 4
    + "\nהספר הזה טוב מאוד but bad. " * 3,
    "marks": "The office staff fluffy affirm, cafe\u0301 nai\u0308ve; A\u030a AVAVA To We. " * 6,
    "no letters of ours": "这本书非常好,但是结局很糟糕。good book 映画は素晴らしい。" * 5,
    "blanks": "Good.     \n\n\n   Bad    "
    + " " * 200
    + "end of it. \n\nThe last line is empty\n\n",
    "joiners": "good\u00a0bad\u00a0" * 12
    + "super\u00adcali\u00adfragi\u00adlistic " * 9
    + "a\u200bb" * 40,
}
PIECES = [
    *BASE.split(),
    "x" * 90,
    "😀",
    "👍🏽",
    "هذا",
    "cafe\u0301",
    "\n",
    "\t",
    "\u00a0",
    "这本书",
    " ",
]


@pytest.fixture
def kim(server: str, page: Page, visit: Visit) -> Page:
    visit(f"{server}/kim_cnn")
    settle(page)
    return page


def random_text(seed: int) -> str:
    chance = random.Random(seed)
    words = chance.choices(PIECES, k=chance.randrange(5, 120))
    return "".join(word + chance.choice([" ", " ", " ", "", ". ", ", "]) for word in words)


ONE_LAYER = """.gutter {visibility: hidden} .scroller {border-color: transparent !important}
.shades, .unread {visibility: hidden} .copy, textarea {color: #000 !important}"""


def picture(page: Page, shown: str, hidden: str) -> NDArray[np.int64]:
    """The editor with one of its two layers, as grey levels."""
    style = (
        f"{ONE_LAYER} {shown} {{visibility: visible !important}} "
        f"{hidden} {{visibility: hidden !important}}"
    )
    editor(page).evaluate(
        """(root, style) => {
            const node = root.querySelector("#one-layer") ?? document.createElement("style");
            node.id = "one-layer";
            node.textContent = style;
            root.append(node);
        }""",
        style,
    )
    png = editor(page).locator(".scroller").screenshot(animations="disabled", caret="hide")
    editor(page).evaluate('root => root.querySelector("#one-layer").remove()')
    return np.asarray(Image.open(io.BytesIO(png)).convert("L")).astype(int)


def set_text(page: Page, text: str) -> None:
    """As if it were pasted over everything; waits until the hidden copy has followed."""
    area(page).fill(text)
    same = """root => root.querySelector("textarea").value
        === root.querySelector(".copy").textContent.slice(0, -1)"""
    eventually(page, lambda: editor(page).evaluate(same))


def test_both_layers_break_lines_in_the_same_places(kim: Page) -> None:
    sizes = ({"width": 1280, "height": 720}, {"width": 390, "height": 844})
    texts = [*TEXTS.values(), *map(random_text, range(6))]
    for size, text in itertools.product(sizes, texts):
        kim.set_viewport_size(size)
        set_text(kim, text)

        def differing() -> int:
            seen = picture(kim, "textarea", ".copy")
            copied = picture(kim, ".copy", "textarea")
            if (seen < 128).sum() < 5:  # the browser's own picture came too soon
                return -1
            if seen.shape != copied.shape:  # an answer came between: its legend has more lines
                return -1
            return int((abs(seen - copied) > 24).sum())

        eventually(kim, differing, lambda pixels: pixels == 0)


def test_an_input_method_is_not_disturbed(sent: list[str], kim: Page) -> None:
    write(kim, "good")
    area(kim).focus()
    kim.keyboard.press("Control+End")
    line = kim.context.new_cdp_session(kim)
    kim.keyboard.type(" x")  # its answer arrives while the next word is composed
    for text in ("に", "にほ", "にほん"):
        line.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
        expect(area(kim)).to_have_value(f"good x{text}")
    assert not any("に" in frame for frame in sent)
    line.send("Input.insertText", {"text": "日本"})
    expect(area(kim)).to_have_value("good x日本")
    settle(kim)
    word(kim, "x日本")


@pytest.fixture
def sent(page: Page) -> list[str]:
    """What the page sends to the server, growing."""
    frames: list[str] = []
    page.on("websocket", lambda line: line.on("framesent", lambda data: frames.append(_text(data))))
    return frames


def _text(data: bytes | str) -> str:
    return data if isinstance(data, str) else data.decode("utf-8", errors="replace")


def test_the_browsers_undo_goes_back_through_answers_and_examples(kim: Page) -> None:
    before = area(kim).input_value()
    area(kim).focus()
    kim.keyboard.press("Control+End")
    for typed in (" one", " two"):
        kim.keyboard.type(typed)
        settle(kim)
    example(kim, "Not bad")
    expect(area(kim)).to_have_value(re.compile("^I had been warned"))
    area(kim).focus()
    kim.keyboard.press("Control+z")
    expect(area(kim)).to_have_value(f"{before} one two")
    for _ in range(10):
        kim.keyboard.press("Control+z")
    expect(area(kim)).to_have_value(before)
    settle(kim)
    word(kim, "storm")


def test_an_action_can_be_taken_back_by_the_browser_and_leaves_the_caret_there(kim: Page) -> None:
    write(kim, "The plot is bad. Really.")
    click_word(kim, "bad")
    act(kim, "Delete")
    expect(area(kim)).to_have_value("The plot is. Really.")
    expect(area(kim)).to_be_focused()
    kim.keyboard.type(" fine")
    expect(area(kim)).to_have_value("The plot is fine. Really.")

    def taken_back() -> str:
        kim.keyboard.press("Control+z")
        return area(kim).input_value()

    eventually(kim, taken_back, lambda text: text == "The plot is bad. Really.")


def test_quick_typing_round_the_answers_loses_nothing(kim: Page) -> None:
    area(kim).focus()
    area(kim).evaluate("node => node.setSelectionRange(10, 10)")
    typed = ""
    # The pause after which a text is sent, and the answer to it, lie among these.
    for letters, pause in (("abcd", 0), ("efgh", 50), ("ijkl", 190), ("mnop", 230), ("qrst", 300)):
        kim.keyboard.type(letters, delay=pause)
        typed += letters
        place = "node => [node.value.slice(10, node.selectionEnd), node.selectionStart]"
        expected = [typed, 10 + len(typed)]
        eventually(kim, partial(area(kim).evaluate, place), partial(eq, expected))
    settle(kim)
    word(kim, f"{typed}hour")


def test_a_method_chosen_right_after_a_key_keeps_what_was_typed(kim: Page) -> None:
    write(kim, "good")
    area(kim).press("End")
    kim.keyboard.type(" marvellous")
    shade_by(kim, "Leave-one-out")
    expect(editor(kim).locator(".legend")).to_contain_text("Word: change when deleted")
    expect(area(kim)).to_have_value("good marvellous")
    word(kim, "marvellous")


def test_a_very_long_text_is_an_ordinary_field(kim: Page, console_errors: list[str]) -> None:
    words = itertools.islice(itertools.cycle(BASE.split()), 75_000)
    area(kim).fill(" ".join(words)[:400_000])
    expect(editor(kim)).to_have_class(re.compile(r"\blong\b"))
    expect(editor(kim).locator(".hint")).to_contain_text("Ctrl + Enter reads it")
    heading = kim.locator("h2.prediction")
    before = heading.text_content()
    area(kim).press("Control+Enter")
    expect(heading).not_to_have_text(before or "")
    area(kim).press("Control+End")
    kim.keyboard.type("x")
    expect(area(kim)).to_have_value(re.compile("x$"))
    write(kim, "A good film.")
    word(kim, "good")
    assert console_errors == []


def test_leaving_the_page_right_after_a_key_keeps_the_text(kim: Page) -> None:
    area(kim).focus()
    kim.keyboard.press("Control+End")
    kim.keyboard.type(" My own words.")
    kim.get_by_test_id("stTopNavLink").filter(has_text="Schedules").click()
    expect(kim.locator("h1")).not_to_have_text(re.compile("Kim"))
    kim.get_by_test_id("stTopNavLink").filter(has_text="Kim CNN").click()
    expect(area(kim)).to_have_value(re.compile("My own words.$"))
    settle(kim)
    area(kim).focus()
    kim.keyboard.press("Control+End")
    kim.keyboard.type(" And more.")
    settle(kim)
    expect(area(kim)).to_have_value(re.compile("My own words. And more.$"))


def test_a_link_holds_any_text(server: str, page: Page, visit: Visit) -> None:
    text = "Linked 😀 text is bad.\n\nBut it was good. مرحبا"
    link = KIM.url({"model": "kim_cnn"}, text)
    assert link is not None
    visit(f"{server}{link}")
    expect(area(page)).to_have_value(text)
    word(page, "Linked")
    word(page, "good")
    area(page).press("Control+End")
    page.keyboard.type(" x")
    settle(page)
    expect(area(page)).to_have_value(f"{text} x")
    expect(page).to_have_url(f"{server}/kim_cnn")


@pytest.fixture
def received(page: Page) -> list[ForwardMsg]:
    """What the server sends, growing."""
    messages: list[ForwardMsg] = []

    def keep(frame: bytes | str) -> None:
        if isinstance(frame, bytes):
            messages.append(ForwardMsg.FromString(frame))

    page.on("websocket", lambda line: line.on("framereceived", keep))
    return messages


@pytest.mark.parametrize("stem", ["han", "kim_cnn"])
def test_an_edit_of_250_words_sends_under_60_kilobytes(
    received: list[ForwardMsg],
    server: str,
    page: Page,
    visit: Visit,
    settled: Callable[[], None],
    stem: str,
) -> None:
    visit(f"{server}/{stem}")
    words = itertools.islice(itertools.cycle(BASE.split()), 250)
    write(page, " ".join(words))
    settled()
    expect(page.locator(".flow svg").first).to_be_attached()  # the diagram is sent, too
    received.clear()
    area(page).press("Control+End")
    page.keyboard.type(" fine")
    word(page, "fine")
    settled()
    # On a busy machine a pause between two keys makes two edits of it: the last one counts.
    runs = [at for at, message in enumerate(received) if message.HasField("new_session")]
    sent = sum(message.ByteSize() for message in received[runs[-1] :])
    assert 5_000 < sent < 60_000


SHIFTS = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shifts.push(entry.value);
  }).observe({ type: "layout-shift" });
}"""


@pytest.mark.parametrize(
    ("stem", "clicked", "label"), [("han", "little", "5 ★"), ("kim_cnn", "hour", "Irony")]
)
def test_nothing_moves_once_the_first_answer_is_there(
    server: str,
    page: Page,
    visit: Visit,
    settled: Callable[[], None],
    stem: str,
    clicked: str,
    label: str,
) -> None:
    visit(f"{server}/{stem}")
    settle(page)
    settled()
    page.evaluate(SHIFTS)
    click_word(page, clicked)
    settled()
    moved = "() => window.shifts.reduce((sum, value) => sum + value, 0)"
    eventually(page, lambda: page.evaluate(moved), lambda total: total == 0)
    area(page).press("Control+End")
    page.keyboard.type(" And it was a truly marvellous thing after all, my friend.")
    settle(page)
    word(page, "friend")
    example(page, label)
    settle(page)
    settled()
    eventually(page, lambda: page.evaluate(moved), lambda total: total <= 0.05)


IN_VIEW = """root => {
  const view = root.querySelector(".scroller").getBoundingClientRect();
  const whole = (node) => {
    const box = node.getBoundingClientRect();
    return box.top >= view.top && box.bottom <= Math.min(view.bottom, innerHeight);
  };
  return [...root.querySelectorAll(".chip")].filter(whole).length;
}"""


@pytest.mark.parametrize("stem", ["han", "kim_cnn"])
def test_text_and_prediction_are_seen_without_scrolling(
    server: str, page: Page, visit: Visit, stem: str
) -> None:
    visit(f"{server}/{stem}")
    settle(page)
    for width, height in ((1280, 720), (1366, 657)):
        page.set_viewport_size({"width": width, "height": height})
        expect_in_view(page)


def expect_in_view(page: Page) -> None:
    """Six sentences, the prediction and the methods, and the title beside what is offered."""
    eventually(page, lambda: editor(page).evaluate(IN_VIEW), lambda count: count >= 6)
    for part in (
        page.locator("h1"),
        page.get_by_role("button", name="Share and export"),
        page.locator("h2.prediction"),
        page.locator(".bars > .bar").last,
        page.get_by_role("radio", name="Leave-one-out"),
        editor(page).locator(".hints"),
        *editor(page).locator(".legend .scale").all(),
    ):
        expect(part).to_be_in_viewport(ratio=1)
    middle = "node => (node.getBoundingClientRect().top + node.getBoundingClientRect().bottom) / 2"
    title, share = page.locator("h1"), page.get_by_role("button", name="Share and export")
    eventually(
        page,
        lambda: title.evaluate(middle) - share.evaluate(middle),
        lambda pixels: abs(pixels) < 12,
    )


def test_on_a_phone_the_prediction_is_above_the_text(
    phone: Page, server: str, visit: Visit
) -> None:
    visit(f"{server}/han")
    settle(phone)
    prediction = phone.locator("h2.prediction")
    expect(prediction).to_be_in_viewport(ratio=1)
    expect(area(phone)).to_be_in_viewport(ratio=0.1)
    above = "node => node.getBoundingClientRect().bottom"
    below = "node => node.getBoundingClientRect().top"
    eventually(
        phone,
        lambda: area(phone).evaluate(below) - prediction.evaluate(above),
        lambda pixels: pixels > 0,
    )
