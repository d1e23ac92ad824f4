"""What tests of all pages that read reviews do in the browser."""

from typing import Any

from playwright.sync_api import Locator, Page, TimeoutError, expect

from dlnlp.ui.han.methods import MAIN as HAN_BUTTONS
from dlnlp.ui.kim_cnn.methods import MAIN as KIM_BUTTONS
from tests.e2e.waiting import eventually

# Where a word of the text stands, and the box behind it; null while it has none.
_BOX = """(root, word) => {
  if (root.classList.contains("stale")) return null;
  const area = root.querySelector("textarea"), text = root.querySelector(".copy").firstChild;
  const letter = (at) => /[\\p{L}\\p{N}]/u.test(area.value[at] ?? "");
  let at = area.value.indexOf(word);
  while (at >= 0 && (letter(at - 1) || letter(at + word.length)))
    at = area.value.indexOf(word, at + 1);
  if (at < 0 || text.length <= at) return null;
  const range = new Range();
  range.setStart(text, at);
  range.setEnd(text, at + word.length);
  const place = range.getClientRects()[0];
  const [x, y] = [place.left + place.width / 2, place.top + place.height / 2];
  for (const node of root.querySelectorAll(".word")) {
    const box = node.getBoundingClientRect();
    if (box.left <= x && x <= box.right && box.top <= y && y <= box.bottom)
      return { x, y, width: box.width, classes: node.className, token: node.word,
        background: getComputedStyle(node).backgroundColor };
  }
  return null;
}"""


def area(page: Page) -> Locator:
    """The text."""
    return page.get_by_label("Your review")


def editor(page: Page) -> Locator:
    """The text with all that belongs to it."""
    return page.locator(".ed")


def write(page: Page, text: str) -> None:
    """Writes a review and waits until it is shaded."""
    area(page).fill(text)
    area(page).press("Control+Enter")
    settle(page)


def settle(page: Page) -> None:
    """Waits until the shades are those of the text."""
    expect(page.locator(".ed:not(.stale) .chip").first).to_be_attached()


def word(page: Page, text: str) -> dict[str, Any]:
    """Waits until the first such word of the text is shaded; where it is, and its box."""
    found: dict[str, Any] = eventually(page, lambda: editor(page).evaluate(_BOX, text))
    return found


def hover_word(page: Page, text: str) -> None:
    """Moves the mouse onto the first such word."""
    editor(page).scroll_into_view_if_needed()
    place = word(page, text)
    page.mouse.move(place["x"], place["y"])


def click_word(page: Page, text: str) -> None:
    """Clicks the first such word; its numbers and actions are then those of the panel."""
    editor(page).scroll_into_view_if_needed()
    place = word(page, text)
    page.mouse.click(place["x"], place["y"])
    expect(page.locator(".ed .subject")).to_contain_text(f"“{text}”")


def act(page: Page, name: str) -> None:
    """Presses a button of the editor's panel."""
    page.locator(".ed .actions").get_by_role("button", name=name, exact=True).click()


def shade_by(page: Page, name: str) -> None:
    """Chooses a method: by its button, or from the menu of the others."""
    if name in (*HAN_BUTTONS.values(), *KIM_BUTTONS.values()):
        page.get_by_role("radio", name=name, exact=True).click()
        return
    pick(page, page.locator("[class*='more_methods']").get_by_role("button"), name)


def pick(page: Page, menu: Locator, option: str) -> None:
    """Chooses from a menu; one that opens while the page is drawn again closes by itself."""
    idle = page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')
    chosen = page.get_by_role("menuitem").or_(page.get_by_role("option")).filter(has_text=option)
    for _ in range(3):
        expect(idle).to_have_count(1)
        menu.click()
        try:
            chosen.first.click(timeout=5_000)
        except TimeoutError:
            continue
        return
    raise AssertionError(f"{option!r} cannot be chosen")


def example(page: Page, label: str) -> None:
    """Takes one of our examples."""
    pick(page, page.get_by_role("button", name="Examples"), label)


def choose(page: Page, name: str, option: str) -> None:
    """Chooses from a list, as `pick` does."""
    pick(page, page.get_by_role("combobox", name=name), option)


def open_tab(page: Page, title: str) -> None:
    """Opens a part of the page."""
    page.get_by_role("tab", name=title, exact=True).click()
