"""The Kim CNN page in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dlnlp.ui.kim_cnn.methods import FILTERS
from dlnlp.ui.shell.parts import TWO
from dlnlp.ui.shell.permalink import build_link
from tests.e2e.reviews import choose, word, write
from tests.e2e.waiting import eventually, expect_no_sideways_scrolling, expect_within_the_width

Visit = Callable[[str], None]
REVIEW = "The zither was great, a wonderful surprise. But the plot is bad, dull, a waste of time."


@pytest.fixture
def kim(server: str, page: Page, visit: Visit) -> Page:
    visit(f"{server}/kim_cnn")
    expect(page.locator(".word").first).to_be_visible()
    return page


def write_review(page: Page) -> None:
    """Until it is drawn: the text before it holds some of its words, too."""
    write(page, REVIEW)
    expect(word(page, "zither")).to_be_visible()
    expect(page.locator(".ht .row")).to_have_count(2)


def method(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name)).first.click()


def colour(text: str) -> tuple[float, float, float]:
    """Red, green, blue, 0 to 1, of a colour as the browser computes it."""
    numbers = [float(number) for number in re.findall(r"[\d.]+(?:e-?\d+)?", text)]
    scale = 1 if text.startswith("color(") else 255
    red, green, blue = (number / scale for number in numbers[:3])
    return red, green, blue


def number(text: str | None) -> float:
    return float((text or "").replace("−", "-").replace("±", ""))


def test_pasted_review_shows_the_answer_and_its_parts(kim: Page, console_errors: list[str]) -> None:
    write_review(kim)
    expect(kim.locator(".ht .row")).to_have_count(2)
    expect(kim.get_by_text("Probability of a positive review:")).to_be_visible()
    expect(kim.locator(".gauge .fill")).to_have_count(1)
    expect(kim.locator("table.regions")).not_to_have_count(0)
    kim.get_by_role("tab", name=FILTERS).click()
    expect(kim.locator(".flow .target").first).to_be_visible()
    expect(word(kim, "zither")).to_be_visible()
    assert console_errors == []


def test_both_sides_have_their_colour_in_words_rows_and_legend(kim: Page) -> None:
    write_review(kim)
    shaded = kim.locator(".row-button, .word")
    read = """nodes => nodes.map(
        node => [node.ariaLabel, getComputedStyle(node).backgroundColor])"""

    def each_side_has_its_colour(labels_and_colours: list[tuple[str, str]]) -> bool:
        seen = set()
        for label, background in labels_and_colours:
            value = number(re.findall(r"[−+±]\d+\.\d+", label)[0])
            red, _, blue = colour(background)
            if abs(value) > 0.2:
                seen.add((value > 0, blue > red))
        return seen == {(True, True), (False, False)}

    eventually(kim, lambda: shaded.evaluate_all(read), each_side_has_its_colour)
    legend = kim.locator(".ht .legend .bar.diverging")
    expect(legend).to_have_count(2)
    three = r"((color|rgba?)\([^()]*\)[^()]*){3}"  # orange, nothing, blue
    expect(legend.first).to_have_css("background-image", re.compile(rf"^[\w-]+\([^()]*{three}\)$"))


def test_methods_redraw_the_text_and_keep_the_chosen_word(kim: Page) -> None:
    write_review(kim)
    word(kim, "wonderful").click()
    panel = kim.locator(".st-key-kim_cnn_detail")
    expect(panel).to_contain_text("“wonderful”")
    legend = kim.locator(".ht .legend")
    for name, column in (
        ("Gradient norm", "gradient norm"),
        ("Integrated gradients", "integrated gradient"),
        ("Leave-one-out (delete)", "change when deleted"),
        ("Exact contribution", "contribution"),
    ):
        method(kim, name)
        expect(legend).to_contain_text(f"Word: {column}")
        expect(panel).to_contain_text("“wonderful”")
    word(kim, "wonderful").click()
    expect(panel).to_have_count(0)


def test_a_clicked_word_can_be_deleted_and_the_change_is_shown(kim: Page) -> None:
    write_review(kim)
    word(kim, "wonderful").click()
    kim.locator(".st-key-kim_cnn_detail").get_by_role("button", name="Delete").click()
    expect(kim.get_by_label("Your review")).to_have_value(REVIEW.replace("wonderful ", ""))
    expect(kim.get_by_text("What your change did")).to_be_visible()


def test_nothing_pasted_is_executed(kim: Page, console_errors: list[str]) -> None:
    dialogs: list[str] = []
    kim.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script> good $x$ <b>bold</b> `c`"
    write(kim, attack + ' "><svg onload=alert(3)> great zebra.')
    expect(word(kim, "zebra")).to_be_visible()
    word(kim, "zebra").click()
    expect(kim.locator(".st-key-kim_cnn_detail")).to_be_visible()
    expect(kim.locator(".words").first).to_contain_text("<script>alert(2)</script>")
    expect(kim.locator("table.regions")).not_to_have_count(0)
    expect(kim.locator("table.regions img")).to_have_count(0)
    kim.get_by_role("tab", name=FILTERS).click()
    expect(kim.locator(".flow .target").first).to_be_visible()
    expect(kim.locator(".flow img")).to_have_count(0)
    assert dialogs == [] and console_errors == []


def test_deep_link_restores_text_and_method(server: str, page: Page, visit: Visit) -> None:
    text = "A modest film. The ending is <b>superb</b> & quiet."
    link = build_link(f"{server}/kim_cnn", {"method": "delete", "part": FILTERS}, text)
    assert link is not None
    visit(link)
    expect(page.get_by_label("Your review")).to_have_value(text)
    expect(page.locator(".ht .legend")).to_contain_text("Word: change when deleted")
    expect(page.locator(".flow .drawing")).to_be_visible()
    page.get_by_role("button", name="Share and export").click()
    expect(page.get_by_text("method=delete")).to_be_visible()


def test_the_open_tab_stays_open_without_a_text_and_on_other_pages(kim: Page) -> None:
    kim.get_by_role("tab", name=FILTERS).click()
    expect(kim.locator(".flow .drawing")).to_be_visible()
    kim.get_by_role("button", name="Clear").click()
    expect(kim.get_by_text("as soon as there is a review")).to_be_visible()
    kim.get_by_role("button", name="Not bad").click()
    expect(kim.locator(".flow .drawing")).to_be_visible()
    kim.get_by_test_id("stTopNavLink").filter(has_text="Digits").click()
    expect(kim.get_by_text("How a network reads a digit")).to_be_visible()
    kim.get_by_test_id("stTopNavLink").filter(has_text="Kim CNN").click()
    expect(kim.locator(".flow .drawing")).to_be_visible()
    expect(kim.get_by_role("tab", name=FILTERS)).to_have_attribute("aria-selected", "true")


def test_no_sideways_scrolling_on_a_phone(
    phone: Page, server: str, visit: Visit, console_errors: list[str]
) -> None:
    visit(f"{server}/kim_cnn")
    expect(phone.locator(".word").first).to_be_visible()
    write(phone, "W" * 400 + " is a very long word. Good, really great.")
    expect(word(phone, "great")).to_be_visible()
    phone.get_by_role("tab", name=FILTERS).click()
    expect(phone.locator(".flow .drawing")).to_be_visible()
    expect_no_sideways_scrolling(phone)
    expect_no_sideways_scrolling(phone, ".flow", rounding=1)
    word(phone, "great").click()
    expect_within_the_width(phone.get_by_role("tooltip"))
    assert console_errors == []


def test_what_the_network_does_not_read_is_shown_with_the_reason(kim: Page) -> None:
    write(kim, "good bad film. " * 3_000)
    expect(kim.locator(".rest-note")).to_contain_text("Not read: the network reads at most")


def test_one_review_is_read_by_both_networks_and_by_random_weights(
    kim: Page, console_errors: list[str]
) -> None:
    write_review(kim)
    choose(kim, "Compare with", "Same method, randomised weights")
    expect(kim.locator(".ht")).to_have_count(2)
    expect(kim.get_by_text("Randomised weights. They give")).to_be_visible()
    kim.get_by_role("tab", name=TWO).click()
    expect(kim.locator(".ht")).to_have_count(4)
    expect(kim.get_by_text("Probability of a positive review:")).to_have_count(3)
    method(kim, "Both by leaving out words")
    expect(kim.locator(".ht .legend").last).to_contain_text("change when masked")
    expect(kim.get_by_text("Probability of a positive review:")).to_have_count(3)
    assert console_errors == []
