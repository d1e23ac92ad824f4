"""The HAN page in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from dlnlp import datasets
from dlnlp.ui.shell.permalink import build_link
from tests.e2e.reviews import choose, word, write
from tests.e2e.waiting import eventually, expect_no_sideways_scrolling, expect_within_the_width

Visit = Callable[[str], None]


@pytest.fixture
def han(server: str, page: Page, visit: Visit) -> Page:
    visit(f"{server}/han")
    expect(page.locator(".word").first).to_be_visible()
    return page


def shade(element: Locator) -> str:
    return str(element.evaluate("node => getComputedStyle(node).backgroundColor"))


def test_pasted_review_shows_bars_and_text(han: Page, console_errors: list[str]) -> None:
    write(han, "The zither was great.  But the case BROKE in a week.")
    expect(word(han, "BROKE")).to_be_visible()
    expect(han.locator(".row")).to_have_count(2)
    expect(han.locator(".st-key-probability_bars .fill")).to_have_count(5)
    expect(han.get_by_text("stars expected; most likely")).to_be_visible()
    assert console_errors == []


def test_the_answer_follows_the_typing(han: Page) -> None:
    area = han.get_by_label("Your review")
    area.fill("good")
    area.press_sequentially(" marvellous", delay=15)
    expect(word(han, "marvellous")).to_be_visible()
    expect(area).to_be_focused()
    area.press_sequentially(" film")
    expect(word(han, "film")).to_be_visible()
    expect(area).to_have_value("good marvellous film")


def test_a_click_selects_a_word_and_a_second_one_lets_go(han: Page) -> None:
    write(han, "The sound is great. But it broke.")
    word(han, "great").click()
    panel = han.locator(".st-key-han_detail")
    expect(panel).to_contain_text("“great”")
    expect(word(han, "great")).to_have_attribute("aria-pressed", "true")
    han.get_by_role("button", name=re.compile("^Sentence 2:")).click()
    expect(panel).to_contain_text("Sentence 2: But it broke.")
    expect(word(han, "great")).not_to_have_attribute("aria-pressed", "true")
    han.get_by_role("button", name=re.compile("^Sentence 2:")).click()
    expect(panel).to_have_count(0)


def test_selection_survives_a_change_of_shading(han: Page) -> None:
    write(han, "The sound is great. But it broke.")
    word(han, "broke").click()
    before = shade(word(han, "great"))
    han.get_by_role("radio", name="Attention logit").or_(
        han.get_by_role("button", name="Attention logit")
    ).first.click()
    expect(han.locator(".ht .legend")).to_contain_text("Word: attention logit")
    expect(word(han, "great")).not_to_have_css("background-color", before)
    expect(word(han, "broke")).to_have_attribute("aria-pressed", "true")
    expect(han.locator(".st-key-han_detail")).to_contain_text("“broke”")


def test_keyboard_reaches_every_word_and_its_numbers(han: Page) -> None:
    write(han, "The sound is great. But it broke.")
    expect(word(han, "broke")).to_be_visible()
    first = han.get_by_role("button", name=re.compile("^Sentence 1:"))
    first.focus()
    tip = han.get_by_role("tooltip")
    expect(tip).to_contain_text("Sentence attention")
    han.keyboard.press("ArrowRight")
    expect(word(han, "The")).to_be_focused()
    expect(tip).to_contain_text("Word × sentence attention")
    expect(tip).to_contain_text("Attention logit")
    expect(word(han, "The")).to_have_attribute(
        "aria-label", re.compile(r"^The: Word attention [\d.]+ %")
    )
    han.keyboard.press("ArrowDown")
    han.keyboard.press("End")
    expect(word(han, "broke")).to_be_focused()
    expect(han.locator("[data-cell][tabindex='0']")).to_have_count(1)
    han.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    han.keyboard.press("Enter")
    expect(han.locator(".st-key-han_detail")).to_contain_text("“broke”")
    expect(word(han, "broke")).to_be_focused()


def test_hover_shows_numbers_and_leaving_hides_them(han: Page) -> None:
    word(han, "Great").hover()
    expect(han.get_by_role("tooltip")).to_contain_text("compared with uniform")
    han.get_by_label("Your review").hover()
    expect(han.get_by_role("tooltip")).to_be_hidden()


def test_nothing_pasted_is_executed(han: Page, console_errors: list[str]) -> None:
    dialogs: list[str] = []
    han.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script> good $x$ <b>bold</b> `c`"
    write(han, attack + ' "><svg onload=alert(3)> zebra.')
    expect(word(han, "zebra")).to_be_visible()
    word(han, "zebra").click()
    expect(han.locator(".st-key-han_detail")).to_be_visible()
    expect(han.locator(".words").first).to_contain_text("<script>alert(2)</script>")
    assert dialogs == [] and console_errors == []


def test_deep_link_restores_text_model_and_shading(server: str, page: Page, visit: Visit) -> None:
    text = "A modest film. The ending is <b>superb</b> & quiet."
    link = build_link(f"{server}/han", {"model": "han_imdb", "shading": "product"}, text)
    assert link is not None
    visit(link)
    expect(word(page, "superb")).to_be_visible()
    expect(page.get_by_label("Your review")).to_have_value(text)
    expect(page.get_by_text("Probability of a positive review")).to_be_visible()
    expect(page.locator(".ht .legend")).to_contain_text("Word × sentence attention")
    write(page, "Another text entirely.")
    expect(word(page, "entirely")).to_be_visible()
    expect(page).to_have_url(f"{server}/han")


def test_link_to_this_view_is_offered(han: Page, server: str) -> None:
    han.get_by_role("button", name="Share and export").click()
    expect(han.get_by_text(f"{server}/han?model=han_stars")).to_be_visible()


def test_no_sideways_scrolling_on_a_phone(
    phone: Page, server: str, visit: Visit, console_errors: list[str]
) -> None:
    visit(f"{server}/han")
    expect(phone.locator(".word").first).to_be_visible()
    write(phone, "W" * 400 + " is a very long word. Good.")
    expect(word(phone, "Good")).to_be_visible()
    expect_no_sideways_scrolling(phone)
    word(phone, "Good").click()
    expect_within_the_width(phone.get_by_role("tooltip"))
    assert console_errors == []


def test_what_the_network_does_not_read_is_shown_with_the_reason(han: Page) -> None:
    write(han, "good bad film. " * 3_000)
    expect(han.locator(".rest-note")).to_contain_text("Not read: the network reads at most")
    expect(han.locator(".rest-text")).to_contain_text("good bad film.")


def test_words_are_changed_by_keyboard_and_compared(han: Page, console_errors: list[str]) -> None:
    write(han, "The sound is great. But it broke.")
    word(han, "great").focus()
    han.keyboard.press("Enter")
    han.get_by_role("button", name="Mask").press("Enter")
    expect(word(han, "☐")).to_have_class(re.compile("marked"))
    comparison = han.locator(".st-key-han_comparison")
    expect(comparison.locator("del")).to_have_text("great")
    expect(comparison.locator("ins")).to_have_text("☐")
    word(han, "broke").click()
    other = han.get_by_placeholder("Replace with …")
    other.fill("works <b>well</b>")
    other.press("Enter")
    expect(han.get_by_label("Your review")).to_have_value(
        "The sound is ☐. But it works <b>well</b>."
    )
    expect(comparison.locator("ins").last).to_have_text("works <b>well</b>")
    comparison.get_by_role("button", name="Undo").click()
    expect(word(han, "broke")).to_be_visible()
    comparison.get_by_role("button", name="Back to the kept version").click()
    expect(word(han, "great")).to_be_visible()
    expect(comparison).to_have_count(0)
    assert console_errors == []


def test_a_kept_version_follows_the_typing_and_fits_a_phone(phone: Page, han: Page) -> None:
    write(han, "a good film")
    expect(word(han, "film")).to_be_visible()
    han.get_by_role("button", name="Keep this version").click()
    expect(han.get_by_text("This version is kept.")).to_be_visible()
    area = han.get_by_label("Your review")
    area.press("End")
    area.press_sequentially(" again")
    comparison = han.locator(".st-key-han_comparison")
    expect(comparison.locator("ins")).to_have_text("again")
    expect(han.get_by_text("Since the version you kept: expected stars")).to_be_visible()
    gap = """nodes => nodes[1].getBoundingClientRect().top
        - nodes[0].getBoundingClientRect().bottom"""
    versions = comparison.locator(".versions")
    expect(versions).to_have_count(2)
    eventually(phone, lambda: versions.evaluate_all(gap), lambda pixels: pixels > 0)
    expect_no_sideways_scrolling(phone)


def test_test_reviews_are_offered_for_films(server: str, page: Page, visit: Visit) -> None:
    link = build_link(f"{server}/han", {"model": "han_imdb"}, "A good film.")
    assert link is not None
    visit(link)
    page.get_by_text("Real reviews: search 25,000").click()
    if datasets.find("imdb") is None:  # the archive is not on this machine
        expect(page.get_by_role("button", name="Download the data set (imdb").first).to_be_visible()
        return
    search = page.get_by_label("Words that a review holds")
    expect(search).to_be_visible(timeout=60_000)
    search.fill('"not bad"')
    search.press("Enter")
    page.get_by_role("button", name="Use this").first.click()
    expect(page.get_by_text("Its writer:").last).to_be_visible()
    expect(page.get_by_label("Your review")).to_have_value(re.compile("not bad", re.IGNORECASE))


def test_gradients_are_computed_beside_the_page_and_set_beside_attention(
    han: Page, console_errors: list[str]
) -> None:
    write(han, "The sound is great. But it broke.")
    han.get_by_role("radio", name="Gradient × input").or_(
        han.get_by_role("button", name="Gradient × input")
    ).first.click()
    # The background process imports and compiles first; on a busy machine that takes a while.
    expect(han.locator(".ht .legend")).to_contain_text("Word: gradient × input", timeout=240_000)
    expect(han.locator(".ht .bar.diverging")).to_have_count(2)
    choose(han, "Compare with", "Word × sentence attention")
    expect(han.locator(".ht")).to_have_count(2)
    expect(han.get_by_text("Kendall's τ is")).to_be_visible()
    word(han, "great").click()
    expect(han.locator(".st-key-han_detail")).to_contain_text("Gradient × input")
    expect(han.locator('.word[aria-pressed="true"]')).to_have_count(2)
    assert console_errors == []


def test_the_shading_is_measured_on_the_text(phone: Page, han: Page) -> None:
    write(han, "The sound is great. But it broke.")
    han.get_by_role("radio", name="Delete the words").or_(
        han.get_by_role("button", name="Delete the words")
    ).first.click()
    expect(han.get_by_text("Without its top words by attention")).to_be_visible()
    expect(han.locator(".st-key-han_sufficiency .js-plotly-plot")).to_be_visible()
    expect_no_sideways_scrolling(phone)
