"""Every page with an answer on it, dark, light, on a phone: axe-core finds nothing at all."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dlnlp.ui.shell.navigation import HOME, PAGES
from dlnlp.ui.shell.parts import CHANGE, COMPARE, DURING, MAP, NETWORK, TRUTH, TWO
from tests.e2e.tables import give, sliced_table
from tests.e2e.waiting import eventually, expect_no_sideways_scrolling

# Rules that Streamlit's own elements break where we cannot mend them: rule, and why.
CANNOT_MEND = {
    "presentation-role-conflict": "the place to drop a file on has a role and a tabindex (minor)",
}


# What is on the page when a tab is open.
TABS: dict[str, dict[str, str]] = {
    "han": {
        COMPARE: "text=No version is kept yet",
        CHANGE: ".cards > :nth-child(4)",
        MAP: ".main-svg",
        NETWORK: ".flow .mark",
    },
    "kim_cnn": {
        NETWORK: ".flow .drawing",
        TRUTH: "text=The figures",
        TWO: ".ht >> nth=1",
        MAP: ".main-svg",
        DURING: ".replay .word >> nth=0",
    },
    "mnist_cnn": {
        "Where it looked": "text=Measured in the evidence",
        "Nearest neighbours": "text=cosine of the angle",
        "Invariance": ".main-svg",
        "Calibration": "text=When it says 90",
        "Robustness": "text=Share called no digit",
        "Card": "text=Use and limits",
    },
    "schedules": {
        "LR range test": "text=Smith 2017",
        "Training log of a HAN": ".st-key-real_run .main-svg",
    },
}


def _home(page: Page) -> None:
    expect(page.get_by_text("Which words misled it?")).to_be_visible()


def _review(page: Page) -> None:
    expect(page.locator(".ed .chip").first).to_be_visible()  # what stands below has its place then
    expect(page.get_by_role("tab", name=MAP)).to_be_visible()


def _digit(page: Page) -> None:
    expect(page.get_by_text("This is a 7")).to_be_visible()


def _plot(page: Page) -> None:
    expect(page.locator(".main-svg").first).to_be_visible()


def _scored(page: Page) -> None:
    page.get_by_role("button", name="Try ours").click()
    page.get_by_role("button", name="Score the table").click()
    expect(page.get_by_role("heading", name="The scored table")).to_be_visible()
    expect(page.locator(".main-svg").first).to_be_visible()


def _tables(page: Page) -> None:
    expect(page.get_by_role("button", name="Use questions")).to_be_visible()


def _classes(page: Page) -> None:
    page.get_by_role("button", name="Use questions").click()
    expect(page.locator(".main-svg").first).to_be_visible()


READY: dict[str, Callable[[Page], None]] = {
    "home": _home,
    "han": _review,
    "kim_cnn": _review,
    "mnist_cnn": _digit,
    "schedules": _plot,
    "train": _tables,
    "batch": _scored,
    "models": _plot,
}


# The rules that a change of colours can break.
OF_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
OPEN_TAB = '[role="tabpanel"]:not([hidden])'


def violations(
    page: Page, inside: str | None = None, rules: dict[str, Any] | None = None
) -> list[str]:
    """What axe-core finds on the page or inside a part, shadow trees included, a line a place."""
    found: list[dict[str, Any]] = (
        Axe()
        .run(page, inside, {"resultTypes": ["violations"], **(rules or {})})
        .response["violations"]
    )
    return [
        f"{rule['id']} ({rule['impact']}): {place['html'][:200]}: {place['failureSummary']}"
        for rule in found
        if rule["id"] not in CANNOT_MEND
        for place in rule["nodes"]
    ]


def expect_no_violations(
    page: Page, inside: str | None = None, rules: dict[str, Any] | None = None
) -> None:
    """What fades in has too little contrast for a moment: that passes."""
    eventually(page, lambda: violations(page, inside, rules), lambda found: found == [])


def expect_nothing_in_both_schemes(page: Page, inside: str | None = None) -> None:
    """All rules in light colours, and those of colours in dark ones."""
    for scheme, rules in (("dark", OF_COLOURS), ("light", None)):
        page.emulate_media(color_scheme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
        expect_no_violations(page, inside, rules)


@pytest.mark.parametrize("stem", [entry.stem for entry in (HOME, *PAGES)])
def test_nothing_keeps_anybody_out(
    server: str,
    page: Page,
    visit: Callable[[str], None],
    settled: Callable[[], None],
    stem: str,
) -> None:
    page.emulate_media(color_scheme="dark")  # opened in dark, shown in light later
    visit(f"{server}/" if stem == "home" else f"{server}/{stem}")
    READY[stem](page)
    settled()
    expect_nothing_in_both_schemes(page)
    for title, shown in TABS.get(stem, {}).items():
        page.get_by_role("tab", name=title, exact=True).click()
        expect(page.locator(shown).first).to_be_visible()
        settled()
        expect_nothing_in_both_schemes(page, OPEN_TAB)
    if stem == "train":
        _classes(page)
        settled()
        expect_nothing_in_both_schemes(page)
    page.set_viewport_size({"width": 390, "height": 844})  # a phone
    expect_no_sideways_scrolling(page)


def test_slices_and_recalibration_keep_nobody_out(
    server: str, page: Page, visit: Callable[[str], None], settled: Callable[[], None]
) -> None:
    page.emulate_media(color_scheme="dark")
    visit(f"{server}/batch?model=kim_cnn")
    give(page, "mine.csv", sliced_table())
    page.get_by_role("button", name="Score the table").click()
    for title, shown in (("Slices", ".slices .worse"), ("Recalibration", ".main-svg")):
        page.get_by_role("tab", name=title).click()
        expect(page.locator(shown).first).to_be_visible()
        settled()
        expect_nothing_in_both_schemes(page, OPEN_TAB)
        page.set_viewport_size({"width": 390, "height": 844})  # a phone
        expect_no_sideways_scrolling(page)
        page.set_viewport_size({"width": 1280, "height": 720})


def test_the_check_sees_what_is_wrong(
    server: str, page: Page, visit: Callable[[str], None]
) -> None:
    visit(server)
    page.evaluate("document.body.append(document.createElement('button'))")
    eventually(
        page, lambda: violations(page), lambda found: _is_one(found, "button-name", "critical")
    )
    page.evaluate(
        "document.querySelector('p').setAttribute('style', 'color: #999; background: #aaa')"
    )
    eventually(
        page,
        lambda: violations(page, rules=OF_COLOURS),
        lambda found: len(found) == 1 and _is_one(found, "color-contrast", ""),
    )


def _is_one(found: list[str], rule: str, impact: str) -> bool:
    """Whether one line, and no other, names a rule, and its impact."""
    lines = [line for line in found if rule in line]
    return len(lines) == 1 and impact in lines[0]
