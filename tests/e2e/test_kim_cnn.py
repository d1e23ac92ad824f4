"""The Kim CNN page in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dlnlp.ui.kim_cnn.methods import ARGUMENTS, KIM
from dlnlp.ui.shell.parts import COMPARE, NETWORK, TWO
from tests.e2e.reviews import (
    act,
    area,
    choose,
    click_word,
    editor,
    example,
    open_tab,
    settle,
    shade_by,
    word,
    write,
)
from tests.e2e.waiting import expect_no_sideways_scrolling

Visit = Callable[[str], None]
REVIEW = "The zither was great, a wonderful surprise. But the plot is bad, dull, a waste of time."


@pytest.fixture
def kim(server: str, page: Page, visit: Visit) -> Page:
    visit(f"{server}/kim_cnn")
    settle(page)
    return page


def write_review(page: Page) -> None:
    write(page, REVIEW)
    word(page, "zither")
    expect(page.locator(".ed .chip")).to_have_count(2)


def colour(text: str) -> tuple[float, float, float]:
    """Red, green, blue, 0 to 1, of a colour as the browser computes it."""
    numbers = [float(number) for number in re.findall(r"[\d.]+(?:e-?\d+)?", text)]
    scale = 1 if text.startswith("color(") else 255
    red, green, blue = (number / scale for number in numbers[:3])
    return red, green, blue


def test_pasted_review_shows_the_answer_and_its_parts(kim: Page, console_errors: list[str]) -> None:
    write_review(kim)
    expect(kim.get_by_role("heading", name="Probability of a positive review:")).to_be_visible()
    expect(kim.locator(".bars > .bar")).to_have_count(2)
    open_tab(kim, ARGUMENTS)
    expect(kim.locator("table.regions")).not_to_have_count(0)
    open_tab(kim, NETWORK)
    expect(kim.locator(".flow .target").first).to_be_visible()
    assert console_errors == []


def test_both_sides_have_their_colour_in_words_sentences_and_legend(kim: Page) -> None:
    write_review(kim)
    for text, positive in (("wonderful", True), ("waste", False)):
        red, _, blue = colour(word(kim, text)["background"])
        assert (blue > red) is positive
        side = re.compile(r"\bfor\b" if positive else r"\bagainst\b")
        assert side.search(word(kim, text)["classes"])
    chips = editor(kim).locator(".chip")
    expect(chips.first).to_have_class(re.compile(r"\bfor\b"))
    expect(chips.last).to_have_class(re.compile(r"\bagainst\b"))
    legend = editor(kim).locator(".legend .bar.diverging")
    expect(legend).to_have_count(2)
    three = r"((color|rgba?)\([^()]*\)[^()]*){3}"  # against, nothing, for
    expect(legend.first).to_have_css("background-image", re.compile(rf"^[\w-]+\([^()]*{three}\)$"))


def test_a_click_on_a_bar_explains_the_other_class(kim: Page) -> None:
    write_review(kim)
    legend = editor(kim).locator(".legend")
    expect(legend).to_contain_text("for positive")
    before = word(kim, "wonderful")["classes"]
    kim.get_by_role("radio", name="negative:").click()
    expect(legend).to_contain_text("for negative")
    assert "for" in before and "against" in word(kim, "wonderful")["classes"]
    expect(kim.get_by_role("radio", name="negative:")).to_be_checked()
    shade_by(kim, "Gradient norm")
    expect(kim.locator(".bars + .note")).to_contain_text("is the same for every class")
    expect(kim.get_by_role("radio", name="negative:")).to_be_disabled()


def test_methods_shade_anew_and_keep_the_chosen_word(kim: Page) -> None:
    write_review(kim)
    click_word(kim, "wonderful")
    legend, about = editor(kim).locator(".legend"), editor(kim).locator(".about")
    for name, column in (
        ("Gradient norm", "gradient norm"),
        ("Integrated gradients", "integrated gradient"),
        ("Leave-one-out", "change when deleted"),
        ("Contribution", "contribution"),
    ):
        shade_by(kim, name)
        expect(legend).to_contain_text(f"Word: {column}")
        expect(about).to_have_text("“wonderful”")


def test_a_clicked_word_can_be_deleted_and_the_change_is_shown(kim: Page) -> None:
    write_review(kim)
    click_word(kim, "wonderful")
    act(kim, "Delete")
    expect(area(kim)).to_have_value(REVIEW.replace("wonderful ", ""))
    expect(kim.get_by_text("Since the version you kept: positive")).to_be_visible()


def test_nothing_pasted_is_executed(kim: Page, console_errors: list[str]) -> None:
    dialogs: list[str] = []
    kim.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script> good $x$ <b>bold</b> `c`"
    write(kim, attack + ' "><svg onload=alert(3)> great zebra.')
    click_word(kim, "zebra")
    open_tab(kim, ARGUMENTS)
    expect(kim.locator("table.regions")).not_to_have_count(0)
    expect(kim.locator("table.regions img")).to_have_count(0)
    open_tab(kim, NETWORK)
    expect(kim.locator(".flow .target").first).to_be_visible()
    expect(kim.locator(".flow img")).to_have_count(0)
    assert dialogs == [] and console_errors == []


def test_deep_link_restores_text_and_method(server: str, page: Page, visit: Visit) -> None:
    text = "A modest film. The ending is <b>superb</b> & quiet."
    link = KIM.url({"method": "delete", "part": NETWORK}, text)
    assert link is not None
    visit(f"{server}{link}")
    expect(area(page)).to_have_value(text)
    expect(editor(page).locator(".legend")).to_contain_text("Word: change when deleted")
    expect(page.locator(".flow .drawing")).to_be_visible()
    page.get_by_role("button", name="Share and export").click()
    expect(page.get_by_text("method=delete")).to_be_visible()


def test_the_open_tab_stays_open_without_a_text_and_on_other_pages(kim: Page) -> None:
    open_tab(kim, NETWORK)
    expect(kim.locator(".flow .drawing")).to_be_visible()
    kim.get_by_role("button", name="Clear").click()
    expect(kim.get_by_text("as soon as there is a review")).to_be_visible()
    example(kim, "Not bad")
    expect(kim.locator(".flow .drawing")).to_be_visible()
    kim.get_by_test_id("stTopNavLink").filter(has_text="Digits").click()
    expect(kim.locator("h1")).not_to_have_text(re.compile("Kim"))
    kim.get_by_test_id("stTopNavLink").filter(has_text="Kim CNN").click()
    expect(kim.locator(".flow .drawing")).to_be_visible()
    expect(kim.get_by_role("tab", name=NETWORK, exact=True)).to_have_attribute(
        "aria-selected", "true"
    )


def test_no_sideways_scrolling_on_a_phone(
    phone: Page, server: str, visit: Visit, console_errors: list[str]
) -> None:
    visit(f"{server}/kim_cnn")
    settle(phone)
    write(phone, "W" * 400 + " is a very long word. Good, really great.")
    area(phone).press("ArrowLeft")  # the caret, behind more lines than are seen at once
    word(phone, "great")
    open_tab(phone, NETWORK)
    expect(phone.locator(".flow .drawing")).to_be_visible()
    expect_no_sideways_scrolling(phone)
    expect_no_sideways_scrolling(phone, ".flow", rounding=1)
    click_word(phone, "great")
    expect_no_sideways_scrolling(phone)
    assert console_errors == []


def test_what_the_network_does_not_read_is_shown_with_the_reason(kim: Page) -> None:
    write(kim, "good bad film. " * 3_000)
    expect(editor(kim).locator(".hint").first).to_contain_text(
        "Not read: the network reads at most"
    )


def test_one_review_is_read_by_both_networks_and_by_randomised_weights(
    kim: Page, console_errors: list[str]
) -> None:
    write_review(kim)
    open_tab(kim, COMPARE)
    choose(kim, "Compare with", "Same method, randomised weights")
    expect(kim.locator(".ht")).to_have_count(2)
    expect(kim.get_by_text("Exact contribution, randomised weights")).to_be_visible()
    open_tab(kim, TWO)
    expect(kim.locator(".ht")).to_have_count(2)
    expect(kim.get_by_text("Probability of a positive review:")).to_have_count(4)
    kim.get_by_role("radio", name="Both by leaving out words").or_(
        kim.get_by_role("button", name="Both by leaving out words")
    ).first.click()
    expect(kim.locator(".ht .legend").last).to_contain_text("change when masked")
    assert console_errors == []
