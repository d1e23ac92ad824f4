"""What would change the prediction, from the tab to the edit beside the original."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from dlnlp.ui.kim_cnn.methods import KIM
from dlnlp.ui.shell.parts import CHANGE
from tests.e2e.reviews import area, settle
from tests.e2e.waiting import eventually, expect_no_sideways_scrolling

Visit = Callable[[str], None]
TEXT = "The plot is dull. I loved the actors, and the ending was great."


def test_a_found_change_goes_into_the_editor_and_is_compared(
    page: Page, server: str, visit: Visit, console_errors: list[str]
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    link = KIM.url({"part": CHANGE}, TEXT)
    assert link is not None
    visit(f"{server}{link}")
    changes = page.locator(".changes")
    expect(changes.locator(".card")).to_have_count(4)
    expect_no_sideways_scrolling(page)
    deleted = changes.locator(".card", has_text="Fewest words to delete")
    gone = eventually(
        page,
        deleted.locator("del").all_inner_texts,
        lambda words: words and all(word in TEXT for word in words),
    )

    # By keyboard: a small change, which keeps the original beside it.
    draft = changes.locator(".draft").first
    draft.focus()
    page.keyboard.press("Enter")
    eventually(page, area(page).input_value, lambda text: text not in ("", TEXT))
    inside = "node => node.getRootNode().activeElement === node || node.matches(':focus-within')"
    expect(changes.locator(".card")).to_have_count(4)
    eventually(page, lambda: changes.evaluate(inside), bool)
    page.get_by_role("button", name="Undo").click()
    eventually(page, area(page).input_value, lambda text: text == TEXT)

    settle(page)
    deleted.get_by_role("button", name="compare").click()
    expect(page.get_by_text("Both on one scale. Struck out: gone since.")).to_be_visible()
    without = TEXT
    for word in gone:
        without = without.replace(word, "", 1)
    left = re.findall(r"\w+", without)
    eventually(page, area(page).input_value, lambda text: re.findall(r"\w+", text) == left)
    assert console_errors == []
