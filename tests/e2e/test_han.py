"""The HAN page in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dlnlp import datasets
from dlnlp.ui.han.methods import HAN
from dlnlp.ui.shell.parts import COMPARE, TRUTH
from tests.e2e.reviews import (
    act,
    area,
    choose,
    click_word,
    editor,
    hover_word,
    open_tab,
    settle,
    shade_by,
    word,
    write,
)
from tests.e2e.waiting import (
    box_at_rest,
    eventually,
    expect_no_sideways_scrolling,
    open_page,
)

Visit = Callable[[str], None]


@pytest.fixture
def han(server: str, page: Page, visit: Visit) -> Page:
    visit(f"{server}/han")
    settle(page)
    return page


@pytest.fixture(scope="module")
def opened(lasting: Page, server: str) -> Page:
    """The page, for tests that change nothing but the text."""
    open_page(lasting, f"{server}/han")
    settle(lasting)
    return lasting


def test_a_pasted_review_shows_bars_and_shades(opened: Page, lasting_errors: list[str]) -> None:
    han = opened
    write(han, "The zither was great.  But the case BROKE in a week.")
    word(han, "BROKE")
    expect(han.locator(".ed .chip")).to_have_count(2)
    expect(han.locator(".bars > .bar")).to_have_count(5)
    expect(han.get_by_role("heading", name="stars expected; most likely")).to_be_visible()
    assert lasting_errors == []


def test_the_answer_follows_the_typing(opened: Page) -> None:
    han = opened
    area(han).fill("good")
    area(han).press_sequentially(" marvellous", delay=15)
    word(han, "marvellous")
    expect(area(han)).to_be_focused()
    area(han).press_sequentially(" film")
    word(han, "film")
    expect(area(han)).to_have_value("good marvellous film")


def test_a_click_keeps_a_word_and_the_number_of_a_sentence_selects_it(opened: Page) -> None:
    han = opened
    write(han, "The sound is great. But it broke.")
    click_word(han, "great")
    about, facts = editor(han).locator(".about"), editor(han).locator(".facts")
    hover_word(han, "broke")
    expect(about).to_have_text("“broke”")
    expect(facts).to_contain_text("Word × sentence attention")
    han.mouse.move(5, 5)
    expect(about).to_have_text("“great”")
    editor(han).get_by_role("button", name=re.compile("^Sentence 2:")).click()
    expect(editor(han).locator(".subject")).to_have_text("Sentence 2")
    selected = "node => node.value.slice(node.selectionStart, node.selectionEnd)"
    eventually(han, lambda: area(han).evaluate(selected), lambda text: text == "But it broke.")


def test_what_is_kept_survives_a_change_of_method(han: Page) -> None:
    write(han, "The sound is great. But it broke.")
    click_word(han, "broke")
    before = word(han, "great")["background"]
    shade_by(han, "Attention logit")
    expect(editor(han).locator(".legend")).to_contain_text("Word: attention logit")
    eventually(han, lambda: word(han, "great")["background"], lambda now: now != before)
    expect(editor(han).locator(".about")).to_have_text("“broke”")


def test_the_caret_reaches_every_word_and_its_numbers_are_spoken(opened: Page) -> None:
    han = opened
    write(han, "The sound is great. But it broke.")
    area(han).focus()
    han.keyboard.press("Control+Home")
    about, spoken = editor(han).locator(".about"), editor(han).locator(".spoken")
    expect(about).to_have_text("“The”")
    for steps, expected in ((5, "“sound”"), (6, "“is”")):
        for _ in range(steps):
            han.keyboard.press("ArrowRight")
        expect(about).to_have_text(expected)
    expect(spoken).to_contain_text(re.compile(r"“is”: Word attention [\d.]+ %"))
    han.keyboard.press("Shift+Tab")
    first, second = (
        editor(han).get_by_role("button", name=re.compile(f"^Sentence {number}: Sentence att"))
        for number in (1, 2)
    )
    expect(first).to_be_focused()
    han.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    expect(about).to_have_text("Sentence 2")
    expect(han.locator(".ed .chip[tabindex='0']")).to_have_count(1)


def test_nothing_pasted_is_executed(han: Page, console_errors: list[str]) -> None:
    dialogs: list[str] = []
    han.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script> good $x$ <b>bold</b> `c`"
    write(han, attack + ' "><svg onload=alert(3)> zebra.')
    click_word(han, "zebra")
    hover_word(han, "bold")
    han.get_by_role("button", name="Keep this version").click()
    area(han).press_sequentially(" x")
    open_tab(han, COMPARE)
    expect(han.locator(".ht .words").first).to_contain_text("<script>alert(2)</script>")
    assert dialogs == [] and console_errors == []


def test_deep_link_restores_text_model_and_method(server: str, page: Page, visit: Visit) -> None:
    text = "A modest film. The ending is <b>superb</b> & quiet."
    link = HAN.url({"model": "han_imdb", "shading": "product"}, text)
    assert link is not None
    visit(f"{server}{link}")
    word(page, "superb")
    expect(area(page)).to_have_value(text)
    expect(page.get_by_role("heading", name="Probability of a positive review")).to_be_visible()
    expect(editor(page).locator(".legend")).to_contain_text("Word × sentence attention")
    write(page, "Another text entirely.")
    word(page, "entirely")
    expect(page).to_have_url(f"{server}/han")


def test_link_to_this_view_is_offered(han: Page, server: str) -> None:
    han.get_by_role("button", name="Share and export").click()
    expect(han.get_by_text(f"{server}/han?model=han_stars")).to_be_visible()
    expect(han.get_by_role("button", name="Words (CSV)")).to_be_visible()


def test_no_sideways_scrolling_on_a_phone(
    phone: Page, server: str, visit: Visit, console_errors: list[str]
) -> None:
    visit(f"{server}/han")
    settle(phone)
    write(phone, "W" * 400 + " is a very long word. Good.")
    area(phone).press("ArrowLeft")  # the caret, behind more lines than are seen at once
    word(phone, "Good")
    expect_no_sideways_scrolling(phone)
    click_word(phone, "Good")
    expect_no_sideways_scrolling(phone)
    assert console_errors == []


def test_what_the_network_does_not_read_is_hatched_and_the_reason_said(han: Page) -> None:
    write(han, "good bad film. " * 3_000)
    expect(editor(han).locator(".hint").first).to_contain_text(
        "Not read: the network reads at most"
    )
    expect(editor(han).locator(".status")).to_have_text("Hatched: not shaded")
    scroller = editor(han).locator(".scroller")
    scroller.evaluate("node => (node.scrollTop = node.scrollHeight)")
    expect(editor(han).locator(".unread-part").last).to_be_in_viewport()
    expect(editor(han).locator(".word")).to_have_count(0)  # only what is seen is drawn
    at = box_at_rest(scroller)
    han.mouse.click(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    eventually(han, lambda: area(han).evaluate("node => node.selectionEnd"), lambda at: at > 40_000)


def test_words_are_changed_in_the_panel_and_compared(han: Page, console_errors: list[str]) -> None:
    write(han, "The sound is great. But it broke.")
    click_word(han, "great")
    act(han, "Mask")
    expect(area(han)).to_have_value("The sound is ☐. But it broke.")
    assert "unknown" in word(han, "☐")["classes"]
    open_tab(han, COMPARE)
    compared = han.locator(".ht")
    expect(compared.locator(".gone")).to_have_text("great")
    expect(compared.locator(".new")).to_have_text("☐")
    click_word(han, "broke")
    other = han.get_by_placeholder("Replace with …")
    other.fill("works <b>well</b>")
    other.press("Enter")
    expect(area(han)).to_have_value("The sound is ☐. But it works <b>well</b>.")
    expect(compared.locator(".new").last).to_have_text("well")
    han.get_by_role("button", name="Undo", exact=True).click()
    expect(area(han)).to_have_value("The sound is ☐. But it broke.")
    han.get_by_role("button", name="Back to the kept version").click()
    expect(area(han)).to_have_value("The sound is great. But it broke.")
    expect(compared).to_have_count(0)
    assert console_errors == []


def test_a_kept_version_follows_the_typing_and_fits_a_phone(phone: Page, han: Page) -> None:
    write(han, "a good film")
    han.get_by_role("button", name="Keep this version").click()
    expect(han.get_by_text("This version is kept.").first).to_be_visible()
    area(han).press("End")
    area(han).press_sequentially(" again")
    open_tab(han, COMPARE)
    expect(han.locator(".ht .new")).to_have_text("again")
    expect(han.get_by_text("Since the version you kept: expected stars")).to_be_visible()
    expect_no_sideways_scrolling(phone)


def test_what_is_pointed_at_lights_up_beside_it(han: Page) -> None:
    write(han, "A good film.")
    han.get_by_role("button", name="Keep this version").click()
    area(han).press("Home")
    area(han).press_sequentially("Truly. ")
    open_tab(han, COMPARE)
    expect(han.locator(".ht .new")).to_have_count(1)
    hover_word(han, "good")
    expect(han.locator(".ht .word.lit")).to_have_text(["good", "good"])
    han.locator(".ht .word", has_text="film").first.hover()
    expect(editor(han).locator(".about")).to_have_text("“film”")


def test_test_reviews_are_offered_for_films(server: str, page: Page, visit: Visit) -> None:
    link = HAN.url({"model": "han_imdb"}, "A good film.")
    assert link is not None
    visit(f"{server}{link}")
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
    expect(area(page)).to_have_value(re.compile("not bad", re.IGNORECASE))


def test_gradients_follow_the_prediction_and_stand_beside_attention(
    han: Page, console_errors: list[str]
) -> None:
    write(han, "The sound is great. But it broke.")
    shade_by(han, "Integrated gradients")
    boxes = editor(han).locator(".word")
    expect(editor(han).locator(".status")).to_contain_text("not computed yet")
    expect(boxes).to_have_count(7)  # the shades before stay until the new ones come
    # The background process imports and compiles first; on a busy machine that takes a while.
    legend = editor(han).locator(".legend")
    expect(legend).to_contain_text("Word: integrated gradient", timeout=240_000)
    expect(legend.locator(".bar.diverging")).to_have_count(2)
    han.locator(".bars > .bar").filter(has_text=re.compile("^1 star")).click()
    expect(legend).to_contain_text("for 1 star")
    open_tab(han, COMPARE)
    choose(han, "Compare with", "Word × sentence attention")
    expect(han.locator(".ht")).to_have_count(2)
    expect(han.get_by_text("Kendall's τ is")).to_be_visible()
    assert console_errors == []


def test_the_shading_is_measured_on_the_text(phone: Page, han: Page) -> None:
    write(han, "The sound is great. But it broke.")
    open_tab(han, TRUTH)
    han.get_by_role("radio", name="Delete the words").or_(
        han.get_by_role("button", name="Delete the words")
    ).first.click()
    expect(han.get_by_text(re.compile("^Without its top words by attention"))).to_be_visible()
    expect(han.locator(".st-key-han_sufficiency .js-plotly-plot")).to_be_visible()
    expect_no_sideways_scrolling(phone)


def test_the_editor_stays_in_its_column_on_a_small_window(han: Page) -> None:
    han.set_viewport_size({"width": 840, "height": 900})
    column = han.get_by_test_id("stColumn").filter(has=editor(han)).last
    right = "node => node.getBoundingClientRect().right"
    button = editor(han).get_by_role("button", name="Replace", exact=True)
    eventually(
        han,
        lambda: column.evaluate(right) - button.evaluate(right),
        lambda room: room >= 0,
        patience=10,
    )
