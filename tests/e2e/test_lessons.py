"""Every lesson in a real browser, from its first step to its end."""

from collections.abc import Callable
from functools import partial
from operator import ge

import pytest
from playwright.sync_api import Locator, Page, expect

from dlnlp.ui.lessons.lesson import Lesson, Step, shipped
from dlnlp.ui.mnist_cnn.strokes import decode
from dlnlp.ui.schedules.view import PARTS, from_query
from dlnlp.ui.shell.permalink import Query, decode_text
from tests.e2e.test_accessibility import expect_nothing_in_both_schemes
from tests.e2e.waiting import box_at_rest, eventually, expect_no_sideways_scrolling

Visit = Callable[[str], None]


def bar(page: Page) -> Locator:
    return page.locator(".lesson")


def press(page: Page, name: str) -> None:
    bar(page).get_by_role("button", name=name, exact=True).click()


def expect_state(page: Page, lesson: Lesson, state: Query) -> None:
    """The page shows what the lesson has set."""
    {
        "han": _expect_text,
        "kim_cnn": _expect_text,
        "mnist_cnn": _expect_digit,
        "schedules": _expect_schedules,
    }[lesson.page](page, state)


def _expect_text(page: Page, state: Query) -> None:
    field = page.locator("textarea").first
    expect(field).to_have_value(decode_text(state["text"][0]))


def _expect_digit(page: Page, state: Query) -> None:
    if "test" in state:
        expect(page.locator(".answer .note")).to_contain_text(
            f"Test digit {int(state['test'][0]):,}"
        )
        return
    count = len(decode(state["drawing"][0]))
    expect(page.locator("canvas[role=img]")).to_have_attribute(
        "aria-label", f"Draw a digit here: {count} {'stroke' if count == 1 else 'strokes'}"
    )
    off = [name for name in state.get("off", [""])[0].split(",") if name]
    switches = page.locator(".steps input:not(:checked)")
    expect(switches).to_have_count(len(off))


def _expect_schedules(page: Page, state: Query) -> None:
    view = from_query(state)
    tab = page.get_by_role("tab", name=view.part, exact=True)
    expect(tab).to_have_attribute("aria-selected", "true")
    for slot in view.choices:
        expect(page.get_by_role("radio", name="ABCD"[slot])).to_be_attached()
    if view.part == PARTS[0]:
        expect(page.locator(".st-key-schedules_plot .legend .traces")).to_have_count(
            len(view.choices)
        )
    if "go" in state:  # the race has been started
        running = page.get_by_role("button", name="Stop").or_(
            page.get_by_role("button", name="Replay")
        )
        expect(running.first).to_be_visible()


def expect_question(page: Page, lesson: Lesson, number: int, step: Step) -> None:
    expect(bar(page).locator(".where")).to_have_text(
        f"{lesson.title} · step {number} of {len(lesson.steps)}"
    )
    expect(bar(page).locator(".question")).to_have_text(step.question)
    expect(bar(page).locator(".reveal")).to_be_empty()


@pytest.mark.parametrize("lesson", shipped().values(), ids=lambda lesson: lesson.name)
def test_a_lesson_can_be_walked_to_its_end(
    server: str, page: Page, visit: Visit, lesson: Lesson, console_errors: list[str]
) -> None:
    visit(f"{server}/{lesson.page}?lesson={lesson.name}&step=1")
    for number, step in enumerate(lesson.steps, start=1):
        expect_question(page, lesson, number, step)
        expect_state(page, lesson, step.state)
        guess = number % len(step.choices)  # right or wrong, as it comes
        bar(page).locator(".choice").nth(guess).click()
        told = "Yes." if guess == step.answer else "Not quite."
        expect(bar(page).locator(".reveal")).to_contain_text(told)
        expect(bar(page).locator(".reveal")).to_contain_text(step.reveal.split("\n\n")[-1])
        expect(bar(page).locator(".choice.right")).to_have_text(f"✓ {step.choices[step.answer]}")
        if step.then is not None:
            expect_state(page, lesson, step.then)
        last = number == len(lesson.steps)
        expect(bar(page).locator(".papers a")).to_have_count(len(lesson.papers) if last else 0)
        press(page, "Finish" if last else "Next")
    expect(page.get_by_role("heading", name="Lessons: guess, then look")).to_be_visible()
    expect(bar(page)).to_have_count(0)
    assert console_errors == []


def test_the_bar_is_slim_until_something_is_revealed(server: str, page: Page, visit: Visit) -> None:
    for lesson in shipped().values():
        if lesson.page != "mnist_cnn":
            continue
        visit(f"{server}/{lesson.page}?lesson={lesson.name}&step=1")
        for _ in lesson.steps[1:]:
            for width, most in ((1280, 90), (390, 240)):
                page.set_viewport_size({"width": width, "height": 800})
                eventually(page, lambda: box_at_rest(bar(page))["height"], partial(ge, most))
            press(page, "Next")
        expect_no_sideways_scrolling(page)


def test_back_a_link_and_leave(server: str, page: Page, visit: Visit) -> None:
    lesson = shipped()["digits_why"]
    visit(f"{server}/mnist_cnn?lesson=digits_why&step=3")
    expect_question(page, lesson, 3, lesson.steps[2])
    press(page, "Back")
    expect_question(page, lesson, 2, lesson.steps[1])
    expect_state(page, lesson, lesson.steps[1].state)
    # The question is what goes on from there for who presses keys.
    expect(bar(page).locator(".question")).to_be_focused()
    expect(page).to_have_url(f"{server}/mnist_cnn?lesson=digits_why&step=2&drawing="
                             f"{lesson.steps[1].state['drawing'][0]}")  # fmt: skip
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page).to_have_url(f"{server}/mnist_cnn?lesson=digits_why&step=2")
    press(page, "Leave")
    expect(bar(page)).to_have_count(0)
    expect(page).to_have_url(f"{server}/mnist_cnn")
    expect(page.locator("h1")).to_have_text("Convolutional network for digits")


def test_the_bar_keeps_nobody_out(
    server: str, page: Page, visit: Visit, settled: Callable[[], None]
) -> None:
    visit(f"{server}/mnist_cnn?lesson=digits_why&step=5")
    expect(bar(page).locator(".choice")).to_have_count(2)
    expect_nothing_in_both_schemes(page, ".st-key-lesson_bar")
    bar(page).locator(".choice").first.click()
    expect(bar(page).locator(".papers a")).to_have_count(2)
    expect(bar(page).locator(".choice").first).to_have_attribute("aria-pressed", "true")
    settled()
    expect_nothing_in_both_schemes(page, ".st-key-lesson_bar")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("lesson=<b>no</b>", "No lesson has the name '<b>no</b>'."),
        ("own=nonsense", "damaged or was cut off"),
    ],
)
def test_a_link_to_no_lesson_says_so(
    server: str, page: Page, visit: Visit, query: str, told: str
) -> None:
    visit(f"{server}/mnist_cnn?{query}&step=1")
    expect(page.get_by_text(told)).to_be_visible()
    expect(bar(page)).to_have_count(0)
    expect(page.locator(".answer .bar").first).to_be_visible()


def test_a_link_leads_to_the_page_of_its_lesson(server: str, page: Page, visit: Visit) -> None:
    lesson = shipped()["digits_why"]
    page.goto(f"{server}/models?lesson=digits_why&step=2")
    expect_question(page, lesson, 2, lesson.steps[1])
    expect_state(page, lesson, lesson.steps[1].state)


def test_home_leads_to_a_lesson_and_again(
    server: str, page: Page, visit: Visit, console_errors: list[str]
) -> None:
    lesson = shipped()["digits_why"]
    for _ in range(2):  # the second time anew, whatever was changed meanwhile
        visit(server)
        page.get_by_role("link", name=lesson.title).click()
        expect_question(page, lesson, 1, lesson.steps[0])
        expect_state(page, lesson, lesson.steps[0].state)
        page.get_by_role("button", name="Clear", exact=True).click()
        expect(page.locator(".answer h2")).to_have_text("Which digit is it?")
    assert console_errors == []


OWN = """page = "mnist_cnn"
title = "My <b>own</b>"
about = "A lesson of a teacher."
[[steps]]
question = "What is it?"
choices = ["A seven", "<img src=x onerror=alert(1)>"]
answer = 1
reveal = "The first test digit."
state = { test = "0" }
"""


def test_a_teacher_opens_a_lesson_of_their_own(
    server: str, page: Page, visit: Visit, console_errors: list[str]
) -> None:
    visit(server)
    page.get_by_text("Teach with a lesson of your own").click()
    field = page.locator(".st-key-home_own_lesson input[type=file]")
    wrong = OWN.replace("answer = 1", "answer = 3")
    field.set_input_files({"name": "mine.toml", "mimeType": "text/plain", "buffer": wrong.encode()})
    expect(page.get_by_text("mine.toml: step 1: answer is 3; write the number")).to_be_visible()
    field.set_input_files({"name": "mine.toml", "mimeType": "text/plain", "buffer": OWN.encode()})
    page.get_by_role("button", name="Open the lesson").click()
    expect(bar(page).locator(".where")).to_have_text("My <b>own</b> · step 1 of 1")
    expect(page.locator(".answer .note")).to_contain_text("Test digit 0")
    bar(page).locator(".choice").first.click()
    expect(bar(page).locator(".reveal")).to_have_text("Yes. The first test digit.")
    assert console_errors == []
