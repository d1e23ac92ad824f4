"""Every listed page runs without a browser; the home page lists what there is."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from dlnlp.ui.lessons.lesson import shipped
from dlnlp.ui.shell.navigation import FORMER, HOME, PAGES, PageEntry

EVERY_PAGE = pytest.mark.parametrize("entry", (HOME, *PAGES), ids=lambda entry: entry.stem)


@EVERY_PAGE
def test_page_runs_without_exception(app: AppTest, entry: PageEntry) -> None:
    app.run()
    app.switch_page(f"pages/{entry.stem}.py").run()
    assert not app.exception
    assert len(app.title) == 1, "a page has one title"


@EVERY_PAGE
def test_page_starts_with_its_frame(entry: PageEntry) -> None:
    """Run by itself, as by the first visitor of a deep link, a page asks for its frame once."""
    app = AppTest.from_file(entry.path, default_timeout=60).run()
    assert app.session_state["dlnlp.navigation.in_frame"]
    assert not app.exception


def test_every_script_in_pages_is_listed_and_every_listed_page_exists() -> None:
    stems = {path.stem for path in HOME.path.parent.glob("*.py")}
    assert stems == {entry.stem for entry in (HOME, *PAGES, *FORMER)}


def test_home_lists_the_pages(app: AppTest) -> None:
    app.run()
    cards = [heading.value for heading in app.subheader]
    links = [link.proto.page for link in app.get("page_link")]
    for entry in PAGES:
        assert f"{entry.icon} {entry.title}" in cards
        assert entry.stem in links
    lessons = [link for link in app.get("page_link") if "lesson=" in link.proto.query_string]
    assert len(lessons) == 1 + len(shipped()), "each lesson, and one to begin with"
    assert len(links) == len(PAGES) + len(lessons)


def test_home_names_its_sources(app: AppTest) -> None:
    text = " ".join(element.value for element in app.run().markdown)
    assert "arXiv:1808.09772" in text
    assert "Hierarchical Attention Networks" in text


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.stem)
def test_entry_is_complete(entry: PageEntry) -> None:
    assert entry.summary and entry.example and entry.invitation


def test_no_icon_needs_a_font_of_the_system() -> None:
    """Emoji are empty boxes where no font has them; Streamlit carries the font of its symbols."""
    folders = (HOME.path.parent, HOME.path.parents[1] / "dlnlp" / "ui")
    for path in (path for folder in folders for path in folder.rglob("*.py")):
        for icon in re.findall(r'icon="([^"]*)"', path.read_text(encoding="utf-8")):
            assert re.fullmatch(r":material/\w+:", icon), f"{path}: {icon}"
    for entry in (HOME, *PAGES):
        assert re.fullmatch(r":material/\w+:", entry.icon)
