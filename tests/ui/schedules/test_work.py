"""What the schedules page takes back from the tab."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import streamlit as st

from dlnlp.ui.schedules import controls, log_upload
from dlnlp.ui.schedules import work as schedule_work
from dlnlp.ui.schedules.choice import Choice
from dlnlp.ui.schedules.controls import SELECTED
from dlnlp.ui.schedules.kind import Run
from dlnlp.ui.schedules.view import PARTS, View
from dlnlp.ui.shell import kept_work

VIEW = View(
    run=Run(1000, 10, 7),
    unit="steps",
    choices={0: Choice("constant", {"peak": 0.25}), 1: Choice("step", {})},
    part=PARTS[1],
)


class Query(dict[str, str]):
    def get_all(self, name: str) -> list[str]:
        return [self[name]]


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(st, "query_params", Query())
    controls.restore()
    return state


def bring(monkeypatch: pytest.MonkeyPatch, work: Mapping[str, Any]) -> None:
    def take_back(page: str, restore: Callable[[Mapping[str, Any]], None]) -> None:
        assert page == "schedules"
        restore(work)

    monkeypatch.setattr(kept_work, "take_back", take_back)
    schedule_work.take_back()


def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    found: list[Any] = []
    monkeypatch.setattr(kept_work, "keep", lambda page, work, place: found.append(work))
    schedule_work.keep("board")
    (work,) = found
    return {**work, "view": [list(pair) for pair in work["view"]]}  # as JSON brings it back


def test_what_is_kept_comes_back(session: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    controls.show_anew(VIEW)
    controls.select(1)
    work = kept(monkeypatch)
    session.clear()
    controls.restore()
    bring(monkeypatch, work)
    controls.restore()
    assert controls.view() == VIEW and session[SELECTED] == 1


def test_a_link_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    st.query_params["epochs"] = "3"
    controls.restore()
    bring(monkeypatch, {"view": [["epochs", "7"]], "selected": 0})
    assert controls.view().run.epochs == 3


@pytest.mark.parametrize("view", [None, 3, "x", [3, ["s"], ["s", {}], ["epochs", "-7"]]])
@pytest.mark.parametrize("selected", [None, "0", 9, []])
def test_hostile_work_makes_a_sensible_view(
    monkeypatch: pytest.MonkeyPatch, view: Any, selected: Any
) -> None:
    bring(monkeypatch, {"view": view, "selected": selected})
    assert controls.view().choices == View().choices
    assert st.session_state.get(SELECTED) is None


LOG = {
    "name": "<b>.csv",
    "rates": [10**-k for k in range(14, 2, -1)],
    "losses": [2.0] * 11 + [None],
}


def test_an_own_log_comes_back_with_its_tab(
    session: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(monkeypatch, {"log": LOG})
    assert kept(monkeypatch)["log"] == LOG
    assert session[log_upload.SOURCE] == "my log"


@pytest.mark.parametrize(
    "log",
    [
        None,
        "x",
        {**LOG, "rates": None},
        {**LOG, "name": 3},
        {**LOG, "rates": LOG["rates"][::-1]},  # falls
        {**LOG, "losses": ["2"] * 12},
        {**LOG, "losses": [{}] * 12},
        {**LOG, "rates": [True] * 12},
        {**LOG, "losses": [2.0]},
        {**LOG, "rates": [10**400] * 12},
    ],
)
def test_a_hostile_log_is_passed_over(
    session: dict[str, Any], monkeypatch: pytest.MonkeyPatch, log: Any
) -> None:
    bring(monkeypatch, {"log": log})
    assert log_upload.to_keep() is None and log_upload.SOURCE not in session
