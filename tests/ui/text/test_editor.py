"""What the session takes over from the editor, and what it drops."""

from typing import Any

import numpy as np
import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as strategy

from dlnlp.text.edits import MASK
from dlnlp.ui.text import editor, versions
from dlnlp.ui.text.editor_shading import character_offset, shading, utf16_offsets
from dlnlp.ui.text.method_text import MethodText
from dlnlp.ui.text.review_page import ReviewPage
from dlnlp.ui.text.shaded_text import view_data
from tests.ui.text.attributions import make_attribution

PAGE = ReviewPage("page")
TEXT = "A 😀 good film. It is bad."


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    state: dict[str, Any] = {PAGE.text: TEXT}
    monkeypatch.setattr(st, "session_state", state)
    return state


def sent(text: str, sequence: int = 1, **more: Any) -> dict[str, Any]:
    """What an honest browser sends."""
    last = editor.known(PAGE)
    honest = {"owner": editor._owner(), "revision": last.revision, "sequence": sequence}
    return {**honest, "text": text, **more}


def test_what_is_typed_is_taken_over_once_and_in_order() -> None:
    assert editor.accept(PAGE, sent("one", 1)) and versions.text(PAGE) == "one"
    assert editor.accept(PAGE, sent("three", 3)) and versions.text(PAGE) == "three"
    assert not editor.accept(PAGE, sent("two", 2)) and versions.text(PAGE) == "three"
    assert editor.known(PAGE) == editor.Known(1, 3, "three")


def test_a_text_that_python_chose_wins_over_what_was_typed_before() -> None:
    typed = sent("typed", 1)
    versions.put(PAGE, "an example", "Example")
    assert not editor.accept(PAGE, typed) and versions.text(PAGE) == "an example"
    assert editor.known(PAGE) == editor.Known(2, 0, "an example")
    assert not editor.accept(PAGE, typed)
    assert editor.accept(PAGE, sent("typed on", 1))


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "text",
        [],
        {},
        {"owner": "another"},
        {"revision": 0},
        {"revision": None},
        {"sequence": "1"},
        {"sequence": True},
        {"sequence": 1.0},
        {"text": None},
        {"text": 3},
    ],
)
def test_what_the_browser_invents_is_dropped(wrong: Any) -> None:
    message = sent("typed") | wrong if isinstance(wrong, dict) and wrong else wrong
    assert not editor.accept(PAGE, message)
    editor.change(PAGE, message)
    assert versions.text(PAGE) == TEXT


def test_line_ends_and_half_characters_are_as_a_text_area_holds_them() -> None:
    assert editor.accept(PAGE, sent("a\r\nb\rc \ud83d d"))
    assert versions.text(PAGE) == "a\nb\nc \ufffd d"
    assert editor.known(PAGE).text == versions.text(PAGE)
    versions.put(PAGE, "one\r\ntwo", "Example")
    assert editor.known(PAGE).text == versions.text(PAGE) == "one\ntwo"


@pytest.mark.parametrize(
    ("kind", "new", "expected"),
    [
        ("delete", "", "A 😀 film. It is bad."),
        ("mask", "", f"A 😀 {MASK} film. It is bad."),
        ("replace", " very  dull ", "A 😀 very dull film. It is bad."),
        ("replace", "  ", TEXT),
        ("replace", None, TEXT),
        ("burn", "", TEXT),
    ],
)
def test_a_word_is_changed_where_javascript_counts_it(kind: str, new: Any, expected: str) -> None:
    editor.change(PAGE, sent(TEXT, 0, kind=kind, begin=5, end=9, replacement=new))
    assert versions.text(PAGE) == expected
    assert versions.kept(PAGE) == (None if expected == TEXT else TEXT)


def test_a_change_is_made_in_the_text_that_comes_with_it() -> None:
    typed = "It is not bad."
    editor.change(PAGE, sent(typed, 1, kind="delete", begin=6, end=9))
    assert versions.text(PAGE) == "It is bad." and versions.kept(PAGE) == typed
    versions.undo(PAGE)
    assert versions.text(PAGE) == typed


@pytest.mark.parametrize(
    ("begin", "end"), [(3, 9), (-1, 4), (4, 4), (9, 5), (0, 99), (None, 4), ("a", 4), ([], 4)]
)
def test_offsets_that_the_text_does_not_have_change_nothing(begin: Any, end: Any) -> None:
    editor.change(PAGE, sent(TEXT, 0, kind="delete", begin=begin, end=end))
    assert versions.text(PAGE) == TEXT


@given(strategy.text(alphabet="ab 😀é漢\n", max_size=30))
def test_offsets_are_counted_as_javascript_does(text: str) -> None:
    places = np.arange(len(text) + 1)
    found = utf16_offsets(text, places)
    assert found.tolist() == [len(text[:place].encode("utf-16-le")) // 2 for place in places]
    assert [character_offset(text, place) for place in found.tolist()] == places.tolist()


def test_the_shading_is_what_the_views_show() -> None:
    attribution = make_attribution(TEXT, unknown=["film"])
    view = view_data(attribution, MethodText("", "Number", ""))
    found = shading(attribution, view)
    units = TEXT.encode("utf-16-le")
    spans = found["words"]["spans"]
    words = [
        units[2 * begin : 2 * end].decode("utf-16-le")
        for begin, end in zip(spans[::2], spans[1::2], strict=True)
    ]
    drawn = [p for row in view["rows"] for p in row["spans"] if not isinstance(p, str)]
    assert words == [word["text"] for word in drawn]
    assert found["words"]["shades"] == [word["shade"] for word in drawn]
    assert found["words"]["numbers"][0] == [word["numbers"][0] for word in drawn]
    assert [words[place] for place in found["unknown"]] == ["film"]
    assert len(found["labels"]) == len(found["sentences"]["shades"]) == 2
    assert len(found["sentence_of"]) == len(words)


def test_where_nothing_is_shaded_any_more_is_told() -> None:
    attribution = make_attribution("😀 One two. Three four. Five six.")
    view = view_data(attribution, MethodText("", "Number", ""), max_tokens=5)
    (rest,) = shading(attribution, view)["rest"]
    assert rest["note"].startswith("Read by the network, not drawn")
    assert "😀 One two. Three four. Five six.".encode("utf-16-le")[2 * rest["start"] :].decode(
        "utf-16-le"
    ) in ("Three four. Five six.", "Five six.")
