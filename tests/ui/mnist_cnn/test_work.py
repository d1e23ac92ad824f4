"""What the page of digits takes back from the tab, and undo of what replaced a drawing."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import streamlit as st

from dlnlp.ui.mnist_cnn import state as digit_state
from dlnlp.ui.mnist_cnn import strokes, upload
from dlnlp.ui.mnist_cnn import work as digit_work
from dlnlp.ui.mnist_cnn.drawing_canvas import Stroke, as_json
from dlnlp.ui.shell import kept_work

MINE = (Stroke(60, (200, 200, 800, 800)),)
OTHER = (Stroke(60, (500, 200, 500, 800)),)


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(st, "query_params", Query())
    digit_state.restore()
    return state


class Query(dict[str, str]):
    def get_all(self, name: str) -> list[str]:
        return [self[name]]


def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    found: list[Any] = []
    monkeypatch.setattr(kept_work, "keep", lambda page, work, place: found.append(work))
    digit_work.keep("board")
    (work,) = found
    return dict(work)


def bring(monkeypatch: pytest.MonkeyPatch, work: Mapping[str, Any]) -> None:
    def take_back(page: str, restore: Callable[[Mapping[str, Any]], None]) -> None:
        assert page == "mnist_cnn"
        restore(work)

    monkeypatch.setattr(kept_work, "take_back", take_back)
    digit_work.take_back()


def test_what_is_kept_comes_back(session: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    digit_state.put_back(MINE, None, 100)
    digit_state.set_row(77)
    digit_state.set_switches_off(("crop",))
    session[digit_state.INSIDE_OPEN] = "Where it looked"
    work = kept(monkeypatch)
    session.clear()
    digit_state.restore()
    load = digit_state.load()
    bring(monkeypatch, work)
    assert digit_state.drawing() == MINE and digit_state.load() > load
    assert digit_state.example() is None and digit_state.pen() == 100
    assert session[digit_state.SOURCE] == "test" and digit_state.row() == 77
    assert digit_state.switches_off() == ("crop",)
    assert session[digit_state.INSIDE_OPEN] == "Where it looked"
    assert kept(monkeypatch) == work and not digit_work.picture_lost()


def test_a_picture_cannot_be_kept_and_the_page_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    upload.set_upload("a.png", b"1")
    work = kept(monkeypatch)
    assert "a.png" not in str(work)
    bring(monkeypatch, work)
    assert digit_work.picture_lost()


def test_many_pictures_cannot_be_kept_and_the_page_says_how_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    digit_work.set_many(12)
    work = kept(monkeypatch)
    bring(monkeypatch, work)
    assert digit_work.many_lost() == 12
    digit_work.set_many(3)  # chosen once more
    assert digit_work.many_lost() == 0
    bring(monkeypatch, {**work, "many": "<b>"})
    assert digit_work.many_lost() == 0


def raw(number: Any, strokes: Any = None) -> dict[str, Any]:
    strokes = as_json(OTHER) if strokes is None else strokes
    return {"drawing": {"strokes": strokes, "width": 60, "n": number}}


@pytest.mark.parametrize(
    ("heard", "now", "expected"),
    [
        (5, raw(6), OTHER),  # Python had not heard of the last stroke
        (6, raw(6), MINE),
        (7, raw(6), MINE),  # an example came after it
        (0, raw(6, []), ()),
        (5, raw("9"), MINE),
        (5, raw(True), MINE),
        (5, raw(6, [{"w": 1}]), MINE),
        (5, {"drawing": 3}, MINE),
        (5, "<b>", MINE),
        ("x", raw(6), OTHER),
    ],
)
def test_what_the_sheet_kept_itself_wins_where_it_is_newer(
    monkeypatch: pytest.MonkeyPatch, heard: Any, now: Any, expected: Any
) -> None:
    work = {"drawing": strokes.encode(MINE), "heard": heard, "now": now, "example": 3}
    bring(monkeypatch, work)
    assert digit_state.drawing() == expected
    assert digit_state.example() == (3 if expected == MINE else None)


def test_a_link_wins_and_the_drawing_lies_under_it(monkeypatch: pytest.MonkeyPatch) -> None:
    digit_state.put_back(MINE, None, None)
    work = kept(monkeypatch)
    st.query_params["drawing"] = strokes.encode(OTHER)
    digit_state.restore()
    assert digit_state.drawing() == OTHER
    under = digit_state.under()
    bring(monkeypatch, work)
    assert digit_state.drawing() == OTHER
    assert digit_state.before()[-1] == MINE and digit_state.under() > under
    work["drawing"] = strokes.encode(OTHER)  # the link itself, reloaded
    before = digit_state.before()
    bring(monkeypatch, work)
    assert digit_state.before() == before


@pytest.mark.parametrize(
    "work",
    [{}, {"drawing": None}, {"drawing": 3, "pen": "x"}, {"drawing": "eNpj", "source": "draw"}],
)
def test_what_no_page_has_kept_changes_nothing(
    session: dict[str, Any], monkeypatch: pytest.MonkeyPatch, work: Mapping[str, Any]
) -> None:
    before = dict(session)
    bring(monkeypatch, work)
    assert session == before


def test_hostile_settings_give_way(
    session: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = {"off": [1], "inside": {}, "test": "99999"}
    work = {"drawing": strokes.encode(MINE), "example": "9", "pen": -1, "source": [], "settings": hostile}  # fmt: skip  # noqa: E501
    bring(monkeypatch, work)
    assert digit_state.drawing() == MINE and digit_state.example() is None
    assert digit_state.switches_off() == () and digit_state.row() == 0
    assert session[digit_state.SOURCE] == "draw"


def test_a_sheet_that_was_cleared_or_replaced_leads_back(session: dict[str, Any]) -> None:
    digit_state.put_back(MINE, None, None)
    session[digit_state.CANVAS] = {"drawing": {"strokes": [], "width": 60}}
    digit_state.take_drawing()
    assert digit_state.drawing() == () and digit_state.before()[-1] == MINE
    digit_state.put_back(OTHER, None, None)
    digit_state.set_example(2)
    assert digit_state.before()[-1] == OTHER
    for x in range(9):
        digit_state.put_back((Stroke(60, (x, 0)),), None, None)
    assert len(digit_state.before()) == digit_state.MOST_BEFORE


def test_another_picture_and_none_can_be_undone() -> None:
    assert not upload.can_undo_upload()
    upload.set_upload("a.png", b"1")
    assert not upload.can_undo_upload()
    upload.drop_upload()  # as the field does before it brings another
    upload.set_upload("b.png", b"2")
    upload.undo_upload()
    assert upload.upload() is not None and upload.upload().name == "a.png"
    upload.drop_upload()
    assert upload.upload() is None and upload.can_undo_upload()
    upload.undo_upload()
    assert upload.upload() is not None and upload.upload().name == "a.png"
